"""Takes an organization's inbox in: claim, parse, load, decide, write; then say what changed.

One writer per organization (the lease), so order and case decisions need no further care.
"""

from __future__ import annotations

import json
import logging
import socket
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import timedelta
from typing import Any

import psycopg2
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from channels_social.domain.accounts import pause_account
from channels_social.enums import AccountState
from channels_social.models import SocialAccount
from channels_social.networks import registry
from channels_social.networks.base import AccountSignal, IncomingMessage
from helpdesk import clock
from helpdesk.secrets.crypto import vault
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Organization
from helpdesk.text import clean
from tickets.customers.domain.names import NAMELESS
from tickets.intake.decide import decide
from tickets.intake.load import load_known
from tickets.intake.plan import Arrival, Intake
from tickets.intake.write import write

logger = logging.getLogger(__name__)
BATCH = 500
# Classes of SQLSTATE: connection, rollback (deadlock), resources, operator (restart), other sessions' locks.
PASSING = {"08", "40", "53", "55", "57"}
OWNER = f"{socket.gethostname()}:{uuid.uuid4().hex[:8]}"


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


@dataclass(slots=True)
class Turn:
    """What a turn did: events taken, and what the consoles should hear of."""

    organization_id: int
    events: int = 0
    tickets: set[int] = field(default_factory=set)
    messages: list[tuple[int, int]] = field(default_factory=list)
    waiting: int = 0
    files: int = 0
    # People nobody has named yet: (account, scope, external id).
    nameless: set[tuple[int, str, str]] = field(default_factory=set)
    quarantined: int = 0


Announce = Callable[[Turn], None]


def take_in_all(announce: Announce, *, limit: int = BATCH) -> int:
    """Take in every organization's pending events until none is left; how many events."""
    total = 0
    while (organization_id := claim_inbox()) is not None:
        try:
            turn = take_in(organization_id, limit=limit)
        finally:
            release_inbox(organization_id)
        total += turn.events
        announce(turn)
    return total


def claim_inbox() -> int | None:
    """Lease the inbox whose oldest pending event is oldest; as the worker, with no tenant."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.organization_id FROM channels_social_inbox i CROSS JOIN LATERAL ("
            "SELECT e.id FROM channels_social_inboundevent e "
            "WHERE e.organization_id = i.organization_id AND e.state = 'pending' ORDER BY e.id LIMIT 1) oldest "
            "WHERE i.lease_until IS NULL OR i.lease_until < now() "
            "ORDER BY oldest.id LIMIT 1 FOR UPDATE OF i SKIP LOCKED"
        )
        row = cursor.fetchone()
        if row is None:
            return None
        cursor.execute(
            "UPDATE channels_social_inbox SET lease_until = now() + %s, lease_owner = %s "
            "WHERE organization_id = %s",
            [timedelta(seconds=settings.INBOX_LEASE), OWNER, row[0]],
        )
        return row[0]


def release_inbox(organization_id: int) -> None:
    """Give the lease back, if it is still ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_social_inbox SET lease_until = NULL, last_taken_at = now() "
            "WHERE organization_id = %s AND lease_owner = %s",
            [organization_id, OWNER],
        )


def take_in(organization_id: int, *, limit: int = BATCH) -> Turn:
    """One turn over one organization's oldest pending events."""
    organization = Organization.objects.get(pk=organization_id)
    turn = Turn(organization_id)
    with tenant(organization_id):
        raws = _pending(organization_id, limit)
    _take(organization, raws, turn)
    turn.events = len(raws)
    return turn


def _pending(organization_id: int, limit: int) -> list[Raw]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.account_id, a.network, a.external_id, e.kind, e.payload, e.reason = 'provisional' "
            "FROM channels_social_inboundevent e JOIN channels_social_socialaccount a "
            "ON a.organization_id = e.organization_id AND a.id = e.account_id "
            "WHERE e.organization_id = %s AND e.state = 'pending' ORDER BY e.id LIMIT %s",
            [organization_id, limit],
        )
        return [Raw(*row[:5], bytes(row[5]), row[6]) for row in cursor.fetchall()]


def _take(organization: Organization, raws: Sequence[Raw], turn: Turn) -> None:
    """Take the events in; on failure halve them, until the poison one stands alone."""
    if not raws:
        return
    try:
        _take_once(organization, raws, turn)
    except Exception as error:  # whatever it is, one event must not stop the rest
        if _is_passing(error):
            raise
        if len(raws) == 1:
            _quarantine(organization.pk, raws[0], error, turn)
            return
        logger.warning("batch of %s halved: %s", len(raws), type(error).__name__)
        half = len(raws) // 2
        _take(organization, raws[:half], turn)
        _take(organization, raws[half:], turn)


def _is_passing(error: Exception) -> bool:
    """Whether the database, not the events, is the matter: gone, restarting, a deadlock. They stay pending."""
    cause = error.__cause__ if isinstance(error, DatabaseError) else error
    if not isinstance(cause, psycopg2.OperationalError | psycopg2.InterfaceError):
        return False
    return not cause.pgcode or cause.pgcode[:2] in PASSING


def _take_once(organization: Organization, raws: Sequence[Raw], turn: Turn) -> None:
    arrivals = [arrival for raw in raws for arrival in parse(raw)]
    now = clock.now()
    with tenant(organization.pk):
        _be_the_only_one(organization.pk)
        waiting = _missing_roots(organization.pk, raws, arrivals)
        ready = [arrival for arrival in arrivals if arrival.event_id not in waiting]
        known = load_known(organization, ready, now=now)
        intake = decide(ready, known)
        write(organization, intake, now=now)
        _obey_signals(organization.pk, intake)
        _finish(organization.pk, raws, arrivals, waiting)
    turn.waiting += len(waiting)
    turn.nameless |= _nameless(intake)
    turn.files += sum(len(said.media) for said in intake.messages)
    turn.tickets.update(case.id for case in intake.cases)
    turn.tickets.update(said.ticket_id for said in intake.messages if said.ticket_id)
    turn.messages.extend((said.ticket_id, said.id) for said in intake.messages if said.ticket_id)
    turn.messages.extend(
        (c.ticket_id, c.message_id) for c in intake.confirmed if c.ticket_id and c.message_id
    )


