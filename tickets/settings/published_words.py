"""What the profile of an account says of its hours, against what they are."""

from __future__ import annotations

from dataclasses import dataclass

from channels_social.enums import AccountState, Network
from protocols.calendars.rows import hours_of
from protocols.rules.calendar import WeekHours
from protocols.rules.published import bio, description
from tickets.settings.models import AccountPolicy


@dataclass(frozen=True, slots=True)
class HoursTold:
    """Of one account: its policy's key, and whether its profile says nothing, or something that is no longer so."""

    policy_id: int
    is_silent: bool
    is_outdated: bool


def text_for(policy: AccountPolicy, hours: WeekHours) -> str:
    """The text for the profile of this account: short for X, longer elsewhere."""
    words = bio if policy.account.network == Network.X else description
    return words(hours, phone=policy.contact_phone, email=policy.contact_email)


def hours_told(organization_id: int) -> dict[int, HoursTold]:
    """By account. Mail has no profile, and one that is disconnected attends nobody. Inside ``tenant``."""
    rows = AccountPolicy.objects.filter(
        organization_id=organization_id, account__network__in=[Network.X, Network.FACEBOOK]
    )
    policies = list(
        rows.exclude(account__state=AccountState.DISCONNECTED).select_related("account", "calendar")
    )
    hours = hours_of({policy.calendar for policy in policies})
    return {
        policy.account_id: HoursTold(
            policy.pk,
            is_silent=policy.published_at is None,
            is_outdated=policy.published_at is not None
            and policy.published_text != text_for(policy, hours[policy.calendar_id]),
        )
        for policy in policies
    }
