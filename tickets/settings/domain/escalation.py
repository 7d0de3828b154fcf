"""What escalates by itself: kept, changed, switched off. Inside ``tenant``; each writes its audit line."""

from __future__ import annotations

from django.db import transaction

from helpdesk import audit
from helpdesk.tenancy.models import Membership
from tickets.escalation.models import EscalationRule


class RuleRefused(Exception):
    """``code``: ``changed`` (somebody else saved it since), ``too_many``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


MOST = 40


@transaction.atomic
def save_rule(rule: EscalationRule, *, read: int | None, by: Membership) -> EscalationRule:
    """Keep a rule as typed. ``read``: the version that was on the screen. Raises :class:`RuleRefused`."""
    if rule.pk is None:
        if EscalationRule.objects.filter(organization_id=rule.organization_id).count() >= MOST:
            raise RuleRefused("too_many")
        rule.made_by = by
    else:
        kept = EscalationRule.objects.select_for_update().get(pk=rule.pk)
        if kept.version != read:
            raise RuleRefused("changed")
        rule.version = kept.version + 1
    is_new = rule.pk is None
    rule.save()
    audit.record(
        rule.organization_id, "escalation.added" if is_new else "escalation.changed", actor_id=by.pk, rule=rule.pk,
        trigger=rule.trigger, notifies=rule.notifies, moves=rule.moves, raises=rule.raises,
        priorities=rule.priorities, version=rule.version,
    )  # fmt: skip
    return rule


@transaction.atomic
def switch_rule(rule: EscalationRule, *, on: bool, by: Membership) -> bool:
    """Let it act, or not; False when that is so already."""
    if not EscalationRule.objects.filter(pk=rule.pk).exclude(is_active=on).update(is_active=on):
        return False
    action = "escalation.switched_on" if on else "escalation.switched_off"
    audit.record(rule.organization_id, action, actor_id=by.pk, rule=rule.pk)
    return True


@transaction.atomic
def drop_rule(rule: EscalationRule, *, by: Membership) -> None:
    """It goes; what it did stays in the log."""
    audit.record(
        rule.organization_id, "escalation.dropped", actor_id=by.pk, rule=rule.pk, trigger=rule.trigger
    )
    rule.delete()
