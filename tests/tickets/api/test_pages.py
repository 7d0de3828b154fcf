"""The pages of keys and of subscriptions: shown once, agreed to by another, tried, switched off, told again."""

from __future__ import annotations

import re

import pytest

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.tokens import ApiToken
from tests.stories import hear, mention
from tests.tickets.api.conftest import Speaker
from tests.tickets.api.receiver import Receiver
from tickets.api.domain.deliveries import tell_all
from tickets.api.models import WebhookDelivery, WebhookSubscription
from tickets.cases.models import Ticket

KEYS, HOOKS = "/frailejon/ajustes/api/", "/frailejon/ajustes/avisos/"
FORM = {"name": "CRM de oficinas", "initials": "", "scopes": ["tickets:read", "messages:write"], "days": "90"}


def _words(page) -> str:
    found = re.search(r'id="token-words">(cfa_[^<]+)<', page.content.decode())
    assert found
    return found[1]


def test_key_is_shown_once_and_works_when_another_has_agreed(cast, log_in):
    page = log_in(cast.marta).post(KEYS, FORM)
    words = _words(page)
    speaker = Speaker(words)
    assert page["Cache-Control"] == "no-store"
    assert words not in log_in(cast.marta).get(KEYS).content.decode()
    assert speaker("get", "tickets/").json()["code"] == "token_waits"
    with tenant(cast.bank.pk):
        token = ApiToken.objects.get()
    assert (token.initials, token.prefix) == ("CO", words[:12])

    log_in(cast.paola).post(f"{KEYS}{token.pk}/aprobar/")

    assert speaker("get", "tickets/").status_code == 200


def test_who_made_it_does_not_agree_to_it(cast, log_in):
    client = log_in(cast.marta)
    client.post(KEYS, FORM)
    with tenant(cast.bank.pk):
        token = ApiToken.objects.get()

    client.post(f"{KEYS}{token.pk}/aprobar/")

    with tenant(cast.bank.pk):
        assert ApiToken.objects.get().approved_at is None


@pytest.mark.parametrize("who", ["juan", "andres"])
def test_agent_opens_neither_page(cast, log_in, who):
    client = log_in(getattr(cast, who))

    assert client.get(KEYS).status_code == client.get(HOOKS).status_code == 403


def test_supervisor_agrees_and_makes_none(cast, log_in):
    client = log_in(cast.paola)

    assert client.get(KEYS).status_code == 200
    assert client.post(KEYS, FORM).status_code == 403
    with tenant(cast.bank.pk):
        assert ApiToken.objects.count() == 0


def test_key_is_taken_away(cast, log_in):
    client = log_in(cast.marta)
    client.post(KEYS, FORM)
    with tenant(cast.bank.pk):
        token = ApiToken.objects.get()

    client.post(f"{KEYS}{token.pk}/anular/")

    with tenant(cast.bank.pk):
        assert ApiToken.objects.get().revoked_by_id == cast.marta.pk
    assert "anulada" in client.get(KEYS).content.decode()


def test_initials_of_a_colleague_are_not_a_keys_and_a_keys_not_a_colleagues(cast, log_in):
    client = log_in(cast.marta)

    assert client.post(KEYS, FORM | {"initials": "JC"}).status_code == 422
    assert client.post(KEYS, FORM | {"initials": "QQ"}).status_code == 200
    invited = {"name": "Quique Quintero", "email": "q@frailejon.example", "initials": "QQ", "role": "agent"}
    assert client.post("/frailejon/ajustes/equipo/", invited).status_code == 422


def test_strangers_key_is_not_there(cast, log_in, stranger):
    client = log_in(cast.marta)

    assert client.post(f"{KEYS}{stranger.token.pk}/anular/").status_code == 404
    assert stranger.token.name not in client.get(KEYS).content.decode()


def test_what_a_key_did_is_told_by_its_name(cast, log_in, speak):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces"))
    with tenant(cast.bank.pk):
        number = Ticket.objects.get().number
    speak()("post", f"tickets/{number}/notes/", {"text": "Ya va en camino"})
    speak()("patch", f"tickets/{number}/", {"state": "resolved"})

    story = log_in(cast.juan).get(f"/frailejon/casos/{number}/").content.decode()
    audit = log_in(cast.paola).get("/frailejon/ajustes/bitacora/").content.decode()

    assert story.count("API: CRM") >= 2
    assert "API: CRM" in audit


@pytest.fixture
def receiver(settings):
    one = Receiver()
    settings.WEBHOOK_DEV_HOSTS = [f"127.0.0.1:{one.port}"]
    yield one
    one.stop()


def test_subscription_is_made_tried_failed_mended_and_told_again(cast, log_in, receiver, as_worker):
    client = log_in(cast.marta)
    made = client.post(HOOKS, {"url": receiver.url, "events": ["ticket.created"]})
    assert "whsec_" in made.content.decode()
    with tenant(cast.bank.pk):
        one = WebhookSubscription.objects.get()
    address = f"{HOOKS}{one.pk}/"

    client.post(f"{address}probar/")
    receiver.status, receiver.headers = 302, {"Location": "http://127.0.0.1/admin"}
    with as_worker():
        tell_all()
    shown = client.get(address).content.decode()
    assert "redirección" in shown
    assert "HTTP 302" in shown

    receiver.status, receiver.headers = 200, {}
    with tenant(cast.bank.pk):
        delivery = WebhookDelivery.objects.get()
    client.post(f"{HOOKS}entregas/{delivery.pk}/")
    with as_worker():
        tell_all()
    with tenant(cast.bank.pk):
        assert list(WebhookDelivery.objects.order_by("pk").values_list("state", flat=True)) == [
            "failed", "delivered",
        ]  # fmt: skip

    client.post(f"{address}apagar/")
    assert "apagado" in client.get(address).content.decode()
    client.post(f"{address}encender/")
    client.post(f"{address}quitar/")
    with tenant(cast.bank.pk):
        assert WebhookSubscription.objects.count() == 0
        assert AuditEvent.objects.filter(action="webhook.unsubscribed", actor=cast.marta).exists()


def test_admin_who_sees_no_cases_is_not_offered_the_words(cast, log_in, receiver):
    client = log_in(cast.marta)
    assert "with_words" not in client.get(HOOKS).content.decode()

    client.post(HOOKS, {"url": receiver.url, "events": ["message.received"], "with_words": "on"})

    with tenant(cast.bank.pk):
        assert WebhookSubscription.objects.get().with_words is False


def test_address_inside_is_refused_in_the_form(cast, log_in):
    answer = log_in(cast.marta).post(HOOKS, {"url": "https://10.0.0.8/x", "events": ["ticket.created"]})

    assert answer.status_code == 422
    assert "red privada" in answer.content.decode()
