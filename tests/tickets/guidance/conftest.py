"""A case of a double charge, whose motive ships with a protocol."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.tenancy.context import tenant
from tests.stories import DIANA, OTHER, hear, mention, typify
from tickets.cases.domain.classifying import Choice
from tickets.cases.models import Ticket


def case_about(
    cast: Any, motive: str, *, text: str = "@FrailejonAyuda me cobraron dos veces", number: int = 1
) -> Ticket:
    """A public case of the bank with that motive."""
    hear(cast, mention(text, number=number, author=DIANA if number == 1 else OTHER))
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.select_related("organization", "customer").order_by("-pk").first()
        assert ticket is not None
        typify(ticket, Choice(motive=motive), by=cast.juan)
        ticket.save()
        return ticket


@pytest.fixture
def unknown_charge(cast: Any) -> Ticket:
    """«Cobro no reconocido»: its second step asks for a verified identity."""
    return case_about(cast, "motive-cobro-no-reconocido")
