"""X's webhooks: signature, challenge, and one delivery split into entries.

X Activity (``{"data": {"event_type": …}}``) is what X sends today; Account Activity (``for_user_id``) is
read too. Known noise (likes, reposts, typing, follows) is dropped here; kinds nobody knows are stored.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from channels_social.networks.base import Entry
from channels_social.networks.digest import digest, digest_of, text_id
from channels_social.networks.x import entries
from helpdesk import clock
from helpdesk.secrets.cutting import cut_json

logger = logging.getLogger(__name__)

ADDRESSED = {"create", "mention", "reply", "quote"}
NOISE = ("like.", "follow.", "spaces.", "broadcast.", "news.", "dm.indicate_typing", "profile.update.")
ACTIVITY_NOISE = {
    "favorite_events", "follow_events", "unfollow_events", "block_events", "mute_events",
    "direct_message_indicate_typing_events", "tweet_favorite_events",
}  # fmt: skip
ACTIVITY_FRAME = {"for_user_id", "users", "apps", "user_has_blocked", "controller", "action", "is_blocked_by"}


def sign(body: bytes) -> str:
    """The value of X's signature header for these bytes (docs.x.com, "Webhooks")."""
    mac = hmac.new(settings.X_CONSUMER_SECRET.encode(), body, hashlib.sha256).digest()
    return "sha256=" + base64.b64encode(mac).decode()


def verify(body: bytes, headers: dict[str, str]) -> bool:
    """Whether the raw bytes carry X's signature; header names in lower case."""
    given = headers.get("x-twitter-webhooks-signature", "")
    return bool(settings.X_CONSUMER_SECRET) and hmac.compare_digest(given.encode(), sign(body).encode())


def challenge(query: dict[str, str]) -> tuple[str, str] | None:
    """The answer to X's CRC request; None without a token."""
    token = query.get("crc_token")
    if not token or not settings.X_CONSUMER_SECRET:
        return None
    return json.dumps({"response_token": sign(token.encode())}), "application/json"


def split(body: dict[str, Any]) -> list[Entry]:
    """A delivery as one entry per thing that happened; one that cannot be read becomes ``x.poison``."""
    if isinstance(body.get("data"), dict):
        return _guarded(_account_of(body["data"]), body["data"], _activity)
    if "for_user_id" in body or "user_event" in body:
        return _guarded(str(body.get("for_user_id") or ""), body, _account_activity)
    return [_stored("", "x.other", body)]


def _guarded(account: str, body: dict[str, Any], read: Any) -> list[Entry]:
    found: list[Entry] = []
    try:
        found.extend(entry for entry in read(account, body) if entry is not None)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        logger.warning("a delivery of X could not be split: %s", type(error).__name__)
        found.append(_stored(account, "x.poison", body))
    return found


def _account_of(event: dict[str, Any]) -> str:
    """The account an event is about; a revocation names it in its payload only."""
    filters, payload = event.get("filter"), event.get("payload")
    number = filters.get("user_id") if isinstance(filters, dict) else None
    if not number and isinstance(payload, dict):
        number = payload.get("user_id")
    return str(number or "")


def _activity(account: str, event: dict[str, Any]) -> Iterator[Entry | None]:
    kind, payload = str(event.get("event_type")), event.get("payload") or {}
    includes = event.get("includes") or {}
    family, _, rest = kind.partition(".")
    if family in {"post", "tweet"} and rest == "delete":
        yield _deleted(account, payload, None)
    elif family in {"post", "tweet"} and rest.partition(".")[0] in ADDRESSED:
        yield _posted(account, payload, includes, is_addressed=True)
    elif family in {"post", "tweet"} and rest.startswith("repost"):
        return
    elif kind in {"dm.received", "dm.sent"}:
        yield from _messages(account, payload)
    elif kind == "dm.read":
        yield from _reads(account, payload)
    elif kind in {"chat.received", "chat.sent"}:
        yield _encrypted(account, payload)
    elif kind == "oauth.revoke":
        yield Entry(account, "x.revoke", account, digest(str(payload.get("date_time"))), cut_json(payload))
    elif kind == "profile.update.screenname":
        after = str(payload.get("after") or "")
        yield Entry(account, "x.renamed", account, digest(after), {"after": after})
    elif not kind.startswith(NOISE):
        yield _stored(account, "x.other", event, text_id(event.get("event_uuid") or "?"))


def _posted(
    account: str, post: dict[str, Any], includes: dict[str, Any], *, is_addressed: bool
) -> Entry | None:
    people = entries.people_of(includes.get("users"))
    return entries.post_entry(
        account, post, people, entries.files_of(includes.get("media")), is_addressed=is_addressed
    )


def _deleted(account: str, post: dict[str, Any], at_ms: Any) -> Entry:
    """A deletion; X Activity does not tell when, so the time of hearing it stands in."""
    at = int(at_ms) if at_ms else int(clock.now().timestamp() * 1000)
    return entries.deletion(account, entries.id_of(post), at)


def _messages(account: str, payload: dict[str, Any]) -> Iterator[Entry]:
    people = entries.people_of(payload.get("users"))
    for message in payload.get("direct_message_events") or []:
        if message.get("type", "message_create") == "message_create":
            yield entries.message_entry(account, message, people, {})


def _reads(account: str, payload: dict[str, Any]) -> Iterator[Entry]:
    for read in payload.get("direct_message_mark_read_events") or []:
        last = text_id(read.get("last_read_event_id"))
        yield Entry(account, "x.read", f"{text_id(read.get('sender_id'))}:{last}", digest(last), dict(read))


def _encrypted(account: str, payload: dict[str, Any]) -> Entry:
    """The stub of an encrypted message: who and when; the ciphertext and its keys are of no use to us."""
    kept = {key: payload.get(key) for key in ("id", "created_at_msec", "sender_id", "conversation_id")}
    return Entry(account, "x.chat", entries.id_of(payload), digest("chat"), kept)


def _account_activity(account: str, body: dict[str, Any]) -> Iterator[Entry | None]:
    people = entries.people_of(body.get("users"))
    for key, items in body.items():
        if key in ACTIVITY_NOISE or key in ACTIVITY_FRAME:
            continue
        if key == "tweet_create_events":
            for post in items:
                known = people | entries.people_of([post["user"]])
                yield entries.post_entry(account, with_author(post), known, {}, is_addressed=True)
        elif key == "direct_message_events":
            yield from _messages(account, body)
        elif key == "direct_message_mark_read_events":
            yield from _reads(account, body)
        elif key == "tweet_delete_events":
            for item in items:
                yield _deleted(account, item["status"], item.get("timestamp_ms"))
        elif key == "user_event":
            source = text_id(items["revoke"]["source"]["user_id"])
            yield Entry(source, "x.revoke", source, digest(str(items["revoke"].get("date_time"))), {})
        else:
            yield _stored(account, "x.other", {key: items})


def with_author(post: dict[str, Any]) -> dict[str, Any]:
    """A v1.1 post with its author named as v2 does."""
    return post | {"author_id": entries.id_of(post["user"])}


def _stored(account: str, kind: str, body: dict[str, Any], number: str = "") -> Entry:
    mark = digest_of(body)
    return Entry(account, kind, number or mark, mark, cut_json(body))
