"""Opening an organization: everything it needs before its first message."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.db import transaction

from channels_social.models import Inbox, SocialAccount
from helpdesk import audit
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization, User
from protocols.guides.domain.planting import plant_guides
from protocols.models import Calendar, Holiday, LegalTerm, OpeningHours, SlaPolicy
from protocols.rules.defaults import HOURS_BY_SECTOR, SLA_BY_PRIORITY
from protocols.rules.holidays import holidays_for
from protocols.rules.legal_seeds import rows_for
from protocols.typification.domain.publishing import plant
from tickets.cases.models import Counter
from tickets.escalation.domain.planting import plant_rules
from tickets.settings.models import AccountPolicy

HOLIDAY_YEARS = 3


@transaction.atomic
def open_organization(
    *, slug: str, name: str, country: str, sector: str, timezone: str, first_year: int, hue: int | None = None
) -> Organization:
    """Create a tenant with its calendar, holidays of three years, SLA table, tree, guides, inbox and counter."""
    organization = Organization.objects.create(
        slug=slug,
        name=name,
        country=country,
        sector=sector,
        timezone=timezone,
        hue=hue,
        undo_seconds=settings.OUTBOX_UNDO,
    )
    with tenant(organization.pk):
        Inbox.objects.create(organization=organization)
        Counter.objects.create(organization=organization, year=0)
        calendar = Calendar.objects.create(
            organization=organization, name="Horario de atención", timezone=timezone
        )
        _fill(calendar, organization, range(first_year, first_year + HOLIDAY_YEARS))
        SlaPolicy.objects.bulk_create(
            SlaPolicy(
                organization=organization,
                priority=priority,
                is_wall_time=not row.business,
                first_response=row.first_response,
                next_response=row.next_response,
                update=row.update,
                resolution=row.resolution,
            )
            for priority, row in SLA_BY_PRIORITY.items()
        )
        LegalTerm.objects.bulk_create(
            LegalTerm(organization=organization, **row) for row in rows_for(country)
        )
        plant(organization)
        plant_guides(organization)
        plant_rules(organization)
        audit.record(organization.pk, "organization.opened", country=country, sector=sector)
    return organization


def _fill(calendar: Calendar, organization: Organization, years: range) -> None:
    OpeningHours.objects.bulk_create(
        OpeningHours(
            organization=organization,
            calendar=calendar,
            weekday=weekday,
            opens_at=time.fromisoformat(opens),
            closes_at=time.fromisoformat(closes),
        )
        for weekday, opens, closes in HOURS_BY_SECTOR[organization.sector]
    )
    Holiday.objects.bulk_create(
        Holiday(organization=organization, calendar=calendar, day=day, name=name)
        for day, name in holidays_for(organization.country, years)
    )


@transaction.atomic
def invite(
    organization: Organization,
    *,
    email: str,
    name: str,
    initials: str,
    role: str,
    password: str | None = None,
    actor_id: int | None = None,
    needs_training: bool = False,
) -> Membership:
    """Make a person a member with the preset of a role; their user is created on first invitation.

    ``needs_training``: what they say in public waits for approval until a training is written down.
    """
    user = User.objects.filter(email=email.lower()).first()
    user = user or User.objects.create_user(email, password, name=name)
    with tenant(organization.pk):
        member = Membership.objects.create(
            organization=organization,
            user=user,
            role=role,
            permissions=Membership.preset(role),
            modes=Membership.preset_modes(role),
            display_name=name,
            initials=initials,
            needs_training=needs_training,
        )
        audit.record(organization.pk, "member.invited", actor_id=actor_id, member=member.pk, role=role)
    return member


def give_policy(account: SocialAccount, *, voice: str) -> AccountPolicy:
    """Join an account with the organization's first calendar and a voice; inside ``tenant``."""
    calendar = Calendar.objects.filter(organization_id=account.organization_id).order_by("id").first()
    policy, _ = AccountPolicy.objects.get_or_create(
        organization_id=account.organization_id,
        account=account,
        defaults={"calendar": calendar, "voice": voice},
    )
    return policy
