"""What every call to the local Graph passes.

The bad day, the token and its proof, the usage headers, the log.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from channels_social.sandbox.faults import Fault
from channels_social.sandbox.graph.errors import (
    EXPIRED,
    FORBIDDEN,
    PASSWORD,
    REVOKED,
    THROTTLED,
    GraphProblem,
    bad_token,
    oauth,
)
from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.web.call import Call, HangUp, Jason, parse_multipart, read_call
from channels_social.sandbox.world import World

Endpoint = Callable[[World, Call], Any]
CURRENT = "v25.0"
WENT_WRONG = (
    "<!DOCTYPE html><html><head><title>Error</title></head><body>Sorry, something went wrong.</body></html>"
)


@dataclass(frozen=True)
class Spec:
    """One endpoint; `open` ones bring their own credentials."""

    method: str
    path: str
    answer: Endpoint
    open: bool = False
    waits: bool = False  # calls somebody else: must not stop the others meanwhile


def read_form(call: Call) -> dict[str, Any]:
    """What was posted: a form, a JSON object, or parts with files; values that look like JSON stay text."""
    kind = call.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return parse_multipart(kind, call.body)
    if "json" in kind:
        try:
            body = call.json()
        except ValueError:
            raise oauth(100, "(#100) The body is not valid JSON") from None
        return body if isinstance(body, dict) else {}
    return dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))


def nested(call: Call, name: str) -> dict[str, Any]:
    """An object parameter: from a JSON body as it is, from a form as JSON text; raises GraphProblem."""
    value = call.form.get(name, call.query.get(name))
    if value is None:
        return {}
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise oauth(100, f"(#100) param {name} must be a JSON object") from None
    if not isinstance(value, dict):
        raise oauth(100, f"(#100) param {name} must be a JSON object")
    return value


def given(call: Call, name: str, default: str = "") -> str:
    """A plain parameter, from body or query."""
    value = call.form.get(name, call.query.get(name, default))
    return value if isinstance(value, str) else json.dumps(value)


def identify(world: World, call: Call) -> Call:
    """The call with its token's account (a page or a user); raises GraphProblem 190 or 100."""
    scheme, _, bearer = call.headers.get("authorization", "").partition(" ")
    token = bearer if scheme.lower() == "bearer" and bearer else given(call, "access_token")
    if not token:
        raise oauth(2500, "An active access token must be used to query information about the current user.")
    if token == f"{world.environ.fb_app_id}|{world.environ.fb_app_secret}":
        return replace(call, app=True, token=token)
    row = token_row(world, token)
    check_proof(world, call, token)
    return replace(call, account=row["account"], scopes=frozenset(row["scopes"].split()), token=token)


def token_row(world: World, token: str) -> sqlite3.Row:
    """The token's row; raises GraphProblem 190 with the subcode that says why it is no good."""
    row = world.store.one("SELECT * FROM token WHERE token = ? AND network = 'facebook'", token)
    if row is None or row["kind"] not in ("page", "user"):
        raise bad_token()
    if row["revoked"]:
        subcode = int(row["revoked"])
        raise bad_token(subcode, PASSWORD if subcode == 460 else REVOKED.format(app=world.environ.fb_app_id))
    if row["expires_ms"] and row["expires_ms"] <= now_ms():
        raise bad_token(463, EXPIRED)
    return row


