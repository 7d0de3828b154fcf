"""The account that what is written down by hand hangs from: a calendar and a voice, and no network behind it."""

from __future__ import annotations

from channels_social.enums import AccountMode, Network, Purpose
from channels_social.models import SocialAccount
from helpdesk.tenancy.models import Organization
from protocols.models import Calendar
from tickets.clocks.domain.terms import forget_rules
from tickets.settings.models import AccountPolicy


def door_account(organization: Organization, network: Network) -> SocialAccount:
    """The organization's account for calls, visits or registered mail; made when first needed. Inside ``tenant``.

    Read only, so that nothing can ever be sent from it.
    """
    account, is_new = SocialAccount.objects.get_or_create(
        network=network,
        external_id=f"by-hand:{organization.pk}",
        defaults={
            "organization": organization,
            "name": organization.name,
            "purpose": Purpose.BY_HAND,
            "mode": AccountMode.READ_ONLY,
        },
    )
    if is_new:
        _give_policy(account)
        forget_rules()
    return account


def _give_policy(account: SocialAccount) -> None:
    """The calendar and the voice of the organization's other accounts, else its first calendar."""
    org = account.organization_id
    other = AccountPolicy.objects.filter(organization_id=org).order_by("id").first()
    calendar_id = (
        other.calendar_id if other else Calendar.objects.filter(organization_id=org).earliest("id").pk
    )
    AccountPolicy.objects.create(
        organization_id=org,
        account=account,
        calendar_id=calendar_id,
        voice=other.voice if other else "usted",
    )
