"""OAuth 2.0 with PKCE as X does it: codes for 30 s, access tokens for 2 h, refresh tokens that work once.

Presenting a refresh token a second time ends its whole family (seen in production: trypost#126,
gptme-contrib#285).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import Response

from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.page.consent import bullets, choice, go_back, hidden, may_return, refusal
from channels_social.sandbox.page.templates import page
from channels_social.sandbox.web.call import Call, Jason
from channels_social.sandbox.world import World
from channels_social.sandbox.x import events

ASKED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
)


class OAuthProblem(Exception):
    """An error of the token endpoint."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(error)
        self.status, self.body = status, {"error": error, "error_description": description}


def form_of(call: Call) -> dict[str, str]:
    """What was posted as a form."""
    return dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))


def wrong_request(world: World, asked: dict[str, str]) -> str:
    """Why an authorization request cannot be shown; empty when it can."""
    if asked["client_id"] != world.environ.x_client_id:
        return "X no conoce esta aplicación (client_id)."
    if not may_return(world.environ, asked["redirect_uri"]):
        return "La dirección de regreso (redirect_uri) no es de esta aplicación."
    if asked["response_type"] != "code" or not asked["state"]:
        return "Faltan response_type=code o state."
    if asked["code_challenge_method"] not in ("S256", "plain") or not asked["code_challenge"]:
        return "Falta code_challenge, o su método no es S256 ni plain."
    return ""


def authorize(world: World, call: Call) -> Response:
    """GET /i/oauth2/authorize: who lends their account to the application?"""
    asked = {name: call.query.get(name, "") for name in ASKED}
    if words := wrong_request(world, asked):
        return refusal("x", "X", words)
    accounts = world.store.all("SELECT * FROM x_user WHERE company IS NOT NULL ORDER BY id")
    choices = "".join(
        choice("radio", "account", str(row["id"]), row["name"], "@" + row["username"], checked=at == 0)
        for at, row in enumerate(accounts)
    )
    return page(
        "consent.html",
        network="x",
        network_name="X",
        title="Circunflejo quiere usar una cuenta",
        explain="Podrá leer las menciones y los mensajes, y responder en su nombre.",
        question="¿Con qué cuenta?",
        hidden_html=hidden(asked),
        choices_html=choices,
        scopes_html=bullets(asked["scope"].split()),
    )


def decide(world: World, call: Call) -> Response:
    """POST /i/oauth2/authorize: back to the application, with a code or a refusal."""
    form = form_of(call)
    asked = {name: form.get(name, "") for name in ASKED}
    if words := wrong_request(world, asked):
        return refusal("x", "X", words)
    known = world.store.one("SELECT 1 FROM x_user WHERE id = ?", form.get("account") or 0)
    if form.get("decision") != "allow" or known is None:
        return go_back(asked["redirect_uri"], error="access_denied", state=asked["state"])
    code = world.mint.secret()
    world.store.add(
        "token",
        token=code,
        network="x",
        kind="code",
        account=form["account"],
        scopes=asked["scope"],
        expires_ms=now_ms() + int(world.rule("code_s") * 1000),
        detail=json.dumps(asked),
    )
    return go_back(asked["redirect_uri"], state=asked["state"], code=code)


def check_client(world: World, call: Call) -> None:
    """A confidential client says who it is with Basic authentication; raises OAuthProblem."""
    scheme, _, given = call.headers.get("authorization", "").partition(" ")
    right = base64.b64encode(f"{world.environ.x_client_id}:{world.environ.x_client_secret}".encode()).decode()
    if scheme.lower() != "basic" or not hmac.compare_digest(given.strip(), right):
        raise OAuthProblem(401, "unauthorized_client", "Missing valid authorization header")


