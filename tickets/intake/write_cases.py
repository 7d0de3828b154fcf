"""The statements of intake about cases: clocks, confirmed answers, cases and their numbers. No rule in any of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk.tenancy.models import Organization
from tickets.cases.domain.filing import CASES, radicado_of
from tickets.clocks.rules import FAR, next_due
from tickets.intake.plan import Case, Intake
from tickets.intake.rows import Writes, inserting, with_rows

CLOCKS = inserting(
    "tickets_clock",
    "organization_id bigint, ticket_id bigint, kind text, started_at timestamptz, due_at timestamptz, "
    "warn_at timestamptz, why jsonb, met_at timestamptz, paused_at timestamptz, cancelled_at timestamptz, "
    "alarms timestamptz[], warned smallint",
)
MOVED_CLOCKS = with_rows(
    "UPDATE tickets_clock AS c SET started_at = v.started, due_at = v.due, warn_at = v.warn, met_at = v.met, "
    "breached_at = v.breached, paused_at = v.paused, cancelled_at = v.cancelled, why = v.why, alarms = v.alarms, "
    "warned = v.warned FROM v WHERE c.organization_id = v.org AND c.id = v.id",
    "org bigint, id bigint, started timestamptz, due timestamptz, warn timestamptz, met timestamptz, "
    "breached timestamptz, paused timestamptz, cancelled timestamptz, why jsonb, alarms timestamptz[], "
    "warned smallint",
)
ENDED_WAITS = with_rows(
    "UPDATE tickets_wait AS w SET ended_at = greatest(w.started_at, v.at) FROM v "
    "WHERE w.organization_id = v.org AND w.ticket_id = v.ticket AND w.ended_at IS NULL",
    "org bigint, ticket bigint, at timestamptz",
)
SENT = (
    "UPDATE channels_social_outboundaction SET state = 'sent', external_id = %s, sent_at = %s, "
    "lease_until = NULL, failure_code = '', failure_detail = '' "
    "WHERE organization_id = %s AND id = %s AND state <> 'sent'"
)
SAID = (
    "UPDATE tickets_message SET external_id = %s, send_state = 'sent', occurred_at = %s "
    "WHERE organization_id = %s AND id = %s AND external_id IS NULL"
)
TOLD = (
    "UPDATE tickets_filing SET told_at = %s, telling = 'told' "
    "WHERE organization_id = %s AND told_message_id = %s AND ticket_id = %s AND told_at IS NULL"
)
CHANGED_CASES = with_rows(
    "UPDATE tickets_ticket AS t SET state = v.state, kind = v.kind, suggested_kind = v.suggested, "
    "kind_reasons = v.reasons, priority = v.priority, priority_reasons = v.why, opened_at = v.opened_at, "
    "first_sent_at = v.first_sent, last_sent_at = v.last_sent, answered_until = v.answered, resolved_at = v.resolved, "
    "reopened_count = v.reopened, last_text = v.last_text, last_at = v.last_at, channel = v.channel, "
    "last_asked_at = v.asked, unanswered_since = v.unanswered, unanswered_count = v.unanswered_count, "
    "next_deadline_at = v.due, next_clock_kind = v.clock, queue_at = v.queue_at, is_overdue = v.overdue, "
    "version = v.version FROM v WHERE t.organization_id = v.org AND t.id = v.id",
    "org bigint, id bigint, state text, kind text, suggested text, reasons varchar[], priority text, "
    "why varchar[], opened_at timestamptz, first_sent timestamptz, last_sent timestamptz, answered timestamptz, "
    "resolved timestamptz, reopened int, last_text text, last_at timestamptz, channel text, asked timestamptz, "
    "unanswered timestamptz, unanswered_count int, due timestamptz, clock text, queue_at timestamptz, "
    "overdue boolean, version int",
)
LINES = inserting("helpdesk_auditevent", "organization_id bigint, action text, ticket_id bigint, data jsonb")
# Each counter's row stays locked until the commit: no gaps.
COUNTERS = inserting(
    "tickets_counter AS c",
    "organization_id bigint, year int, n int",
    "ON CONFLICT (organization_id, year) DO UPDATE SET n = c.n + excluded.n RETURNING year, n",
)
NEW_CASES = inserting(
    "tickets_ticket",
    "organization_id bigint, id bigint, number int, radicado text, customer_id bigint, state text, kind text, "
    "suggested_kind text, kind_reasons varchar[], priority text, priority_reasons varchar[], previous_id bigint, "
    "opened_at timestamptz, first_sent_at timestamptz, last_sent_at timestamptz, answered_until timestamptz, "
    "reopened_count int, last_text text, last_at timestamptz, channel text, last_asked_at timestamptz, "
    "unanswered_since timestamptz, unanswered_count int, next_deadline_at timestamptz, next_clock_kind text, "
    "queue_at timestamptz, is_overdue boolean, version int, account_id bigint, is_reserved boolean",
)
FILED = with_rows(
    "UPDATE tickets_ticket AS t SET radicado = v.radicado FROM v "
    "WHERE t.organization_id = v.org AND t.id = v.id",
    "org bigint, id bigint, radicado text",
)
FILINGS = inserting(
    "tickets_filing",
    "organization_id bigint, ticket_id bigint, radicado text, kind text, received_at timestamptz",
)


def clocks(org: int, intake: Intake, writes: Writes) -> None:
    fresh, changed = [], []
    for case in intake.cases:
        for c in (*case.closed, *case.clocks.values()):
            if c.id is None:
                fresh.append(
                    (
                        org, case.id, c.kind.value, c.started_at, c.due_at, c.warn_at, c.why, c.met_at, c.paused_at,
                        c.cancelled_at, c.alarms, c.warned,
                    )
                )  # fmt: skip
            elif c.is_changed:
                changed.append(
                    (
                        org, c.id, c.started_at, c.due_at, c.warn_at, c.met_at, c.breached_at, c.paused_at,
                        c.cancelled_at, c.why, c.alarms, c.warned,
                    )
                )  # fmt: skip
    writes.rows(MOVED_CLOCKS, changed)
    writes.rows(CLOCKS, fresh)
    writes.rows(
        ENDED_WAITS,
        [(org, case.id, case.ended_wait_at) for case in intake.cases if case.ended_wait_at is not None],
    )


def confirmed(org: int, intake: Intake, writes: Writes) -> None:
    for one in intake.confirmed:
        writes.add(SENT, [one.external_id, one.at, org, one.action_id])
        if one.message_id is not None:
            writes.add(SAID, [one.external_id, one.at, org, one.message_id])
            writes.add(TOLD, [one.at, org, one.message_id, one.ticket_id])


def _due(case: Case) -> tuple[datetime | None, str, datetime]:
    due, kind = next_due(case.clocks.values())
    return due, kind, due or FAR


def changed_cases(org: int, cases: list[Case], writes: Writes) -> None:
    rows = []
    for c in cases:
        due, kind, queue_at = _due(c)
        rows.append(
            (
                org, c.id, c.state.value, c.kind, c.suggested_kind, c.kind_reasons, c.priority.value,
                c.priority_reasons, c.opened_at, c.first_sent_at, c.last_sent_at, c.answered_until, c.resolved_at,
                c.reopened_count, c.last_text, c.last_at, c.channel, c.last_asked_at, c.unanswered_since,
                c.unanswered_count, due, kind, queue_at, _is_overdue(c), c.version,
            )
        )  # fmt: skip
    writes.rows(CHANGED_CASES, rows)


def _is_overdue(case: Case) -> bool:
    return any(c.is_running and c.breached_at is not None for c in case.clocks.values())


def lines(org: int, intake: Intake, writes: Writes) -> None:
    writes.rows(LINES, [(org, line.action, line.ticket_id, line.data) for line in intake.lines])


def new_cases(organization: Organization, intake: Intake, now: datetime, writes: Writes, cursor: Any) -> None:
    """Cases and radicados last: their counters are held until the commit, and gaps cannot be."""
    cases = [case for case in intake.cases if case.is_new]
    filed = [case for case in intake.cases if case.is_to_be_filed and case.radicado is None]
    org, year = organization.pk, now.astimezone(ZoneInfo(organization.timezone)).year
    first = _take_numbers(org, {CASES: len(cases), year: len(filed)}, writes, cursor)
    for offset, case in enumerate(filed):
        case.radicado = radicado_of(year, first[year] + offset)
    rows = []
    for offset, c in enumerate(cases):
        due, kind, queue_at = _due(c)
        rows.append(
            (
                org, c.id, first[CASES] + offset, c.radicado, c.customer_id, c.state.value, c.kind, c.suggested_kind,
                c.kind_reasons, c.priority.value, c.priority_reasons, c.previous_id, c.opened_at,
                c.first_sent_at, c.last_sent_at, c.answered_until, 0, c.last_text, c.last_at, c.channel,
                c.last_asked_at, c.unanswered_since, c.unanswered_count, due, kind, queue_at, False, c.version,
                c.account_id, False,
            )
        )  # fmt: skip
    writes.rows(NEW_CASES, rows)
    writes.rows(FILED, [(org, case.id, case.radicado) for case in filed if not case.is_new])
    writes.rows(FILINGS, [(org, case.id, case.radicado, case.kind, case.opened_at) for case in filed])


def _take_numbers(org: int, counts: dict[int, int], writes: Writes, cursor: Any) -> dict[int, int]:
    """The first of so many numbers of each counter. Sends what was to be written until here."""
    wanted = [(org, counter, count) for counter, count in counts.items() if count]
    if not wanted:
        return {}
    writes.rows(COUNTERS, wanted)
    writes.send(cursor)
    return {counter: last - counts[counter] + 1 for counter, last in cursor.fetchall()}
