"""Takes an organization's inbox in: claim, parse, load, decide, write; then say what changed.

One writer per organization (the lease), so order and case decisions need no further care.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg2
from django.db import DatabaseError, connection

from channels_social.domain.accounts import pause_account
from channels_social.domain.findings import settle
from channels_social.enums import AccountState
from channels_social.models import SocialAccount
from channels_social.networks.base import IncomingMessage
from helpdesk import clock
from helpdesk.tenancy.context import tenant, whole
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.planned import Script
from helpdesk.tenancy.select import Select
from tickets.areas.domain.incoming import put_aside
from tickets.cases.domain.filing import rulebook_of
from tickets.customers.domain.names import NAMELESS
from tickets.enums import Direction
from tickets.intake import inbox
from tickets.intake.decide import decide
from tickets.intake.filing import mark_filings, move_receipts
from tickets.intake.inbox import Raw
from tickets.intake.load import load_known
from tickets.intake.mails import Sorted, sort_mails
from tickets.intake.parsing import parse
from tickets.intake.plan import Arrival, Intake
from tickets.intake.rehang import rehang
from tickets.intake.write import begin_writing

logger = logging.getLogger(__name__)
BATCH = 500
# Classes of SQLSTATE: connection, rollback (deadlock), resources, operator (restart), other sessions' locks.
PASSING = {"08", "40", "53", "55", "57"}
_HOUSES = Select(Organization, tail="WHERE t.id = %s")


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
    # Its lease was given back with what it wrote.
    is_over: bool = False


@dataclass(slots=True)
class Taken:
    """What became of some events, to be told once it is committed."""

    intake: Intake
    mails: Sorted
    waiting: dict[int, str]
    # Cases whose threads were hung under their root.
    hung: frozenset[int]


Announce = Callable[[Turn], None]


def take_in_all(announce: Announce, *, limit: int = BATCH) -> int:
    """Take in every organization's pending events until none is left; how many events."""
    total = 0
    while (organization_id := inbox.claim_inbox()) is not None:
        turn = Turn(organization_id)
        try:
            _turn(turn, limit)
        finally:
            if not turn.is_over:
                inbox.release_inbox(organization_id)
        total += turn.events
        announce(turn)
    return total


def take_in(organization_id: int, *, limit: int = BATCH) -> Turn:
    """One turn over one organization's oldest pending events."""
    turn = Turn(organization_id)
    _turn(turn, limit)
    return turn


def _turn(turn: Turn, limit: int) -> None:
    """Take the oldest events in, all in the one transaction that read them; on failure in halves."""
    organization, raws = _HOUSES.one(turn.organization_id), list[Raw]()
    try:
        with tenant(turn.organization_id):
            raws = inbox.begin_turn(turn.organization_id, limit)
            taken = _take_once(organization, raws, is_whole=True) if raws else None
    except Exception as error:  # whatever it is, one event must not stop the rest
        if _is_passing(error) or not raws:
            raise
        _halve(organization, raws, turn, error)
    else:
        if taken is not None:
            _note(turn, taken)
            turn.is_over = True
    turn.events = len(raws)


def _halve(organization: Organization, raws: Sequence[Raw], turn: Turn, error: Exception) -> None:
    """What failed together is taken in by halves, until the poison one stands alone."""
    if len(raws) == 1:
        inbox.quarantine(organization.pk, raws[0], error)
        turn.quarantined += 1
        return
    logger.warning("batch of %s halved: %s", len(raws), type(error).__name__)
    middle = len(raws) // 2
    for half in (raws[:middle], raws[middle:]):
        try:
            with tenant(organization.pk):
                inbox.be_the_only_one(organization.pk)
                taken = _take_once(organization, half)
        except Exception as another:
            if _is_passing(another):
                raise
            _halve(organization, half, turn, another)
        else:
            _note(turn, taken)


def _is_passing(error: Exception) -> bool:
    """Whether the database, not the events, is the matter: gone, restarting, a deadlock. They stay pending."""
    cause = error.__cause__ if isinstance(error, DatabaseError) else error
    if not isinstance(cause, psycopg2.OperationalError | psycopg2.InterfaceError):
        return False
    return not cause.pgcode or cause.pgcode[:2] in PASSING


