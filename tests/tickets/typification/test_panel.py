"""What an agent meets: resolving asks for what is owed, loses nothing, and the same request resolves."""

from __future__ import annotations

import re

import pytest

from channels_social.networks.base import Author
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tickets.cases.access import Petition
from tickets.cases.classification import Classification
from tickets.cases.models import Ticket
from tickets.replies.domain import casework

HTMX = {"HX-Request": "true"}


@pytest.fixture
def number(cast) -> int:
    """A filed case of the bank."""
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces con la tarjeta débito y nadie responde"))
    with tenant(cast.bank.pk):
        return Ticket.objects.get().number


def address(number: int, what: str = "tipificacion") -> str:
    return f"/frailejon/casos/{number}/{what}/"


def the(cast) -> Ticket:
    with tenant(cast.bank.pk):
        return Ticket.objects.get()


def said(cast) -> list[tuple]:
    with tenant(cast.bank.pk):
        rows = Classification.objects.filter(is_current=True)
        return list(rows.values_list("motive__name", "product__name", "cause__name", "result__name", "rank"))


def test_resolving_without_a_motive_opens_the_panel_with_what_is_missing(cast, number, log_in):
    answer = log_in(cast.juan).post(address(number, "resolucion"), headers=HTMX)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "falta el motivo, la causa raíz y el resultado" in page
    assert 'data-needed="motive cause result"' in page
    assert the(cast).is_open


def test_resolving_without_a_motive_says_so_without_scripts_too(cast, number, log_in):
    answer = log_in(cast.juan).post(address(number, "resolucion"))

    assert answer.status_code == 422
    assert "falta el motivo" in answer.content.decode()
    assert "<html" in answer.content.decode()


def test_three_suggestions_come_first_with_the_words_that_made_them(cast, number, log_in):
    page = log_in(cast.juan).get(address(number), headers=HTMX).content.decode()

    picks = re.findall(r'value="(motive-[^"|]+)\|(\d)"', page)
    assert picks[0] == ("motive-doble-cobro", "1")
    assert [rank for _key, rank in picks] == ["1", "2", "3"]
    assert "cobraron" in page
    assert page.count('data-find="') == 41
    assert re.search(r'value="product-tarjeta-debito" selected', page)


def test_one_request_says_everything_and_resolves(cast, number, log_in):
    chosen = {
        "motive": "motive-doble-cobro|1",
        "product": "product-tarjeta-debito",
        "cause": "cause-falla-de-sistema",
        "result": "result-a-favor-del-cliente",
        "then": "resolve",
    }
    answer = log_in(cast.juan).post(address(number), chosen, headers=HTMX)

    assert answer.status_code == 200
    assert the(cast).state == "resolved"
    assert said(cast) == [("Doble cobro", "Tarjeta débito", "Falla de sistema", "A favor del cliente", 1)]


def test_what_was_chosen_stays_when_something_is_still_missing(cast, number, log_in):
    client = log_in(cast.juan)
    answer = client.post(address(number), {"motive": "motive-comision", "then": "resolve"}, headers=HTMX)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'data-needed="cause result"' in page
    assert re.search(r'value="motive-comision" checked', page)
    assert said(cast)[0][0] == "Comisión"
    assert the(cast).is_open


def test_choice_that_is_not_in_the_tree_is_refused_and_the_rest_kept(cast, number, log_in):
    chosen = {"motive": "motive-inventado", "cause": "cause-proceso"}
    answer = log_in(cast.juan).post(address(number), chosen, headers=HTMX)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "no está en el árbol" in page
    assert re.search(r'value="cause-proceso"[^>]* checked', page)
    assert said(cast) == []


def test_trainee_typifies_and_asks_for_the_rest(cast, number, log_in):
    with tenant(cast.bank.pk):
        casework.assign(Ticket.objects.get(number=number), to=cast.andres, by=cast.paola)
    client = log_in(cast.andres)

    assert client.post(address(number), {"motive": "motive-doble-cobro"}, headers=HTMX).status_code == 200
    chosen = {"motive": "motive-comision", "then": "resolve"}
    assert client.post(address(number), chosen, headers=HTMX).status_code == 422  # a filed case owes more
    ends = {"cause": "cause-sin-falla", "result": "result-informado", "steps_reason": "era su cuota del mes"}
    client.post(address(number), chosen | ends)

    assert said(cast)[-1][0] == "Comisión"
    with tenant(cast.bank.pk):
        assert Ticket.objects.get(number=number).is_open
        assert Petition.objects.get().action == "resolve"


def test_motive_proposes_kind_and_priority_and_changes_neither(cast, log_in):
    hear(cast, mention("@FrailejonAyuda ¿a qué hora abren?", number=5))
    case, client = the(cast), log_in(cast.juan)
    page = client.post(
        address(case.number), {"motive": "motive-transferencia-no-autorizada"}, headers=HTMX
    ).content.decode()

    after = the(cast)
    assert (after.kind, after.priority) == (case.kind, case.priority)
    assert "Pasar a tipo Reclamo" in page
    assert "Subir a prioridad crítica" in page


def test_taking_the_priority_dates_the_clocks_again(cast, log_in):
    hear(cast, mention("@FrailejonAyuda ¿a qué hora abren?", number=5))
    case, client = the(cast), log_in(cast.juan)
    client.post(address(case.number), {"motive": "motive-transferencia-no-autorizada"}, headers=HTMX)
    client.post(address(case.number, "prioridad"), {"priority": "critical"}, headers=HTMX)

    after = the(cast)
    assert after.priority == "critical"
    assert after.next_deadline_at < case.next_deadline_at
    assert after.priority_reasons[-1] == "motivo: transferencia no autorizada"


def test_priority_that_no_motive_proposes_is_refused(cast, number, log_in):
    before = the(cast).priority
    answer = log_in(cast.juan).post(address(number, "prioridad"), {"priority": "low"}, headers=HTMX)

    assert answer.status_code == 409
    assert the(cast).priority == before


def odd(n: int, text: str = "@FrailejonAyuda el plástico quedó en blanco otra vez"):
    """Somebody says what no name of the tree says."""
    return mention(text, number=10 + n, author=Author(str(3000 + n), "user", f"Cliente {n}", f"cliente_{n}"))


def first_suggestion(client, org: str, number: int) -> str:
    page = client.get(f"/{org}/casos/{number}/tipificacion/", headers=HTMX).content.decode()
    found = re.search(r'value="([^"|]+)\|1"', page)
    assert found is not None
    return found[1]


def test_motives_are_learned_from_the_organizations_own_cases(cast, log_in):
    client = log_in(cast.juan)
    for n in range(4):
        hear(cast, odd(n))
        with tenant(cast.bank.pk):
            newest = Ticket.objects.latest("id").number
        if n < 3:
            assert n or first_suggestion(client, "frailejon", newest) != "motive-certificado"
            client.post(address(newest), {"motive": "motive-certificado"}, headers=HTMX)

    assert first_suggestion(client, "frailejon", newest) == "motive-certificado"


def test_nothing_is_learned_from_another_organization(cast, log_in):
    client = log_in(cast.juan)
    for n in range(3):
        hear(cast, odd(n))
        with tenant(cast.bank.pk):
            newest = Ticket.objects.latest("id").number
        client.post(address(newest), {"motive": "motive-trato"}, headers=HTMX)
    hear(cast, odd(9), account=cast.airline_x)
    with tenant(cast.airline.pk):
        theirs = Ticket.objects.get().number

    assert first_suggestion(log_in(cast.carla), "alisios", theirs) != "motive-trato"
