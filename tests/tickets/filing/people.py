"""Short ways to bring two cases of one customer about, and to look at every row a move may touch."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from channels_social.enums import ConversationKind
from channels_social.networks.base import Author, IncomingMessage
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.stories import hear, mention
from tickets.areas.models import Consultation
from tickets.cases.access import CaseAccess, Petition
from tickets.cases.classification import Classification
from tickets.cases.filings import Reference
from tickets.cases.letters import Letter
from tickets.cases.models import Conversation, Filing, Message, Note, Ticket
from tickets.cases.quotes import Quote
from tickets.clocks.models import Clock, Wait
from tickets.commitments.models import Commitment
from tickets.customers.models import Identity
from tickets.replies.models import KeptApart

CARO = Author("psid-77", "messenger", "Diana Marcela Rojas", "")
# What a move and its undoing are allowed to leave different.
TRACES = {"tickets_ticket": {"version"}}
TABLES = (
    Ticket, Conversation, Message, Note, Filing, Reference, Clock, Wait, Classification, Consultation, Petition,
    CaseAccess, KeptApart, Letter, Quote, Commitment,
)  # fmt: skip


def messenger(text: str, *, number: int = 1, at: datetime, author: Author = CARO) -> IncomingMessage:
    """A private message on Facebook."""
    return IncomingMessage(
        kind=ConversationKind.MESSENGER,
        external_id=f"m_{number}",
        thread_key=f"100000000000101:{author.external_id}",
        author=author,
        text=text,
        occurred_at=at,
    )


def comment(text: str, *, number: int = 1, at: datetime) -> IncomingMessage:
    """A public comment under a post of the page."""
    author = Author("7001", "page", "Diana Marcela Rojas", "")
    external_id = f"500_{number}"
    return IncomingMessage(
        kind=ConversationKind.FB_COMMENTS,
        external_id=external_id,
        thread_key=f"{external_id}:{author.external_id}",
        author=author,
        text=text,
        occurred_at=at,
        root_external_id=external_id,
    )


def two_cases(
    cast: Cast, *, first: datetime, second: datetime, said: tuple[str, str] | None = None
) -> tuple[Ticket, Ticket]:
    """One person, who tweeted and wrote on Messenger: two cases, in the order in which they were opened."""
    tweet, chat = said or ("@FrailejonAyuda ¿a qué hora abren?", "buenas, ¿a qué hora abren?")
    hear(cast, mention(tweet, at=first))
    hear(cast, messenger(chat, at=second), account=cast.bank_page)
    with tenant(cast.bank.pk):
        one, other = Ticket.objects.order_by("pk")
        same_person(other, one)
    return one, other


def same_person(ticket: Ticket, as_: Ticket) -> None:
    """What unifying two customers leaves behind."""
    former, customer = ticket.customer_id, as_.customer_id
    for model in (Ticket, Conversation, Identity):
        model.objects.filter(customer_id=former).update(customer_id=customer)


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every row a move may touch, as it is. Inside ``tenant``."""
    found = {}
    for model in TABLES:
        table = model._meta.db_table
        skipped = TRACES.get(table, set())
        found[table] = [
            {name: value for name, value in row.items() if name not in skipped}
            for row in model.objects.order_by("pk").values()
        ]
    return found
