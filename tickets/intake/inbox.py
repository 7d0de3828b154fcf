"""The inbox of an organization as rows: leased, read, finished, put aside, put back in line."""

from __future__ import annotations

import json
import logging
import re
import socket
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection

from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.planned import Script, ask
from helpdesk.text import clean
from tickets.intake.plan import Arrival

logger = logging.getLogger(__name__)
OWNER = f"{socket.gethostname()}:{uuid.uuid4().hex[:8]}"
# What an error quotes may be what a customer wrote.
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»")

# Not waited for on the disk: a lease that a crash of the server forgets is one nobody holds any more.
CLAIM = """
UPDATE channels_social_inbox SET lease_until = now() + %s, lease_owner = %s
FROM (SELECT set_config('synchronous_commit', 'off', true) AS set) AS light
WHERE light.set = 'off' AND organization_id = (
    SELECT i.organization_id FROM channels_social_inbox i CROSS JOIN LATERAL (
        SELECT e.id FROM channels_social_inboundevent e
        WHERE e.organization_id = i.organization_id AND e.state = 'pending' ORDER BY e.id LIMIT 1) oldest
    WHERE i.lease_until IS NULL OR i.lease_until < now()
    ORDER BY oldest.id LIMIT 1 FOR UPDATE OF i SKIP LOCKED)
RETURNING organization_id
"""
RELEASE = (
    "UPDATE channels_social_inbox SET lease_until = NULL, last_taken_at = now() "
    "WHERE organization_id = %s AND lease_owner = %s"
)
ALONE = "SELECT 1 FROM channels_social_inbox WHERE organization_id = %s FOR UPDATE"
# A turn asks by lists of keys. The planner knows how long a given list is, and would plan every time for it.
KEEP_PLANS = "SET LOCAL plan_cache_mode = force_generic_plan"
PENDING = (
    "SELECT e.id, e.account_id, a.network, a.external_id, e.kind, e.payload, e.reason = 'provisional' "
    "FROM channels_social_inboundevent e JOIN channels_social_socialaccount a "
    "ON a.organization_id = e.organization_id AND a.id = e.account_id "
    "WHERE e.organization_id = %s AND e.state = 'pending' ORDER BY e.id LIMIT %s"
)
TAKEN = (
    "UPDATE channels_social_inboundevent SET state = CASE WHEN id = ANY(%s) THEN 'done' ELSE 'ignored' END, "
    "taken_at = now() WHERE organization_id = %s AND id = ANY(%s)"
)
# A silent channel is an alarm: what was heard, by push too, is noted; to the second, so that a busy one costs little.
HEARD = (
    "UPDATE channels_social_socialaccount SET last_event_at = now() WHERE organization_id = %s AND id = ANY(%s) "
    "AND (last_event_at IS NULL OR last_event_at < now() - interval '1 second')"
)
WAITING = (
    "UPDATE channels_social_inboundevent SET state = 'waiting', needs = %s, wait_until = now() + %s "
    "WHERE organization_id = %s AND id = %s"
)


@dataclass(frozen=True, slots=True)
class Raw:
    """A pending event as stored."""

    id: int
    account_id: int
    network: str
    account_external_id: str
    kind: str
    payload: bytes
    is_provisional: bool


def claim_inbox() -> int | None:
    """Lease the inbox whose oldest pending event is oldest; as the worker, with no tenant."""
    with connection.cursor() as cursor:
        ask(cursor, CLAIM, [timedelta(seconds=settings.INBOX_LEASE), OWNER])
        row = cursor.fetchone()
    return row[0] if row else None


def release_inbox(organization_id: int) -> None:
    """Give the lease back, if it is still ours."""
    with connection.cursor() as cursor:
        ask(cursor, RELEASE, [organization_id, OWNER])


def begin_turn(organization_id: int, limit: int) -> list[Raw]:
    """The oldest pending events, with the inbox held. Inside ``tenant``."""
    script = Script()
    script.add(ALONE, [organization_id])
    script.command(KEEP_PLANS)
    script.add(PENDING, [organization_id, limit])
    with connection.cursor() as cursor:
        script.send(cursor)
        return [Raw(*row[:5], bytes(row[5]), row[6]) for row in cursor.fetchall()]


def be_the_only_one(organization_id: int) -> None:
    """A turn that outlived its lease must not decide beside its successor: it sees what that one wrote."""
    with connection.cursor() as cursor:
        ask(cursor, ALONE, [organization_id])


def finish(
    script: Script,
    organization_id: int,
    raws: Sequence[Raw],
    arrivals: Sequence[Arrival],
    waiting: dict[int, str],
) -> None:
    """Say what became of each event: done, ignored, or waiting for its root. Inside ``tenant``."""
    told = {arrival.event_id for arrival in arrivals}
    done = [raw.id for raw in raws if raw.id in told and raw.id not in waiting]
    ignored = [raw.id for raw in raws if raw.id not in told]
    script.add(TAKEN, [done, organization_id, done + ignored])
    script.add(HEARD, [organization_id, sorted({raw.account_id for raw in raws})])
    for event_id, root in waiting.items():
        wait = timedelta(seconds=settings.RESOLVE_WAIT)
        script.add(WAITING, [json.dumps([root]), wait, organization_id, event_id])


def give_back(script: Script, organization_id: int) -> None:
    """``release_inbox`` with what the turn wrote."""
    script.add(RELEASE, [organization_id, OWNER])


def quarantine(organization_id: int, raw: Raw, error: Exception) -> None:
    """Put the poison event aside with its reason: the type and place of the error, never its words."""
    # The driver says more exactly what the database refused.
    kind = type(error.__cause__ if isinstance(error, DatabaseError) and error.__cause__ else error).__name__
    reason = f"{kind}: {QUOTED.sub('…', str(error))}"[:300] if isinstance(error, ValueError) else kind
    logger.error("event %s quarantined: %s", raw.id, kind)
    with tenant(organization_id), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_social_inboundevent SET state = 'quarantined', reason = %s, taken_at = now() "
            "WHERE organization_id = %s AND id = %s",
            [clean(reason), organization_id, raw.id],
        )


def replay(organization_id: int, event_id: int) -> bool:
    """Put a quarantined event back in line. Inside ``tenant``; False when it is not in quarantine."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_social_inboundevent SET state = 'pending', reason = '', taken_at = NULL "
            "WHERE organization_id = %s AND id = %s AND state = 'quarantined'",
            [organization_id, event_id],
        )
        return cursor.rowcount == 1
