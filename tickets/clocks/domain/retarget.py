"""What is owed changed, by another priority, kind, policy or calendar: running clocks are dated anew from their start.

One way of counting for a single case and for all of them: `count_anew` changes nothing, who asks it writes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from helpdesk import clock as house_clock
from helpdesk.tenancy.models import Organization
from protocols.rules.deadlines import Pause
from tickets.cases.models import Ticket
from tickets.clocks.domain import marks
from tickets.clocks.domain.legal import LegalRules, legal_rules
from tickets.clocks.domain.terms import rules_by_account
from tickets.clocks.models import Clock, Wait
from tickets.clocks.rules import OWED, ClockRow, TimeRules
from tickets.enums import ClockKind, TicketState


@dataclass(frozen=True, slots=True)
class Measures:
    """All that an organization's clocks are counted by: the hours and policies of each account, and the law."""

    accounts: Mapping[int, TimeRules]
    law: LegalRules

    def rules_of(self, ticket: Ticket, clocks: Iterable[ClockRow] = ()) -> TimeRules:
        """Of the account a case came in by; without one, of an account whose calendar it was counted with."""
        found = self.accounts.get(ticket.account_id or 0)
        if found is not None:
            return found
        known = {clock.why.get("calendar") for clock in clocks}
        alike = (rules for rules in self.accounts.values() if rules.calendar_id in known)
        return next(alike, None) or next(iter(self.accounts.values()))


@dataclass(frozen=True, slots=True)
class Dated:
    """A clock that is not as it was. ``former``: when it fell due; ``former_alarm``: its last warning."""

    ticket_id: int
    row: ClockRow
    former: datetime
    former_alarm: datetime | None
    is_moved: bool


@dataclass(slots=True)
class Stood:
    """The waits of a case: those that are over, and since when one goes on."""

    over: list[Pause] = field(default_factory=list)
    since: datetime | None = None


def measures_of(organization: Organization) -> Measures:
    """As they are now, or were some seconds ago. Inside ``tenant``."""
    return Measures(rules_by_account(organization.pk), legal_rules(organization))


def count_anew(measures: Measures, tickets: list[Ticket], *, now: datetime) -> list[Dated]:
    """The running clocks of these cases, their customers known, that would be dated otherwise. Changes nothing.

    What was promised stays, and so does what is broken and would be broken still.
    """
    if not tickets:
        return []
    clocks, waits = _running(tickets), waits_of(tickets)
    found = []
    for ticket in tickets:
        rules, about = measures.rules_of(ticket, clocks[ticket.pk]), marks.about_of(ticket)
        for row in clocks[ticket.pk]:
            former, alarm = row.due_at, row.alarms[-1] if row.alarms else row.warn_at
            if row.kind == ClockKind.LEGAL:
                is_moved = measures.law.redate(row, ticket.channel, now=now)
            else:
                over = waits[ticket.pk].over
                is_moved = rules.retarget(row, ticket.priority, about, now=now, waits=over)
            if row.is_changed:
                found.append(Dated(ticket.pk, row, former, alarm, is_moved))
    return found


def owed_besides(measures: Measures, tickets: list[Ticket]) -> list[tuple[Ticket, ClockRow]]:
    """What the policies owe these cases and nothing runs of, from when it would have begun. Changes nothing."""
    if not tickets:
        return []
    clocks, waits = _running(tickets), waits_of(tickets)
    found = []
    for ticket in tickets:
        if not ticket.is_open:
            continue
        rules, present = measures.rules_of(ticket, clocks[ticket.pk]), {row.kind for row in clocks[ticket.pk]}
        for kind, at in _beginnings(ticket):
            row = (
                rules.start(kind, ticket.priority, at, marks.about_of(ticket))
                if kind not in present
                else None
            )
            if row is not None:
                found.append((ticket, _stopped(rules, row, ticket, waits[ticket.pk])))
    return found


def retarget_case(ticket: Ticket) -> int:
    """Date the running clocks of a case by what is owed now; how many moved. The case is locked, and not saved."""
    if not ticket.is_open:
        return 0
    measures = measures_of(ticket.organization)
    changed = count_anew(measures, [ticket], now=house_clock.now())
    for one in changed:
        Clock.objects.filter(pk=one.row.id).update(**marks.facts_of(one.row))
    begun = owed_besides(measures, [ticket])
    for _ticket, row in begun:
        marks.begin(ticket, row)
    return sum(one.is_moved for one in changed) + len(begun)


def _beginnings(ticket: Ticket) -> list[tuple[ClockKind, datetime]]:
    """From when each kind of clock is owed, where it still is."""
    since = {
        ClockKind.FIRST_RESPONSE: ticket.opened_at if ticket.first_sent_at is None else None,
        ClockKind.NEXT_RESPONSE: ticket.unanswered_since if ticket.first_sent_at else None,
        ClockKind.UPDATE: ticket.last_sent_at,
        ClockKind.RESOLUTION: ticket.opened_at if not ticket.reopened_count else None,
    }
    return [(kind, at) for kind, at in since.items() if at is not None]


def _stopped(rules: TimeRules, row: ClockRow, ticket: Ticket, stood: Stood) -> ClockRow:
    """A clock that begins in the past: without what was waited, and standing still while we wait."""
    rules.wait_out(row, stood.over)
    if ticket.state == TicketState.WAITING_CUSTOMER:
        row.paused_at = max(row.started_at, stood.since or row.started_at)
    return row


def _running(tickets: list[Ticket]) -> dict[int, list[ClockRow]]:
    found: dict[int, list[ClockRow]] = defaultdict(list)
    running = Clock.objects.filter(
        organization_id=tickets[0].organization_id,
        ticket_id__in=[ticket.pk for ticket in tickets],
        met_at=None,
        cancelled_at=None,
        kind__in=[*OWED, ClockKind.LEGAL],
    )
    for clock in running:
        found[clock.ticket_id].append(marks.row_of(clock))
    return found


def waits_of(tickets: list[Ticket]) -> dict[int, Stood]:
    """The waits of these cases. One that goes on holds its clocks where they stopped."""
    found: dict[int, Stood] = defaultdict(Stood)
    rows = Wait.objects.filter(
        organization_id=tickets[0].organization_id, ticket_id__in=[ticket.pk for ticket in tickets]
    )
    for ticket_id, start, end, reason in rows.values_list("ticket_id", "started_at", "ended_at", "reason"):
        if end is None:
            found[ticket_id].since = start
        else:
            found[ticket_id].over.append(Pause(start, end, reason))
    return found
