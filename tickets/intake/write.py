"""Carries an :class:`Intake` out: a few set-based statements, no rule in any of them. Inside ``tenant``."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from psycopg2.extras import execute_values

from helpdesk.tenancy.models import Organization
from helpdesk.text import fold_handle
from tickets.cases.domain.filing import CASES, radicado_of, take_numbers
from tickets.clocks.rules import FAR, next_due
from tickets.intake.plan import Case, Intake, Person, Said, Thread

Row = tuple[Any, ...]


def write(organization: Organization, intake: Intake, *, now: datetime) -> None:
    """Write everything. Foreign keys wait until the end, so that the counters are taken last."""
    org = organization.pk
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        insert = _inserter(cursor.cursor)
        _people(org, intake, insert, cursor)
        _threads(org, intake, insert, cursor)
        _messages(org, intake, insert, cursor)
        _clocks(org, intake, insert, cursor)
        _confirmed(org, intake, cursor)
        _receipts(org, intake, cursor)
        _media(org, intake, insert, cursor)
        _changed_cases(org, [case for case in intake.cases if not case.is_new], insert, cursor)
        _lines(org, intake, insert)
        _new_cases(organization, intake, now, insert, cursor)
        _recount(org, [case.id for case in intake.cases if case.must_recount], cursor)


def _inserter(cursor: Any) -> Callable[..., list[Row]]:
    def insert(sql: str, rows: Sequence[Row], *, fetch: bool = False) -> list[Row]:
        if not rows:
            return []
        return execute_values(cursor, sql, rows, page_size=1000, fetch=fetch) or []

    return insert


def _people(org: int, intake: Intake, insert: Callable[..., list[Row]], cursor: Any) -> None:
    fresh = [person for person in intake.people if person.is_new]
    insert(
        "INSERT INTO tickets_customer (organization_id, id, name) VALUES %s",
        [(org, person.customer_id, person.name[:160]) for person in fresh],
    )
    insert(
        "INSERT INTO tickets_identity (organization_id, id, customer_id, network, scope, external_id, handle, "
        "handle_key, name, avatar_url, accepts_dm, is_anonymous, check_state) VALUES %s",
        [
            (
                org, p.identity_id, p.customer_id, p.network, p.scope, p.external_id, p.handle[:80],
                fold_handle(p.handle)[:80], p.name[:160], p.avatar_url, p.accepts_dm, p.is_anonymous, "none",
            )
            for p in fresh
        ],
    )  # fmt: skip
    for person in intake.people:
        if not person.is_new:
            _rename(org, person, cursor)


def _rename(org: int, person: Person, cursor: Any) -> None:
    cursor.execute(
        "UPDATE tickets_identity SET handle = %s, handle_key = %s, name = %s, avatar_url = %s, accepts_dm = %s "
        "WHERE organization_id = %s AND id = %s",
        [
            person.handle[:80], fold_handle(person.handle)[:80], person.name[:160], person.avatar_url,
            person.accepts_dm, org, person.identity_id,
        ],
    )  # fmt: skip


def _threads(org: int, intake: Intake, insert: Callable[..., list[Row]], cursor: Any) -> None:
    def row(t: Thread) -> Row:
        return (
            org, t.id, t.account_id, t.network, t.kind, t.thread_key, t.customer_id, t.identity_id,
            t.root_external_id, t.ticket_id, t.last_customer_at, t.last_sent_at, t.last_external_id,
            t.is_provisional,
        )  # fmt: skip

    insert(
        "INSERT INTO tickets_conversation (organization_id, id, account_id, network, kind, thread_key, "
        "customer_id, identity_id, root_external_id, current_ticket_id, last_customer_at, last_sent_at, "
        "last_external_id, is_provisional) VALUES %s",
        [row(thread) for thread in intake.threads if thread.is_new],
    )
    insert(
        "UPDATE tickets_conversation AS c SET current_ticket_id = v.ticket_id::bigint, "
        "last_customer_at = v.customer_at::timestamptz, last_sent_at = v.sent_at::timestamptz, "
        "last_external_id = v.last_id "
        "FROM (VALUES %s) AS v(org, id, ticket_id, customer_at, sent_at, last_id) "
        "WHERE c.organization_id = v.org AND c.id = v.id",
        [
            (org, t.id, t.ticket_id, t.last_customer_at, t.last_sent_at, t.last_external_id)
            for t in intake.threads
            if t.is_changed and not t.is_new
        ],
    )


def _messages(org: int, intake: Intake, insert: Callable[..., list[Row]], cursor: Any) -> None:
    def row(m: Said) -> Row:
        return (
            org, m.id, m.thread_id, m.ticket_id, m.network, m.external_id, m.parent_external_id, m.direction,
            m.is_public, m.text, m.occurred_at, m.is_native, m.needs_attention, m.is_courtesy,
            m.is_encrypted, m.edited_at, m.deleted_at, m.hidden_at, "",
        )  # fmt: skip

    insert(
        "INSERT INTO tickets_message (organization_id, id, conversation_id, ticket_id, network, external_id, "
        "parent_external_id, direction, is_public, text, occurred_at, is_native, needs_attention, is_courtesy, "
        "is_encrypted, edited_at, deleted_at, hidden_at, send_state) VALUES %s",
        [row(said) for said in intake.messages if said.is_new],
    )
    insert(
        "UPDATE tickets_message AS m SET text = v.text, edited_at = v.edited::timestamptz, "
        "deleted_at = v.deleted::timestamptz, hidden_at = v.hidden::timestamptz "
        "FROM (VALUES %s) AS v(org, id, text, edited, deleted, hidden) "
        "WHERE m.organization_id = v.org AND m.id = v.id",
        [
            (org, m.id, m.text, m.edited_at, m.deleted_at, m.hidden_at)
            for m in intake.messages
            if m.is_changed and not m.is_new
        ],
    )
    insert(
        "INSERT INTO tickets_messageversion (organization_id, message_id, network, external_id, text, at) "
        "VALUES %s ON CONFLICT DO NOTHING",
        [(org, v.message_id, v.network, v.external_id, v.text, v.at) for v in intake.versions],
    )
    insert(
        "INSERT INTO tickets_tombstone (organization_id, network, external_id, change, at, text) VALUES %s "
        "ON CONFLICT DO NOTHING",
        [(org, g.network, g.external_id, g.change, g.at, g.text) for g in intake.graves],
    )
    dead = [said.id for said in intake.messages if said.deleted_at is not None]
    if dead:
        # What a customer deletes goes from the former versions too.
        cursor.execute(
            "UPDATE tickets_messageversion SET text = '' WHERE organization_id = %s AND message_id = ANY(%s)",
            [org, dead],
        )
    insert(
        "UPDATE tickets_message AS m SET ticket_id = v.ticket FROM (VALUES %s) AS v(org, thread, ticket) "
        "WHERE m.organization_id = v.org AND m.conversation_id = v.thread AND m.ticket_id IS NULL",
        [(org, thread, ticket) for thread, ticket in intake.adopted],
    )


def _clocks(org: int, intake: Intake, insert: Callable[..., list[Row]], cursor: Any) -> None:
    fresh, changed = [], []
    for case in intake.cases:
        for c in case.clocks.values():
            if c.id is None:
                fresh.append(
                    (
                        org, case.id, c.kind.value, c.started_at, c.due_at, c.warn_at, json.dumps(c.why),
                        c.met_at, c.paused_at, c.cancelled_at,
                    )
                )  # fmt: skip
            elif c.is_changed:
                changed.append(
                    (
                        org, c.id, c.started_at, c.due_at, c.warn_at, c.met_at, c.breached_at, c.paused_at,
                        c.cancelled_at,
                    )
                )  # fmt: skip
    insert(
        "UPDATE tickets_clock AS c SET started_at = v.a::timestamptz, due_at = v.b::timestamptz, "
        "warn_at = v.c::timestamptz, met_at = v.d::timestamptz, breached_at = v.e::timestamptz, "
        "paused_at = v.f::timestamptz, cancelled_at = v.g::timestamptz "
        "FROM (VALUES %s) AS v(org, id, a, b, c, d, e, f, g) WHERE c.organization_id = v.org AND c.id = v.id",
        changed,
    )
    insert(
        "INSERT INTO tickets_clock (organization_id, ticket_id, kind, started_at, due_at, warn_at, why, "
        "met_at, paused_at, cancelled_at) VALUES %s",
        fresh,
    )
    waited = [case.id for case in intake.cases if case.ended_wait]
    if waited:
        cursor.execute(
            "UPDATE tickets_wait SET ended_at = now() "
            "WHERE organization_id = %s AND ticket_id = ANY(%s) AND ended_at IS NULL",
            [org, waited],
        )


def _confirmed(org: int, intake: Intake, cursor: Any) -> None:
    for one in intake.confirmed:
        cursor.execute(
            "UPDATE channels_social_outboundaction SET state = 'sent', external_id = %s, sent_at = %s, "
            "lease_until = NULL, failure_code = '', failure_detail = '' "
            "WHERE organization_id = %s AND id = %s AND state <> 'sent'",
            [one.external_id, one.at, org, one.action_id],
        )
        if one.message_id is not None:
            cursor.execute(
                "UPDATE tickets_message SET external_id = %s, send_state = 'sent', occurred_at = %s "
                "WHERE organization_id = %s AND id = %s AND external_id IS NULL",
                [one.external_id, one.at, org, one.message_id],
            )


def _receipts(org: int, intake: Intake, cursor: Any) -> None:
    """Delivered and read, by watermark or by id; the latest instant stays."""
    for change in intake.receipts:
        column = "read_at" if change.what == "read" else "delivered_at"
        where, value = (
            ("external_id = %s", change.external_id)
            if change.external_id
            else ("thread_key = %s", change.thread_key)
        )
        cursor.execute(
            f"UPDATE channels_social_outboundaction SET {column} = greatest({column}, %s) "
            f"WHERE organization_id = %s AND {where} AND state = 'sent' AND sent_at <= %s",
            [change.occurred_at, org, value, change.occurred_at],
        )


def _media(org: int, intake: Intake, insert: Callable[..., list[Row]], cursor: Any) -> None:
    wanted = [(said, ref) for said in intake.messages if said.is_new for ref in said.media]
    if not wanted:
        return
    files = {(said.account_id, ref.key): ref for said, ref in wanted}
    stored = insert(
        "INSERT INTO channels_social_media (organization_id, account_id, source_key, source_url, kind, name, "
        "state, reason, sha256, content_type, file, attempts) VALUES %s "
        "ON CONFLICT (organization_id, account_id, source_key) DO UPDATE SET source_url = excluded.source_url "
        "RETURNING account_id, source_key, id",
        [
            (org, account, key, ref.url, ref.kind[:12], ref.name[:120], "pending", "", "", "", "", 0)
            for (account, key), ref in files.items()
        ],
        fetch=True,
    )
    ids = {(account, key): media for account, key, media in stored}
    insert(
        "INSERT INTO tickets_attachment (organization_id, message_id, media_id) VALUES %s ON CONFLICT DO NOTHING",
        [(org, said.id, ids[said.account_id, ref.key]) for said, ref in wanted],
    )


def _due(case: Case) -> tuple[datetime | None, str, datetime]:
    due, kind = next_due(case.clocks.values())
    return due, kind, due or FAR


def _changed_cases(org: int, cases: list[Case], insert: Callable[..., list[Row]], cursor: Any) -> None:
    rows = []
    for c in cases:
        due, kind, queue_at = _due(c)
        rows.append(
            (
                org, c.id, c.state.value, c.kind, c.suggested_kind, list(c.kind_reasons), c.priority.value,
                list(c.priority_reasons), c.opened_at, c.first_sent_at, c.last_sent_at, c.resolved_at,
                c.reopened_count, c.last_text, c.last_at, c.channel, c.last_asked_at, c.unanswered_since, c.unanswered_count,
                due, kind, queue_at, _is_overdue(c), c.version,
            )
        )  # fmt: skip
    insert(
        "UPDATE tickets_ticket AS t SET state = v.state, kind = v.kind, suggested_kind = v.suggested, "
        "kind_reasons = v.reasons, priority = v.priority, priority_reasons = v.why, "
        "opened_at = v.opened_at, first_sent_at = v.first_sent::timestamptz, "
        "last_sent_at = v.last_sent::timestamptz, resolved_at = v.resolved::timestamptz, "
        "reopened_count = v.reopened, last_text = v.last_text, last_at = v.last_at, channel = v.channel, "
        "last_asked_at = v.asked::timestamptz, unanswered_since = v.unanswered::timestamptz, unanswered_count = v.unanswered_count, "
        "next_deadline_at = v.due::timestamptz, next_clock_kind = v.clock, queue_at = v.queue_at, "
        "is_overdue = v.overdue, version = v.version "
        "FROM (VALUES %s) AS v(org, id, state, kind, suggested, reasons, priority, why, opened_at, first_sent, "
        "last_sent, resolved, reopened, last_text, last_at, channel, asked, unanswered, unanswered_count, due, clock, "
        "queue_at, overdue, version) WHERE t.organization_id = v.org AND t.id = v.id",
        rows,
    )


def _recount(org: int, ids: list[int], cursor: Any) -> None:
    """An answer older than the last question arrived: count what it leaves unanswered from the messages."""
    if ids:
        cursor.execute(
            "UPDATE tickets_ticket AS t SET unanswered_since = asked.since, unanswered_count = asked.n "
            "FROM (SELECT m.ticket_id, min(m.occurred_at) AS since, count(*) AS n FROM tickets_message m "
            "JOIN tickets_ticket k ON k.organization_id = m.organization_id AND k.id = m.ticket_id "
            "WHERE m.organization_id = %(org)s AND m.ticket_id = ANY(%(ids)s) AND m.direction = 'in' "
            "AND NOT m.is_courtesy AND m.deleted_at IS NULL AND m.occurred_at > k.last_sent_at "
            "GROUP BY 1) AS asked WHERE t.organization_id = %(org)s AND t.id = asked.ticket_id",
            {"org": org, "ids": ids},
        )


def _is_overdue(case: Case) -> bool:
    return any(c.is_running and c.breached_at is not None for c in case.clocks.values())


def _lines(org: int, intake: Intake, insert: Callable[..., list[Row]]) -> None:
    insert(
        "INSERT INTO helpdesk_auditevent (organization_id, action, ticket_id, data) VALUES %s",
        [(org, line.action, line.ticket_id, json.dumps(line.data)) for line in intake.lines],
    )


def _new_cases(
    organization: Organization, intake: Intake, now: datetime, insert: Callable[..., list[Row]], cursor: Any
) -> None:
    """Cases and radicados last: their counters are held until the commit, and gaps cannot be."""
    cases = [case for case in intake.cases if case.is_new]
    filed = [case for case in intake.cases if case.is_to_be_filed and case.radicado is None]
    org, year = organization.pk, now.astimezone(ZoneInfo(organization.timezone)).year
    number = take_numbers(cursor, org, CASES, len(cases))
    sequence = take_numbers(cursor, org, year, len(filed))
    for offset, case in enumerate(filed):
        case.radicado = radicado_of(year, sequence + offset)
    rows = []
    for offset, c in enumerate(cases):
        due, kind, queue_at = _due(c)
        rows.append(
            (
                org, c.id, number + offset, c.radicado, c.customer_id, c.state.value, c.kind, c.suggested_kind,
                list(c.kind_reasons), c.priority.value, list(c.priority_reasons), c.previous_id, c.opened_at,
                c.first_sent_at, c.last_sent_at, 0, c.last_text, c.last_at, c.channel, c.last_asked_at, c.unanswered_since,
                c.unanswered_count, due, kind, queue_at, False, c.version,
            )
        )  # fmt: skip
    insert(
        "INSERT INTO tickets_ticket (organization_id, id, number, radicado, customer_id, state, kind, "
        "suggested_kind, kind_reasons, priority, priority_reasons, previous_id, opened_at, first_sent_at, "
        "last_sent_at, reopened_count, last_text, last_at, channel, last_asked_at, unanswered_since, unanswered_count, "
        "next_deadline_at, next_clock_kind, queue_at, is_overdue, version) VALUES %s",
        rows,
    )
    insert(
        "UPDATE tickets_ticket AS t SET radicado = v.radicado FROM (VALUES %s) AS v(org, id, radicado) "
        "WHERE t.organization_id = v.org AND t.id = v.id",
        [(org, case.id, case.radicado) for case in filed if not case.is_new],
    )
    insert(
        "INSERT INTO tickets_filing (organization_id, ticket_id, radicado, kind, received_at) VALUES %s",
        [(org, case.id, case.radicado, case.kind, case.opened_at) for case in filed],
    )
