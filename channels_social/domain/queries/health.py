"""How each account is: what came, what waits to leave, what it costs and what it may do. Inside ``tenant``."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Sum

from channels_social.enums import AccountMode, AccountState, Purpose
from channels_social.models import CreditSpend, PollCursor, RateLimit, SocialAccount
from helpdesk.tenancy.models import Organization
from helpdesk.ui.dates import zone

# Counting stops here: a page of settings must not read a whole table.
NEWEST = 5000
OUTBOX = """
SELECT account_id, state, count(*) FROM (
    SELECT account_id, state FROM channels_social_outboundaction
    WHERE organization_id = %(org)s
      AND state IN ('awaiting_approval', 'queued', 'held', 'sending', 'retrying', 'unknown')
    LIMIT %(newest)s) unfinished
GROUP BY 1, 2
UNION ALL
SELECT account_id, state, count(*) FROM (
    SELECT account_id, state FROM channels_social_outboundaction
    WHERE organization_id = %(org)s ORDER BY id DESC LIMIT %(newest)s) newest
WHERE state = 'failed' GROUP BY 1, 2
"""


@dataclass(slots=True)
class Health:
    """One account and everything the settings page says of it."""

    account: SocialAccount
    cursors: list[PollCursor] = field(default_factory=list)
    limits: list[RateLimit] = field(default_factory=list)
    # kind → (how many, millionths of a dollar), this calendar month.
    spends: dict[str, tuple[int, int]] = field(default_factory=dict)
    outbox: dict[str, int] = field(default_factory=dict)

    @property
    def polled_at(self) -> datetime | None:
        """When the stream that was read longest ago was read; None while one never was.

        Looking again at what was read (``again``) brings nothing new.
        """
        times = [cursor.last_polled_at for cursor in self.cursors if cursor.stream != "again"]
        return None if not times or None in times else min(time for time in times if time)

    @property
    def gaps(self) -> list[PollCursor]:
        """Streams in which something may have been missed."""
        return [cursor for cursor in self.cursors if cursor.gap_since]

    @property
    def micros(self) -> int:
        return sum(micros for _count, micros in self.spends.values())

    @property
    def is_live(self) -> bool:
        return self.account.state == AccountState.LIVE

    @property
    def is_disconnected(self) -> bool:
        return self.account.state == AccountState.DISCONNECTED

    @property
    def is_read_only(self) -> bool:
        return self.account.mode == AccountMode.READ_ONLY

    @property
    def tightest(self) -> RateLimit | None:
        """The limit of which least is left, when it is less than a fifth."""
        told = [one for one in self.limits if one.limit and one.remaining is not None]
        tight = [one for one in told if (one.remaining or 0) * 5 < (one.limit or 0)]
        return min(tight, key=lambda one: (one.remaining or 0) / (one.limit or 1), default=None)


def health_of(organization: Organization, *, now: datetime) -> list[Health]:
    """Every account of the organization, support before brand, in the order they were connected; 5 queries."""
    accounts = SocialAccount.objects.filter(organization=organization).exclude(purpose=Purpose.BY_HAND)
    found = {account.pk: Health(account) for account in accounts.order_by("-purpose", "id")}
    for cursor in PollCursor.objects.filter(organization=organization).order_by("stream"):
        found[cursor.account_id].cursors.append(cursor)
    for limit in RateLimit.objects.filter(organization=organization).order_by("endpoint"):
        # What a window that is over said is no longer so.
        if limit.reset_at is None or limit.reset_at > now:
            found[limit.account_id].limits.append(limit)
    for account_id, kinds in spends_of(organization, now=now).items():
        found[account_id].spends = kinds
    for account_id, states in _outbox(organization).items():
        found[account_id].outbox = states
    return list(found.values())


def spends_of(organization: Organization, *, now: datetime) -> dict[int, dict[str, Any]]:
    """Per account, what each kind of use has cost since the first of the organization's month."""
    first = now.astimezone(zone(organization.timezone)).date().replace(day=1)
    rows = (
        CreditSpend.objects.filter(organization=organization, day__gte=first)
        .values_list("account_id", "kind")
        .annotate(Sum("count"), Sum("micros"))
        .order_by("account_id", "-micros__sum")
    )
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for account_id, kind, count, micros in rows:
        found[account_id][kind] = (count, micros)
    return found


def _outbox(organization: Organization) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(OUTBOX, {"org": organization.pk, "newest": NEWEST})
        for account_id, state, count in cursor.fetchall():
            found[account_id][state] = count
    return found


def waiting_of(organization: Organization, account: SocialAccount) -> int:
    """How many answers of an account have not left."""
    states = _outbox(organization).get(account.pk, {})
    return sum(states.get(state, 0) for state in ("queued", "retrying", "held"))
