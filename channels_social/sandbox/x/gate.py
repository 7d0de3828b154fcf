"""What every call to the local X passes: the bad day's faults, the token, the rate limit.

Then the endpoint; then the log.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from channels_social.sandbox.faults import Fault
from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.limits import Share
from channels_social.sandbox.web.call import Call, HangUp, Jason, read_call
from channels_social.sandbox.world import World
from channels_social.sandbox.x.problems import ACCESS_LEVEL, KIND, LEGACY_88, Problem, plain

Endpoint = Callable[[World, Call], Any]
BAD_GATEWAY = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"  # noqa: E501


@dataclass(frozen=True)
class Spec:
    """One endpoint.

    Its name in the rate-limit table, the scopes it wants, whether an app bearer or nobody may call.
    """

    method: str
    path: str
    answer: Endpoint
    scopes: tuple[str, ...] = ()
    app: bool = False
    user: bool = True
    open: bool = False
    waits: bool = False  # calls somebody else: must not stop the others meanwhile

    @property
    def name(self) -> str:
        """As in the rate-limit table."""
        return f"{self.method} {self.path.replace('{', ':').replace('}', '')}"


def identify(world: World, call: Call, spec: Spec) -> Call:
    """The call with its account and scopes; raises Problem 401 or 403."""
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise plain(401)
    if token == world.environ.x_app_bearer:
        if not spec.app:
            raise Problem(403, unsupported(spec))
        return replace(call, app=True, token=token)
    row = world.store.one("SELECT * FROM token WHERE token = ? AND network = 'x' AND kind = 'access'", token)
    if row is None or row["revoked"] or (row["expires_ms"] and row["expires_ms"] <= now_ms()):
        raise plain(401)
    if not spec.user:
        raise Problem(403, unsupported(spec))
    scopes = frozenset(row["scopes"].split())
    if not set(spec.scopes) <= scopes:
        raise plain(403)
    return replace(call, account=row["account"], scopes=scopes, token=token)


def unsupported(spec: Spec) -> dict[str, Any]:
    """The 403 for a kind of token this endpoint does not take."""
    wanted = "OAuth 2.0 User Context" if spec.user else "OAuth 2.0 Application-Only"
    given = "OAuth 2.0 Application-Only" if spec.user else "OAuth 2.0 User Context"
    return {
        "title": "Unsupported Authentication",
        "detail": f"Authenticating with {given} is forbidden for this endpoint.  "
        f"Supported authentication types are [{wanted}].",
        "type": KIND + "unsupported-authentication",
        "status": 403,
    }


def broken(fault: Fault) -> Response:
    """A 5xx as it may look: JSON, an HTML page, or nothing."""
    status = fault.status or 503
    if fault.body == "html":
        return Response(BAD_GATEWAY, status, media_type="text/html; charset=utf-8")
    if fault.body == "empty":
        return Response(b"", status)
    return Jason(plain(status, fault.detail or "Service Unavailable").body, status)


def struck(world: World, call: Call) -> Response | None:
    """The error a switch wants instead of an answer, once it is known who calls."""
    what, account = f"{call.method} {call.path}", call.account
    strikes = world.faults.strikes
    if strikes("x", "revoked", what=what, account=account):
        return Jason(plain(401).body, 401)
    if fault := strikes("x", "forbidden", what=what, account=account):
        body = ACCESS_LEVEL if fault.code == 453 else plain(fault.status or 403, fault.detail).body
        return Jason(body, fault.status or 403)
    if strikes("x", "credits_exhausted", what=what, account=account):
        return Jason(credits_body(), 429)
    if fault := strikes("x", "rate_limited", what=what, account=account):
        reset = int(fault.until or time.time() + fault.seconds)
        body = LEGACY_88 if fault.body == "legacy" else plain(429).body
        return Jason(body, 429, Share(100, 0, reset).headers())
    return None


def credits_body() -> dict[str, Any]:
    """The 429 that has no reset: the project's credits or monthly cap are used up."""
    return {
        "account_id": 0,
        "product_name": "pay-per-use",
        "title": "UsageCapExceeded",
        "period": "Monthly",
        "scope": "Product",
        "detail": "Usage cap exceeded: Monthly product cap",
        "type": KIND + "usage-capped",
    }


def endpoint(world: World, spec: Spec) -> Callable[[Request], Any]:
    """The Starlette endpoint of a Spec."""

    async def answer(request: Request) -> Response:
        started = time.perf_counter()
        call = await read_call(request)
        response, words = await passed(world, spec, call)
        spent = (time.perf_counter() - started) * 1000
        world.wire.note("in", "x", f"{call.method} {call.path.removeprefix('/x')}", words, spent)
        return response

    return answer


async def passed(world: World, spec: Spec, call: Call) -> tuple[Response, int | str]:
    """The answer, and how the log tells it."""
    what = f"{call.method} {call.path}"
    if fault := world.faults.strikes("x", "slow", what=what):
        await asyncio.sleep(fault.seconds)
    if world.faults.strikes("x", "lost_request", what=what):
        return HangUp(), "cortada antes"
    if fault := world.faults.strikes("x", "server_error", what=what):
        response = broken(fault)
        return response, response.status_code
    if spec.waits:
        response, account = await asyncio.to_thread(answered, world, spec, call)
    else:
        response, account = answered(world, spec, call)
    wrote = spec.method != "GET" and response.status_code < 300 and not spec.open
    if wrote and world.faults.strikes("x", "lost_response", what=what, account=account):
        return HangUp(), "sin respuesta"
    return response, response.status_code


def answered(world: World, spec: Spec, call: Call) -> tuple[Response, str]:
    """Identify, count, answer; every Problem becomes its response."""
    headers: dict[str, str] = {}
    try:
        if not spec.open:
            call = identify(world, call, spec)
            if (error := struck(world, call)) is not None:
                return error, call.account
            share = world.limits.take(call.account or "app", spec.name, app=call.app)
            headers = share.headers()
            if share.remaining < 0:
                raise plain(429)
        return rendered(spec.answer(world, call), headers), call.account
    except Problem as problem:
        response = Jason(problem.body, problem.status, headers)
        if not spec.open:
            response.headers["content-type"] = "application/problem+json; charset=utf-8"
        return response, call.account


def rendered(value: Any, headers: dict[str, str]) -> Response:
    """What an endpoint gives - a body, a status and a body, or a response - as a response."""
    if isinstance(value, Response):
        value.headers.update(headers)
        return value
    status, body = value if isinstance(value, tuple) else (200, value)
    return Jason(
        body, status, headers | {"api-version": "2.166", "x-access-level": "read-write-directmessages"}
    )
