"""Data asked by a one-time link: only what the protocol names, sealed on arrival, and the link is dead."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from protocols.models import Protocol
from tickets.cases.domain.classifying import Choice, classify
from tickets.cases.models import Message, Ticket
from tickets.public.domain.asking import hidden
from tickets.public.models import SecureLink
from tickets.replies.domain import casework

GIVEN = "4321-portátil-secreto"


@pytest.fixture
def desk(cast, file_it, guided, log_in):
    """A case of the bank about a double charge, at an agent's desk."""
    file_it()
    with tenant(cast.bank.pk):
        ticket = casework.lock(Ticket.objects.get().pk)
        asking = [
            page
            for page in Protocol.objects.select_related("version")
            if "Comercio" in page.version.document["data"]
        ]
        motive = asking[0].motives[0]
        classify(ticket, Choice(motive=motive), by=cast.juan)
    return log_in(cast.juan), ticket


def ask(desk, *labels: str):
    client, ticket = desk
    return client.post(f"/frailejon/casos/{ticket.number}/datos/", {"label": list(labels)})


def address(page) -> str:
    return "/ayuda/" + re.search(r'value="[^"]+/ayuda/([^"]+)"', page.content.decode())[1]


def test_only_what_the_protocol_names_can_be_asked(cast, desk):
    refused = ask(desk, "La clave del cajero")

    assert refused.status_code == 422
    with tenant(cast.bank.pk):
        assert not SecureLink.objects.exists()


def test_data_are_sealed_masked_and_seen_for_a_reason_that_is_recorded(cast, desk, visitor):
    url = address(ask(desk, "Comercio"))
    page = visitor.get(url).content.decode()
    assert "Comercio" in page
    assert "Me cobraron dos veces" not in page

    assert visitor.post(url, {"v0": GIVEN}).status_code == 200
    with tenant(cast.bank.pk):
        link = SecureLink.objects.get()
        assert GIVEN.encode() not in bytes(link.sealed)
        assert Message.objects.get(pk=link.message_id).text == f"Formulario seguro\nComercio: {hidden(GIVEN)}"
    client, _ticket = desk
    path = f"/frailejon/datos/{link.pk}/"
    assert client.post(path, {"reason": ""}).status_code == 422
    assert GIVEN in client.post(path, {"reason": "identificar el comercio"}).content.decode()
    with tenant(cast.bank.pk):
        seen = AuditEvent.objects.get(action="secure.seen")
        assert seen.data["reason"] == "identificar el comercio"


def test_link_opens_once(desk, visitor):
    url = address(ask(desk, "Comercio"))
    visitor.post(url, {"v0": GIVEN})

    for again in (visitor.get(url), visitor.post(url, {"v0": "otra cosa"})):
        assert again.status_code == 410
        assert "ya se usó" in again.content.decode()
        assert GIVEN not in again.content.decode()


def test_link_that_expired_or_was_taken_back_is_dead(cast, desk, visitor):
    late, taken = address(ask(desk, "Comercio")), address(ask(desk, "Comercio"))
    with tenant(cast.bank.pk):
        first, second = SecureLink.objects.order_by("pk")
        SecureLink.objects.filter(pk=first.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    client, _ticket = desk
    client.post(f"/frailejon/datos/{second.pk}/", {"do": "revoke"})

    assert visitor.post(late, {"v0": "x"}).status_code == 410
    assert visitor.post(taken, {"v0": "x"}).status_code == 410


def test_link_says_nothing_in_another_organization(desk, visitor):
    url = address(ask(desk, "Comercio")).replace("frailejon", "alisios")
    assert visitor.get(url).status_code == 404


def test_card_numbers_are_cut_before_they_are_sealed(cast, desk, visitor):
    visitor.post(address(ask(desk, "Comercio")), {"v0": "4111 1111 1111 1111 cvv 123"})
    client, _ticket = desk
    with tenant(cast.bank.pk):
        link = SecureLink.objects.get()
    page = client.post(f"/frailejon/datos/{link.pk}/", {"reason": "ver"}).content.decode()
    assert "4111 1111 1111 1111" not in page
