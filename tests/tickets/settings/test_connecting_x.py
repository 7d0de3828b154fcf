"""Connecting X over real HTTP: there, yes or no, and back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from channels_social.domain.accounts import credentials_of, pause_account
from channels_social.models import OutboundAction, PollCursor, SocialAccount
from channels_social.networks import registry
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import open_case
from tests.tickets.settings.conftest import notices
from tickets.cases.models import Message
from tickets.settings.models import AccountPolicy

pytestmark = pytest.mark.django_db(transaction=True)
BANK, AIRLINE = "1800000000000000001", "1800000000000000002"


@pytest.fixture
def new_account(sandbox: Any) -> str:
    """An account on X that nobody has connected."""
    made = sandbox.control(
        "POST", "/companies", {"slug": "ahorro", "x": {"username": "AhorroAyuda"}, "page": None}
    )
    return str(made["x_user_id"])


def test_admin_connects_an_account(cast, somebody, new_account):
    answer = somebody(cast.marta).connect("x", account=new_account)

    assert answer.redirect_chain[-1][0] == "/frailejon/ajustes/cuentas/"
    assert "@AhorroAyuda quedó conectada: recibe y responde." in notices(answer)
    assert "AhorroAyuda" in answer.content.decode()
    with tenant(cast.bank.pk):
        account = SocialAccount.objects.get(external_id=new_account)
        credentials = credentials_of(account)
        assert (account.state, account.mode, account.handle) == ("live", "full", "AhorroAyuda")
        assert credentials["refresh_token"]
        assert account.capabilities["dm"]
        assert AccountPolicy.objects.get(account=account).voice == "usted"
        assert PollCursor.objects.filter(account=account).count() == 4
        line = AuditEvent.objects.get(action="account.connected", data__account=account.pk)
        assert line.actor_id == cast.marta.pk
    client = registry.get("x").client(external_id=new_account, credentials=credentials, capabilities={})
    assert client.check()["external_id"] == new_account


def test_x_is_asked_to_tell_at_once(cast, somebody, sandbox):
    bearer = "sandbox-x-app-bearer"
    before = sandbox.x("GET", "/2/activity/subscriptions", token=bearer).json()["data"]
    ours = [one for one in before if one["filter"]["user_id"] == BANK]
    for one in ours:
        sandbox.x("DELETE", f"/2/activity/subscriptions/{one['subscription_id']}", token=bearer)

    somebody(cast.marta).connect("x", account=BANK)

    after = sandbox.x("GET", "/2/activity/subscriptions", token=bearer).json()["data"]
    kinds = {one["event_type"] for one in after if one["filter"]["user_id"] == BANK}
    assert {"post.mention.create", "post.reply.create", "post.delete", "dm.received", "dm.sent"} <= kinds
    with tenant(cast.bank.pk):
        assert SocialAccount.objects.get(pk=cast.bank_x.pk).capabilities["push"] is True


def test_account_works_when_x_refuses_our_webhook(cast, somebody, sandbox, settings, new_account):
    settings.BASE_URL = "http://127.0.0.1:9"  # nobody answers X's challenge there

    answer = somebody(cast.marta).connect("x", account=new_account)

    assert "X no quiso avisar al instante de lo que llega a @AhorroAyuda" in notices(answer)
    with tenant(cast.bank.pk):
        account = SocialAccount.objects.get(external_id=new_account)
        assert (account.state, account.capabilities["push"]) == ("live", False)


def test_account_can_start_read_only(cast, somebody, new_account):
    answer = somebody(cast.marta).connect("x", account=new_account, form={"read_only": "1"})

    assert "quedó conectada en solo lectura" in notices(answer)
    with tenant(cast.bank.pk):
        assert SocialAccount.objects.get(external_id=new_account).mode == "read_only"


def test_no_at_the_network_connects_nothing(cast, somebody, new_account):
    answer = somebody(cast.marta).connect("x", account=new_account, decision="deny")

    assert "En X se dijo que no: no se conectó nada." in notices(answer)
    with tenant(cast.bank.pk):
        assert not SocialAccount.objects.filter(external_id=new_account).exists()


def test_state_of_nobody_is_refused(cast, somebody, new_account):
    person = somebody(cast.marta)
    back = person.decide(person.begin("x"), account=new_account)

    answer = person.client.get(back.replace("state=", "state=otro"))

    assert answer.status_code == 400
    assert "no la reconocemos" in answer.content.decode()
    with tenant(cast.bank.pk):
        assert not SocialAccount.objects.filter(external_id=new_account).exists()


def test_state_works_once(cast, somebody, new_account):
    person = somebody(cast.marta)
    back = person.decide(person.begin("x"), account=new_account)
    assert person.client.get(back).status_code == 302

    assert person.client.get(back).status_code == 400


def test_state_is_of_whoever_began(cast, somebody, new_account):
    """An attacker's return address opened by another admin connects nothing: the session knows no such state."""
    person = somebody(cast.marta)
    back = person.decide(person.begin("x"), account=new_account)
    other = Client()
    other.force_login(cast.carla.user)

    assert other.get(back).status_code == 400
    assert Client().get(back)["Location"].startswith("/cuenta/login/")


def test_state_is_of_its_network(cast, somebody, new_account):
    person = somebody(cast.marta)
    back = person.decide(person.begin("x"), account=new_account)

    assert person.client.get(back.replace("/connect/x/", "/connect/facebook/")).status_code == 400


