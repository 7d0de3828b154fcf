"""The bank listens: a saved search, the real sandbox over HTTP, workers who look."""

from __future__ import annotations

from typing import Any

import pytest

from channels_social.domain.polling import Claim
from channels_social.domain.searching import save_search, search_one
from channels_social.models import Finding, PollCursor, SavedSearch
from helpdesk import push
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.channels_social.conftest import Sandbox, catcher, sandbox, sandbox_process  # noqa: F401
from tests.tickets.replies.conftest import House
from tests.tickets.together import worker


class Ear(House):
    """A day of listening."""

    search: SavedSearch

    def say(
        self, text: str = "el banco frailejon no contesta nunca", as_: str = "dianamrojas", **more: Any
    ) -> str:
        """Somebody says something on X; its id."""
        return str(self.sandbox.post("/x/posts", as_=as_, text=text, **more)["id"])

    def listen(self) -> int:
        """The search's stream is read once; how many findings are new."""
        with tenant(self.cast.bank.pk):
            cursor = PollCursor.objects.get(stream=self.search.stream)
        with worker():
            return search_one(Claim(self.cast.bank.pk, cursor.pk, kind="search"))

    def found(self) -> list[Finding]:
        with tenant(self.cast.bank.pk):
            return list(Finding.objects.select_related("account").order_by("pk"))

    def one(self) -> Finding:
        (only,) = self.found()
        return only

    def hears(self, text: str = "el banco frailejon no contesta nunca", **more: Any) -> Finding:
        """Somebody says something and the search finds it."""
        self.say(text, **more)
        self.listen()
        return self.found()[-1]

    def cursor(self) -> PollCursor:
        with tenant(self.cast.bank.pk):
            return PollCursor.objects.get(stream=self.search.stream)


@pytest.fixture
def ear(transactional_db: None, sandbox: Sandbox, settings: Any, cast: Cast) -> Any:  # noqa: F811
    settings.INSTANCE = "tests"
    cast.bank.undo_seconds = 0
    cast.bank.save()
    found = Ear(cast, sandbox)
    with tenant(cast.bank.pk):
        found.search = save_search(
            SavedSearch(
                organization=cast.bank, account=cast.bank_x, name="Marca",
                include=["frailejon", "#Frailejon"], exclude=["páramo"],
            ),
            actor_id=cast.marta.pk,
        )  # fmt: skip
    yield found
    for key in push.client().scan_iter("cf:tests:*"):
        push.client().delete(key)
