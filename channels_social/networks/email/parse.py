"""Stored mails as words of the desk. Pure: no clock, no database, no network.

A mail's thread is named by the first mail of it and by who writes; intake looks its references up and hangs
it where it belongs. What stands in the inbox is never ours, whoever it says it is from.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from channels_social.enums import ConversationKind
from channels_social.networks.base import Author, IncomingMessage, Letter, MediaRef, Parsed
from channels_social.networks.digest import digest
from channels_social.networks.email.letters import is_ours, token_of

SCOPE = "address"


def parse(kind: str, payload: dict[str, Any], account_external_id: str) -> Parsed:
    """An entry as a message; nothing for kinds nobody knows. ``ValueError`` for a poison one."""
    if kind == "mail.poison":
        raise ValueError(f"mail: {payload.get('reason')}; it is number {payload.get('uid')} of the mailbox")
    if kind not in {"mail.received", "mail.sent"}:
        return ()
    try:
        return (_received(payload) if kind == "mail.received" else _sent(payload, account_external_id),)
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"{kind}: {type(error).__name__} {error}") from error


def thread_key(root: str, address: str) -> str:
    """The key of one thread of one person: short, whatever the ids and addresses are."""
    return f"{digest(root)}:{address if len(address) <= 120 else digest(address)}"


def _received(payload: dict[str, Any]) -> IncomingMessage:
    sender = payload["sender"]
    author = Author(sender, SCOPE, name=payload["name"] or sender, handle=sender[:80])
    letter = _letter(payload)
    # Not the message id alone: whoever repeats a known one must not change what was said under it.
    number = f"mail:{digest(letter.message_id, sender, payload['mark'])}"
    return IncomingMessage(
        kind=ConversationKind.EMAIL,
        external_id=number,
        thread_key=thread_key(letter.message_id or number, sender),
        author=author,
        text=_words(payload),
        occurred_at=_moment(payload),
        root_external_id=number,
        media=_media(number, payload),
        is_quiet=bool(letter.auto),
        letter=letter,
    )


def _sent(payload: dict[str, Any], own: str) -> IncomingMessage:
    """From the folder of what was sent: our own letter, or an answer given in a mail program."""
    letter = _letter(payload)
    ours = is_ours(letter.message_id, own)
    to = next((address for address in letter.to if address != own), "")
    number = letter.message_id if ours else f"mail:{digest(letter.message_id, own, payload['mark'])}"
    return IncomingMessage(
        kind=ConversationKind.EMAIL,
        external_id=number,
        thread_key=thread_key(letter.message_id or number, to),
        author=Author(own, SCOPE),
        text=_words(payload),
        occurred_at=_moment(payload),
        is_ours=True,
        person=Author(to, SCOPE, handle=to[:80]) if to else None,
        root_external_id=number,
        media=() if ours else _media(number, payload),
        client_token=token_of(letter.message_id, own),
        letter=letter,
        is_for_desk=bool(to),
    )


def _moment(payload: dict[str, Any]) -> datetime:
    """When it arrived, never when it says it was written: a date is easily made up.

    Servers tell whole seconds. The end of the second is taken, by number within it, but not later than it was
    read: what answers a letter of ours in the same second must not look older than it.
    """
    second = datetime.fromisoformat(payload["received"]).replace(microsecond=0)
    end = second + timedelta(microseconds=999_000 + int(payload["uid"]) % 1000)
    return min(end, datetime.fromisoformat(payload["read"]))


def _letter(payload: dict[str, Any]) -> Letter:
    return Letter(
        message_id=payload["mid"],
        subject=payload["subject"],
        references=tuple(payload["references"]),
        rest=payload["rest"],
        to=tuple(payload["to"]),
        reply_to=payload["reply_to"],
        auto=payload["auto"],
        is_forged=bool(payload["forged"]),
        notice=str(payload.get("notice") or ""),
    )


def _words(payload: dict[str, Any]) -> str:
    """A mail that begins a thread says what it is about in its subject: it is part of its words."""
    subject, text = payload["subject"], payload["text"]
    if payload["references"] or not subject:
        return text
    return f"{subject}\n\n{text}".strip()


def _media(number: str, payload: dict[str, Any]) -> tuple[MediaRef, ...]:
    if payload.get("notice"):
        return ()
    return tuple(
        MediaRef(
            f"{number}:{place}",
            f"imap:{quote(payload['folder'])}/{payload['validity']}/{payload['uid']}/{place}",
            "image" if str(declared).startswith("image/") else "file",
            name,
        )
        for place, name, declared in payload["files"]
    )
