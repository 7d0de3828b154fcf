"""The people of every test: a bank in Colombia and an airline in Spain, and who works there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from channels_social.domain.accounts import connect_account
from channels_social.models import SocialAccount
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization
from tickets.settings.domain.organization import give_policy, invite, open_organization


@dataclass(frozen=True)
class Cast:
    """``juan`` and ``paola`` (agent, supervisor), ``andres`` (trainee), ``marta`` (admin) of the bank;
    ``carla`` is the stranger: an agent of the airline."""

    bank: Organization
    airline: Organization
    juan: Membership
    paola: Membership
    andres: Membership
    marta: Membership
    carla: Membership
    bank_x: SocialAccount
    bank_page: SocialAccount
    airline_x: SocialAccount
    airline_page: SocialAccount


def bank_today() -> date:
    """The date at the bank, which counts its days in Bogotá: yesterday's in UTC, until five in the morning."""
    return clock.now().astimezone(ZoneInfo("America/Bogota")).date()


def make_cast() -> Cast:
    """Both organizations, their teams and one X account and one page each."""
    bank = open_organization(
        slug="frailejon", name="Banco Frailejón", country="CO", sector="bank",
        timezone="America/Bogota", first_year=2026,
    )  # fmt: skip
    airline = open_organization(
        slug="alisios", name="Alisios Líneas Aéreas", country="ES", sector="airline",
        timezone="Europe/Madrid", first_year=2026,
    )  # fmt: skip

    def member(organization: Organization, email: str, name: str, initials: str, role: str) -> Membership:
        return invite(
            organization, email=email, name=name, initials=initials, role=role, password="clave-larga-1"
        )

    return Cast(
        bank=bank,
        airline=airline,
        juan=member(bank, "juancarlos@frailejon.example", "Juan Carlos", "JC", "agent"),
        paola=member(bank, "paola@frailejon.example", "Paola", "PM", "supervisor"),
        andres=member(bank, "andres@frailejon.example", "Andrés", "AT", "trainee"),
        marta=member(bank, "marta@frailejon.example", "Marta", "MG", "admin"),
        carla=member(airline, "carla@alisios.example", "Carla", "CR", "agent"),
        bank_x=account(bank, "x", "1800000000000000001", "FrailejonAyuda"),
        bank_page=account(bank, "facebook", "100000000000101", ""),
        airline_x=account(airline, "x", "1800000000000000002", "AlisiosAyuda"),
        airline_page=account(airline, "facebook", "100000000000102", ""),
    )


def find_cast() -> Cast | None:
    """The cast as it was made for the whole session; None after a transactional test has flushed it."""
    bank = Organization.objects.filter(slug="frailejon").first()
    if bank is None:
        return None
    airline = Organization.objects.get(slug="alisios")
    with tenant(bank.pk):
        people = {m.initials: m for m in Membership.objects.select_related("user", "organization")}
        accounts = {a.network: a for a in SocialAccount.objects.select_related("organization")}
    with tenant(airline.pk):
        carla = Membership.objects.select_related("user", "organization").get(initials="CR")
        theirs = {a.network: a for a in SocialAccount.objects.select_related("organization")}
    return Cast(
        bank=bank, airline=airline, juan=people["JC"], paola=people["PM"], andres=people["AT"],
        marta=people["MG"], carla=carla, bank_x=accounts["x"], bank_page=accounts["facebook"],
        airline_x=theirs["x"], airline_page=theirs["facebook"],
    )  # fmt: skip


def account(organization: Organization, network: str, external_id: str, handle: str) -> SocialAccount:
    """A connected account with the sandbox's fixed token."""
    slug = organization.slug
    token = f"sandbox-x-token-{slug}" if network == "x" else f"sandbox-fb-token-{slug}"
    with tenant(organization.pk):
        connected = connect_account(
            organization_id=organization.pk,
            network=network,
            external_id=external_id,
            handle=handle,
            name=organization.name,
            credentials={"access_token": token},
        )
        give_policy(connected, voice="usted")
    return connected
