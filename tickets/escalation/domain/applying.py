"""What the rules of an organization do about one mark on one case. Inside ``tenant``, the case locked."""

from __future__ import annotations

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from tickets.cases.models import Ticket
from tickets.enums import Priority
from tickets.escalation.domain.alarms import raise_alarm
from tickets.escalation.domain.watching import called_at, supervisors
from tickets.escalation.enums import AlarmKind, Receiver, Whom
from tickets.escalation.models import EscalationRule
from tickets.replies.domain.casework import assign
from tickets.replies.domain.priority import take_priority

ORDER = (Priority.LOW, Priority.MEDIUM, Priority.HIGH, Priority.CRITICAL)


def apply_rules(ticket: Ticket, what: str, mark: str) -> bool:
    """Do what each rule says, oldest rule first; whether the case itself changed."""
    changed = False
    rules = EscalationRule.objects.filter(
        organization_id=ticket.organization_id, trigger=what, is_active=True
    ).select_related("notify_member", "move_member")
    for rule in rules.order_by("id"):
        if rule.priorities and ticket.priority not in rule.priorities:
            continue
        changed |= _apply(rule, ticket, mark)
    return changed


def _apply(rule: EscalationRule, ticket: Ticket, mark: str) -> bool:
    """Tell first: who had the case is told that it went."""
    told = _whom(rule, ticket)
    if told:
        raise_alarm(
            ticket.organization, key=f"rule:{rule.pk}:{mark}", kind=AlarmKind.RULE, ticket_id=ticket.pk,
            what=rule.trigger, is_urgent=ticket.priority == Priority.CRITICAL, to=told,
        )  # fmt: skip
    raised = rule.raises and _raise(ticket, rule)
    moved = _move(rule, ticket)
    audit.record(
        ticket.organization_id, "escalation.applied", ticket_id=ticket.pk, rule=rule.pk, what=rule.trigger,
        people=[member.pk for member in told], raised=raised, moved=moved,
        to=ticket.assignee_id if moved else None,
    )  # fmt: skip
    return raised or moved


def _whom(rule: EscalationRule, ticket: Ticket) -> list[Membership]:
    match rule.notifies:
        case Whom.OWNER:
            owner = ticket.assignee
            return [owner] if owner is not None and owner.is_active else _supervisors(ticket)
        case Whom.SUPERVISORS:
            return _supervisors(ticket)
        case Whom.ON_CALL:
            return called_at(ticket.organization, clock.now())[:1]
        case Whom.MEMBER:
            member = rule.notify_member
            return [member] if member is not None and member.is_active else _supervisors(ticket)
    return []


def _supervisors(ticket: Ticket) -> list[Membership]:
    rows = Membership.objects.filter(organization_id=ticket.organization_id, is_active=True)
    return supervisors(list(rows))


def _raise(ticket: Ticket, rule: EscalationRule) -> bool:
    """One step up; a critical case is as high as it gets."""
    at = ORDER.index(Priority(ticket.priority))
    if at + 1 >= len(ORDER):
        return False
    return take_priority(ticket, priority=ORDER[at + 1], why=str(rule.get_trigger_display()), by=None)


def _move(rule: EscalationRule, ticket: Ticket) -> bool:
    """Where the rule says, if that is anywhere else and that person can be given it."""
    to: Membership | None = None
    if rule.moves == Receiver.STAYS:
        return False
    if rule.moves == Receiver.ON_CALL:
        to = next(iter(called_at(ticket.organization, clock.now())), None)
    elif rule.moves == Receiver.MEMBER:
        to = rule.move_member
    if to is not None and not (to.is_active and to.can("see_cases")):
        to = None
    if ticket.assignee_id == (to.pk if to else None) or ticket.is_reserved:
        return False
    assign(ticket, to=to, by=None)
    return True
