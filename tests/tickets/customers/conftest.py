"""Two customers of the bank who may be one, and short ways to make more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from channels_social.networks.base import Author
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.stories import hear, mention
from tickets.cases.models import Ticket
from tickets.customers.domain import identities
from tickets.customers.models import Customer, Identity
from tickets.customers.rules.data import recognise

OTHER = Author("2002", "user", "Diana Rojas", "dianarojas_co")


@pytest.fixture
def person(cast: Cast) -> Callable[..., Customer]:
    """Make a customer with data: ``person("Diana", "3001234567", "d@correo.co", organization=…)``."""

    def make(name: str, *data: str, organization: Any = None, verified: bool = False) -> Customer:
        where = organization or cast.bank
        with tenant(where.pk):
            customer = Customer.objects.create(organization=where, name=name)
            for text in data:
                identities.add(customer, recognise(text, where.country), by=None, verified=verified)
        return customer

    return make


@pytest.fixture
def two(cast: Cast) -> tuple[Customer, Customer]:
    """Two people of X with a case each; the first is known longer."""
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces la cuota", number=1))
    hear(cast, mention("@FrailejonAyuda sigo esperando la reversión", number=2, author=OTHER))
    with tenant(cast.bank.pk):
        first, second = Customer.objects.order_by("pk")
    return first, second


def customers_of(cast: Cast) -> dict[str, int]:
    """Handle → customer, of the bank."""
    with tenant(cast.bank.pk):
        return dict(Identity.objects.exclude(handle="").values_list("handle", "customer_id"))


def cases_of(cast: Cast, customer: Customer) -> int:
    with tenant(cast.bank.pk):
        return Ticket.objects.filter(customer=customer).count()
