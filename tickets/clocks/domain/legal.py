"""The legal term of a filed case: begun with the filing, counted from receipt, stopped by a notified answer only."""

from __future__ import annotations

import time as monotonic
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from channels_social.enums import ConversationKind
from helpdesk import clock as house_clock
from helpdesk.tenancy.models import Organization
from protocols.models import Calendar, Holiday, LegalTerm
from protocols.rules.legal import LegalDays, TermRule, choose
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

    def start(self, kind: str, received_at: datetime, channel: str = "") -> ClockRow | None:
        """The clock of what was received then by that channel; None where no accepted term covers the kind.

        Where the channel shuts before the term ends, one of its alarms rings the day before it shuts.
        """
        rule = choose(self.rules, kind=kind, sector=self.sector)
        if rule is None:
            return None
        due_at = self.days.due_at(received_at, rule.days, rule.unit)
        alarms = self.days.alarms(received_at, rule.alarm_days, rule.unit)
        shuts_at = received_at + SHUTS_AFTER[channel] if channel in SHUTS_AFTER else due_at
        if shuts_at < due_at:
            alarms = tuple(sorted({*alarms, shuts_at - REMINDS}))
        why: dict[str, Any] = {
            "term": rule.id,
            "version": rule.version,
            "days": rule.days,
            "unit": rule.unit,
            "internal": self.days.alarms(received_at, [rule.internal_day], rule.unit)[0].isoformat(),
            "wall": True,
        }
        return ClockRow(
            kind=ClockKind.LEGAL,
            started_at=received_at,
            due_at=due_at,
            warn_at=alarms[0] if alarms else None,
            alarms=alarms,
            why=why,
        )


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
    return LegalRules(LegalDays(ZoneInfo(zone), frozenset(holidays)), sector, tuple(map(rule_of, terms)))


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
    known = legal_rules(ticket.organization)
    unit, extra = clock.why["unit"], clock.why.get("extended", 0)
    clock.started_at = received_at
    clock.due_at = known.days.due_at(received_at, clock.why["days"] + extra, unit)
    rule = next((one for one in known.rules if one.id == clock.why["term"]), None)
    if rule is not None:
        now = house_clock.now()
        clock.alarms = list(known.days.alarms(received_at, rule.alarm_days, unit))
        clock.warned = sum(one <= now for one in clock.alarms)
        clock.warn_at = next((one for one in clock.alarms if one > now), None)
    clock.save(update_fields=["started_at", "due_at", "alarms", "warned", "warn_at"])
