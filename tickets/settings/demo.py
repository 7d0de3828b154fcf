"""The demo organizations: invented companies and people, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

DEMO_PASSWORD = "circunflejo-demo"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    email: str
    name: str
    initials: str
    role: str
    # The e-mail of who looks first at what they answer.
    supervisor: str = ""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    network: str
    external_id: str
    handle: str
    name: str
    token: str
    # Who lent it, as the network calls them.
    person: str = ""


@dataclass(frozen=True, slots=True)
class DemoOrganization:
    slug: str
    name: str
    country: str
    sector: str
    timezone: str
    voice: str
    hue: int
    people: tuple[DemoPerson, ...]
    accounts: tuple[DemoAccount, ...]
    # A support address, and the areas that are asked from it.
    address: str
    areas: tuple[tuple[str, str], ...]


ORGANIZATIONS = (
    DemoOrganization(
        slug="frailejon",
        name="Banco Frailejón",
        country="CO",
        sector="bank",
        timezone="America/Bogota",
        voice="usted",
        hue=268,
        people=(
            DemoPerson("juancarlos@frailejon.example", "Juan Carlos Rincón", "JC", "agent"),
            DemoPerson("paola@frailejon.example", "Paola Mejía", "PM", "supervisor"),
            DemoPerson("hernan@frailejon.example", "Hernán Castaño", "HC", "supervisor"),
            DemoPerson("luisa@frailejon.example", "Luisa Orozco", "LO", "agent"),
            DemoPerson(
                "andres@frailejon.example",
                "Andrés Torres",
                "AT",
                "trainee",
                supervisor="paola@frailejon.example",
            ),
            DemoPerson("marta@frailejon.example", "Marta Gil", "MG", "admin"),
        ),
        accounts=(
            DemoAccount(
                "x",
                "1800000000000000001",
                "FrailejonAyuda",
                "Banco Frailejón Ayuda",
                "sandbox-x-token-frailejon",
            ),
            DemoAccount(
                "facebook",
                "100000000000101",
                "",
                "Banco Frailejón",
                "sandbox-fb-token-frailejon",
                "61550000009001",
            ),
        ),
        address="soporte@frailejon.example",
        areas=(
            ("Fraudes", "fraudes@frailejon.example"),
            ("Operaciones", "operaciones@frailejon.example"),
            ("Jurídica", "juridica@frailejon.example"),
        ),
    ),
    DemoOrganization(
        slug="alisios",
        name="Alisios Líneas Aéreas",
        country="ES",
        sector="airline",
        timezone="Europe/Madrid",
        voice="tu",
        hue=215,
        people=(
            DemoPerson("nuria@alisios.example", "Nuria Vidal", "NV", "agent"),
            DemoPerson("iker@alisios.example", "Iker Sanz", "IS", "supervisor"),
            DemoPerson("ainhoa@alisios.example", "Ainhoa Ruiz", "AR", "supervisor"),
            DemoPerson("carmen@alisios.example", "Carmen Rey", "CR", "admin"),
        ),
        accounts=(
            DemoAccount(
                "x", "1800000000000000002", "AlisiosAyuda", "Alisios Ayuda", "sandbox-x-token-alisios"
            ),
            DemoAccount(
                "facebook", "100000000000102", "", "Alisios", "sandbox-fb-token-alisios", "61550000009002"
            ),
        ),
        address="soporte@alisios.example",
        areas=(
            ("Equipajes", "equipajes@alisios.example"),
            ("Reembolsos", "reembolsos@alisios.example"),
        ),
    ),
)


def demo_mailbox(demo: DemoOrganization) -> dict[str, Any]:
    """How the sandbox's mail server is spoken to: one password opens every box there."""
    host = urlsplit(settings.SANDBOX_URL).hostname or "localhost"
    return {
        "user": demo.address,
        "password": "sandbox-mail",
        "name": demo.name,
        "imap": {"host": host, "port": settings.SANDBOX_IMAP_PORT, "security": "none"},
        "smtp": {"host": host, "port": settings.SANDBOX_SMTP_PORT, "security": "none"},
    }
