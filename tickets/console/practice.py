"""Past cases to practise on, without who they were about. Inside ``tenant``.

The organization's own past is read, not what the reader may see (``whole``): reserved cases are left out, and other
accounts than theirs, and all that is shown went through ``anonymous``.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from channels_social.enums import ActionState
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership
from tickets.cases.domain.queries.seen import accounts_of
from tickets.cases.models import Message, Ticket
from tickets.enums import Direction, TicketState
from tickets.privacy.rules.anonymous import anonymous
from tickets.team.models import PracticeAnswer

MOST_SAID = 20


@dataclass(frozen=True, slots=True)
class PastCase:
    """What was asked, and what a colleague answered first."""

    ticket_id: int
    asked: list[str]
    answered: str
    by: str
    is_public: bool


def next_to_practise(member: Membership) -> PastCase | None:
    """The newest past case this member has not practised on; None when there is none left."""
    done = PracticeAnswer.objects.filter(member=member).values("ticket_id")
    with whole():
        rows = _past(member).exclude(pk__in=done).exclude(assignee=member)
        for ticket in rows.order_by("-resolved_at", "-id")[:30]:
            if found := _read(ticket):
                return found
    return None


def past_case(member: Membership, ticket_id: int) -> PastCase | None:
    """A past case this member may practise on, or did."""
    with whole():
        ticket = _past(member).filter(pk=ticket_id).first()
        return _read(ticket) if ticket is not None else None


def _past(member: Membership) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(
        organization_id=member.organization_id,
        state__in=[TicketState.RESOLVED, TicketState.CLOSED],
        is_reserved=False,
        first_sent_at__isnull=False,
    ).select_related("customer")
    accounts = accounts_of(member)
    return rows if accounts is None else rows.filter(account_id__in=accounts)


def _read(ticket: Ticket) -> PastCase | None:
    said = Message.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket, deleted_at=None, is_notice=False
    ).exclude(text="").select_related("author")  # fmt: skip
    answer = (
        said.filter(direction=Direction.OUT, send_state__in=["", ActionState.SENT])
        .order_by("occurred_at", "id")
        .first()
    )
    if answer is None:
        return None
    asked = said.filter(direction=Direction.IN, occurred_at__lte=answer.occurred_at).order_by(
        "occurred_at", "id"
    )
    words = [one.text for one in asked[:MOST_SAID]]
    if not words:
        return None
    names = [ticket.customer.name]
    return PastCase(
        ticket_id=ticket.pk,
        asked=[anonymous(text, names) for text in words],
        answered=anonymous(answer.text, names),
        by=answer.author.display_name if answer.author else "",
        is_public=answer.is_public,
    )
