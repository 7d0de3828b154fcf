"""Stored entries of X as words of the desk. Pure: no clock, no database, no network."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from channels_social.enums import ConversationKind
from channels_social.networks.base import AccountSignal, Author, Change, IncomingMessage, Parsed, thread_under
from channels_social.networks.digest import text_id
from channels_social.networks.x import entries
from channels_social.networks.x.files import post_files, private_files
from channels_social.networks.x.ids import moment_of

SCOPE = "user"


def parse(kind: str, payload: dict[str, Any], account_external_id: str) -> Parsed:
    """An entry as messages, changes and signals; nothing for kinds nobody knows.

    Raises ``ValueError`` for a poison entry.
    """
    read = READERS.get(kind)
    if read is None:
        return ()
    try:
        return read(payload, account_external_id)
    except (KeyError, TypeError, AttributeError, OverflowError, OSError) as error:
        raise ValueError(f"{kind}: {type(error).__name__} {error}") from error


def _poison(payload: dict[str, Any], account: str) -> Parsed:
    raise ValueError("the delivery could not be split")


def _addressed(payload: dict[str, Any], account: str) -> Parsed:
    return (_post(payload, account, is_addressed=True),)


def _context(payload: dict[str, Any], account: str) -> Parsed:
    return (_post(payload, account, is_addressed=False),)


def _post(payload: dict[str, Any], account: str, *, is_addressed: bool) -> IncomingMessage:
    post, people = payload["post"], payload.get("people") or {}
    history = entries.history_of(post)
    author_id = text_id(post.get("author_id"))
    is_ours = author_id == account
    person = _answered(post, people, account) if is_ours else None
    answers = entries.references(post)
    root = _root(post, history[0], answers)
    whose = person.external_id if person else author_id
    return IncomingMessage(
        kind=ConversationKind.X_PUBLIC,
        external_id=history[0],
        thread_key=thread_under(root, whose) if root else "",
        author=_author(author_id, people),
        text=html.unescape(entries.raw_text(post)),
        occurred_at=_said_at(post, history),
        is_ours=is_ours,
        person=person,
        parent_external_id=answers.get("replied_to") or answers.get("quoted") or "",
        root_external_id=root,
        # Without a conversation only the post itself, looked up, can tell where it hangs.
        missing_root="" if root else history[0],
        version_ids=tuple(history),
        media=post_files(post, payload.get("files") or {}),
        edited_at=moment_of(history[-1]) if len(history) > 1 else None,
        is_for_desk=person is not None if is_ours else is_addressed,
    )


def _root(post: Mapping[str, Any], own_id: str, answers: Mapping[str, str]) -> str:
    """The conversation's first post; v1.1 does not name it, but what answers nobody begins its own."""
    told = post.get("conversation_id") or post.get("conversation_id_str")
    if told:
        return text_id(told)
    return "" if "replied_to" in answers else own_id


def _said_at(post: Mapping[str, Any], history: list[str]) -> datetime:
    """When the first version was written: the time of the thread, whatever was edited later."""
    try:
        return moment_of(history[0])
    except ValueError:
        return when(post["created_at"])


