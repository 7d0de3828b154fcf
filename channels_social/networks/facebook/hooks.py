"""Meta's webhooks: verification, signature, and one delivery split into entries, of however many pages."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from channels_social.networks.base import Entry
from channels_social.networks.digest import digest, digest_of, text_id
from channels_social.networks.facebook import entries
from helpdesk.secrets.cutting import cut_json

logger = logging.getLogger(__name__)

# Said by nobody: dropped before they reach the queue, since one popular post brings thousands.
NOISE = {"reaction", "like", "share", "event", "album"}
SPOKEN = {"comment", "post", "status", "photo", "video"}


def verify(body: bytes, headers: dict[str, str]) -> bool:
    """Whether the raw bytes carry Meta's signature; header names in lower case."""
    if not settings.FB_APP_SECRET:
        return False
    right = "sha256=" + hmac.new(settings.FB_APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(headers.get("x-hub-signature-256", "").encode(), right.encode())


def challenge(query: dict[str, str]) -> tuple[str, str] | None:
    """The answer to Meta's verification request; None when the token is not ours."""
    token = query.get("hub.verify_token", "")
    right = settings.FB_VERIFY_TOKEN
    if query.get("hub.mode") != "subscribe" or not right:
        return None
    if not hmac.compare_digest(token.encode(), right.encode()):
        return None
    return query.get("hub.challenge", ""), "text/plain"


def split(body: dict[str, Any]) -> list[Entry]:
    """A delivery as one entry per thing that happened; what cannot be read becomes ``fb.poison``."""
    if body.get("object") != "page" or not isinstance(body.get("entry"), list):
        return [_stored("", "fb.other", body)]
    found: list[Entry] = []
    for one in body["entry"]:
        for page, part, read in _parts(one):
            try:
                entry = read(page, part, one)
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                logger.warning("a part of a delivery of Meta could not be split: %s", type(error).__name__)
                entry = _stored(page, "fb.poison", part if isinstance(part, dict) else {"part": part})
            if entry is not None:
                found.append(entry)
    return found


def _parts(one: Any) -> Iterator[tuple[str, Any, Any]]:
    """The changes and messaging events of one page's entry, each with what reads it."""
    if not isinstance(one, dict):
        yield "", {"entry": one}, _poison
        return
    page = str(one.get("id") or "")
    known = False
    for key, read in (("changes", _change), ("messaging", _event), ("standby", _event)):
        listed = one.get(key)
        known = known or listed is not None
        for part in listed if isinstance(listed, list) else [listed] if listed is not None else []:
            yield page, part, read
    if not known:
        yield page, one, _other


def _poison(page: str, part: Any, one: Any) -> Entry:
    raise ValueError("not an object")


def _other(page: str, part: Any, one: Any) -> Entry:
    return _stored(page, "fb.other", part)


def _change(page: str, part: dict[str, Any], one: dict[str, Any]) -> Entry | None:
    field, value = str(part.get("field")), part.get("value")
    if not isinstance(value, dict) or field not in {"feed", "mention"}:
        return _stored(page, "fb.other", part)
    item = str(value.get("item"))
    if item in NOISE:
        return None
    if item not in SPOKEN:
        return _stored(page, "fb.other", part)
    return entries.change_entry(page, field, value, one.get("time"))


def _event(page: str, part: dict[str, Any], one: dict[str, Any]) -> Entry | None:
    if "reaction" in part:
        return None
    if isinstance(part.get("message"), dict):
        return entries.pushed_message(page, part)
    if isinstance(part.get("message_edit"), dict):
        mid, payload = text_id(part["message_edit"].get("mid")), cut_json({"event": part})
        return Entry(page, "fb.edit", mid, digest_of(payload["event"]["message_edit"]), payload)
    for what, name in (("delivery", "delivered"), ("read", "read")):
        if isinstance(part.get(what), dict):
            psid, mark = text_id(part["sender"]["id"]), str(part[what].get("watermark"))
            return Entry(page, f"fb.{name}", f"{psid}:{mark}", digest(name), {"event": part})
    policy = part.get("policy_enforcement") or part.get("policy-enforcement")
    if isinstance(policy, dict):
        return Entry(page, "fb.policy", page, digest_of(part), cut_json(dict(policy)))
    return _stored(page, "fb.other", part)


def _stored(page: str, kind: str, body: dict[str, Any]) -> Entry:
    mark = digest_of(body)
    return Entry(page, kind, mark, mark, cut_json(body))
