"""OAuth 2.0 with PKCE on the local X: consent, exchange, single-use refresh tokens."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

from requests_oauthlib import OAuth2Session

VERIFIER = "v" * 64
BASIC = ("sandbox-x-client", "sandbox-x-client-secret")
SCOPES = "tweet.read users.read dm.read offline.access"


def asked(sandbox, **more):
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    return {
        "response_type": "code",
        "client_id": "sandbox-x-client",
        "redirect_uri": f"{sandbox.base_url}/connect/x/callback/",
        "scope": SCOPES,
        "state": "s1",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **more,
    }


def consent(sandbox, decision="allow", **more):
    """Press the button; gives what comes back in the address."""
    form = asked(sandbox, **more) | {"account": "1800000000000000002", "decision": decision}
    address = f"{sandbox.url}/x/i/oauth2/authorize"
    answer = sandbox.http.post(address, data=form, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    return {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def exchange(sandbox, auth=BASIC, **form):
    return sandbox.http.post(f"{sandbox.url}/x/2/oauth2/token", data=form, auth=auth, timeout=5)


def by_code(sandbox, code, verifier=VERIFIER):
    back = f"{sandbox.base_url}/connect/x/callback/"
    return exchange(
        sandbox, grant_type="authorization_code", code=code, code_verifier=verifier, redirect_uri=back
    )


def renewed(sandbox, tokens):
    return exchange(sandbox, grant_type="refresh_token", refresh_token=tokens["refresh_token"])


def test_consent_page_offers_the_companies_and_refuses_strange_addresses(sandbox):
    address = f"{sandbox.url}/x/i/oauth2/authorize"
    page = sandbox.http.get(address, params=asked(sandbox), timeout=5)
    assert page.status_code == 200
    assert "@AlisiosAyuda" in page.text
    strange = sandbox.http.get(
        address, params=asked(sandbox, redirect_uri="https://ladron.example/"), timeout=5
    )
    assert strange.status_code == 400
    assert "ladron.example" not in strange.text


def test_denied_consent_comes_back_with_an_error(sandbox):
    assert consent(sandbox, decision="deny") == {"error": "access_denied", "state": "s1"}


def test_code_works_once_with_its_verifier(sandbox):
    code = consent(sandbox)["code"]
    assert by_code(sandbox, code, verifier="otro" * 20).status_code == 400
    tokens = by_code(sandbox, code).json()
    assert tokens["expires_in"] == 7200
    me = sandbox.x("GET", "/2/users/me", token=tokens["access_token"]).json()
    assert me["data"]["username"] == "AlisiosAyuda"
    assert by_code(sandbox, code).json()["error_description"] == (
        "Value passed for the authorization code was invalid."
    )


def test_code_dies_after_its_time(sandbox):
    sandbox.control("PUT", "/settings", {"code_s": 0})
    assert by_code(sandbox, consent(sandbox)["code"]).status_code == 400


def test_scopes_that_were_not_granted_are_refused(sandbox):
    token = by_code(sandbox, consent(sandbox)["code"]).json()["access_token"]
    assert sandbox.x("POST", "/2/tweets", token=token, json={"text": "hola"}).status_code == 403


def test_refresh_works_once_and_reuse_kills_the_family(sandbox):
    first = by_code(sandbox, consent(sandbox)["code"]).json()
    second = renewed(sandbox, first).json()
    assert sandbox.x("GET", "/2/users/me", token=second["access_token"]).status_code == 200
    again = renewed(sandbox, first)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request")
    assert (
        exchange(sandbox, grant_type="refresh_token", refresh_token=second["refresh_token"]).status_code
        == 400
    )
    assert sandbox.x("GET", "/2/users/me", token=second["access_token"]).status_code == 401


def test_refresh_without_basic_is_unauthorized_client(sandbox):
    answer = exchange(sandbox, auth=None, grant_type="refresh_token", refresh_token="x")
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized_client")


def test_expired_access_token_is_401_and_oauthlib_refreshes_it(sandbox, monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    sandbox.control("PUT", "/settings", {"access_token_s": 0})
    tokens = by_code(sandbox, consent(sandbox)["code"]).json()
    assert sandbox.x("GET", "/2/users/me", token=tokens["access_token"]).status_code == 401
    sandbox.control("PUT", "/settings", {"access_token_s": None})
    with OAuth2Session("sandbox-x-client", token=tokens) as session:
        url = f"{sandbox.url}/x/2/oauth2/token"
        new = session.refresh_token(url, refresh_token=tokens["refresh_token"], auth=BASIC)
    assert sandbox.x("GET", "/2/users/me", token=new["access_token"]).status_code == 200


def test_fixed_tokens_need_no_clicking_and_their_refresh_can_be_repeated(sandbox):
    for _ in range(2):
        answer = exchange(sandbox, grant_type="refresh_token", refresh_token="sandbox-x-refresh-frailejon")
        assert answer.status_code == 200
