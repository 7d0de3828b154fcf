"""Each account now: read when, heard when, what waits to come in and to leave, limits and credits. In ``tenant``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from channels_social.domain.queries.health import Health, health_of
from channels_social.enums import Lane
from channels_social.models import AccountBudget, RateLimit
from helpdesk.tenancy.models import Organization
from tickets.supervision.rules.leaving import Room, leaves_in

# Counting stops here.
MOST = 5000
PENDING = """
SELECT account_id, count(*), min(received_at) FROM (
    SELECT account_id, received_at FROM channels_social_inboundevent
    WHERE organization_id = %s AND state = 'pending' ORDER BY id LIMIT %s) pending
GROUP BY 1
"""
# Direct messages and posts have limits of their own.
LANES = """
SELECT account_id, lane, kind IN ('direct_message', 'private_reply'), state, count(*) FROM (
    SELECT account_id, lane, kind, state FROM channels_social_outboundaction
    WHERE organization_id = %s
      AND state IN ('awaiting_approval', 'queued', 'held', 'sending', 'retrying', 'unknown') LIMIT %s) unfinished
GROUP BY 1, 2, 3, 4
"""
# Lane → how many in public and in private.
Waiting = dict[str, list[int]]
LEAVING = ("queued", "sending", "retrying")


@dataclass(frozen=True, slots=True)
class LaneLine:
    """What waits in one lane, and in how long the last of it has left."""

    lane: Lane
    count: int
    leaves_in: timedelta


@dataclass(slots=True)
class Channel:
    """An account as the board shows it."""

    health: Health
    # Entries that came and are not cases yet, and since when the oldest waits.
    pending: int = 0
    pending_since: datetime | None = None
    lanes: list[LaneLine] = field(default_factory=list)
    # State → how many that do not leave by themselves: approval, held, unknown.
    stuck: dict[str, int] = field(default_factory=dict)
    budget: int | None = None


def channels_of(organization: Organization, accounts: Collection[int] | None, now: datetime) -> list[Channel]:
    """Every account that is looked at, as settings orders them."""
    found = {
        one.account.pk: Channel(one)
        for one in health_of(organization, now=now)
        if accounts is None or one.account.pk in accounts
    }
    with connection.cursor() as cursor:
        cursor.execute(PENDING, [organization.pk, MOST])
        for account_id, count, since in cursor.fetchall():
            if account_id in found:
                found[account_id].pending, found[account_id].pending_since = count, since
        cursor.execute(LANES, [organization.pk, MOST])
        rows = cursor.fetchall()
    waiting: dict[int, Waiting] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for account_id, lane, is_private, state, count in rows:
        if account_id not in found:
            continue
        if state in LEAVING:
            waiting[account_id][lane][is_private] += count
        else:
            stuck = found[account_id].stuck
            stuck[state] = stuck.get(state, 0) + count
    for account_id, lanes in waiting.items():
        found[account_id].lanes = _lanes(lanes, found[account_id].health, now)
    for budget in AccountBudget.objects.filter(organization=organization, account_id__in=list(found)):
        found[budget.account_id].budget = budget.monthly_micros
    return list(found.values())


def _lanes(counts: Waiting, health: Health, now: datetime) -> list[LaneLine]:
    """One at a time leaves from an account, and each by the limit of what it is."""
    rooms, ahead, lines = (_room(health, is_private=False), _room(health, is_private=True)), [0, 0], []
    for lane in sorted(counts):
        ahead = [before + more for before, more in zip(ahead, counts[lane], strict=True)]
        last = max(leaves_in(n, lane, room, now) for n, room in zip(ahead, rooms, strict=True))
        lines.append(
            LaneLine(Lane(lane), sum(counts[lane]), max(last, leaves_in(sum(ahead), lane, Room(), now)))
        )
    return lines


def _room(health: Health, *, is_private: bool) -> Room:
    """The tightest of the limits on what leaves in private or in public."""
    told = [
        one
        for one in health.limits
        if one.endpoint.startswith("POST ") and one.limit and ("/dm_" in one.endpoint) == is_private
    ]
    tightest: RateLimit | None = min(told, key=lambda one: one.remaining or 0, default=None)
    if tightest is None:
        return Room()
    return Room(tightest.limit or 0, tightest.remaining or 0, tightest.reset_at)