def token(world: World, call: Call) -> Response:
    """POST /2/oauth2/token."""
    form = form_of(call)
    try:
        check_client(world, call)
        with world.store.transaction():
            kind = form.get("grant_type")
            if kind == "authorization_code":
                body, problem = from_code(world, form), None
            elif kind == "refresh_token":
                body, problem = from_refresh(world, form)
            else:
                raise OAuthProblem(400, "unsupported_grant_type", "Unsupported grant type")
        if problem is not None:
            raise problem
        return Jason(body, headers={"cache-control": "no-store"})
    except OAuthProblem as problem:
        return Jason(problem.body, problem.status)


def bad(what: str) -> OAuthProblem:
    """400 for a value that is not good."""
    return OAuthProblem(400, "invalid_request", f"Value passed for the {what} was invalid.")


def from_code(world: World, form: dict[str, str]) -> dict[str, Any]:
    """New tokens for a code that is fresh, unused, and whose verifier fits; raises OAuthProblem."""
    row = world.store.one(
        "SELECT * FROM token WHERE token = ? AND network = 'x' AND kind = 'code'", form.get("code")
    )
    if row is None or row["used_ms"] or row["expires_ms"] <= now_ms():
        raise bad("authorization code")
    asked = json.loads(row["detail"])
    if form.get("redirect_uri") != asked["redirect_uri"]:
        raise bad("redirect uri")
    verifier = form.get("code_verifier", "")
    if asked["code_challenge_method"] == "S256":
        verifier = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    if not hmac.compare_digest(verifier, asked["code_challenge"]):
        raise bad("code verifier")
    world.store.run("UPDATE token SET used_ms = ? WHERE token = ?", now_ms(), row["token"])
    world.store.run(
        "UPDATE token SET revoked = NULL WHERE network = 'x' AND account = ? AND fixed = 1", row["account"]
    )
    return pair(world, row["account"], row["scopes"], world.mint.secret())


def from_refresh(world: World, form: dict[str, str]) -> tuple[dict[str, Any], OAuthProblem | None]:
    """New tokens for a refresh token, which is then used up; one that was used before kills its family.

    The family's end is written although the answer is an error, so the error is given back instead of raised.
    """
    sql = "SELECT * FROM token WHERE token = ? AND network = 'x' AND kind = 'refresh'"
    row = world.store.one(sql, form.get("refresh_token"))
    if row is None or row["revoked"] or world.faults.on("x", "revoked"):
        return {}, bad("token")
    if row["used_ms"] and not row["fixed"]:
        world.store.run("UPDATE token SET revoked = 'reused' WHERE family = ? AND fixed = 0", row["family"])
        return {}, bad("token")
    world.store.run("UPDATE token SET used_ms = ? WHERE token = ?", now_ms(), row["token"])
    return pair(world, row["account"], row["scopes"], row["family"]), None


def pair(world: World, account: str, scopes: str, family: str) -> dict[str, Any]:
    """A new access token, and a refresh token when `offline.access` was granted."""
    life = int(world.rule("access_token_s"))
    access = world.mint.secret()
    columns = {"network": "x", "account": account, "scopes": scopes, "family": family}
    world.store.add("token", token=access, kind="access", expires_ms=now_ms() + life * 1000, **columns)
    body = {"token_type": "bearer", "expires_in": life, "access_token": access, "scope": scopes}
    if "offline.access" in scopes.split():
        body["refresh_token"] = world.mint.secret()
        world.store.add("token", token=body["refresh_token"], kind="refresh", **columns)
    return body


def revoke(world: World, call: Call) -> Response:
    """POST /2/oauth2/revoke."""
    try:
        check_client(world, call)
    except OAuthProblem as problem:
        return Jason(problem.body, problem.status)
    given = form_of(call).get("token", "")
    row = world.store.one("SELECT * FROM token WHERE token = ? AND network = 'x'", given)
    if row is not None:
        with world.store.transaction():
            world.store.run("UPDATE token SET revoked = 'revoked' WHERE token = ?", given)
            events.revoked(world, int(row["account"]), world.environ.x_client_id)
    return Jason({"revoked": True})
