"""What the rules of an organization do about marks on its cases, many at once. Inside ``tenant``, the cases locked.

Rules, people and the watch are read once for all of them; cases, clocks, alarms and audit lines are written together
at the end, with a line of its own for each thing that was done to each case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection
from psycopg2.extras import execute_values

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.models import Membership, Organization
from tickets.cases.models import Ticket
from tickets.clocks.domain.dating import retarget_cases
from tickets.clocks.domain.marks import place_all
from tickets.enums import Priority, TicketState
from tickets.escalation.domain.alarms import Call, raise_alarms
from tickets.escalation.domain.attending import Connected, is_closed
from tickets.escalation.domain.watching import called_at, supervisors
from tickets.escalation.enums import AlarmKind, Receiver, Whom
from tickets.escalation.models import EscalationRule

ORDER = (Priority.LOW, Priority.MEDIUM, Priority.HIGH, Priority.CRITICAL)
PAGE = 2000
WRITE = """
UPDATE tickets_ticket AS t SET assignee_id = v.assignee::bigint, state = v.state, transfers = v.transfers,
    priority = v.priority, priority_reasons = v.reasons
FROM (VALUES %s) AS v(org, id, assignee, state, transfers, priority, reasons)
WHERE t.organization_id = v.org AND t.id = v.id
"""


@dataclass(slots=True)
class Done:
    """What is to be written when every mark was looked at."""

    calls: list[Call] = field(default_factory=list)
    lines: list[AuditEvent] = field(default_factory=list)
    raised: dict[int, Ticket] = field(default_factory=dict)
    moved: dict[int, Ticket] = field(default_factory=dict)

    def line(self, action: str, ticket: Ticket, **data: Any) -> None:
        """A line of the audit beside what was done."""
        self.lines.append(
            AuditEvent(organization_id=ticket.organization_id, action=action, ticket_id=ticket.pk, data=data)
        )


class Escalation:
    """The rules of an organization at an instant, and what they have done so far."""

    def __init__(self, organization: Organization) -> None:
        self.organization, self.done = organization, Done()

    @cached_property
    def rules(self) -> dict[str, list[EscalationRule]]:
        """By what they wait for, the oldest first."""
        found: dict[str, list[EscalationRule]] = defaultdict(list)
        for rule in EscalationRule.objects.filter(organization=self.organization, is_active=True).order_by(
            "id"
        ):
            found[rule.trigger].append(rule)
        return found

    @cached_property
    def members(self) -> dict[int, Membership]:
        """Everybody who still works there."""
        rows = Membership.objects.filter(organization=self.organization, is_active=True)
        return {member.pk: member for member in rows}

    @cached_property
    def on_call(self) -> list[Membership]:
        """The watch, first to last."""
        return called_at(self.organization, clock.now())

    @cached_property
    def supervisors(self) -> list[Membership]:
        """Who answers for the team."""
        return supervisors(list(self.members.values()))

    @cached_property
    def connected(self) -> Connected:
        """Who is there and may answer."""
        return Connected(self.members.values())

    def is_attended(self, ticket: Ticket) -> bool:
        """Whether the account attends now and somebody who may answer the case is connected."""
        closed = is_closed(self.organization.pk, ticket.account_id, clock.now())
        return not closed and self.connected.see(ticket)

    def apply(self, ticket: Ticket, what: str, mark: str) -> None:
        """Do what each rule says of this mark; written by :meth:`write`."""
        for rule in self.rules[what]:
            if not rule.priorities or ticket.priority in rule.priorities:
                self._apply(rule, ticket, mark)

    def call_watch(self, ticket: Ticket) -> None:
        """A critical case that nobody is there for."""
        key = f"critical:{ticket.pk}"
        people = self.on_call[:1]
        self.done.calls.append(Call(key, AlarmKind.CRITICAL, people, ticket.pk, is_urgent=True, goes_on=True))

    def write(self) -> list[int]:
        """Everything that was done, in the order in which it was; the cases that changed."""
        done, changed = self.done, self.done.moved | self.done.raised
        raise_alarms(self.organization, done.calls)
        _write(changed.values())
        if done.raised:
            retarget_cases(self.organization, list(done.raised.values()))
        place_all(self.organization.pk, sorted(changed))
        AuditEvent.objects.bulk_create(done.lines)
        return sorted(changed)

    def _apply(self, rule: EscalationRule, ticket: Ticket, mark: str) -> None:
        """Tell first: who had the case is told that it went."""
        told = self._whom(rule, ticket)
        is_urgent = ticket.priority == Priority.CRITICAL
        key = f"rule:{rule.pk}:{mark}"
        self.done.calls.append(
            Call(key, AlarmKind.RULE, told, ticket.pk, what=rule.trigger, is_urgent=is_urgent)
        )
        raised = rule.raises and self._raise(rule, ticket)
        moved = self._move(rule, ticket)
        self.done.line(
            "escalation.applied", ticket, rule=rule.pk, what=rule.trigger,
            people=[member.pk for member in told], raised=raised, moved=moved,
            to=ticket.assignee_id if moved else None,
        )  # fmt: skip

    def _whom(self, rule: EscalationRule, ticket: Ticket) -> list[Membership]:
        match rule.notifies:
            case Whom.NOBODY:
                return []
            case Whom.ON_CALL:
                return self.on_call[:1]
            case Whom.OWNER:
                person = self.members.get(ticket.assignee_id or 0)
            case Whom.MEMBER:
                person = self.members.get(rule.notify_member_id or 0)
            case _:
                person = None
        return [person] if person is not None else self.supervisors

    def _raise(self, rule: EscalationRule, ticket: Ticket) -> bool:
        """One step up; a critical case is as high as it gets."""
        former, at = ticket.priority, ORDER.index(Priority(ticket.priority))
        if at + 1 >= len(ORDER):
            return False
        ticket.priority = ORDER[at + 1].value
        ticket.priority_reasons = [*ticket.priority_reasons, str(rule.get_trigger_display())[:80]]
        self.done.raised[ticket.pk] = ticket
        self.done.line("ticket.priority_changed", ticket, former_priority=former, priority=ticket.priority)
        return True

    def _move(self, rule: EscalationRule, ticket: Ticket) -> bool:
        """Where the rule says, if that is anywhere else and that person can be given it."""
        if rule.moves == Receiver.STAYS or ticket.is_reserved:
            return False
        to = self._receiver(rule)
        former, ticket_to = ticket.assignee_id, to.pk if to else None
        if former == ticket_to:
            return False
        ticket.assignee_id = ticket_to
        ticket.transfers += former is not None and to is not None
        if ticket.state == TicketState.NEW and to is not None:
            ticket.state = TicketState.OPEN
        self.done.moved[ticket.pk] = ticket
        self.done.line("ticket.assigned", ticket, former=former, to=ticket_to)
        return True

    def _receiver(self, rule: EscalationRule) -> Membership | None:
        """A person, or None: the queue of everybody, also where the person cannot be given a case."""
        to: Membership | None = None
        if rule.moves == Receiver.ON_CALL:
            to = next(iter(self.on_call), None)
        elif rule.moves == Receiver.MEMBER:
            to = self.members.get(rule.move_member_id or 0)
        return to if to is not None and to.can("see_cases") else None


def _write(tickets: Iterable[Ticket]) -> None:
    rows = [
        (
            one.organization_id,
            one.pk,
            one.assignee_id,
            one.state,
            one.transfers,
            one.priority,
            one.priority_reasons,
        )
        for one in tickets
    ]
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, WRITE, rows, page_size=PAGE)
