"""The legal term of a filed case: begun with the filing, counted from receipt, stopped by a notified answer only."""

from __future__ import annotations

import time as monotonic
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from channels_social.enums import ConversationKind
from helpdesk import clock as house_clock
from helpdesk.tenancy.models import Organization
from protocols.models import Calendar, Holiday, LegalTerm
from protocols.rules.legal import MORNING, LegalDays, TermRule, choose
from tickets.cases.models import Ticket
from tickets.clocks.domain import marks
from tickets.clocks.domain.terms import RULES_AGE
from tickets.clocks.models import Clock
from tickets.clocks.rules import ClockRow
from tickets.enums import ClockKind

# What Meta lets an agent answer in private: seven days from the person's last message, or from their comment.
SHUTS_AFTER = {
    ConversationKind.MESSENGER.value: timedelta(days=7),
    ConversationKind.FB_COMMENTS.value: timedelta(days=7),
}
# How long before it shuts we are reminded to ask for another channel.
REMINDS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LegalRules:
    """The terms an organization accepted, and its business days."""

    days: LegalDays
    sector: str
    rules: tuple[TermRule, ...]
    # Whose holidays they are.
    calendar_id: int = 0
    calendar_version: int = 0

    def start(self, kind: str, received_at: datetime, channel: str = "") -> ClockRow | None:
        """The clock of what was received then by that channel; None where no accepted term covers the kind.

        Where the channel shuts before the term ends, one of its alarms rings the day before it shuts.
        """
        rule = choose(self.rules, kind=kind, sector=self.sector)
        if rule is None:
            return None
        why: dict[str, Any] = {
            "term": rule.id,
            "version": rule.version,
            "days": rule.days,
            "unit": rule.unit,
            "alarm_days": list(rule.alarm_days),
            "internal_day": rule.internal_day,
            "wall": True,
        }
        row = ClockRow(
            kind=ClockKind.LEGAL, started_at=received_at, due_at=received_at, warn_at=None, why=why
        )
        self.date(row, channel)
        row.warn_at = row.alarms[0] if row.alarms else None
        return row

    def date(self, row: ClockRow, channel: str = "") -> None:
        """Set when a term ends and warns, from its receipt and by the business days as they are now."""
        why = row.why
        days = why["days"] + why.get("extended", 0)
        row.due_at = self.days.due_at(row.started_at, days, why["unit"])
        alarms = set(self.days.alarms(row.started_at, why["alarm_days"], why["unit"]))
        if why.get("extended"):
            alarms.add(eve_of(row.due_at))
        shuts_at = row.started_at + SHUTS_AFTER[channel] if channel in SHUTS_AFTER else row.due_at
        if shuts_at < row.due_at:
            alarms.add(shuts_at - REMINDS)
        row.alarms = tuple(sorted(alarms))
        internal = self.days.alarms(row.started_at, [why["internal_day"]], why["unit"])[0]
        row.why = why | {"internal": internal.isoformat(), "calendar_version": self.calendar_version}

    def redate(self, row: ClockRow, channel: str, *, now: datetime) -> bool:
        """Date a running term anew: its holidays changed. True when it moved; a broken one that stays so does not."""
        anew = replace(row)
        self.date(anew, channel)
        if row.breached_at is not None and anew.due_at <= now:
            return False
        is_moved = anew.due_at != row.due_at
        if is_moved or anew.alarms != row.alarms:
            row.due_at, row.alarms, row.why = anew.due_at, anew.alarms, anew.why
            row.warned = min(row.warned, sum(one <= now for one in row.alarms))
            row.warn_at = row.alarms[row.warned] if row.warned < len(row.alarms) else None
            row.breached_at, row.is_changed = None, True
        return is_moved


def eve_of(due_at: datetime) -> datetime:
    """The morning of the day before the last one."""
    return datetime.combine(due_at.date() - timedelta(days=1), MORNING, due_at.tzinfo)


def legal_rules(organization: Organization) -> LegalRules:
    """The legal terms in force. Inside ``tenant``; kept for a few seconds."""
    return _rules(organization.pk, organization.sector, organization.timezone,
                  int(monotonic.monotonic() // RULES_AGE))  # fmt: skip


def forget_legal_rules() -> None:
    """Let the next question see what was just changed in this process."""
    _rules.cache_clear()


@lru_cache(maxsize=256)
def _rules(organization_id: int, sector: str, zone: str, _age: int) -> LegalRules:
    terms = LegalTerm.objects.filter(organization_id=organization_id, is_active=True)
    # Holidays are the organization's, of its first calendar: what is no business day by law is none for any account.
    first = Calendar.objects.filter(organization_id=organization_id).order_by("id").first()
    holidays = Holiday.objects.filter(calendar=first).values_list("day", flat=True) if first else []
    return LegalRules(
        LegalDays(ZoneInfo(zone), frozenset(holidays)),
        sector,
        tuple(map(rule_of, terms)),
        calendar_id=first.pk if first else 0,
        calendar_version=first.version if first else 0,
    )


def rule_of(term: LegalTerm) -> TermRule:
    """A term as the rules read it."""
    return TermRule(
        id=term.pk,
        version=term.version,
        kind=term.kind,
        sector=term.sector,
        days=term.days,
        unit=term.unit,
        internal_day=term.internal_day,
        alarm_days=tuple(term.alarm_days),
        extension_days=term.extension_days,
        suspended_by=term.suspended_by,
    )


def owe_term(ticket: Ticket, *, kind: str, received_at: datetime) -> Clock | None:
    """The case was filed as that: begin its legal term, once. Saves the clock, not the case."""
    if legal_clock(ticket) is not None:
        return None
    row = legal_rules(ticket.organization).start(kind, received_at, ticket.channel)
    return marks.begin(ticket, row) if row is not None else None


def legal_clock(ticket: Ticket) -> Clock | None:
    """The legal term of a case that runs."""
    return next((clock for clock in marks.running(ticket) if clock.kind == ClockKind.LEGAL), None)


def move_receipt(ticket: Ticket, received_at: datetime) -> None:
    """What was filed was received earlier than known: the term counts from then, as much as it gave."""
    clock = legal_clock(ticket)
    if clock is None or received_at >= clock.started_at:
        return
    row = marks.row_of(clock)
    row.started_at = received_at
    legal_rules(ticket.organization).redate(row, ticket.channel, now=house_clock.now())
    marks.put(clock, row)
    clock.save(update_fields=marks.ROW_FACTS)
