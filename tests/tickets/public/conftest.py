from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from helpdesk.push import client as redis_client
from helpdesk.site.models import Site
from helpdesk.tenancy.context import tenant
from protocols.guides.domain.planting import plant_guides
from protocols.typification.domain.publishing import plant

FORM = "/ayuda/frailejon/caso/"
STATUS = "/ayuda/frailejon/estado/"


@pytest.fixture
def visitor(cast) -> Client:
    """Somebody at the bank's public site, which is on; nobody is counted yet."""
    for key in redis_client().scan_iter("cf:*:site:*"):
        redis_client().delete(key)
    for organization in (cast.bank, cast.airline):
        with tenant(organization.pk):
            Site.objects.create(organization=organization, is_on=True, colour="#0b6b3a")
    return Client()


@pytest.fixture
def guided(cast) -> None:
    """The bank has its tree and its protocols."""
    with tenant(cast.bank.pk):
        plant(cast.bank)
        plant_guides(cast.bank)


@pytest.fixture
def file_it(visitor) -> Callable[..., Any]:
    """Send the last step of the form; what is in the page at the end."""

    def send(**more: Any) -> Any:
        return visitor.post(FORM, filled(**more))

    return send


def filled(**more: Any) -> dict[str, Any]:
    form = {
        "step": "send", "token": "t" * 24, "kind": "reclamo", "text": "Me cobraron dos veces el mercado del sábado",
        "name": "Diana Rojas", "email": "diana.rojas@correo.example", "phone": "", "motive": "",
    }  # fmt: skip
    return form | more
