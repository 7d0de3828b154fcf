"""X's tokens live two hours and are exchanged under a lock; a used refresh token must never be shown again."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.db import connection

from channels_social.domain.accounts import connect_account, credentials_of
from channels_social.domain.refreshing import client_for
from channels_social.models import SocialAccount
from channels_social.networks.base import NetworkError
from channels_social.networks.facebook import oauth as facebook
from channels_social.networks.x import oauth
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.channels_social.conftest import Sandbox

BACK = "/connect/x/callback/"


def granted(sandbox: Sandbox) -> tuple[oauth.Tokens, str]:
    """Tokens as an admin gets them: dialog, code, exchange."""
    redirect = f"http://127.0.0.1:{sandbox.catcher.server_port}{BACK}"
    start = oauth.begin(redirect)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(start.url).query).items()}
    form = asked | {"account": "1800000000000000001", "decision": "allow"}
    answer = requests.post(start.url.partition("?")[0], data=form, allow_redirects=False, timeout=10)
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["state"] == [start.state]
    return oauth.exchange(code=query["code"][0], verifier=start.verifier, redirect_uri=redirect), redirect


def connect(cast: Cast, tokens: oauth.Tokens, *, left: timedelta) -> SocialAccount:
    with tenant(cast.bank.pk):
        return connect_account(
            organization_id=cast.bank.pk,
            network="x",
            external_id="1800000000000000001",
            name="Banco",
            handle="FrailejonAyuda",
            credentials=tokens.credentials(),
            expires_at=clock.now() + left,
        )


def test_fresh_tokens_are_used_as_they_are(cast: Cast, sandbox: Sandbox) -> None:
    tokens, _ = granted(sandbox)
    account = connect(cast, tokens, left=timedelta(hours=2))
    assert client_for(account).check()["handle"] == "FrailejonAyuda"
    assert credentials_of(account)["access_token"] == tokens.access


def test_old_tokens_are_exchanged_before_use(cast: Cast, sandbox: Sandbox) -> None:
    tokens, _ = granted(sandbox)
    account = connect(cast, tokens, left=timedelta(minutes=5))
    assert client_for(account).check()["handle"] == "FrailejonAyuda"
    with tenant(cast.bank.pk):
        kept = credentials_of(SocialAccount.objects.get(pk=account.pk))
    assert kept["access_token"] != tokens.access
    assert kept["refresh_token"] != tokens.refresh
    assert account.token_expires_at is not None
    assert account.token_expires_at > clock.now() + timedelta(hours=1)


def test_dead_grant_asks_for_the_admin(cast: Cast, sandbox: Sandbox) -> None:
    tokens, _ = granted(sandbox)
    account = connect(cast, tokens, left=timedelta(minutes=5))
    sandbox.fault("x", "revoked")
    with pytest.raises(NetworkError) as error:
        client_for(account)
    assert error.value.verdict == "auth"
    with tenant(cast.bank.pk):
        account.refresh_from_db()
    assert account.state == "needs_reauth"


def test_codes_and_verifiers_must_fit(cast: Cast, sandbox: Sandbox) -> None:
    with pytest.raises(NetworkError) as error:
        oauth.exchange(code="stolen", verifier="guess", redirect_uri="http://127.0.0.1/")
    assert error.value.verdict == "auth"
    tokens, _ = granted(sandbox)
    oauth.revoke(tokens.access)


@pytest.mark.django_db(transaction=True)
def test_two_workers_refresh_once(cast: Cast, sandbox: Sandbox) -> None:
    tokens, _ = granted(sandbox)
    account = connect(cast, tokens, left=timedelta(minutes=5))
    sandbox.fault("x", "slow", seconds=0.3)
    handles: list[Any] = []

    def work() -> None:
        try:
            with tenant(cast.bank.pk):
                mine = SocialAccount.objects.get(pk=account.pk)
            handles.append(client_for(mine).check()["handle"])
        except NetworkError as error:
            handles.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert handles == ["FrailejonAyuda"] * 3


def test_pages_are_handed_over(cast: Cast, sandbox: Sandbox) -> None:
    redirect = f"http://127.0.0.1:{sandbox.catcher.server_port}/connect/facebook/callback/"
    start = facebook.begin(redirect)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(start.url).query).items()}
    form = asked | {"page": "100000000000101", "decision": "allow"}
    answer = requests.post(start.url.partition("?")[0], data=form, allow_redirects=False, timeout=10)
    code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
    (page,) = facebook.pages_for(code=code, redirect_uri=redirect)
    assert (page.external_id, page.name) == ("100000000000101", "Banco Frailejón")
    facebook.subscribe(page)
    assert facebook.inspect(page.access_token)["is_valid"] is True
