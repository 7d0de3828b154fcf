"""What an area's people who log in see: the cases their area owes an answer about, and no others. Inside ``tenant``."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.areas.domain.standing import case_of
from tickets.areas.models import Area, AreaMember, Consultation
from tickets.cases.domain.access import end_area_access, share_with_area
from tickets.cases.models import Ticket


@transaction.atomic
def settle_sight(ticket: Ticket) -> None:
    """Let the people of the areas that owe an answer about a case see it, and nobody of any other area.

    A row is for who sees only what is theirs (``Membership.scope``); others see the case anyway, or should not. A
    reserved case is shown to its named people only: the area answers it by mail or by its link. Sight ends with the
    consultation, at the latest when its link does.
    """
    with whole():  # who asks may see less than the whole of what was joined
        until = {} if ticket.is_reserved else _owing(ticket)
        people = Membership.objects.filter(
            organization_id=ticket.organization_id, pk__in=until, is_active=True
        ).order_by("pk")
        narrowed = [member for member in people if member.scope]
        end_area_access(ticket, but=[member.pk for member in narrowed])
        for member in narrowed:
            share_with_area(ticket, members=[member], until=until[member.pk])


def settle_area(area: Area) -> None:
    """The same for every case an area owes an answer about: its people changed."""
    with whole():
        asked = _open().filter(organization_id=area.organization_id, area=area)
        for case_id in sorted({case_of(consultation) for consultation in asked}):
            settle_sight(Ticket.objects.get(pk=case_id))


def owed_by(ticket: Ticket, member: Membership) -> Consultation | None:
    """The oldest question about a case that a member answers by saying something in it: one of their area's, when
    they are there for it and do not answer customers.
    """
    if member.can(Permission.REPLY_PRIVATE):
        return None
    areas = AreaMember.objects.filter(organization_id=ticket.organization_id, member=member).values("area_id")
    with whole():
        return _asked(ticket).filter(area_id__in=areas).select_related("area").order_by("pk").first()


def _owing(ticket: Ticket) -> dict[int, datetime]:
    """The members of the areas that owe an answer about a case, each with the end of the last link."""
    owed: dict[int, datetime] = {}
    for area_id, expires_at in _asked(ticket).values_list("area_id", "expires_at"):
        rows = AreaMember.objects.filter(organization_id=ticket.organization_id, area_id=area_id)
        for member_id in rows.values_list("member_id", flat=True):
            owed[member_id] = max(owed.get(member_id, expires_at), expires_at)
    return owed


def _asked(ticket: Ticket):  # type: ignore[no-untyped-def]
    """What areas owe about a case and about what was joined into it."""
    return _open().filter(
        Q(ticket=ticket) | Q(ticket__joined_into=ticket), organization_id=ticket.organization_id
    )


def _open():  # type: ignore[no-untyped-def]
    return Consultation.objects.filter(answered_at=None, cancelled_at=None)
