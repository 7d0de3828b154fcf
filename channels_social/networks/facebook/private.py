"""Messenger's stored entries as words of the desk. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from channels_social.enums import ConversationKind
from channels_social.networks.base import Author, Change, IncomingMessage, Parsed
from channels_social.networks.digest import text_id
from channels_social.networks.facebook import files
from channels_social.networks.facebook.times import instant

# Ids of people in Messenger; the same person comments under another one.
SCOPE = "messenger"


def message(payload: dict[str, Any], page: str) -> Parsed:
    """A message, pushed (``event``) or polled (``read``)."""
    return _pushed(payload["event"], page) if "event" in payload else _polled(payload, page)


def _pushed(event: Mapping[str, Any], page: str) -> Parsed:
    said = event["message"]
    psid = other_end(event, page)
    is_ours = bool(said.get("is_echo")) or text_id(event["sender"]["id"]) == page
    return (
        _message(
            page,
            psid,
            Author(psid, SCOPE),
            mid=text_id(said["mid"]),
            text=str(said.get("text") or ""),
            occurred_at=instant(event["timestamp"]),
            is_ours=is_ours,
            parent_external_id=str((said.get("reply_to") or {}).get("mid") or ""),
            media=files.of_message(text_id(said["mid"]), said.get("attachments")),
            # Our own token; other applications put theirs into the same field, and they match nothing.
            client_token=str(said.get("metadata") or "") if is_ours else "",
        ),
    )


def _polled(payload: Mapping[str, Any], page: str) -> Parsed:
    said, psid = payload["read"], text_id(payload["psid"])
    people = [said.get("from") or {}, *((said.get("to") or {}).get("data") or [])]
    name = next((str(one.get("name") or "") for one in people if str(one.get("id")) == psid), "")
    listed = said.get("attachments")
    return (
        _message(
            page,
            psid,
            Author(psid, SCOPE, name=name),
            mid=text_id(said["id"]),
            text=str(said.get("message") or ""),
            occurred_at=instant(said["created_time"]),
            is_ours=str((said.get("from") or {}).get("id")) == page,
            media=files.of_message(text_id(said["id"]), (listed or {}).get("data")),
        ),
    )


def _message(
    page: str, psid: str, person: Author, *, mid: str, is_ours: bool, **more: Any
) -> IncomingMessage:
    thread = f"{page}:{psid}"
    return IncomingMessage(
        kind=ConversationKind.MESSENGER,
        external_id=mid,
        thread_key=thread,
        author=Author(page, SCOPE) if is_ours else person,
        is_ours=is_ours,
        person=person if is_ours else None,
        root_external_id=thread,
        **more,
    )


def other_end(event: Mapping[str, Any], page: str) -> str:
    """The person of a messaging event: whichever end is not the page."""
    ends = [text_id(event["sender"]["id"]), text_id(event["recipient"]["id"])]
    return next(end for end in (*ends, ends[0]) if end != page or ends[0] == ends[1])


def edited(payload: dict[str, Any], page: str) -> Parsed:
    """The person changed what they wrote."""
    edit, at = payload["event"]["message_edit"], instant(payload["event"]["timestamp"])
    text = str(edit.get("text") or "")
    return (Change("edit", text_id(edit["mid"]), at, kind=ConversationKind.MESSENGER, text=text),)


def unsent(payload: dict[str, Any], page: str) -> Parsed:
    """The person took a message back."""
    event = payload["event"]
    at = instant(event["timestamp"])
    return (Change("delete", text_id(event["message"]["mid"]), at, kind=ConversationKind.MESSENGER),)


def receipt(what: str) -> Callable[[dict[str, Any], str], Parsed]:
    """Delivered or read: everything of ours in the thread up to the watermark."""

    def read(payload: dict[str, Any], page: str) -> Parsed:
        event = payload["event"]
        at = instant(event["read" if what == "read" else "delivery"]["watermark"])
        thread = f"{page}:{other_end(event, page)}"
        return (Change(what, "", at, kind=ConversationKind.MESSENGER, thread_key=thread),)

    return read
