"""The Graph API's refusals as verdicts (channels.md C5). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from channels_social.networks.base import NetworkError
from helpdesk import clock

DEAD_TOKEN = {102, 190, 463, 467}
LIMITED = {4, 17, 32, 341, 613, *range(80_000, 80_015)}
TRANSIENT = {-1, 1, 2}
PERMISSION = {3, 10, *range(200, 300)}
# (code, subcode) → what it means for the message, for good.
REFUSED = {
    (10, 2018278): "window_closed",
    (100, 33): "gone",
    (100, 2018001): "person_unavailable",
    (551, 0): "person_unavailable",
    (551, 1545041): "person_unavailable",
    (506, 0): "duplicate",
    (100, 2018109): "file_too_large",
    (100, 2018047): "file_unsupported",
    (100, 2018074): "file_expired",
    (1, 1366046): "file_too_large",
    (324, 0): "file_unsupported",
    # A second private reply to the same comment.
    (10900, 0): "private_reply_used",
}
# Without a word from Graph on how long: the shortest of its windows that helps.
WAIT = timedelta(minutes=5)


def verdict(
    error: Mapping[str, Any], *, status: int, writes: bool, retry_at: datetime | None = None
) -> NetworkError:
    """What Graph's ``error`` object means. ``retry_at``: what the usage headers say, if anything."""
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    detail = str(error.get("error_user_msg") or error.get("message") or "")[:300]
    if code in DEAD_TOKEN:
        return NetworkError("auth", f"token_{subcode or code}", detail)
    if code in LIMITED:
        return NetworkError("later", "rate_limited", detail, retry_at or clock.now() + WAIT)
    if code == 368:
        return NetworkError("account", "blocked", detail)
    named = REFUSED.get((code, subcode)) or REFUSED.get((code, 0))
    if named:
        return NetworkError("refused", named, detail)
    if code in TRANSIENT or error.get("is_transient") or status >= 500:
        return NetworkError("unknown" if writes else "later", f"graph_{code}", detail)
    if code in PERMISSION:
        return NetworkError("refused", "permission", detail)
    if "length of param" in detail.lower():
        return NetworkError("refused", "too_long", detail)
    return NetworkError("refused", "invalid", detail)


def _number(value: Any) -> int:
    try:
        return int(value or 0)
    except (TypeError, ValueError):
        return 0