def when(text: Any) -> datetime:
    """An instant as v2 (ISO 8601) or v1.1 (``Mon Dec 23 13:03:29 +0000 2019``) writes it."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        moment = datetime.strptime(str(text), "%a %b %d %H:%M:%S %z %Y")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _author(number: str, people: Mapping[str, Any], handle: str = "") -> Author:
    """A person as the delivery shows them; only the id is certain."""
    user = people.get(number) or {}
    return Author(
        external_id=number,
        scope=SCOPE,
        name=str(user.get("name") or ""),
        handle=str(user.get("username") or user.get("screen_name") or handle),
        avatar_url=str(user.get("profile_image_url_https") or user.get("profile_image_url") or ""),
        accepts_dm=user.get("receives_your_dm") if isinstance(user.get("receives_your_dm"), bool) else None,
    )


def _answered(post: Mapping[str, Any], people: Mapping[str, Any], account: str) -> Author | None:
    """Whom a post of ours answers. The second part of an answer replies to us: then its first mention."""
    number = post.get("in_reply_to_user_id_str") or post.get("in_reply_to_user_id")
    if not number:
        return None
    mentions = _mentions(post)
    if text_id(number) != account:
        return _author(text_id(number), people, mentions.get(text_id(number), ""))
    other = next((one for one in mentions if one != account), None)
    return _author(other, people, mentions[other]) if other else None


def _mentions(post: Mapping[str, Any]) -> dict[str, str]:
    """People mentioned, id → handle, in order."""
    found = {}
    for item in (post.get("entities") or {}).get("mentions") or []:
        if item.get("id"):
            found[text_id(item["id"])] = str(item.get("username") or "")
    for item in (post.get("entities") or {}).get("user_mentions") or []:
        found[entries.id_of(item)] = str(item.get("screen_name") or "")
    return found


def _message(payload: dict[str, Any], account: str) -> Parsed:
    message, people = payload["message"], payload.get("people") or {}
    if message.get("event_type", "MessageCreate") != "MessageCreate":
        return ()
    thread, sender, other = _ends(message, account)
    number = entries.id_of(message)
    is_ours = sender == account
    return (
        IncomingMessage(
            kind=ConversationKind.X_DM,
            external_id=number,
            thread_key=thread,
            author=_author(sender, people),
            text=html.unescape(entries.message_text(message)),
            occurred_at=_sent_at(message, number),
            is_ours=is_ours,
            person=_author(other, people) if is_ours and other else None,
            root_external_id=thread,
            version_ids=(number,),
            media=private_files(message, payload.get("files") or {}),
        ),
    )


def _ends(message: Mapping[str, Any], account: str) -> tuple[str, str, str]:
    """Conversation, sender and (of two people) the other one; a group has no other one."""
    created = message.get("message_create")
    if isinstance(created, dict):
        sender, recipient = text_id(created["sender_id"]), text_id(created["target"]["recipient_id"])
        thread = str(message.get("dm_conversation_id") or _pair(sender, recipient))
    else:
        sender, thread = text_id(message["sender_id"]), text_id(message["dm_conversation_id"])
    ends = thread.split("-")
    other = next((end for end in ends if end != account), "") if len(ends) == 2 else ""
    return thread, sender, other


def _pair(one: str, other: str) -> str:
    """The id X gives the conversation of two people (docs.x.com, "Direct Messages")."""
    first, second = sorted((int(one), int(other)))
    return f"{first}-{second}"


def _sent_at(message: Mapping[str, Any], number: str) -> datetime:
    if message.get("created_timestamp"):
        return datetime.fromtimestamp(int(message["created_timestamp"]) / 1000, UTC)
    return when(message["created_at"]) if message.get("created_at") else moment_of(number)


def _read(payload: dict[str, Any], account: str) -> Parsed:
    sender, recipient = text_id(payload["sender_id"]), text_id(payload["target"]["recipient_id"])
    if sender == account:
        return ()
    upto = moment_of(text_id(payload["last_read_event_id"]))
    return (Change("read", "", upto, kind=ConversationKind.X_DM, thread_key=_pair(sender, recipient)),)


def _deleted(payload: dict[str, Any], account: str) -> Parsed:
    at = datetime.fromtimestamp(int(payload["at_ms"]) / 1000, UTC)
    return (Change("delete", text_id(payload["id"]), at, kind=ConversationKind.X_PUBLIC),)


def _encrypted(payload: dict[str, Any], account: str) -> Parsed:
    sender, thread = text_id(payload["sender_id"]), text_id(payload["conversation_id"])
    other = next((end for end in thread.split(":") if end != account), "")
    is_ours = sender == account
    return (
        IncomingMessage(
            kind=ConversationKind.X_CHAT,
            external_id=text_id(payload["id"]),
            thread_key=thread,
            author=_author(sender, {}),
            text="",
            occurred_at=datetime.fromtimestamp(int(payload["created_at_msec"]) / 1000, UTC),
            is_ours=is_ours,
            person=_author(other, {}) if is_ours and other else None,
            root_external_id=thread,
            is_encrypted=True,
        ),
    )


def _revoked(payload: dict[str, Any], account: str) -> Parsed:
    return (AccountSignal("revoked", str(payload.get("date_time") or "")),)


def _renamed(payload: dict[str, Any], account: str) -> Parsed:
    return (AccountSignal("renamed", str(payload["after"])),)


READERS: dict[str, Callable[[dict[str, Any], str], Parsed]] = {
    "x.post": _addressed,
    "x.context": _context,
    # Found by a search: it is for the desk when somebody opens it.
    "x.found": _addressed,
    "x.dm": _message,
    "x.read": _read,
    "x.delete": _deleted,
    "x.chat": _encrypted,
    "x.revoke": _revoked,
    "x.renamed": _renamed,
    "x.poison": _poison,
}
