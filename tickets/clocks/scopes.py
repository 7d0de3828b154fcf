"""Whom a policy is for, in words. Inside ``tenant``."""

from __future__ import annotations

from channels_social.models import SocialAccount
from protocols.models import SlaPolicy
from tickets.enums import PqrKind


def scopes_of(policies: list[SlaPolicy]) -> dict[int, str]:
    """Whom each policy is for, in words; nothing for the general ones."""
    names = {account.pk: str(account) for account in SocialAccount.objects.all()}
    return {
        policy.pk: " · ".join(
            part
            for part in (
                policy.tier.name if policy.tier else "",
                names.get(policy.account_id or 0, ""),
                str(PqrKind(policy.kind).label) if policy.kind else "",
            )
            if part
        )
        for policy in policies
    }
