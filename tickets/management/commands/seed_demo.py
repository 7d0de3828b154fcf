"""Two demo organizations of different country and sector, with team and accounts; safe to run again."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.core.management.base import BaseCommand, CommandError

from channels_social.domain.accounts import connect_account
from channels_social.domain.leaving import digest_of_person
from channels_social.models import SocialAccount
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization, User
from protocols.guides.domain.planting import plant_guides
from protocols.typification.domain.publishing import plant
from tickets.areas.models import Area
from tickets.settings.demo import DEMO_PASSWORD, ORGANIZATIONS, DemoOrganization, demo_mailbox
from tickets.settings.demo_articles import plant_demo_articles
from tickets.settings.demo_figures import plant_figures
from tickets.settings.demo_history import tell_history
from tickets.settings.demo_incidents import let_notices_be_approved
from tickets.settings.demo_site import open_demo_site
from tickets.settings.demo_typified import typify_demo
from tickets.settings.demo_watch import plant_demo_watch
from tickets.settings.domain.organization import give_policy, invite, open_organization


class Command(BaseCommand):
    help = "Create the demo organizations, their teams and their sandbox accounts, if they are not there."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DATABASE_ROLE != "owner":
            raise CommandError("seed_demo makes organizations: run it with DATABASE_ROLE=owner")
        if settings.SANDBOX_URL:
            tell_history(clock.now())
        for demo in ORGANIZATIONS:
            organization = Organization.objects.filter(slug=demo.slug).first()
            if organization is None:
                organization = _open(demo)
                self.stdout.write(f"{demo.name}: creada")
            _connect(demo, organization)
            with tenant(organization.pk):
                plant(organization)
                plant_guides(organization)
                typify_demo(organization)
                let_notices_be_approved()
                plant_demo_watch(organization)
                plant_demo_articles(organization)
                open_demo_site(organization)
                plant_figures(organization, now=clock.now())


def _open(demo: DemoOrganization) -> Organization:
    organization = open_organization(
        slug=demo.slug,
        name=demo.name,
        country=demo.country,
        sector=demo.sector,
        timezone=demo.timezone,
        first_year=clock.now().year,
        hue=demo.hue,
    )
    for person in demo.people:
        invite(
            organization,
            email=person.email,
            name=person.name,
            initials=person.initials,
            role=person.role,
        )
    # One hash for everybody's same, published words: a hash is made to take long, and ten of them were half the wait.
    new = User.objects.filter(
        email__in=[person.email for person in demo.people], password__startswith=UNUSABLE_PASSWORD_PREFIX
    )
    new.update(password=_hashed())
    with tenant(organization.pk):
        _supervise(demo)
    return organization


@cache
def _hashed() -> str:
    return make_password(DEMO_PASSWORD)


def _supervise(demo: DemoOrganization) -> None:
    """Beginners begin with somebody who looks at their answers first."""
    for person in demo.people:
        if person.supervisor:
            Membership.objects.filter(user__email=person.email).update(
                supervisor=Membership.objects.get(user__email=person.supervisor)
            )


def _connect(demo: DemoOrganization, organization: Organization) -> None:
    """The accounts of the sandbox, with its fixed tokens; only while the sandbox is on."""
    if not settings.SANDBOX_URL:
        return
    with tenant(organization.pk):
        for account in demo.accounts:
            known = SocialAccount.objects.filter(network=account.network, external_id=account.external_id)
            if known.exists():
                continue
            connected = connect_account(
                organization_id=organization.pk,
                network=account.network,
                external_id=account.external_id,
                handle=account.handle,
                name=account.name,
                credentials={"access_token": account.token},
                authorized_by=digest_of_person(account.network, account.person),
            )
            give_policy(connected, voice=demo.voice)
        _connect_mail(demo, organization)


def _connect_mail(demo: DemoOrganization, organization: Organization) -> None:
    """The support address on the sandbox's mail server, and the areas that answer by mail."""
    known = SocialAccount.objects.filter(network="email", external_id=demo.address)
    if not known.exists():
        connected = connect_account(
            organization_id=organization.pk,
            network="email",
            external_id=demo.address,
            name=demo.address,
            credentials=demo_mailbox(demo),
        )
        give_policy(connected, voice=demo.voice)
    for name, address in demo.areas:
        Area.objects.get_or_create(organization=organization, name=name, defaults={"address": address})
