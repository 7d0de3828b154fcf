"""Marketing sees the brand account, masked, and hands over in one key; it neither answers nor closes."""

from __future__ import annotations

import pytest

from channels_social.models import OutboundAction
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tickets.cases.models import Message, Ticket
from tickets.replies.domain.handing import sentence_for
from tickets.settings.models import AccountPolicy


@pytest.fixture
def pair(cast, brand):
    """The brand account sends people to the support account, in the bank's words."""
    with tenant(cast.bank.pk):
        AccountPolicy.objects.filter(account=brand).update(
            hands_to=cast.bank_x, hand_over_text="{nombre}, lo atiende {cuenta} enseguida."
        )
    return brand


def test_one_key_tells_the_customer_and_gives_the_case(cast, people, say, pair, at, seen_by):
    ticket = say("@Frailejon su publicidad miente y nadie contesta", account=pair)
    client = at(people.marketing)
    page = client.get(f"/frailejon/casos/{ticket.number}/").content.decode()
    assert "Pasar a @FrailejonAyuda" in page
    assert 'data-key="h"' in page

    answer = client.post(f"/frailejon/casos/{ticket.number}/entrega/")

    assert answer.status_code == 302
    with tenant(cast.bank.pk):
        moved = Ticket.objects.get(pk=ticket.pk)
        message = Message.objects.get(direction="out")
        action = OutboundAction.objects.get(subject_id=message.pk)
        line = AuditEvent.objects.get(action="ticket.handed_over")
    assert moved.account_id == cast.bank_x.pk
    assert message.text == "Persona, lo atiende @FrailejonAyuda enseguida. ^MK"
    assert (action.account_id, action.state) == (pair.pk, "queued")
    assert (line.actor_id, line.data["account"]) == (people.marketing.pk, cast.bank_x.pk)
    assert seen_by(people.marketing) == set()
    assert ticket.pk in seen_by(cast.juan)


def test_pressed_twice_is_said_once(cast, people, say, pair, at):
    ticket = say("@Frailejon hola", account=pair)
    client = at(people.marketing)

    client.post(f"/frailejon/casos/{ticket.number}/entrega/")
    assert client.post(f"/frailejon/casos/{ticket.number}/entrega/").status_code == 404

    with tenant(cast.bank.pk):
        assert Message.objects.filter(direction="out").count() == 1


def test_support_agents_limited_to_their_account_get_it(cast, people, say, pair, limit, at, seen_by):
    ticket = say("@Frailejon hola", account=pair)
    limit(cast.juan, cast.bank_x)
    assert seen_by(cast.juan) == set()

    at(people.marketing).post(f"/frailejon/casos/{ticket.number}/entrega/")

    assert seen_by(cast.juan) == {ticket.pk}
    assert "@Frailejon hola" in at(cast.juan).get(f"/frailejon/casos/{ticket.number}/").content.decode()


def test_marketing_sees_only_brand_accounts(cast, people, say, pair, seen_by):
    mine = say("de marca", account=pair)
    say("de servicio", account=cast.bank_x)

    assert seen_by(people.marketing) == {mine.pk}


@pytest.mark.parametrize("path", ["respuestas/", "resolucion/", "tipo/", "asignacion/", "espera/"])
def test_marketing_neither_answers_nor_closes(cast, people, say, pair, at, path):
    ticket = say("de marca", account=pair)

    answer = at(people.marketing).post(
        f"/frailejon/casos/{ticket.number}/{path}",
        {
            "text": "x",
            "mode": "public",
            "client_token": "t",
            "kind": "queja",
            "assignee": people.marketing.pk,
        },
    )

    assert answer.status_code == 403
    with tenant(cast.bank.pk):
        assert not Message.objects.filter(direction="out").exists()
        assert Ticket.objects.get(pk=ticket.pk).state == "new"


def test_case_of_a_support_account_is_not_handed_over(cast, people, say, at):
    ticket = say("de servicio")

    assert at(cast.juan).post(f"/frailejon/casos/{ticket.number}/entrega/").status_code == 422


def test_brand_account_without_a_support_account_says_so(cast, people, say, brand, at):
    ticket = say("de marca", account=brand)

    answer = at(people.marketing).post(f"/frailejon/casos/{ticket.number}/entrega/")

    assert answer.status_code == 422
    assert "elija la cuenta de servicio" in answer.content.decode()


@pytest.mark.parametrize("name", ["{cuenta}", "", "   ", "{nombre} x", "Ana"])
def test_name_is_text_and_never_a_template(cast, pair, name):
    with tenant(cast.bank.pk):
        policy = AccountPolicy.objects.select_related("hands_to").get(account=pair)
        policy.hand_over_text = "Hola, {nombre}: {cuenta}."
        said = sentence_for(policy, name)

    assert said.count("@FrailejonAyuda") == 1
    assert said.endswith("@FrailejonAyuda.")


def test_admin_says_what_an_account_is_for(cast, people, at):
    client, path = at(cast.marta), f"/frailejon/ajustes/cuentas/{cast.bank_x.pk}/proposito/"
    other = f"/frailejon/ajustes/cuentas/{cast.bank_page.pk}/proposito/"

    assert client.post(path, {"purpose": "brand", "text": ""}).status_code == 422
    wrong = client.post(other, {"purpose": "support", "text": "sin nombrar a nadie"})
    assert "Debe decir {cuenta}" in wrong.content.decode()
    assert client.post(other, {"purpose": "support", "text": "{cuenta} le atiende"}).status_code == 302
    assert at(cast.juan).get(path).status_code == 403
    assert at(cast.carla).get(path).status_code == 404
