"""What came in and where it stands. Never its words: settings are for people who read no conversations."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection

from channels_social.enums import EventState
from channels_social.models import InboundEvent
from helpdesk.tenancy.models import Organization

MOST, NEWEST, AT_ONCE = 1000, 5000, 50
# An error's own words may quote what it could not read.
QUOTED = re.compile(r"'.*'|\".*\"|«.*»", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Count:
    """A number that is cheap to know: ``is_more`` when counting stopped."""

    number: int
    is_more: bool


def counts_of(organization: Organization) -> dict[str, Count]:
    """By state, never more than 1,000; ``ignored`` among the newest 5,000 entries."""
    return {
        state: _count(organization, state)
        for state in (EventState.PENDING, EventState.WAITING, EventState.QUARANTINED)
    } | {EventState.IGNORED: _ignored(organization)}


def _count(organization: Organization, state: str) -> Count:
    # The state is written out: that is how the partial index of each state is found.
    sql = (
        "SELECT count(*) FROM (SELECT 1 FROM channels_social_inboundevent "
        f"WHERE organization_id = %s AND state = '{EventState(state).value}' LIMIT %s) counted"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [organization.pk, MOST + 1])
        number = cursor.fetchone()[0]
    return Count(min(number, MOST), number > MOST)


def _ignored(organization: Organization) -> Count:
    sql = (
        "SELECT count(*) FROM (SELECT state FROM channels_social_inboundevent "
        "WHERE organization_id = %s ORDER BY id DESC LIMIT %s) newest WHERE state = 'ignored'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [organization.pk, NEWEST])
        return Count(cursor.fetchone()[0], False)


def quarantined(organization: Organization, *, before: int | None = None) -> list[InboundEvent]:
    """Entries in quarantine, newest first, one more than a page; without their payload."""
    events = InboundEvent.objects.filter(organization=organization, state="quarantined")
    if before is not None:
        events = events.filter(pk__lt=before)
    found = list(events.select_related("account").defer("payload").order_by("-id")[: AT_ONCE + 1])
    for event in found:
        event.reason = QUOTED.sub("•••", event.reason)
    return found
