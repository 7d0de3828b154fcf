"""The page of a case asks ten things of the database at most, the list six, whatever the rooms show on them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_social.enums import ConversationKind
from channels_social.networks.base import Author, IncomingMessage, Letter
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.cast import account
from tests.stories import hear, mention, typify
from tests.tickets.filing.people import comment, messenger
from tickets.cases.access import Petition
from tickets.cases.domain.access import reserve
from tickets.cases.models import Ticket
from tickets.clocks.domain import legal, terms
from tickets.customers.domain import identities
from tickets.customers.rules.data import recognise
from tickets.enums import Door
from tickets.intake.asked import Asked, Who
from tickets.intake.by_hand import open_case
from tickets.replies.domain import casework
from tickets.replies.domain.references import add_reference

# Who asks, the tenant, the transaction: as ``bin/bench console`` leaves them out.
FRAME = ("set_config", "SAVEPOINT", "BEGIN", "COMMIT", "SET CONSTRAINTS")


@pytest.fixture(autouse=True)
def written_out(settings):
    """Statements whose plan is kept go by a name: here their words are read."""
    settings.DATABASE_PLANS = False


@pytest.fixture(autouse=True)
def rules_do_not_run_out(monkeypatch):
    """A page is asked twice, and the time rules the first one kept must not end between the two."""
    for kept in (terms, legal):
        monkeypatch.setattr(kept, "RULES_AGE", 10**9)
        kept._rules.cache_clear()


def after_authentication(queries: list[dict[str, Any]]) -> list[str]:
    # A setting that goes along with a statement does not hide it.
    said = [re.sub(r"^SELECT set_config\([^;]*\); ", "", one["sql"]) for one in queries]
    last = max(
        (at for at, sql in enumerate(said) if "helpdesk_membership" in sql and "slug" in sql), default=-1
    )
    return [sql for sql in said[last + 1 :] if not any(word in sql for word in FRAME)]


def tweet(cast: Any) -> None:
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces"))


def commented(cast: Any) -> None:
    """Long ago: the one private message it allows is over, so a letter is thought of too."""
    hear(cast, comment("me cobraron dos veces", at=clock.now() - timedelta(days=30)), account=cast.bank_page)


def chat(cast: Any) -> None:
    hear(cast, messenger("me cobraron", at=clock.now() - timedelta(days=30)), account=cast.bank_page)


def mailed(cast: Any) -> None:
    hear(
        cast,
        IncomingMessage(
            kind=ConversationKind.EMAIL, external_id="mail:1", thread_key="1:d@correo.example",
            author=Author("d@correo.example", "address", name="Diana", handle="d@correo.example"),
            text="me cobraron", occurred_at=clock.now(), letter=Letter(message_id="1@c", subject="Cobro"),
        ),
        account=account(cast.bank, "email", "soporte@frailejon.example", ""),
    )  # fmt: skip


def called(cast: Any) -> None:
    who = Who(name="Diana", phone="3104567890")
    asked = Asked(door=Door.PHONE, text="me cobraron", happened_at=clock.now(), who=who)
    with tenant(cast.bank.pk):
        open_case(cast.bank, asked, by=cast.juan, source="t")


@pytest.fixture(params=[tweet, commented, chat, mailed, called], ids=lambda way: way.__name__)
def busy(request: Any, cast: Any) -> Ticket:
    """A case with something of every room on it."""
    request.param(cast)
    with tenant(cast.bank.pk):
        ticket = casework.lock(Ticket.objects.get().pk)
        casework.add_note(ticket, by=cast.juan, text="llamó ayer")
        identities.add(ticket.customer, recognise("d2@correo.example", "CO"), by=cast.juan)
        add_reference(ticket, system="sac", number="881", by=cast.juan)
        typify(ticket, by=cast.juan)
        Petition.objects.create(
            organization=cast.bank, ticket=ticket, action="resolve", asked_by=cast.andres, data={}
        )
        ticket.save()
    who = Who(customer_id=ticket.customer_id)
    with tenant(cast.bank.pk):
        more = Asked(door=Door.OFFICE, text="otra cosa", happened_at=clock.now(), who=who)
        open_case(cast.bank, more, by=cast.juan, source="t")
    return ticket


def asked(client: Any, path: str) -> list[str]:
    assert client.get(path).status_code == 200  # what is kept in the process is there
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(path).status_code == 200
    return after_authentication(seen.captured_queries)


def test_case_page_asks_ten_things_at_most(cast, busy, log_in):
    found = asked(log_in(cast.paola), f"/frailejon/casos/{busy.number}/")

    assert 0 < len(found) <= 10, "\n".join(found)


def test_reserved_case_asks_no_more(cast, busy, log_in):
    with tenant(cast.bank.pk):
        reserve(casework.lock(busy.pk), named=[cast.juan], reason="fraude", by=cast.paola)

    found = asked(log_in(cast.paola), f"/frailejon/casos/{busy.number}/")

    assert len(found) <= 10, "\n".join(found)


def test_list_asks_six_things_at_most(cast, busy, log_in):
    for member in (cast.paola, cast.juan, cast.andres):
        found = asked(log_in(member), "/frailejon/casos/")
        assert 0 < len(found) <= 6, "\n".join(found)


def test_page_shows_what_it_asked_for(cast, busy, log_in):
    page = log_in(cast.paola).get(f"/frailejon/casos/{busy.number}/").content.decode()

    for words in ("881", "llamó ayer", "Ya tiene otro caso abierto", "pide resolver el caso", "Otro motivo"):
        assert words in page
