"""Connecting pages over real HTTP: Facebook Login, then choosing here."""

from __future__ import annotations

import re

import pytest

from channels_social.domain.accounts import credentials_of
from channels_social.models import SocialAccount
from channels_social.networks import registry
from helpdesk.tenancy.context import tenant
from tests.tickets.settings.conftest import notices
from tickets.settings.domain import connecting

pytestmark = pytest.mark.django_db(transaction=True)
BANK_PAGE, AIRLINE_PAGE = "100000000000101", "100000000000102"
CHOOSE = "/frailejon/ajustes/cuentas/paginas/"


@pytest.fixture
def new_page(sandbox) -> str:
    """A page nobody has connected."""
    made = sandbox.control(
        "POST", "/companies", {"slug": "ahorro", "page": {"name": "Ahorro Fácil"}, "x": None}
    )
    return str(made["page_id"])


def test_admin_chooses_among_the_pages_they_lent(cast, somebody, new_page):
    person = somebody(cast.marta)

    shown = person.connect("facebook", page=[BANK_PAGE, new_page])

    assert shown.redirect_chain[-1][0] == CHOOSE
    text = shown.content.decode()
    assert "Ahorro Fácil" in text
    assert "Banco Frailejón" in text
    answer = person.client.post(CHOOSE, {"pages": [new_page]}, follow=True)
    assert "Ahorro Fácil quedó conectada: recibe y responde." in notices(answer)
    with tenant(cast.bank.pk):
        account = SocialAccount.objects.get(external_id=new_page)
        credentials = credentials_of(account)
        assert account.capabilities["push"] is True
        # The one that was not chosen keeps the token it had.
        assert credentials_of(SocialAccount.objects.get(pk=cast.bank_page.pk)) == {
            "access_token": "sandbox-fb-token-frailejon"
        }
    client = registry.get("facebook").client(external_id=new_page, credentials=credentials, capabilities={})
    assert client.check()["name"] == "Ahorro Fácil"


def test_tokens_wait_sealed_in_the_session(cast, somebody, new_page):
    person = somebody(cast.marta)
    person.connect("facebook", page=[new_page])

    kept = str(dict(person.client.session))

    assert "offered_pages" in kept
    assert "EAA" not in kept.replace(person.client.session["offered_pages"], "")
    assert new_page not in kept


def test_page_of_another_organization_is_refused_and_the_rest_connected(cast, somebody, new_page):
    person = somebody(cast.marta)
    person.connect("facebook", page=[AIRLINE_PAGE, new_page])

    answer = person.client.post(CHOOSE, {"pages": [AIRLINE_PAGE, new_page]}, follow=True)

    assert "Alisios ya está conectada por otra empresa" in notices(answer)
    assert "Ahorro Fácil quedó conectada" in notices(answer)
    with tenant(cast.airline.pk):
        assert SocialAccount.objects.filter(external_id=AIRLINE_PAGE).exists()
    with tenant(cast.bank.pk):
        assert not SocialAccount.objects.filter(external_id=AIRLINE_PAGE).exists()


def test_page_that_was_not_lent_cannot_be_asked_for(cast, somebody, new_page):
    person = somebody(cast.marta)
    person.connect("facebook", page=[BANK_PAGE])

    answer = person.client.post(CHOOSE, {"pages": [new_page]})

    assert answer.status_code == 422
    with tenant(cast.bank.pk):
        assert not SocialAccount.objects.filter(external_id=new_page).exists()


def test_choosing_nothing_says_so_and_keeps_the_list(cast, somebody, new_page):
    person = somebody(cast.marta)
    person.connect("facebook", page=[new_page])

    answer = person.client.post(CHOOSE, {})

    assert answer.status_code == 422
    assert "Elija al menos una página." in answer.content.decode()
    assert "Ahorro Fácil" in answer.content.decode()


def test_list_that_expired_asks_to_begin_again(cast, somebody, new_page, monkeypatch):
    person = somebody(cast.marta)
    person.connect("facebook", page=[new_page])
    monkeypatch.setattr(connecting, "LASTS_S", 0)

    answer = person.client.get(CHOOSE, follow=True)

    assert "La lista de páginas venció" in notices(answer)


def test_offered_pages_are_of_the_organization_they_were_lent_to(cast, somebody, new_page):
    person = somebody(cast.marta)
    person.connect("facebook", page=[new_page])
    with tenant(cast.airline.pk):
        cast.carla.permissions = ["manage_accounts"]
        cast.carla.user, cast.carla.user_id = cast.marta.user, cast.marta.user_id
        cast.carla.save()

    answer = person.client.get("/alisios/ajustes/cuentas/paginas/", follow=True)

    assert "La lista de páginas venció" in notices(answer)


def test_no_at_facebook_connects_nothing(cast, somebody, new_page):
    answer = somebody(cast.marta).connect("facebook", page=[new_page], decision="deny")

    assert "En Facebook se dijo que no" in notices(answer)


def test_reconnecting_a_page_wants_that_page(cast, somebody, new_page):
    person, form = somebody(cast.marta), {"account": str(cast.bank_page.pk)}

    wrong = person.connect("facebook", page=[new_page], form=form)
    right = person.connect("facebook", page=[new_page, BANK_PAGE], form=form)

    assert "quería volver a conectar Banco Frailejón" in notices(wrong)
    text = right.content.decode()
    assert re.findall(r'value="(\d+)"[^>]* checked', text) == [BANK_PAGE]
