"""Reads what the desk knows about a batch: a fixed number of queries, whatever its size. Inside ``tenant``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from channels_social.enums import UNFINISHED, ConversationKind, Network
from channels_social.networks.base import Author, Change, IncomingMessage
from helpdesk.secrets.cutting import cut_secrets
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.planned import ask
from helpdesk.text import fold_handle, normalised
from tickets.aftercontact.domain.answers import questions_in
from tickets.clocks.domain.terms import reopen_until, rules_by_account
from tickets.clocks.rules import ClockRow
from tickets.enums import OPEN_STATES, ClockKind, Priority, TicketState
from tickets.intake.addresses import owners_of
from tickets.intake.known import Ids, Known
from tickets.intake.plan import Arrival, Case, Grave, PendingAction, Person, Said, Thread
from tickets.triage.domain.corrections import offsets_in_force

CASE_COLUMNS = (
    "id, customer_id, state, opened_at, last_at, channel, kind, suggested_kind, kind_reasons, "
    # A key of the API corrects a kind too, and is nobody of the team.
    "kind_corrected_by_id IS NOT NULL OR kind <> suggested_kind, priority, priority_reasons, radicado, "
    "previous_id, assignee_id, "
    "first_sent_at, last_sent_at, answered_until, resolved_at, reopened_count, last_text, last_asked_at, "
    "unanswered_since, unanswered_count, is_overdue, version, "
    "(SELECT tier_id FROM tickets_customer c WHERE c.organization_id = tickets_ticket.organization_id "
    "AND c.id = tickets_ticket.customer_id)"
)
THREAD_COLUMNS = (
    "c.id, c.account_id, c.network, c.kind, c.thread_key, c.customer_id, c.identity_id, c.root_external_id, "
    "c.current_ticket_id, c.last_customer_at, c.last_sent_at, c.last_external_id, c.is_provisional"
)
SAID_COLUMNS = (
    "m.id, m.conversation_id, m.network, m.external_id, m.direction, m.is_public, m.text, m.occurred_at, "
    "m.ticket_id, m.parent_external_id, m.is_native, m.needs_attention, m.is_courtesy, m.is_encrypted, "
    "m.edited_at, m.deleted_at, m.hidden_at, m.action_id"
)


def load_known(organization: Organization, arrivals: Sequence[Arrival], *, now: datetime) -> Known:
    """Everything ``decide`` may need for these arrivals; the cases are locked until the transaction ends."""
    messages = [a.item for a in arrivals if isinstance(a.item, IncomingMessage)]
    known = Known(
        now=now,
        ids=_ids(len(messages)),
        join_hours=organization.join_hours,
        reopen_until={},
        rules=rules_by_account(organization.pk, {arrival.account_id for arrival in arrivals}),
    )
    org = organization.pk
    _load_messages(org, arrivals, known)
    _load_people(org, arrivals, known)
    _load_threads(org, arrivals, known)
    _load_handles(org, arrivals, known)
    _load_threads_above(org, messages, known)
    _load_graves(org, arrivals, known)
    if any(message.is_ours for message in messages):
        _load_actions(org, messages, known)
    _load_cases(org, known, {arrival.ticket_id for arrival in arrivals if arrival.ticket_id})
    _load_asked(org, messages, known)
    for case in known.cases.values():
        if case.resolved_at is not None:
            known.reopen_until[case.id] = reopen_until(
                case.resolved_at, organization.reopen_business_days, known.rules.values()
            )
    _load_questions(org, known)
    return known


def _load_questions(org: int, known: Known) -> None:
    """What was asked in these threads; as long as it may be answered, the case it is about may be reopened."""
    threads = (thread.id for thread in known.threads.values() if not thread.is_new and thread.ticket_id)
    known.questions = questions_in(org, threads)
    for question in known.questions.values():
        until = known.reopen_until.get(question.ticket_id)
        if until is not None:
            known.reopen_until[question.ticket_id] = max(until, question.expires_at)


def _rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        ask(cursor, sql, params)
        return cursor.fetchall()


def _ids(count: int) -> Ids:
    """A block of each sequence: a message makes at most one row of each."""
    tables = ("customer", "identity", "conversation", "ticket", "message")
    columns = ", ".join(f"nextval('tickets_{table}_id_seq')" for table in tables)
    rows = _rows(f"SELECT {columns} FROM generate_series(1, %s)", [count]) if count else []
    blocks = list(zip(*rows, strict=True)) if rows else [()] * len(tables)
    return Ids(*(iter(block) for block in blocks))


def _external_ids(arrivals: Iterable[Arrival]) -> list[str]:
    wanted: set[str] = set()
    for arrival in arrivals:
        if isinstance(arrival.item, IncomingMessage):
            wanted.add(arrival.item.external_id)
            wanted.update(arrival.item.version_ids)
            if arrival.item.missing_root:
                wanted.add(arrival.item.missing_root)
        elif isinstance(arrival.item, Change) and arrival.item.external_id:
            wanted.add(arrival.item.external_id)
    return sorted(wanted)


def _load_messages(org: int, arrivals: Sequence[Arrival], known: Known) -> None:
    wanted = _external_ids(arrivals)
    if not wanted:
        return
    found = _rows(
        f"SELECT m.external_id, {SAID_COLUMNS} FROM tickets_message m "
        "WHERE m.organization_id = %s AND m.network = ANY(%s) AND m.external_id = ANY(%s) "
        f"UNION ALL SELECT v.external_id, {SAID_COLUMNS} FROM tickets_messageversion v "
        "JOIN tickets_message m ON m.organization_id = v.organization_id AND m.id = v.message_id "
        "WHERE v.organization_id = %s AND v.network = ANY(%s) AND v.external_id = ANY(%s)",
        [org, _networks(arrivals), wanted, org, _networks(arrivals), wanted],
    )
    by_id: dict[int, Said] = {}
    for asked, *columns in found:
        said = by_id.setdefault(columns[0], Said(*columns))
        known.messages[said.network, asked] = said


def _networks(arrivals: Iterable[Arrival]) -> list[str]:
    return sorted({arrival.network for arrival in arrivals})


def _authors(arrivals: Iterable[Arrival]) -> Iterable[tuple[str, Author, str]]:
    for arrival in arrivals:
        if isinstance(arrival.item, IncomingMessage):
            author = arrival.item.person if arrival.item.is_ours else arrival.item.author
            if author is not None:
                yield arrival.network, author, arrival.item.external_id


def _load_people(org: int, arrivals: Sequence[Arrival], known: Known) -> None:
    keys = sorted(
        {(net, a.scope, a.external_id or f"anonymous:{message}") for net, a, message in _authors(arrivals)}
    )
    if not keys:
        return
    found = _rows(
        "SELECT i.id, i.customer_id, i.network, i.scope, i.external_id, i.name, i.handle, i.avatar_url, "
        "i.accepts_dm, i.is_anonymous, c.tier_id "
        "FROM unnest(%s::text[], %s::text[], %s::text[]) AS k(network, scope, external_id) "
        "JOIN tickets_identity i ON i.organization_id = %s AND i.network = k.network "
        "AND i.scope = k.scope AND i.external_id = k.external_id "
        "JOIN tickets_customer c ON c.organization_id = i.organization_id AND c.id = i.customer_id",
        [*map(list, zip(*keys, strict=True)), org],
    )
    for columns in found:
        person = Person(*columns)
        known.people[person.network, person.scope, person.external_id] = person
    new = [key[2] for key in keys if key[0] == Network.EMAIL and key not in known.people]
    known.owners = owners_of(org, new)


def _load_threads(org: int, arrivals: Sequence[Arrival], known: Known) -> None:
    keys = sorted(
        {
            (a.network, a.item.kind.value, a.item.thread_key)
            for a in arrivals
            if isinstance(a.item, IncomingMessage)
        }
    )
    if not keys:
        return
    found = _rows(
        f"SELECT {THREAD_COLUMNS} FROM unnest(%s::text[], %s::text[], %s::text[]) AS k(network, kind, thread_key) "
        "JOIN tickets_conversation c ON c.organization_id = %s AND c.network = k.network "
        "AND c.kind = k.kind AND c.thread_key = k.thread_key",
        [*map(list, zip(*keys, strict=True)), org],
    )
    for columns in found:
        thread = Thread(*columns)
        known.threads[thread.network, thread.kind, thread.thread_key] = thread
    _load_last_said(org, {thread.id: thread for thread in known.threads.values() if thread.ticket_id is None})


def _load_handles(org: int, arrivals: Sequence[Arrival], known: Known) -> None:
    """What the accounts are called: who is spoken to is half of what is said."""
    found = _rows(
        "SELECT id, handle, name FROM channels_social_socialaccount WHERE organization_id = %s AND id = ANY(%s)",
        [org, sorted({arrival.account_id for arrival in arrivals})],
    )
    known.offsets = offsets_in_force(org)
    for account_id, handle, name in found:
        known.handles[account_id] = frozenset(
            {fold_handle(handle), fold_handle(name).replace(" ", "")} - {""}
        )


def _load_threads_above(org: int, messages: Sequence[IncomingMessage], known: Known) -> None:
    """Threads of what words of ours hang from that do not say whom they answer."""
    roots = {m.missing_root for m in messages if m.is_ours and m.person is None and m.missing_root}
    ids = {said.thread_id for (_network, number), said in known.messages.items() if number in roots}
    ids -= {thread.id for thread in known.threads.values()}
    if not ids:
        return
    found = _rows(
        f"SELECT {THREAD_COLUMNS} FROM tickets_conversation c WHERE c.organization_id = %s AND c.id = ANY(%s)",
        [org, sorted(ids)],
    )
    for columns in found:
        thread = Thread(*columns)
        known.threads[thread.network, thread.kind, thread.thread_key] = thread


def _load_last_said(org: int, threads: dict[int, Thread]) -> None:
    """What a thread without a case ended with: a case that adopts it shows that, if it is the last."""
    if not threads:
        return
    found = _rows(
        "SELECT DISTINCT ON (conversation_id) conversation_id, occurred_at, text FROM tickets_message "
        "WHERE organization_id = %s AND conversation_id = ANY(%s) ORDER BY conversation_id, occurred_at DESC",
        [org, list(threads)],
    )
    for thread_id, at, text in found:
        threads[thread_id].last_said = (at, text)
    noise = _rows(
        "SELECT conversation_id, occurred_at FROM tickets_message WHERE organization_id = %s "
        "AND conversation_id = ANY(%s) AND direction = 'in' AND NOT needs_attention AND NOT is_courtesy",
        [org, [thread_id for thread_id, _at, _text in found]],
    )
    for thread_id, at in noise:
        threads[thread_id].unheard.append(at)


def _load_graves(org: int, arrivals: Sequence[Arrival], known: Known) -> None:
    found = _rows(
        "SELECT network, external_id, change, at, text FROM tickets_tombstone "
        "WHERE organization_id = %s AND network = ANY(%s) AND external_id = ANY(%s)",
        [org, _networks(arrivals), _external_ids(arrivals)],
    )
    for columns in found:
        grave = Grave(*columns)
        known.graves.setdefault((grave.network, grave.external_id), []).append(grave)


def _load_actions(org: int, messages: Sequence[IncomingMessage], known: Known) -> None:
    ours = [message for message in messages if message.is_ours]
    found = _rows(
        "SELECT a.id, a.account_id, a.thread_key, a.state, a.client_token, a.external_id, a.text, "
        "m.id, m.ticket_id, a.created_at, coalesce(m.is_notice, false) FROM channels_social_outboundaction a "
        "LEFT JOIN tickets_message m ON m.organization_id = a.organization_id AND m.id = a.subject_id "
        "WHERE a.organization_id = %s AND ("
        "(a.external_id = ANY(%s) AND a.external_id <> '') OR a.client_token = ANY(%s) "
        "OR (a.thread_key = ANY(%s) AND a.state = ANY(%s))) ORDER BY a.id",
        [
            org,
            [message.external_id for message in ours],
            [message.client_token for message in ours if message.client_token],
            sorted({m.thread_key for m in ours if m.thread_key} | {key for _n, _k, key in known.threads}),
            [state.value for state in UNFINISHED],
        ],
    )
    for columns in found:
        action = PendingAction(*columns[:6], normalised(cut_secrets(columns[6])), *columns[7:])
        known.actions_by_token[action.client_token] = action
        if action.external_id:
            known.actions_by_id[action.external_id] = action
        known.actions_by_thread.setdefault(action.thread_key, []).append(action)


def _load_cases(org: int, known: Known, named: set[int]) -> None:
    wanted = named | {thread.ticket_id for thread in known.threads.values() if thread.ticket_id}
    wanted |= {said.ticket_id for said in known.messages.values() if said.ticket_id}
    wanted |= {action.ticket_id for action in known.actions_by_token.values() if action.ticket_id}
    customers = {person.customer_id for person in known.people.values()}
    customers |= {owner for owners in known.owners.values() for owner, _name in owners}
    open_states = [state.value for state in OPEN_STATES]
    ids = [
        row[0]
        for row in _rows(
            "SELECT id FROM tickets_ticket WHERE organization_id = %s AND customer_id = ANY(%s) "
            "AND state = ANY(%s)",
            [org, sorted(customers), open_states],
        )
    ]
    wanted |= set(ids)
    if not wanted:
        return
    # Locked in the order of their ids, as every writer does: nobody waits in a circle.
    found = _rows(
        f"SELECT {CASE_COLUMNS} FROM tickets_ticket WHERE organization_id = %s AND id = ANY(%s) "
        "ORDER BY id FOR UPDATE",
        [org, sorted(wanted)],
    )
    for columns in found:
        *columns, tier_id = columns
        case = Case(*columns, tier_id=tier_id)
        case.state, case.priority = TicketState(case.state), Priority(case.priority)
        case.kind_reasons, case.priority_reasons = tuple(case.kind_reasons), tuple(case.priority_reasons)
        case.network = network_of(case.channel)
        known.hold(case)
        if case.is_open:
            known.open_cases.setdefault((case.customer_id, case.network), []).append(case)
    _load_clocks(org, known)


def _load_asked(org: int, messages: Sequence[IncomingMessage], known: Known) -> None:
    """Questions that wait, where something older than them may have come: an answer, or an earlier message."""
    waiting = [case for case in known.cases.values() if case.unanswered_count]
    if not waiting:
        return
    newest = max(case.opened_at for case in waiting)
    if not any(message.is_ours or message.occurred_at < newest for message in messages):
        return
    found = _rows(
        "SELECT ticket_id, occurred_at FROM tickets_message WHERE organization_id = %s AND ticket_id = ANY(%s) "
        "AND direction = 'in' AND NOT is_courtesy AND occurred_at >= %s",
        [org, [case.id for case in waiting], min(case.unanswered_since or newest for case in waiting)],
    )
    for ticket_id, at in found:
        case = known.cases[ticket_id]
        if case.answered_until is None or at > case.answered_until:
            case.asked.append(at)


def _load_clocks(org: int, known: Known) -> None:
    """Running clocks; and first response also when met, since an earlier message or answer moves it."""
    found = _rows(
        "SELECT ticket_id, kind, started_at, due_at, warn_at, why::text, id, met_at, breached_at, paused_at, "
        "cancelled_at, alarms, warned "
        "FROM tickets_clock WHERE organization_id = %s AND ticket_id = ANY(%s) "
        "AND (met_at IS NULL OR kind = 'first_response') AND cancelled_at IS NULL",
        [org, list(known.cases)],
    )
    for ticket_id, *columns in found:
        clock = ClockRow(*columns)
        clock.kind, clock.why = ClockKind(clock.kind), json.loads(clock.why)
        clock.alarms = tuple(clock.alarms)
        known.cases[ticket_id].clocks[clock.kind] = clock


def network_of(channel: str) -> str:
    """The network a kind of conversation belongs to."""
    return ConversationKind(channel).network.value