def test_return_after_ten_minutes_is_too_late(cast, somebody, new_account, monkeypatch):
    from tickets.settings.domain import connecting

    person = somebody(cast.marta)
    back = person.decide(person.begin("x"), account=new_account)
    monkeypatch.setattr(connecting, "LASTS_S", 0)

    assert person.client.get(back).status_code == 400


def test_permission_lost_meanwhile_connects_nothing(cast, somebody, new_account):
    person = somebody(cast.marta)
    back = person.decide(person.begin("x"), account=new_account)
    with tenant(cast.bank.pk):
        cast.marta.permissions = []
        cast.marta.save()

    answer = person.client.get(back)

    assert answer.status_code == 403
    with tenant(cast.bank.pk):
        assert not SocialAccount.objects.filter(external_id=new_account).exists()


def test_account_of_another_organization_is_refused(cast, somebody, sandbox):
    answer = somebody(cast.marta).connect("x", account=AIRLINE)

    assert "@AlisiosAyuda ya está conectada por otra empresa" in notices(answer)
    with tenant(cast.bank.pk):
        assert not SocialAccount.objects.filter(external_id=AIRLINE).exists()
    with tenant(cast.airline.pk):
        account = SocialAccount.objects.get(external_id=AIRLINE)
        assert credentials_of(account) == {"access_token": "sandbox-x-token-alisios"}


def test_expired_code_says_what_to_do(cast, somebody, sandbox, new_account):
    sandbox.control("PUT", "/settings", {"code_s": 0})

    answer = somebody(cast.marta).connect("x", account=new_account)

    assert "X no aceptó el permiso" in notices(answer)
    assert "Vuelva a empezar" in notices(answer)


def test_network_that_is_down_says_so(cast, somebody, sandbox, settings, new_account):
    person = somebody(cast.marta)
    back = person.decide(person.begin("x"), account=new_account)
    settings.X_API_URL = "http://127.0.0.1:9"

    assert "X no responde ahora. No se conectó nada" in notices(person.come_back(back))


def test_server_without_an_application_says_which_variables(cast, somebody, sandbox, settings):
    settings.X_CLIENT_ID = ""
    person = somebody(cast.marta)

    answer = person.client.post("/frailejon/ajustes/cuentas/conectar/x/", follow=True)

    assert "X_CLIENT_ID" in notices(answer)


def test_reconnecting_lets_held_answers_leave(cast, somebody, sandbox):
    keys = open_case(cast)
    with tenant(cast.bank.pk):
        pause_account(cast.bank_x, state="needs_reauth", reason="401")
        Message.objects.filter(pk=keys["message"]).update(send_state="held")
        assert OutboundAction.objects.get().state == "held"

    answer = somebody(cast.marta).connect("x", account=BANK, form={"account": str(cast.bank_x.pk)})

    assert "@FrailejonAyuda quedó conectada" in notices(answer)
    with tenant(cast.bank.pk):
        account = SocialAccount.objects.get(pk=cast.bank_x.pk)
        assert (account.state, account.refusals) == ("live", 0)
        assert OutboundAction.objects.get().state == "queued"
        assert Message.objects.get(pk=keys["message"]).send_state == "queued"
        assert AuditEvent.objects.filter(action="account.reconnected").count() == 1


def test_reconnecting_read_only_keeps_answers_held(cast, somebody, sandbox):
    keys = open_case(cast)
    with tenant(cast.bank.pk):
        SocialAccount.objects.filter(pk=cast.bank_x.pk).update(mode="read_only")
        pause_account(cast.bank_x, state="needs_reauth", reason="401")

    somebody(cast.marta).connect("x", account=BANK, form={"account": str(cast.bank_x.pk)})

    with tenant(cast.bank.pk):
        assert SocialAccount.objects.get(pk=cast.bank_x.pk).mode == "read_only"
        assert OutboundAction.objects.get().state == "held"
        assert Message.objects.get(pk=keys["message"]).send_state == "held"


def test_reconnecting_with_another_account_changes_nothing(cast, somebody, new_account):
    form = {"account": str(cast.bank_x.pk)}

    answer = somebody(cast.marta).connect("x", account=new_account, form=form)

    assert "Usted autorizó @AhorroAyuda, y quería volver a conectar @FrailejonAyuda." in notices(answer)
    with tenant(cast.bank.pk):
        assert not SocialAccount.objects.filter(external_id=new_account).exists()
        assert credentials_of(SocialAccount.objects.get(pk=cast.bank_x.pk)) == {
            "access_token": "sandbox-x-token-frailejon"
        }


def test_account_of_another_organization_cannot_be_named(cast, somebody, sandbox):
    person = somebody(cast.marta)

    answer = person.client.post("/frailejon/ajustes/cuentas/conectar/x/", {"account": str(cast.airline_x.pk)})

    assert answer.status_code == 404


def test_agent_cannot_begin(cast, somebody, sandbox):
    person = somebody(cast.juan)

    assert person.client.post("/frailejon/ajustes/cuentas/conectar/x/").status_code == 403


def test_browser_may_follow_the_form_to_the_network(cast, somebody, sandbox):
    """The policy of the page: Chromium applies form-action to redirects too."""
    answer = somebody(cast.marta).client.get("/frailejon/ajustes/cuentas/")

    [allowed] = [
        rule for rule in answer["Content-Security-Policy"].split("; ") if rule.startswith("form-action")
    ]
    assert sandbox.url in allowed.split()