def _take_once(organization: Organization, raws: Sequence[Raw], *, is_whole: bool = False) -> Taken:
    """Take these in. Inside ``tenant``, with the inbox held; a whole turn gives its lease back too."""
    org, now = organization.pk, clock.now()
    arrivals = [arrival for raw in raws for arrival in parse(raw)]
    mails = sort_mails(org, arrivals, now=now)
    hung = rehang(org, mails.arrivals)
    waiting = _missing_roots(org, raws, hung.arrivals)
    ready = [arrival for arrival in hung.arrivals if arrival.event_id not in waiting]
    intake = decide(ready, load_known(organization, ready, now=now))
    with connection.cursor() as cursor:
        last = _begin_writing(organization, intake, cursor, now=now)
        _obey_signals(org, intake)
        inbox.finish(last, org, raws, arrivals, waiting)
        if is_whole:
            inbox.give_back(last, org)
        last.send(cursor)
    put_aside(org, mails.refused.items())
    return Taken(intake, mails, waiting, hung.tickets)


def _begin_writing(organization: Organization, intake: Intake, cursor: Any, *, now: datetime) -> Script:
    """Write but for what is returned, still to be sent."""
    mark_filings(intake, rulebook_of(organization.pk))
    last = begin_writing(organization, intake, cursor, now=now)
    settle(last, organization.pk, _heard(intake))
    if any(not case.is_new and case.radicado is not None for case in intake.cases):
        last.send(cursor)
        move_receipts(organization.pk, intake)
    return last


def _note(turn: Turn, taken: Taken) -> None:
    """What was taken in and committed, on the turn."""
    intake, mails = taken.intake, taken.mails
    turn.quarantined += len(mails.refused)
    turn.tickets.update(mails.tickets, taken.hung)
    turn.waiting += len(taken.waiting)
    turn.nameless |= _nameless(intake)
    turn.files += sum(len(said.media) for said in intake.messages)
    turn.tickets.update(case.id for case in intake.cases)
    turn.tickets.update(said.ticket_id for said in intake.messages if said.ticket_id)
    turn.messages.extend((said.ticket_id, said.id) for said in intake.messages if said.ticket_id)
    turn.messages.extend(
        (c.ticket_id, c.message_id) for c in intake.confirmed if c.ticket_id and c.message_id
    )


def take_chosen(organization: Organization, arrivals: Sequence[Arrival]) -> Intake:
    """Take in what a colleague chose, now, by the same rules as what comes by itself. Inside ``tenant``.

    Acts for the organization: the case may be one its reader does not see. Announcing is the caller's.
    """
    now = clock.now()
    with whole():
        inbox.be_the_only_one(organization.pk)
        intake = decide(arrivals, load_known(organization, arrivals, now=now))
        with connection.cursor() as cursor:
            _begin_writing(organization, intake, cursor, now=now).send(cursor)
    return intake


def _heard(intake: Intake) -> dict[str, int]:
    """New messages of customers in public on X, by the network's id: none of them is a finding any more."""
    return {
        said.external_id: said.id
        for said in intake.messages
        if said.is_new and said.network == "x" and said.is_public and said.direction == Direction.IN
    }


def _nameless(intake: Intake) -> set[tuple[int, str, str]]:
    accounts = {thread.identity_id: thread.account_id for thread in intake.threads}
    return {
        (accounts[person.identity_id], person.scope, person.external_id)
        for person in intake.people
        if person.is_new and person.name == NAMELESS and not person.is_anonymous
    }


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
    """What a network says of the account itself. A lifted block is noticed by the watch of stopped accounts."""
    for account_id, signal in intake.signals:
        account = SocialAccount.objects.get(organization_id=organization_id, pk=account_id)
        match signal.what:
            case "revoked":
                pause_account(account, state=AccountState.NEEDS_REAUTH, reason=signal.detail)
            case "blocked":
                pause_account(account, state=AccountState.BLOCKED, reason=signal.detail)
            case "renamed":
                SocialAccount.objects.filter(pk=account.pk).update(handle=signal.detail[:80])
