"""Who sees one case: reserving it, naming people, opening it with a reason, sharing it with an area.

Inside ``tenant``; each writes its audit line. A reason is the colleague's own words.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from helpdesk import audit, clock
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Mode, Permission
from helpdesk.text import clean
from tickets.cases.access import AccessKind, CaseAccess
from tickets.cases.models import Ticket

# A case opened with a reason stays open to who said it for a working day.
OPEN_FOR = timedelta(hours=8)
LONGEST_REASON = 200


class AccessRefused(ValueError):
    """What is asked is not done; ``code`` says why: ``reason``, ``nobody``, ``not_named``, ``cannot_see``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def said_reason(text: str) -> str:
    """The reason as it is recorded. Raises :class:`AccessRefused` ``reason`` without one."""
    reason = " ".join(clean(text).split())[:LONGEST_REASON]
    if not reason:
        raise AccessRefused("reason")
    return reason


@transaction.atomic
def reserve(ticket: Ticket, *, named: Iterable[Membership], reason: str, by: Membership) -> None:
    """Leave a case to named people; everybody else no longer finds it. Who reserves it is among them.

    Raises :class:`AccessRefused`: without a reason, or naming somebody who sees no cases.
    """
    said = said_reason(reason)
    people = {member.pk: member for member in (*named, by)}
    if any(not member.can(Permission.SEE_CASES) for member in people.values()):
        raise AccessRefused("cannot_see")
    with whole():
        _lock(ticket)
        former = set(_named(ticket).values_list("member_id", flat=True))
        if ticket.is_reserved and by.pk not in former:
            raise AccessRefused("not_named")
        for pk in people.keys() - former:
            CaseAccess.objects.update_or_create(
                organization_id=ticket.organization_id, ticket=ticket, member_id=pk, kind=AccessKind.NAMED,
                defaults={"given_by": by, "until": None},
            )  # fmt: skip
        gone = former - people.keys()
        _named(ticket).filter(member_id__in=gone).delete()
        # An area that was asked still answers by its link, which shows what its asker chose and no more.
        _of_areas(ticket).delete()
        # What an assignee may no longer see is nobody's.
        if ticket.assignee_id is not None and ticket.assignee_id not in people:
            ticket.assignee = None
        was, ticket.is_reserved = ticket.is_reserved, True
        _save(ticket)
        action = "ticket.reserved_people" if was else "ticket.reserved"
        audit.record(
            ticket.organization_id, action, actor_id=by.pk, ticket_id=ticket.pk, reason=said,
            members=sorted(people), gone=sorted(gone),
        )  # fmt: skip


@transaction.atomic
def unreserve(ticket: Ticket, *, reason: str, by: Membership) -> None:
    """Give a case back to everybody who may see cases. Raises :class:`AccessRefused`."""
    said = said_reason(reason)
    with whole():
        _lock(ticket)
        if not ticket.is_reserved:
            return
        if not _named(ticket).filter(member=by).exists():
            raise AccessRefused("not_named")
        _named(ticket).delete()
        ticket.is_reserved = False
        _save(ticket)
        audit.record(
            ticket.organization_id, "ticket.unreserved", actor_id=by.pk, ticket_id=ticket.pk, reason=said
        )


def may_open(ticket_is_reserved: bool, member: Membership) -> bool:
    """Whether this member may open a case by saying why: an auditor any case, reserved ones if theirs to audit."""
    if ticket_is_reserved:
        return member.mode(Permission.SEE_RESERVED) == Mode.REASON
    return member.mode(Permission.SEE_CASES) == Mode.READ


@transaction.atomic
def open_with_reason(ticket: Ticket, *, reason: str, by: Membership) -> None:
    """Let an auditor read one case for a working day. Raises :class:`AccessRefused`."""
    said = said_reason(reason)
    if not may_open(ticket.is_reserved, by):
        raise AccessRefused("cannot_see")
    with whole():
        CaseAccess.objects.update_or_create(
            organization_id=ticket.organization_id, ticket=ticket, member=by, kind=AccessKind.OPENED,
            defaults={"until": clock.now() + OPEN_FOR, "given_by": None},
        )  # fmt: skip
        audit.record(
            ticket.organization_id, "ticket.opened_with_reason", actor_id=by.pk, ticket_id=ticket.pk,
            reason=said, reserved=ticket.is_reserved,
        )  # fmt: skip


def is_open_to(ticket: Ticket, member: Membership, *, now: datetime) -> bool:
    """Whether an auditor has said why they read this case, lately enough."""
    opened = CaseAccess.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket, member=member, kind=AccessKind.OPENED
    )
    return opened.filter(until__gt=now).exists()


@transaction.atomic
def share_with_area(ticket: Ticket, *, members: Iterable[Membership], until: datetime | None = None) -> None:
    """Let an area's people who log in see a case that was transferred to them; twice is once."""
    for member in members:
        CaseAccess.objects.update_or_create(
            organization_id=ticket.organization_id, ticket=ticket, member=member, kind=AccessKind.AREA,
            defaults={"until": until},
        )  # fmt: skip


@transaction.atomic
def end_area_access(ticket: Ticket, *, but: Iterable[int] = ()) -> None:
    """The area has answered: its people no longer see the case; ``but`` are members another area still needs."""
    _of_areas(ticket).exclude(member_id__in=list(but)).delete()


def _of_areas(ticket: Ticket):  # type: ignore[no-untyped-def]
    """The rows of areas on a case and on what was joined into it."""
    return CaseAccess.objects.filter(
        Q(ticket=ticket) | Q(ticket__joined_into=ticket),
        organization_id=ticket.organization_id,
        kind=AccessKind.AREA,
    )


def _named(ticket: Ticket):  # type: ignore[no-untyped-def]
    return CaseAccess.objects.filter(
        Q(organization_id=ticket.organization_id), ticket=ticket, kind=AccessKind.NAMED, until=None
    )


def _lock(ticket: Ticket) -> None:
    fresh = Ticket.objects.select_for_update().get(pk=ticket.pk)
    ticket.is_reserved, ticket.assignee_id, ticket.version = (
        fresh.is_reserved,
        fresh.assignee_id,
        fresh.version,
    )


def _save(ticket: Ticket) -> None:
    Ticket.objects.filter(organization_id=ticket.organization_id, pk=ticket.pk).update(
        is_reserved=ticket.is_reserved, assignee=ticket.assignee_id, version=F("version") + 1
    )
    ticket.version += 1
