"""``facebook.GraphAPI`` as it must be to be relied on (channels.md D): what is different, and why.

The version is ours, not one of the library's of 2018; the base address is a setting; the token travels in a
header, never in an address that ends in logs; nested values are JSON; the HTTP status counts; every call
has a time-out; the application's secret proves each call.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import warnings
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import requests
from django.conf import settings

from channels_social.networks import http
from channels_social.networks.base import Limit, NetworkError, Trace
from channels_social.networks.facebook import errors
from helpdesk import clock

with warnings.catch_warnings():
    # Its sources of 2018 hold an escape that Python no longer likes; seen only when they are compiled.
    warnings.simplefilter("ignore")
    import facebook

USAGE = ("call_count", "total_cputime", "total_time")


class Graph(facebook.GraphAPI):  # type: ignore[misc]
    """The library's verbs over our ``request``. Raises :class:`NetworkError` and nothing else."""

    def __init__(self, access_token: str, trace: Trace | None = None) -> None:
        self.trace = trace or Trace()
        super().__init__(access_token=access_token, session=http.Session())
        self.version = settings.GRAPH_VERSION

    def request(
        self,
        path: str,
        args: Mapping[str, Any] | None = None,
        post_args: Mapping[str, Any] | None = None,
        files: Any = None,
        method: str | None = None,
    ) -> Any:
        """One call; the decoded answer."""
        verb = method or ("POST" if post_args is not None or files else "GET")
        writes = verb != "GET"
        query, form = dict(args or {}), _form(post_args)
        token = query.pop("access_token", None) or form.pop("access_token", None) or self.access_token
        if token and settings.FB_APP_SECRET and "|" not in token:
            query["appsecret_proof"] = proof(token)
        try:
            response = self.session.request(
                verb,
                f"{settings.GRAPH_API_URL}/{path}",
                params=query,
                data=form or None,
                files=files,
                headers={"Authorization": f"Bearer {token}"} if token else {},
            )
        except requests.RequestException as error:
            raise http.unreachable(error, writes=writes) from None
        return self._answer(response, writes=writes)

    def _answer(self, response: requests.Response, *, writes: bool) -> Any:
        limits = limits_of(response.headers)
        self.trace.limits |= {limit.endpoint: limit for limit in limits}
        try:
            body = response.json()
        except ValueError:
            raise NetworkError("unknown" if writes else "later", f"http_{response.status_code}") from None
        error = body.get("error") if isinstance(body, dict) else None
        if isinstance(error, dict):
            until = max((limit.reset_at for limit in limits if limit.reset_at), default=None)
            raise errors.verdict(error, status=response.status_code, writes=writes, retry_at=until)
        if response.status_code >= 400 or not isinstance(body, dict | list | bool):
            raise NetworkError("unknown" if writes else "later", f"http_{response.status_code}")
        return body


def proof(token: str) -> str:
    """``appsecret_proof`` of a token (developers.facebook.com, "Secure Graph API calls")."""
    return hmac.new(settings.FB_APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()


def _form(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """A form in which objects are JSON: the library itself sends ``recipient=id`` for ``{"id": …}``."""
    return {
        key: json.dumps(value) if isinstance(value, dict | list | bool) else value
        for key, value in (values or {}).items()
        if value is not None
    }


def limits_of(headers: Mapping[str, str]) -> list[Limit]:
    """Usage in percent: of the application, and of each use a page makes of it."""
    found = []
    app = _json(headers.get("x-app-usage"))
    if isinstance(app, dict):
        found.append(_limit("app", app))
    pages = _json(headers.get("x-business-use-case-usage"))
    for uses in pages.values() if isinstance(pages, dict) else ():
        found += [_limit(str(use.get("type")), use) for use in uses if isinstance(use, dict)]
    return found


def _limit(name: str, use: Mapping[str, Any]) -> Limit:
    used = max((int(use.get(key) or 0) for key in USAGE), default=0)
    minutes = int(use.get("estimated_time_to_regain_access") or 0)
    reset = clock.now() + timedelta(minutes=minutes) if minutes else None
    return Limit(name[:80], 100, max(100 - used, 0), reset)


def _json(value: str | None) -> Any:
    try:
        return json.loads(value) if value else None
    except ValueError:
        return None
