"""What X and Meta would POST to us, small: bodies of webhooks, and the way into the inbox."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from channels_social.domain.receiving import store
from channels_social.networks import registry
from channels_social.networks.x.ids import id_at

BANK, AIRLINE = "1800000000000000001", "1800000000000000002"
BANK_PAGE, AIRLINE_PAGE = "100000000000101", "100000000000102"
DIANA, WILMER, NURIA = ("2001", "dianam_rojas"), ("2002", "wilmer_o"), ("2003", "nuria_v")
T0 = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)


def at(minute: float) -> datetime:
    """An instant of the story, in minutes after its beginning (a Monday, ten in Bogota)."""
    return T0 + timedelta(minutes=minute)


def x_id(minute: float, salt: str = "") -> str:
    """The id X would give something written then: it carries its time, and exceeds 2^53."""
    low = int(hashlib.sha256(salt.encode("utf-8", "surrogatepass")).hexdigest()[:5], 16) if salt else 0
    return str(int(id_at(at(minute))) + low)


def x_post(
    text: str,
    minute: float,
    *,
    by: tuple[str, str] = DIANA,
    to: str = BANK,
    number: str = "",
    thread: str = "",
    answers: tuple[str, str] | None = None,
    versions: tuple[str, ...] = (),
    **more: Any,
) -> dict[str, Any]:
    """A post delivered to ``to``. ``answers`` is (post, its author); ``versions`` are earlier ids of it."""
    number = number or x_id(minute, text + by[0])
    history = [*versions, number]
    post: dict[str, Any] = {
        "id": number,
        "text": text,
        "author_id": by[0],
        "conversation_id": thread or history[0],
        "edit_history_tweet_ids": history,
        "created_at": at(minute).isoformat(),
    }
    if answers:
        post |= {
            "referenced_tweets": [{"type": "replied_to", "id": answers[0]}],
            "in_reply_to_user_id": answers[1],
        }
    people = [{"id": by[0], "name": by[1].title(), "username": by[1]}]
    return _x(to, "post.create" if by[0] == to else "post.mention.create", post | more, {"users": people})


def x_message(
    text: str, minute: float, *, by: str = DIANA[0], with_: str = BANK, to: str = BANK
) -> dict[str, Any]:
    """A direct message between ``by`` and ``with_``, told to the account ``to``."""
    created = {"target": {"recipient_id": with_}, "sender_id": by, "message_data": {"text": text}}
    one = {"type": "message_create", "id": x_id(minute, text + by), "message_create": created}
    one["created_timestamp"] = str(int(at(minute).timestamp() * 1000))
    return _x(to, "dm.received", {"direct_message_events": [one], "users": {}})


def x_deleted(number: str, *, of: str = BANK) -> dict[str, Any]:
    """A deletion, as Account Activity tells it: with its time."""
    return {
        "for_user_id": of,
        "tweet_delete_events": [{"status": {"id": number, "user_id": of}, "timestamp_ms": "0"}],
    }


def _x(
    account: str, kind: str, payload: dict[str, Any], includes: dict[str, Any] | None = None
) -> dict[str, Any]:
    data = {"event_uuid": "-7", "filter": {"user_id": account}, "event_type": kind, "payload": payload}
    return {"data": data | ({"includes": includes} if includes else {})}


def fb_comment(
    verb: str,
    minute: float,
    *,
    number: str,
    text: str = "",
    by: tuple[str, str] = ("61550000001001", "Diana Marcela Rojas"),
    post: str = f"{BANK_PAGE}_500",
    parent: str = "",
    made: float | None = None,
    page: str = BANK_PAGE,
    **more: Any,
) -> dict[str, Any]:
    """A change of a comment: ``add``, ``edited``, ``remove``, ``hide``, ``unhide``; ``made``: when it was written."""
    value: dict[str, Any] = {
        "item": "comment",
        "verb": verb,
        "comment_id": number,
        "post_id": post,
        "parent_id": parent or post,
        "created_time": int(at(minute if made is None else made).timestamp()),
        "from": {"id": by[0], "name": by[1]},
    }
    if verb in {"add", "edited"}:
        value["message"] = text
    change = {"field": "feed", "value": value | more}
    return {
        "object": "page",
        "entry": [{"id": page, "time": int(at(minute).timestamp()), "changes": [change]}],
    }


def fb_message(
    text: str, minute: float, *, mid: str, psid: str = "72000000001001", **more: Any
) -> dict[str, Any]:
    """A Messenger message of a person; with ``is_echo`` one of the page."""
    ends = [{"id": psid}, {"id": BANK_PAGE}]
    if more.get("is_echo"):
        ends.reverse()
    event = {"sender": ends[0], "recipient": ends[1], "timestamp": int(at(minute).timestamp() * 1000)}
    event["message"] = {"mid": mid, "text": text} | more
    return {"object": "page", "entry": [{"id": BANK_PAGE, "time": 0, "messaging": [event]}]}


def fb_event(minute: float, psid: str = "72000000001001", **event: Any) -> dict[str, Any]:
    """Another Messenger event of a person: ``message_edit``, ``read``, a message taken back …"""
    told = {
        "sender": {"id": psid},
        "recipient": {"id": BANK_PAGE},
        "timestamp": int(at(minute).timestamp() * 1000),
    }
    return {"object": "page", "entry": [{"id": BANK_PAGE, "time": 0, "messaging": [told | event]}]}


def deliver(*bodies: dict[str, Any]) -> int:
    """Store bodies as the webhooks do; how many entries were new."""
    fresh = 0
    for body in bodies:
        name = "facebook" if body.get("object") == "page" else "x"
        fresh += sum(store(registry.get(name).split(body), source="webhook", network=name).values())
    return fresh
