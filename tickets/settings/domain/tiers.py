"""The levels of customers an organization treats apart. Inside ``tenant``; each verb writes its audit line."""

from __future__ import annotations

from django.db import transaction

from helpdesk import audit
from helpdesk.tenancy.models import Membership
from helpdesk.text import clean
from protocols.models import CustomerTier, SlaPolicy
from tickets.customers.models import Customer
from tickets.settings.domain.policies import PolicyRefused


@transaction.atomic
def make_tier(name: str, *, by: Membership) -> CustomerTier:
    """Add a level. Raises `PolicyRefused` ``tier_empty`` or ``tier_twice``."""
    name = " ".join(clean(name).split())[:60]
    if not name:
        raise PolicyRefused("tier_empty")
    if CustomerTier.objects.filter(name__iexact=name).exists():
        raise PolicyRefused("tier_twice")
    tier = CustomerTier.objects.create(organization_id=by.organization_id, name=name)
    audit.record(by.organization_id, "tier.made", actor_id=by.pk, tier=tier.pk, term=name)
    return tier


@transaction.atomic
def drop_tier(pk: int, *, by: Membership) -> None:
    """Forget a level nobody is on and no policy is for. Raises `PolicyRefused` ``tier_in_use`` with how many are."""
    tier = CustomerTier.objects.select_for_update().filter(pk=pk).first()
    if tier is None:
        return
    count = Customer.objects.filter(organization_id=by.organization_id, tier=tier).count()
    if count or SlaPolicy.objects.filter(tier=tier).exists():
        raise PolicyRefused("tier_in_use", count=count)
    audit.record(by.organization_id, "tier.dropped", actor_id=by.pk, tier=pk, term=tier.name)
    tier.delete()
