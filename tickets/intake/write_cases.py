"""The statements of intake about cases: clocks, confirmed answers, cases and their numbers. No rule in any of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.tenancy.models import Organization
from tickets.cases.domain.filing import CASES, radicado_of, take_numbers
from tickets.clocks.rules import FAR, next_due
from tickets.intake.plan import Case, Intake

Row = tuple[Any, ...]
Insert = Callable[..., list[Row]]


def clocks(org: int, intake: Intake, insert: Insert, cursor: Any) -> None:
    fresh, changed = [], []
    for case in intake.cases:
        for c in (*case.closed, *case.clocks.values()):
            if c.id is None:
                fresh.append(
                    (
                        org, case.id, c.kind.value, c.started_at, c.due_at, c.warn_at, json.dumps(c.why),
                        c.met_at, c.paused_at, c.cancelled_at, list(c.alarms), c.warned,
                    )
                )  # fmt: skip
            elif c.is_changed:
                changed.append(
                    (
                        org, c.id, c.started_at, c.due_at, c.warn_at, c.met_at, c.breached_at, c.paused_at,
                        c.cancelled_at, json.dumps(c.why), list(c.alarms), c.warned,
                    )
                )  # fmt: skip
    insert(
        "UPDATE tickets_clock AS c SET started_at = v.a::timestamptz, due_at = v.b::timestamptz, "
        "warn_at = v.c::timestamptz, met_at = v.d::timestamptz, breached_at = v.e::timestamptz, "
        "paused_at = v.f::timestamptz, cancelled_at = v.g::timestamptz, why = v.h::jsonb, "
        "alarms = v.i::timestamptz[], warned = v.j "
        "FROM (VALUES %s) AS v(org, id, a, b, c, d, e, f, g, h, i, j) WHERE c.organization_id = v.org AND c.id = v.id",
        changed,
    )
    insert(
        "INSERT INTO tickets_clock (organization_id, ticket_id, kind, started_at, due_at, warn_at, why, "
        "met_at, paused_at, cancelled_at, alarms, warned) VALUES %s",
        fresh,
    )
    insert(
        "UPDATE tickets_wait AS w SET ended_at = greatest(w.started_at, v.at::timestamptz) "
        "FROM (VALUES %s) AS v(org, ticket, at) "
        "WHERE w.organization_id = v.org AND w.ticket_id = v.ticket AND w.ended_at IS NULL",
        [(org, case.id, case.ended_wait_at) for case in intake.cases if case.ended_wait_at is not None],
    )


def confirmed(org: int, intake: Intake, cursor: Any) -> None:
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
            cursor.execute(
                "UPDATE tickets_filing SET told_at = %s, telling = 'told' "
                "WHERE organization_id = %s AND told_message_id = %s AND ticket_id = %s AND told_at IS NULL",
                [one.at, org, one.message_id, one.ticket_id],
            )


def _due(case: Case) -> tuple[datetime | None, str, datetime]:
    due, kind = next_due(case.clocks.values())
    return due, kind, due or FAR


def changed_cases(org: int, cases: list[Case], insert: Insert, cursor: Any) -> None:
    rows = []
    for c in cases:
        due, kind, queue_at = _due(c)
        rows.append(
            (
                org, c.id, c.state.value, c.kind, c.suggested_kind, list(c.kind_reasons), c.priority.value,
                list(c.priority_reasons), c.opened_at, c.first_sent_at, c.last_sent_at, c.resolved_at,
                c.reopened_count, c.last_text, c.last_at, c.channel, c.last_asked_at, c.unanswered_since,
                c.unanswered_count, due, kind, queue_at, _is_overdue(c), c.version,
            )
        )  # fmt: skip
    insert(
        "UPDATE tickets_ticket AS t SET state = v.state, kind = v.kind, suggested_kind = v.suggested, "
        "kind_reasons = v.reasons::varchar[], priority = v.priority, priority_reasons = v.why::varchar[], "
        "opened_at = v.opened_at, first_sent_at = v.first_sent::timestamptz, "
        "last_sent_at = v.last_sent::timestamptz, resolved_at = v.resolved::timestamptz, "
        "reopened_count = v.reopened, last_text = v.last_text, last_at = v.last_at, channel = v.channel, "
        "last_asked_at = v.asked::timestamptz, unanswered_since = v.unanswered::timestamptz, "
        "unanswered_count = v.unanswered_count, "
        "next_deadline_at = v.due::timestamptz, next_clock_kind = v.clock, queue_at = v.queue_at, "
        "is_overdue = v.overdue, version = v.version "
        "FROM (VALUES %s) AS v(org, id, state, kind, suggested, reasons, priority, why, opened_at, first_sent, "
        "last_sent, resolved, reopened, last_text, last_at, channel, asked, unanswered, unanswered_count, due, clock, "
        "queue_at, overdue, version) WHERE t.organization_id = v.org AND t.id = v.id",
        rows,
    )


def _is_overdue(case: Case) -> bool:
    return any(c.is_running and c.breached_at is not None for c in case.clocks.values())


def lines(org: int, intake: Intake, insert: Insert) -> None:
    insert(
        "INSERT INTO helpdesk_auditevent (organization_id, action, ticket_id, data) VALUES %s",
        [(org, line.action, line.ticket_id, json.dumps(line.data)) for line in intake.lines],
    )


def new_cases(organization: Organization, intake: Intake, now: datetime, insert: Insert, cursor: Any) -> None:
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
                c.first_sent_at, c.last_sent_at, 0, c.last_text, c.last_at, c.channel, c.last_asked_at,
                c.unanswered_since, c.unanswered_count, due, kind, queue_at, False, c.version, c.account_id, False,
            )
        )  # fmt: skip
    insert(
        "INSERT INTO tickets_ticket (organization_id, id, number, radicado, customer_id, state, kind, "
        "suggested_kind, kind_reasons, priority, priority_reasons, previous_id, opened_at, first_sent_at, "
        "last_sent_at, reopened_count, last_text, last_at, channel, last_asked_at, unanswered_since, unanswered_count, "
        "next_deadline_at, next_clock_kind, queue_at, is_overdue, version, account_id, is_reserved) VALUES %s",
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
