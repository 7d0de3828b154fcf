"""The desk, the outbox and the real sandbox over HTTP; every step committed, as in life."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from channels_social.domain.delivery import claim_next, deliver, sweep_leases
from channels_social.domain.polling import Claim, poll_one
from channels_social.domain.reconciling import claim_unknown, reconcile
from channels_social.models import OutboundAction, PollCursor, SocialAccount
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership
from tests.cast import Cast
from tests.channels_social.conftest import Sandbox, catcher, sandbox, sandbox_process  # noqa: F401
from tests.tickets.together import worker
from tickets.cases.models import Message, Ticket
from tickets.intake.domain import take_in_all
from tickets.replies.domain.outbox import OutboxDesk
from tickets.replies.domain.reply import new_token, reply

DESK = OutboxDesk()
DIANA, CARO = "dianamrojas", "caro_quintero"


class House:
    """What a day needs: customers who speak, colleagues who answer, workers who carry."""

    def __init__(self, cast: Cast, sandbox: Sandbox) -> None:  # noqa: F811
        self.cast, self.sandbox = cast, sandbox

    def hear(self, account: SocialAccount, *streams: str) -> None:
        """Poll the account's streams, all when none is named, and take everything in."""
        with tenant(account.organization_id):
            cursors = PollCursor.objects.filter(account=account)
            found = list(cursors.filter(stream__in=streams) if streams else cursors)
        with worker():
            for cursor in found:
                poll_one(Claim(account.organization_id, cursor.pk))
            take_in_all(lambda turn: None)

    def mention(
        self, text: str = "@FrailejonAyuda no puedo entrar a la app", as_: str = DIANA, **more: Any
    ) -> Ticket:
        """A customer mentions the bank on X; their newest case."""
        self.sandbox.post("/x/posts", as_=as_, text=text, **more)
        self.hear(self.cast.bank_x, "mentions")
        return self.newest()

    def comment(
        self, message: str = "no puedo entrar", as_: str = "Diana Marcela Rojas", **more: Any
    ) -> Ticket:
        """A customer comments on the bank's page; their newest case."""
        self.sandbox.post("/facebook/comments", as_=as_, page="frailejon", message=message, **more)
        self.hear(self.cast.bank_page, "feed")
        return self.newest()

    def write(self, text: str = "buenas", as_: str = "Diana Marcela Rojas", **more: Any) -> Ticket:
        """A customer writes to the bank in Messenger; their newest case."""
        self.sandbox.post("/facebook/messages", as_=as_, page="frailejon", text=text, **more)
        self.hear(self.cast.bank_page, "conversations")
        return self.newest()

    def newest(self) -> Ticket:
        with tenant(self.cast.bank.pk):
            return Ticket.objects.select_related("organization").order_by("pk").last()  # type: ignore[return-value]

    def answer(
        self, ticket: Ticket, text: str = "Diana, lo revisamos.", *, by: Membership | None = None, **more: Any
    ) -> Message:
        """Queue an answer; its (last) message."""
        return self.answers(ticket, text, by=by, **more)[-1]

    def answers(
        self, ticket: Ticket, text: str, *, by: Membership | None = None, **more: Any
    ) -> list[Message]:
        """Queue an answer; its messages, one a part."""
        asked = {"mode": "public", "client_token": new_token()} | more
        with tenant(self.cast.bank.pk):
            fresh = Ticket.objects.select_related("organization").get(pk=ticket.pk)
            return reply(fresh, by=by or self.cast.juan, text=text, **asked)

    def carry(self) -> list[str]:
        """Send what may leave now; the states reached, in order."""
        states = []
        with worker():
            while (claim := claim_next()) is not None:
                states.append(deliver(claim, DESK))
        return states

    def sweep(self) -> int:
        """Give expired leases their meaning; how many."""
        with worker():
            return sweep_leases(DESK)

    def read_back(self) -> list[str]:
        """Read the next unknown action that is due back from its network; the state reached."""
        with worker():
            unknown = claim_unknown()
            return [] if unknown is None else [reconcile(unknown[0], unknown[1], DESK)]

    def later(self) -> None:
        """Whatever waited for its moment has it now."""
        for organization in (self.cast.bank, self.cast.airline):
            with tenant(organization.pk), connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE channels_social_outboundaction SET not_before = least(not_before, now()), "
                    "lease_until = CASE WHEN lease_until > now() THEN now() - interval '1 second' ELSE lease_until END"
                )
                cursor.execute("UPDATE channels_social_socialaccount SET paused_until = NULL")

    def action(self, message: Message) -> OutboundAction:
        with tenant(self.cast.bank.pk):
            return OutboundAction.objects.select_related("account").get(pk=message.action_id)

    def message(self, message: Message) -> Message:
        with tenant(self.cast.bank.pk):
            return Message.objects.select_related("ticket", "conversation").get(pk=message.pk)

    def state(self, message: Message) -> str:
        """The action's state; the message says the same, whenever somebody told it."""
        return self.action(message).state

    def account(self, account: SocialAccount) -> SocialAccount:
        with tenant(account.organization_id):
            return SocialAccount.objects.get(pk=account.pk)

    def said(self, as_: str = "frailejon") -> list[str]:
        """What the company has posted on X through the API: the witness."""
        found = self.sandbox.call("GET", f"/posts?author={as_}&source=api")["posts"]
        return [post["raw"] for post in reversed(found)]


@pytest.fixture
def house(transactional_db: None, sandbox: Sandbox, settings: Any, cast: Cast) -> House:  # noqa: F811
    """Both organizations with the sandbox, nothing waits: no undo, no gap between two reads."""
    settings.OUTBOX_RECONCILE_GAP = 0
    for organization in (cast.bank, cast.airline):
        organization.undo_seconds = 0
        organization.save()
    return House(cast, sandbox)
