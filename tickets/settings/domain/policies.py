"""What is owed, as an admin keeps it: every change counted, written down, and taken to the open cases."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership
from protocols.models import SlaPolicy
from tickets.clocks.domain.recompute import recompute_for
from tickets.clocks.domain.terms import forget_rules
from tickets.clocks.models import Clock, ClockRecount

SCOPE = ("priority", "account_id", "kind", "tier_id")
OWED = ("is_wall_time", "first_response", "next_response", "update", "resolution")


class PolicyRefused(Exception):
    """``code``: ``changed`` (by ``who``), ``twice``, ``general``, ``in_use`` (by ``count`` open clocks)."""

    def __init__(self, code: str, *, who: str = "", count: int = 0) -> None:
        super().__init__(code)
        self.code, self.who, self.count = code, who, count


@transaction.atomic
def save_policy(pk: int | None, *, values: dict[str, Any], version: int, by: Membership) -> SlaPolicy:
    """Make a policy, or change what one owes; open cases follow in the background. Inside ``tenant``.

    ``version`` is the one that was on the screen: of two admins who save at once the second is told.
    """
    policy = _locked(pk, version) if pk else SlaPolicy(organization_id=by.organization_id, version=0)
    fields = (*SCOPE, *OWED) if pk is None else OWED
    if pk is None and _twin(values):
        raise PolicyRefused("twice")
    before = {name: getattr(policy, name) for name in OWED}
    for name in fields:
        setattr(policy, name, values[name])
    changes = {
        name: [before[name], values[name]] for name in OWED if pk is None or before[name] != values[name]
    }
    if changes:
        _keep(policy, by, "sla.created" if pk is None else "sla.changed", changes=changes)
    return policy


@transaction.atomic
def switch_policy(pk: int, *, is_active: bool, version: int, by: Membership) -> SlaPolicy:
    """Let a policy hold or rest; its open cases go over to the next one that fits. Raises `PolicyRefused`."""
    policy = _locked(pk, version)
    if policy.is_general:
        raise PolicyRefused("general")
    if policy.is_active != is_active:
        policy.is_active = is_active
        _keep(policy, by, "sla.activated" if is_active else "sla.deactivated")
    return policy


@transaction.atomic
def delete_policy(pk: int, *, version: int, by: Membership) -> None:
    """Forget a policy that no open clock was made by. Raises `PolicyRefused`."""
    policy = _locked(pk, version)
    if policy.is_general:
        raise PolicyRefused("general")
    count = in_use(policy)
    if policy.is_active or count:
        raise PolicyRefused("in_use", count=count)
    audit.record(by.organization_id, "sla.deleted", actor_id=by.pk, policy=pk, **_scope_of(policy))
    _forget_work(policy)
    policy.delete()
    forget_rules()


def in_use(policy: SlaPolicy) -> int:
    """How many running clocks this policy made, whoever asks."""
    with whole():
        running = Clock.objects.filter(
            organization_id=policy.organization_id, met_at=None, cancelled_at=None, why__policy=policy.pk
        )
        return running.count()


def _forget_work(policy: SlaPolicy) -> None:
    """What was recomputed for it stays counted, without it."""
    ClockRecount.objects.filter(organization_id=policy.organization_id, policy=policy).update(policy=None)


def _locked(pk: int, version: int) -> SlaPolicy:
    policy = SlaPolicy.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=pk)
    if policy.version != version:
        raise PolicyRefused("changed", who=policy.changed_by.display_name if policy.changed_by else "")
    return policy


def _twin(values: dict[str, Any]) -> bool:
    return SlaPolicy.objects.filter(**{name: values[name] for name in SCOPE}).exists()


def _keep(policy: SlaPolicy, by: Membership, action: str, **data: Any) -> None:
    policy.version += 1
    policy.changed_by, policy.changed_at = by, clock.now()
    policy.save()
    audit.record(
        by.organization_id, action, actor_id=by.pk, policy=policy.pk, version=policy.version,
        **_scope_of(policy), **data,
    )  # fmt: skip
    recompute_for(policy, by=by)


def _scope_of(policy: SlaPolicy) -> dict[str, Any]:
    return {
        "priority": policy.priority,
        "account": policy.account_id,
        "kind": policy.kind,
        "tier": policy.tier_id,
    }
