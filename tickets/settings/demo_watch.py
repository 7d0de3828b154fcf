"""Who is on call in the demo: the two supervisors of each house, day and night, each first for half of it."""

from __future__ import annotations

from datetime import time

from helpdesk.tenancy.models import Membership, Organization
from tickets.escalation.domain.watching import add_watch
from tickets.escalation.models import OnCallShift

MORNING, EVENING = time(8), time(20)
ALL_WEEK = list(range(7))


def plant_demo_watch(organization: Organization) -> None:
    """Write the rota where there is none. Inside ``tenant``; safe to run again."""
    people = Membership.objects.filter(organization=organization, is_active=True).order_by("pk")
    supervisors = [one for one in people if one.role == "supervisor"][:2]
    admin = next((one for one in people if one.role == "admin"), None)
    if admin is None or OnCallShift.objects.exists():
        return
    for (starts, ends), order in (((MORNING, EVENING), supervisors), ((EVENING, MORNING), supervisors[::-1])):
        for place, member in enumerate(order, 1):
            add_watch(member, weekdays=ALL_WEEK, starts=starts, ends=ends, place=place, by=admin)