def _be_the_only_one(organization_id: int) -> None:
    """A turn that outlived its lease must not decide beside its successor: it sees what that one wrote."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM channels_social_inbox WHERE organization_id = %s FOR UPDATE", [organization_id]
        )


def _nameless(intake: Intake) -> set[tuple[int, str, str]]:
    accounts = {thread.identity_id: thread.account_id for thread in intake.threads}
    return {
        (accounts[person.identity_id], person.scope, person.external_id)
        for person in intake.people
        if person.is_new and person.name == NAMELESS and not person.is_anonymous
    }


def parse(raw: Raw) -> list[Arrival]:
    """A stored event as arrivals, texts cleaned. Raises ``ValueError`` for a poison one."""
    stored = vault().open(raw.payload)
    items = registry.get(raw.network).parse(raw.kind, json.loads(stored), raw.account_external_id)
    if b"\\u0000" in stored or b"\\ud" in stored:  # stored as ASCII: the only ways to write them
        items = [_clean(item) for item in items]
    return [Arrival(raw.id, raw.account_id, raw.network, item, raw.is_provisional) for item in items]


def _clean(item: Any) -> Any:
    """PostgreSQL holds neither NUL nor lone surrogates, in whatever a network said; all else is kept exactly."""
    if isinstance(item, str):
        return clean(item)
    if isinstance(item, tuple):
        return tuple(_clean(part) for part in item)
    if not is_dataclass(item) or isinstance(item, type):
        return item
    cleaned = {one.name: (getattr(item, one.name), _clean(getattr(item, one.name))) for one in fields(item)}
    changed = {name: new for name, (old, new) in cleaned.items() if new != old}
    return replace(item, **changed) if changed else item


def _missing_roots(organization_id: int, raws: Sequence[Raw], arrivals: Sequence[Arrival]) -> dict[int, str]:
    """Events whose thread hangs from something nobody has seen: event id → external id to ask for."""
    wanted = {
        a.event_id: a.item.missing_root
        for a in arrivals
        if isinstance(a.item, IncomingMessage) and a.item.missing_root and not a.is_provisional
    }
    if not wanted:
        return {}
    # X does not name the conversation's root: then the post itself is asked for, and is no root of its own.
    here = {
        a.item.external_id
        for a in arrivals
        if isinstance(a.item, IncomingMessage) and a.item.missing_root != a.item.external_id
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT external_id FROM tickets_message WHERE organization_id = %s AND external_id = ANY(%s)",
            [organization_id, sorted(set(wanted.values()))],
        )
        here.update(row[0] for row in cursor.fetchall())
    return {event: root for event, root in wanted.items() if root not in here}


def _obey_signals(organization_id: int, intake: Intake) -> None:
    for account_id, signal in intake.signals:
        account = SocialAccount.objects.get(organization_id=organization_id, pk=account_id)
        if isinstance(signal, AccountSignal) and signal.what == "revoked":
            pause_account(account, state=AccountState.NEEDS_REAUTH, reason=signal.detail)


def _finish(
    organization_id: int, raws: Sequence[Raw], arrivals: Sequence[Arrival], waiting: dict[int, str]
) -> None:
    told = {arrival.event_id for arrival in arrivals}
    done = [raw.id for raw in raws if raw.id in told and raw.id not in waiting]
    ignored = [raw.id for raw in raws if raw.id not in told]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_social_inboundevent SET state = CASE WHEN id = ANY(%s) THEN 'done' ELSE 'ignored' END, "
            "taken_at = now() WHERE organization_id = %s AND id = ANY(%s)",
            [done, organization_id, done + ignored],
        )
        # A silent channel is an alarm: what was heard, by push too, is noted.
        cursor.execute(
            "UPDATE channels_social_socialaccount SET last_event_at = now() "
            "WHERE organization_id = %s AND id = ANY(%s)",
            [organization_id, sorted({raw.account_id for raw in raws})],
        )
        for event_id, root in waiting.items():
            cursor.execute(
                "UPDATE channels_social_inboundevent SET state = 'waiting', needs = %s, wait_until = now() + %s "
                "WHERE organization_id = %s AND id = %s",
                [json.dumps([root]), timedelta(seconds=settings.RESOLVE_WAIT), organization_id, event_id],
            )


def _quarantine(organization_id: int, raw: Raw, error: Exception, turn: Turn) -> None:
    """Put the poison event aside with its reason: the type and place of the error, never its words."""
    reason = (
        f"{type(error).__name__}: {error}"[:300] if isinstance(error, ValueError) else type(error).__name__
    )
    logger.error("event %s quarantined: %s", raw.id, type(error).__name__)
    with tenant(organization_id), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_social_inboundevent SET state = 'quarantined', reason = %s, taken_at = now() "
            "WHERE organization_id = %s AND id = %s",
            [clean(reason), organization_id, raw.id],
        )
    turn.quarantined += 1


def replay(organization_id: int, event_id: int) -> bool:
    """Put a quarantined event back in line. Inside ``tenant``; False when it is not in quarantine."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_social_inboundevent SET state = 'pending', reason = '', taken_at = NULL "
            "WHERE organization_id = %s AND id = %s AND state = 'quarantined'",
            [organization_id, event_id],
        )
        return cursor.rowcount == 1
