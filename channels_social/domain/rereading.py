"""What was said to us in public on X, looked at again: X pushes nobody's edits and deletions (channels.md A5).

Its policy wants what it no longer shows gone from here within a day. A post is looked at twice: when it can no longer
be edited, mostly on the same day and so free of charge, and a day after it came. What is found goes the way of
everything: an edit and a deletion are events of the inbox.
"""

from __future__ import annotations

import logging
import random
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import F

from channels_social.domain.budgets import purse_of, tell_budget, tomorrow
from channels_social.domain.doorbell import ring
from channels_social.domain.polling import Claim, back_off, pace
from channels_social.domain.receiving import store
from channels_social.domain.refreshing import client_for, record_trace
from channels_social.enums import Use
from channels_social.models import PollCursor, SocialAccount
from channels_social.networks.base import Limit, NetworkError, Trace
from channels_social.networks.x.entries import deletion
from channels_social.networks.x.prices import PRICES
from helpdesk import clock
from helpdesk.tenancy.context import tenant

logger = logging.getLogger(__name__)
# After it came: X lets a post be edited for an hour (channels.md A5).
AGES = (timedelta(minutes=70), timedelta(hours=23))
MOST = 100
EVERY = timedelta(minutes=10)
NEWEST = "SELECT coalesce(max(id), 0) FROM channels_social_inboundevent WHERE organization_id = %s"
WANTED = """
SELECT e.id, e.external_id FROM channels_social_inboundevent e
WHERE e.organization_id = %s AND e.account_id = %s AND e.kind = 'x.post' AND e.id > %s AND e.received_at <= %s
  AND NOT EXISTS (SELECT FROM channels_social_inboundevent d WHERE d.organization_id = e.organization_id
                  AND d.account_id = e.account_id AND d.kind = 'x.delete' AND d.external_id = e.external_id)
ORDER BY e.id LIMIT %s
"""


def reread_one(claim: Claim) -> int:
    """Look at an account's next posts again; how many were edited or deleted. As the worker."""
    with tenant(claim.organization_id):
        stream = PollCursor.objects.select_related("account").get(
            organization_id=claim.organization_id, pk=claim.cursor_id
        )
        most = _most(stream.account)
        if not stream.cursor:
            _begin(stream)
            return 0
        if most < 1:
            _rest_today(stream)
            return 0
        marks, wanted = _wanted(stream, min(most, MOST))
    if not wanted:
        _go_on(stream, stream.cursor, [], has_more=False)
        return 0
    trace = Trace()
    try:
        client = client_for(stream.account)
        trace = client.trace
        entries, gone = client.look_again(wanted)  # type: ignore[attr-defined]
    except NetworkError as error:
        _put_off(stream, error, trace)
        return 0
    except Exception:
        # A body nobody foresaw must not be read again at full speed.
        logger.exception("looking again for account %s", stream.account_id)
        _put_off(stream, NetworkError("later", "not_understood"), trace)
        return 0
    now_ms = int(clock.now().timestamp() * 1000)
    found = [*entries, *(deletion(stream.account.external_id, number, now_ms) for number in gone)]
    with tenant(stream.organization_id):
        fresh = store(found, source="poll", network=stream.account.network).get(stream.organization_id, 0)
        record_trace(stream.account, trace)
        tell_budget(stream.account)
        _go_on(stream, marks, list(trace.limits.values()), has_more=len(wanted) == MOST)
    if fresh:
        ring("inbox")
    return fresh


def _most(account: SocialAccount) -> int:
    """How many posts may be read now."""
    purse = purse_of(account)
    left = purse.left_today(Use.REREAD)
    if not purse.allows(Use.REREAD):
        return 0
    return MOST if left is None else left // PRICES["post_read"]


def _begin(stream: PollCursor) -> None:
    """From what comes from now on: what is older was never promised, and would be paid for at once."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, [stream.organization_id])
        newest = cursor.fetchone()[0]
    _go_on(stream, ".".join([str(newest)] * len(AGES)), [], has_more=False)


def _wanted(stream: PollCursor, most: int) -> tuple[str, list[str]]:
    """The cursor after them, and the ids that are to be asked for: what can be edited no more first."""
    marks, wanted, now = stream.cursor.split("."), list[str](), clock.now()
    for place, age in enumerate(AGES):
        with connection.cursor() as cursor:
            asked = [
                stream.organization_id,
                stream.account_id,
                int(marks[place]),
                now - age,
                most - len(wanted),
            ]
            cursor.execute(WANTED, asked)
            rows = cursor.fetchall()
        wanted += [external_id for _id, external_id in rows]
        marks[place] = str(rows[-1][0]) if rows else marks[place]
    return ".".join(marks), list(dict.fromkeys(wanted))


def _go_on(stream: PollCursor, marks: str, limits: list[Limit], *, has_more: bool) -> None:
    now = clock.now()
    wait = pace(limits, now) if has_more else EVERY * random.uniform(0.95, 1.05)
    _keep(stream, cursor=marks, failures=0, next_poll_at=now + wait)


def _rest_today(stream: PollCursor) -> None:
    """Reading again is the first that a short budget stops (care.md, finding 30)."""
    until = tomorrow(clock.now()) + timedelta(seconds=random.uniform(30, 600))
    _keep(stream, next_poll_at=until)
    tell_budget(stream.account)


def _put_off(stream: PollCursor, error: NetworkError, trace: Trace) -> None:
    """Wait. Looking again never pauses its account: what comes in and what we answer goes on."""
    logger.info("looking again for account %s: %s %s", stream.account_id, error.verdict, error.code)
    with tenant(stream.organization_id):
        record_trace(stream.account, trace)
    now = clock.now()
    at = max(error.retry_at, now) if error.retry_at is not None else now + back_off(stream.failures)
    _keep(stream, failures=F("failures") + 1, next_poll_at=at + timedelta(seconds=random.uniform(1, 5)))


def _keep(stream: PollCursor, **changes: Any) -> None:
    with tenant(stream.organization_id):
        PollCursor.objects.filter(organization_id=stream.organization_id, pk=stream.pk).update(
            lease_until=None, **changes
        )