def check_proof(world: World, call: Call, token: str) -> None:
    """`appsecret_proof`, when it is sent, must be right."""
    proof = given(call, "appsecret_proof")
    right = hmac.new(world.environ.fb_app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    if proof and not hmac.compare_digest(proof, right):
        raise oauth(100, "Invalid appsecret_proof provided in the API argument", status=400)


def broken(fault: Fault) -> Response:
    """A 5xx as it may look: JSON, an HTML page, or nothing."""
    status = fault.status or 503
    if fault.body == "html":
        return Response(WENT_WRONG, status, media_type="text/html; charset=utf-8")
    if fault.body == "empty":
        return Response(b"", status)
    error = oauth(fault.code or 2, "Service temporarily unavailable", status=status, is_transient=True)
    return Jason(error.body, status)


def struck(world: World, call: Call) -> None:
    """Raise what a switch wants instead of an answer, once it is known who calls."""
    what, account = f"{call.method} {call.path}", call.account
    strikes = world.faults.strikes
    if fault := strikes("facebook", "revoked", what=what, account=account):
        subcode = fault.subcode or 458
        raise bad_token(subcode, PASSWORD if subcode == 460 else REVOKED.format(app=world.environ.fb_app_id))
    if fault := strikes("facebook", "forbidden", what=what, account=account):
        code = fault.code or 200
        status, message, subcode = FORBIDDEN.get(code, (403, f"(#{code}) Permissions error", 0))
        raise oauth(code, fault.detail or message, subcode=fault.subcode or subcode, status=status)
    for name in ("rate_limited", "credits_exhausted"):
        if fault := strikes("facebook", name, what=what, account=account):
            code = fault.code or (32 if name == "rate_limited" else 4)
            raise oauth(code, THROTTLED.get(code, THROTTLED[32]))


def usage(world: World, call: Call) -> dict[str, str]:
    """Usage headers: percent of the budget; full, with the minutes to wait, while the limit switch is on."""
    fault = world.faults.on("facebook", "rate_limited")
    share = world.limits.take(call.account or "app", "GRAPH")
    percent = 100 if fault else min(100 - 100 * share.remaining // share.limit, 99)
    wait = max(1, int(fault.seconds // 60)) if fault else 0
    kind = "messenger" if "messages" in call.path or "conversations" in call.path else "pages"
    one = {"type": kind, "call_count": percent, "total_cputime": percent, "total_time": percent}
    one["estimated_time_to_regain_access"] = wait
    counts = {name: one[name] for name in ("call_count", "total_cputime", "total_time")}
    headers = {"x-app-usage": json.dumps(counts), "facebook-api-version": call.named.get("version", CURRENT)}
    if call.account:
        headers["x-business-use-case-usage"] = json.dumps({call.account: [one]})
    return headers | {"x-fb-request-id": world.mint.mid()[2:18]}


def endpoint(world: World, spec: Spec) -> Callable[[Request], Any]:
    """The Starlette endpoint of a Spec."""

    async def answer(request: Request) -> Response:
        started = time.perf_counter()
        call = await read_call(request)
        response, words = await passed(world, spec, call)
        spent = (time.perf_counter() - started) * 1000
        world.wire.note("in", "facebook", f"{call.method} {call.path.removeprefix('/graph')}", words, spent)
        return response

    return answer


async def passed(world: World, spec: Spec, call: Call) -> tuple[Response, int | str]:
    """The answer, and how the log tells it."""
    what = f"{call.method} {call.path}"
    if fault := world.faults.strikes("facebook", "slow", what=what):
        await asyncio.sleep(fault.seconds)
    if world.faults.strikes("facebook", "lost_request", what=what):
        return HangUp(), "cortada antes"
    if fault := world.faults.strikes("facebook", "server_error", what=what):
        response = broken(fault)
        return response, response.status_code
    try:
        call.form = read_form(call)
        call = call if spec.open else identify(world, call)
        struck(world, call)
        value = await asyncio.to_thread(spec.answer, world, call) if spec.waits else spec.answer(world, call)
        response = rendered(value)
    except GraphProblem as problem:
        response = Jason(problem.body, problem.status)
        told = 'OAuth "Facebook Platform" "invalid_token" "An active access token must be used"'
        response.headers.update({"www-authenticate": told} if problem.body["error"]["code"] == 190 else {})
    response.headers.update(usage(world, call))
    wrote = spec.method != "GET" and response.status_code < 300
    if wrote and world.faults.strikes("facebook", "lost_response", what=what, account=call.account):
        return HangUp(), "sin respuesta"
    return response, response.status_code


def rendered(value: Any) -> Response:
    """What an endpoint gives - a body or a response - as a response."""
    return value if isinstance(value, Response) else Jason(value)
