"""Facebook Login: the dialog, code and token exchanges, what a token is worth; the app's own webhook."""

from __future__ import annotations

import hmac
import json
import secrets
import sqlite3
import urllib.request
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.responses import Response

from channels_social.sandbox.graph.errors import bad_token, oauth
from channels_social.sandbox.graph.gate import given
from channels_social.sandbox.graph.reads import find
from channels_social.sandbox.graph.rows import page_row
from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.page.consent import bullets, choice, go_back, hidden, may_return, refusal
from channels_social.sandbox.page.templates import page
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World

ASKED = ("client_id", "redirect_uri", "state", "scope", "response_type")
CODE_MS, SHORT_MS, LONG_MS, DATA_MS = 600_000, 3_600_000 * 2, 86_400_000 * 60, 86_400_000 * 90
DEFAULT_SCOPES = "public_profile"


def wrong_request(world: World, asked: dict[str, str]) -> str:
    """Why a dialog cannot be shown; empty when it can."""
    if asked["client_id"] != world.environ.fb_app_id:
        return "Facebook no conoce esta aplicación (client_id)."
    if not may_return(world.environ, asked["redirect_uri"]):
        return "La dirección de regreso (redirect_uri) no está en los dominios de esta aplicación."
    return ""


def dialog(world: World, call: Call) -> Response:
    """GET /facebook/{version}/dialog/oauth: which pages does the application get?"""
    asked = {name: call.query.get(name, "") for name in ASKED}
    if words := wrong_request(world, asked):
        return refusal("facebook", "Facebook", words)
    choices = []
    for row in world.store.all("SELECT * FROM fb_page ORDER BY id"):
        label = f"{row['category']} · {row['id']}" if row["category"] else row["id"]
        choices.append(choice("checkbox", "page", row["id"], row["name"], label, checked=True))
    return page(
        "consent.html",
        network="facebook",
        network_name="Facebook",
        title="Circunflejo quiere atender sus páginas",
        explain="Podrá leer comentarios y mensajes, responder y moderar en nombre de las páginas elegidas.",
        question="¿Qué páginas?",
        hidden_html=hidden(asked),
        choices_html="".join(choices),
        scopes_html=bullets((asked["scope"] or DEFAULT_SCOPES).replace(",", " ").split()),
    )


def decide(world: World, call: Call) -> Response:
    """POST /facebook/{version}/dialog/oauth: back to the application, with a code or a refusal."""
    pairs = parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True)
    form = dict(pairs)
    asked = {name: form.get(name, "") for name in ASKED}
    if words := wrong_request(world, asked):
        return refusal("facebook", "Facebook", words)
    pages = [value for name, value in pairs if name == "page" and page_row(world, value) is not None]
    state = {"state": asked["state"]} if asked["state"] else {}
    if form.get("decision") != "allow" or not pages:
        told = {"error": "access_denied", "error_code": "200", "error_reason": "user_denied"}
        return go_back(asked["redirect_uri"], **told, error_description="Permissions error", **state)
    code, detail = world.mint.secret("AQ"), {"pages": pages, "redirect_uri": asked["redirect_uri"]}
    scopes = (asked["scope"] or DEFAULT_SCOPES).replace(",", " ")
    columns = {
        "network": "facebook",
        "kind": "code",
        "account": manager_of(world, pages[0]),
        "scopes": scopes,
    }
    columns |= {"detail": json.dumps(detail)}
    world.store.add("token", token=code, expires_ms=now_ms() + CODE_MS, **columns)
    return go_back(asked["redirect_uri"], code=code, **state)


def manager_of(world: World, number: str) -> str:
    """The Facebook user who manages a page."""
    sql = (
        "SELECT family FROM token WHERE network = 'facebook' AND kind = 'page' AND account = ? AND fixed = 1"
    )
    row = world.store.one(sql, number)
    return row["family"] if row else "61550000009000"


def access_token(world: World, call: Call) -> dict[str, Any]:
    """GET or POST /oauth/access_token: code for short token, short token for one of 60 days, app token."""
    client, secret = given(call, "client_id"), given(call, "client_secret")
    if client != world.environ.fb_app_id or not hmac.compare_digest(secret, world.environ.fb_app_secret):
        raise oauth(1, "Error validating client secret.")
    kind = given(call, "grant_type")
    if kind == "client_credentials":
        return {"access_token": f"{client}|{secret}", "token_type": "bearer"}
    if kind == "fb_exchange_token":
        row = user_token(world, given(call, "fb_exchange_token"))
        return new_token(world, row, LONG_MS)
    row = fresh_code(world, call)
    world.store.run("UPDATE token SET used_ms = ? WHERE token = ?", now_ms(), row["token"])
    return new_token(world, row, SHORT_MS)


def fresh_code(world: World, call: Call) -> sqlite3.Row:
    """A code that is good; raises GraphProblem."""
    sql = "SELECT * FROM token WHERE token = ? AND network = 'facebook' AND kind = 'code'"
    row = world.store.one(sql, given(call, "code"))
    if row is None:
        raise oauth(100, "Invalid verification code format.")
    if row["used_ms"]:
        raise oauth(100, "This authorization code has been used.", subcode=36009)
    if row["expires_ms"] <= now_ms():
        raise oauth(100, "This authorization code has expired.", subcode=36007)
    if given(call, "redirect_uri") != json.loads(row["detail"])["redirect_uri"]:
        message = (
            "Error validating verification code. Please make sure your redirect_uri is identical to the "
        )
        raise oauth(100, message + "one you used in the OAuth dialog request", subcode=36008)
    return row


