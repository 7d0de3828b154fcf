"""X's refusals as verdicts. Pure: status, headers and body in, :class:`NetworkError` out (channels.md A4)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import requests

from channels_social.networks.base import NetworkError
from channels_social.networks.http import by_our_clock, retry_after

# What a 403 says, lower case, and what it means; the first that fits. X's own sentences (channels.md A4).
SENTENCES = (
    ("duplicate content", "refused", "duplicate"),
    ("not been mentioned or otherwise engaged", "refused", "not_mentioned"),
    ("reply to this conversation is not allowed", "refused", "replies_limited"),
    ("deleted or not visible", "refused", "gone"),
    ("blocked", "refused", "blocked"),
    ("permission to dm", "refused", "dm_not_allowed"),
    ("cannot send messages to this user", "refused", "dm_not_allowed"),
    ("media ids are invalid", "refused", "file_expired"),
    ("text is too long", "refused", "too_long"),
    ("access to a subset of", "account", "access_level"),
    ("attached to a project", "account", "access_level"),
    ("suspended", "account", "blocked"),
    ("account is temporarily locked", "account", "blocked"),
)
# The numbers of v1.1 that still occur.
LEGACY = {
    187: ("refused", "duplicate"),
    433: ("refused", "replies_limited"),
    385: ("refused", "gone"),
    144: ("refused", "gone"),
    136: ("refused", "blocked"),
    349: ("refused", "dm_not_allowed"),
    150: ("refused", "dm_not_allowed"),
    151: ("refused", "dm_not_allowed"),
    186: ("refused", "too_long"),
    453: ("account", "access_level"),
    64: ("account", "blocked"),
    326: ("account", "blocked"),
    32: ("auth", "unauthorized"),
    89: ("auth", "unauthorized"),
}


def verdict(response: requests.Response, *, writes: bool, private: bool = False) -> NetworkError:
    """What an answer that is not a success means. ``private``: the call was about direct messages."""
    status, headers = response.status_code, response.headers
    body = body_of(response)
    detail = detail_of(body)
    if status == 429:
        return _limited(headers, body, detail)
    if status == 402:
        return NetworkError("account", "out_of_credit", detail)
    if status == 401:
        return NetworkError("auth", "unauthorized", detail)
    if status >= 500 or status < 400:
        verdict_ = "unknown" if writes else "later"
        return NetworkError(verdict_, f"http_{status}", detail, retry_after(headers))
    return _refused(status, body, detail, private)


def body_of(response: requests.Response) -> dict[str, Any]:
    """The JSON object of an answer; empty for HTML, nothing at all, or a list."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def detail_of(body: Mapping[str, Any]) -> str:
    """The sentence for a person, at most 300 characters."""
    errors = [item for item in body.get("errors") or [] if isinstance(item, dict)]
    words = [str(item.get("message") or item.get("detail") or "") for item in errors]
    return (next(filter(None, words), "") or str(body.get("detail") or body.get("title") or ""))[:300]


def _limited(headers: Mapping[str, str], body: Mapping[str, Any], detail: str) -> NetworkError:
    until = reset_of(headers) or retry_after(headers)
    capped = str(body.get("type") or "").endswith("usage-capped") or body.get("title") == "UsageCapExceeded"
    if until is not None and not capped:
        return NetworkError("later", "rate_limited", detail, until)
    # Without a reset no waiting helps: the credits or the month's reads are used up.
    return NetworkError("account", "out_of_credit", detail)


def _refused(status: int, body: Mapping[str, Any], detail: str, private: bool) -> NetworkError:
    for item in body.get("errors") or []:
        number = item.get("code") if isinstance(item, dict) else None
        if number in LEGACY:
            return NetworkError(*LEGACY[number], detail)
    said = f"{body.get('detail') or ''} {detail}".lower()
    for words, kind, code in SENTENCES:
        if words in said:
            return NetworkError(kind, code, detail)
    if status == 404:
        return NetworkError("refused", "gone", detail)
    if status == 403:
        return NetworkError("refused", "dm_not_allowed" if private else "permission", detail)
    return NetworkError("refused", "too_long" if status == 413 else "invalid", detail)


def reset_of(headers: Mapping[str, str]) -> datetime | None:
    """When the exhausted window opens again: the 24 h one when that is what is used up."""
    for name in ("x-user-limit-24hour", "x-app-limit-24hour", "x-rate-limit"):
        left, reset = headers.get(f"{name}-remaining", ""), headers.get(f"{name}-reset", "")
        if reset.isdigit() and (name == "x-rate-limit" or left == "0"):
            return by_our_clock(int(reset), headers)
    return None
