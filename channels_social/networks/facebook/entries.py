"""Comments, posts and messages as entries; pushed or polled, the same one wherever that can be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels_social.networks.base import Entry
from channels_social.networks.digest import digest, digest_of, text_id
from helpdesk import clock
from helpdesk.secrets.cutting import cut_json


def comment_entry(page: str, comment: Mapping[str, Any], *, post: Mapping[str, Any] | None = None) -> Entry:
    """A comment as Graph shows it now. ``as_of`` says when: Graph tells no time of editing."""
    about = {key: (post or {})[key] for key in ("id", "from") if (post or {}).get(key)}
    payload = cut_json({"comment": dict(comment), "post": about, "as_of": clock.now().isoformat()})
    mark = _state(payload["comment"])
    if str((comment.get("from") or {}).get("id")) == page:
        # Read, our own word also tells whom it answers; pushed it does not, and must not stand in its way.
        mark = digest(mark, "read")
    return Entry(page, "fb.comment", text_id(comment.get("id")), mark, payload)


def post_entry(page: str, post: Mapping[str, Any]) -> Entry:
    """A post as Graph shows it now, without its comments."""
    kept = {key: value for key, value in post.items() if key != "comments"}
    payload = cut_json({"post": kept, "as_of": clock.now().isoformat()})
    return Entry(page, "fb.post", text_id(post.get("id")), _state(payload["post"]), payload)


def change_entry(page: str, field: str, value: Mapping[str, Any], at: Any) -> Entry:
    """A ``feed`` or ``mention`` change. ``at`` is the delivery's time: a comment edited, hidden and shown
    again carries its time of creation each time."""
    item, verb = str(value.get("item")), str(value.get("verb"))
    is_comment = item == "comment"
    number = text_id(value.get("comment_id") if is_comment else value.get("post_id"))
    payload = cut_json({"change": dict(value), "field": field, "at": at})
    shown = payload["change"]
    if verb in {"hide", "unhide", "remove"}:
        return Entry(page, f"fb.{verb}", number, digest(verb, str(at)), payload)
    if verb in {"edit", "edited"}:
        mark = digest("edited", str(at), _text(shown))
    elif verb == "add":
        mark = _state(shown)
    else:
        return Entry(page, "fb.other", number, digest_of(payload), payload)
    return Entry(page, "fb.comment" if is_comment else "fb.post", number, mark, payload)


def message_entry(page: str, message: Mapping[str, Any], psid: str) -> Entry:
    """A message of a thread that was polled."""
    payload = cut_json({"read": dict(message), "psid": psid})
    return Entry(page, "fb.message", text_id(message.get("id")), digest(_text(payload["read"])), payload)


def pushed_message(page: str, event: Mapping[str, Any]) -> Entry:
    """A message, an echo, or the taking back of one."""
    payload = cut_json({"event": dict(event)})
    message = payload["event"]["message"]
    mid = text_id(message.get("mid"))
    if message.get("is_deleted"):
        return Entry(page, "fb.unsent", mid, digest("unsent"), payload)
    # An echo carries our token, which reading does not: it must not be taken for a duplicate of a poll.
    token = str(message.get("metadata") or "")
    parts = (_text(message), token) if token else (_text(message),)
    return Entry(page, "fb.message", mid, digest(*parts), payload)


def _state(item: Mapping[str, Any]) -> str:
    return digest(_text(item), "hidden" if item.get("is_hidden") else "")


def _text(item: Mapping[str, Any]) -> str:
    text = item.get("message") if isinstance(item.get("message"), str) else item.get("text")
    return text if isinstance(text, str) else ""