def user_token(world: World, token: str) -> sqlite3.Row:
    """A user's token; raises GraphProblem 190."""
    sql = "SELECT * FROM token WHERE token = ? AND network = 'facebook' AND kind = 'user'"
    row = world.store.one(sql + " AND revoked IS NULL", token)
    if row is None or (row["expires_ms"] and row["expires_ms"] <= now_ms()):
        raise bad_token()
    return row


def new_token(world: World, row: sqlite3.Row, life_ms: int) -> dict[str, Any]:
    """A user token, and behind it one per page that was chosen; page tokens do not expire."""
    token = world.mint.secret("EAA")
    columns = {
        "network": "facebook",
        "account": row["account"],
        "scopes": row["scopes"],
        "detail": row["detail"],
    }
    world.store.add("token", token=token, kind="user", expires_ms=now_ms() + life_ms, **columns)
    for number in json.loads(row["detail"])["pages"]:
        columns = {"network": "facebook", "account": number, "scopes": row["scopes"], "family": token}
        world.store.add("token", token=world.mint.secret("EAA"), kind="page", **columns)
        # Giving permission again mends what a withdrawn permission broke.
        sql = "UPDATE token SET revoked = NULL WHERE network = 'facebook' AND account = ? AND fixed = 1"
        world.store.run(sql, number)
    return {"access_token": token, "token_type": "bearer", "expires_in": life_ms // 1000}


def debug_token(world: World, call: Call) -> dict[str, Any]:
    """GET /debug_token?input_token=: what a token is worth, asked with the app token or the token itself."""
    asked = given(call, "input_token")
    row = world.store.one("SELECT * FROM token WHERE token = ? AND network = 'facebook'", asked)
    told: dict[str, Any] = {"app_id": world.environ.fb_app_id, "application": "Circunflejo"}
    if row is None or row["kind"] not in ("page", "user"):
        error = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return {"data": {"error": error, "is_valid": False, "scopes": []}}
    fault = world.faults.on("facebook", "revoked")
    dead = row["revoked"] or (fault is not None and fault.account in ("", row["account"]))
    expired = bool(row["expires_ms"]) and row["expires_ms"] <= now_ms()
    scopes = row["scopes"].replace(",", " ").split()
    told |= {"type": row["kind"].upper(), "expires_at": (row["expires_ms"] or 0) // 1000, "scopes": scopes}
    told |= {"data_access_expires_at": (now_ms() + DATA_MS) // 1000, "is_valid": not (dead or expired)}
    told |= {"granular_scopes": [{"scope": scope} for scope in scopes], "user_id": row["account"]}
    if row["kind"] == "page":
        told |= {"profile_id": row["account"], "user_id": manager_of(world, row["account"])}
    if dead:
        told["error"] = {"code": 190, "message": "The user has not authorized application", "subcode": 458}
    return {"data": told}


def subscribed(world: World, call: Call) -> dict[str, Any]:
    """GET /{page}/subscribed_apps."""
    _, row = find(world, call, call.named["id"])
    fields = [name for name in row["fields"].split(",") if name]
    one = {"link": world.environ.base_url, "name": "Circunflejo", "id": world.environ.fb_app_id}
    return {"data": [one | {"subscribed_fields": fields}]} if fields else {"data": []}


def subscribe(world: World, call: Call) -> dict[str, Any]:
    """POST /{page}/subscribed_apps?subscribed_fields=: which events of the page the app wants."""
    _, row = find(world, call, call.named["id"], "post")
    value = call.form.get("subscribed_fields", call.query.get("subscribed_fields", ""))
    names = value if isinstance(value, list) else str(value).strip("[]").replace('"', "").split(",")
    fields = ",".join(name.strip() for name in names if name.strip())
    if not fields:
        raise oauth(100, "(#100) The parameter subscribed_fields is required")
    callback = row["callback"] or f"{world.environ.base_url}/hooks/meta/"
    sql = "UPDATE fb_page SET fields = ?, callback = ? WHERE id = ?"
    world.store.run(sql, fields, callback, row["id"])
    return {"success": True}


def unsubscribe(world: World, call: Call) -> dict[str, Any]:
    """DELETE /{page}/subscribed_apps."""
    _, row = find(world, call, call.named["id"], "delete")
    world.store.run("UPDATE fb_page SET fields = '' WHERE id = ?", row["id"])
    return {"success": True}


def app_subscriptions(world: World, call: Call) -> dict[str, Any]:
    """POST /{app}/subscriptions: the app's callback, once it echoes the challenge."""
    if not call.app:
        raise oauth(15, "(#15) This method must be called with an app access_token.")
    url, verify = given(call, "callback_url"), given(call, "verify_token")
    if not echoes(url, verify):
        raise oauth(
            2200, "(#2200) Callback verification failed with the following errors: HTTP Status Code = 403"
        )
    world.store.run("UPDATE fb_page SET callback = ?", url)
    return {"success": True}


def echoes(url: str, verify: str) -> bool:
    """Whether the address gives back our challenge."""
    asked = {"hub.mode": "subscribe", "hub.challenge": secrets.token_hex(8), "hub.verify_token": verify}
    mark = "&" if urlsplit(url).query else "?"
    try:
        with urllib.request.urlopen(url + mark + urlencode(asked), timeout=5) as answer:
            return answer.read(1024).decode("utf-8", "replace").strip() == asked["hub.challenge"]
    except (OSError, ValueError):
        return False
