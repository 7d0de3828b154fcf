"""Who connected pages takes it back at Facebook: signed or refused, only their pages, and nothing of them kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client

from channels_social.domain.accounts import credentials_of, pause_account
from channels_social.domain.leaving import digest_of_person
from channels_social.models import DataDeletion, OutboundAction, SocialAccount
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.cast import Cast

MARTA, SOMEBODY = "61550000009001", "61550000009777"
LEAVE, FORGET = "/hooks/meta/deauthorize/", "/hooks/meta/data-deletion/"


def signed(
    person: Any = MARTA, *, at: datetime | None = None, secret: str = "sandbox-fb-app-secret", **more: Any
) -> str:
    said = {"algorithm": "HMAC-SHA256", "issued_at": int((at or clock.now()).timestamp()), "user_id": person}
    payload = base64.urlsafe_b64encode(json.dumps(said | more).encode()).rstrip(b"=")
    mac = hmac.new(secret.encode(), payload, hashlib.sha256).digest()
    return f"{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}.{payload.decode()}"


def tell(client: Client, path: str, request: str) -> Any:
    form = urlencode({"signed_request": request})
    return client.post(path, form, content_type="application/x-www-form-urlencoded")


@pytest.fixture
def lent(cast: Cast) -> Cast:
    """Marta lent the bank's page and the airline's; somebody else the bank's account on X."""
    for organization, account, who in (
        (cast.bank, cast.bank_page, MARTA),
        (cast.airline, cast.airline_page, MARTA),
        (cast.bank, cast.bank_x, SOMEBODY),
    ):
        with tenant(organization.pk):
            SocialAccount.objects.filter(pk=account.pk).update(
                authorized_by=digest_of_person(account.network, who),
                authorized_at=clock.now() - timedelta(hours=1),
            )
    return cast


def state(organization: Any, account: SocialAccount) -> tuple[str, str]:
    with tenant(organization.pk):
        account.refresh_from_db()
        return account.state, account.state_reason


def test_her_pages_stop_in_every_organization_and_no_other(lent, client):
    with tenant(lent.bank.pk):
        waiting = OutboundAction.objects.create(
            organization=lent.bank, account=lent.bank_page, kind="reply", thread_key="t", target_id="1",
            text="hola", client_token="c",
        )  # fmt: skip

    assert tell(client, LEAVE, signed()).status_code == 200

    assert state(lent.bank, lent.bank_page) == ("needs_reauth", "deauthorized")
    assert state(lent.airline, lent.airline_page) == ("needs_reauth", "deauthorized")
    assert state(lent.bank, lent.bank_x)[0] == "live"
    with tenant(lent.bank.pk):
        waiting.refresh_from_db()
        assert waiting.state == "held"
        assert AuditEvent.objects.filter(action="account.paused").count() == 1


def test_a_stop_that_was_noticed_before_says_why_now(lent, client):
    with tenant(lent.bank.pk):
        pause_account(lent.bank_page, state="needs_reauth", reason="458")

    tell(client, LEAVE, signed())

    assert state(lent.bank, lent.bank_page) == ("needs_reauth", "deauthorized")


@pytest.mark.parametrize("path", [LEAVE, FORGET])
@pytest.mark.parametrize(
    "request_", ["", "x", ".", "nada.nada", "á.é", signed(secret="of somebody else"), signed() + "A"]
)
def test_what_meta_did_not_sign_is_refused_before_it_is_read(lent, client, path, request_):
    assert tell(client, path, request_).status_code == 403
    assert client.get(path).status_code == 405
    assert state(lent.bank, lent.bank_page)[0] == "live"
    assert not DataDeletion.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"algorithm": "none"},
        {"user_id": ""},
        {"user_id": ["1"]},
        {"issued_at": "ayer"},
        {"issued_at": 10**20},
    ],
)
def test_what_is_signed_and_says_nothing_is_a_bad_request(lent, client, more):
    assert (
        tell(
            client, LEAVE, signed(**({"person": more["user_id"]} if "user_id" in more else more))
        ).status_code
        == 400
    )
    assert state(lent.bank, lent.bank_page)[0] == "live"


def test_too_much_is_not_read(client, settings):
    settings.WEBHOOK_MAX_BYTES = 1000
    assert tell(client, LEAVE, "x" * 2000).status_code == 413


def test_told_again_it_stops_nothing_that_was_connected_since(lent, client):
    tell(client, LEAVE, signed(at=clock.now() - timedelta(hours=2)))

    assert state(lent.bank, lent.bank_page)[0] == "live"


def test_a_person_who_connected_nothing_gets_a_code_all_the_same(lent, client):
    answer = tell(client, FORGET, signed(SOMEBODY)).json()

    assert answer["confirmation_code"].isalnum()
    assert state(lent.bank, lent.bank_page)[0] == "live"
    page = client.get(urlsplit(answer["url"]).path)
    assert page.status_code == 200
    assert answer["confirmation_code"] in page.content.decode()


def test_what_was_kept_of_her_goes_and_the_page_says_so(lent, client):
    request = signed()
    answer = tell(client, FORGET, request).json()

    assert set(answer) == {"url", "confirmation_code"}
    assert state(lent.bank, lent.bank_page) == ("needs_reauth", "data_deleted")
    assert (lent.bank_page.authorized_by, credentials_of(lent.bank_page)) == ("", {})
    petition = DataDeletion.objects.get()
    assert petition.accounts == 2
    kept = " ".join(str(value) for value in DataDeletion.objects.values().get().values())
    assert MARTA not in kept
    assert digest_of_person("facebook", MARTA) not in kept
    assert answer["url"].endswith(f"/privacidad/facebook/{petition.code}/")
    page = client.get(f"/privacidad/facebook/{petition.code}/").content.decode()
    assert "2 páginas" in page
    assert "Frailejón" not in page

    # Told again it is the same petition.
    assert tell(client, FORGET, request).json() == answer
    assert DataDeletion.objects.count() == 1


def test_the_sandbox_tells_both(lent, client, sandbox):
    """What its control API posts is what we accept: the body, as it came, is read by the callback."""
    sandbox.post("/facebook/deauthorize", page="frailejon")
    (delivery,) = sandbox.catcher.wait(1)
    assert delivery.path == LEAVE
    assert (
        client.post(LEAVE, delivery.body, content_type="application/x-www-form-urlencoded").status_code == 200
    )
    assert state(lent.bank, lent.bank_page)[1] == "deauthorized"
