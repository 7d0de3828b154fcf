"""Stored entries of Facebook as words of the desk. Pure: no clock, no database, no network.

A comment's thread hangs from the top-level comment: Graph hangs every answer, also one to an answer, from
that one, so ``parent`` is the root. A visitor's post is a thread of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from channels_social.enums import ConversationKind
from channels_social.networks.base import AccountSignal, Author, Change, IncomingMessage, Parsed
from channels_social.networks.digest import text_id
from channels_social.networks.facebook import files
from channels_social.networks.facebook.private import edited, message, receipt, unsent
from channels_social.networks.facebook.times import instant

COMMENTS = "comments"


def parse(kind: str, payload: dict[str, Any], account_external_id: str) -> Parsed:
    """An entry as messages and changes; nothing for kinds nobody knows. ``ValueError`` for a poison one."""
    read = READERS.get(kind)
    if read is None:
        return ()
    try:
        return read(payload, account_external_id)
    except (KeyError, TypeError, AttributeError, OverflowError, OSError) as error:
        raise ValueError(f"{kind}: {type(error).__name__} {error}") from error


def _poison(payload: dict[str, Any], page: str) -> Parsed:
    raise ValueError("the delivery could not be split")


def _author(item: Mapping[str, Any]) -> Author:
    """Who wrote it: ``from``, or the older ``sender_id``; nobody when Graph hides it."""
    told = item.get("from")
    if isinstance(told, dict) and told.get("id"):
        return Author(text_id(told["id"]), COMMENTS, name=str(told.get("name") or ""))
    if item.get("sender_id"):
        return Author(text_id(item["sender_id"]), COMMENTS, name=str(item.get("sender_name") or ""))
    return Author("", COMMENTS)


def _comment(payload: dict[str, Any], page: str) -> Parsed:
    if "change" in payload:
        item = payload["change"]
        number, post = text_id(item["comment_id"]), str(item.get("post_id") or "")
        parent = str(item.get("parent_id") or "")
    else:
        item = payload["comment"]
        number, post = text_id(item["id"]), str((payload.get("post") or {}).get("id") or "")
        parent = str((item.get("parent") or {}).get("id") or "")
    # Seen from the post, a top-level comment's parent is the post, however Graph spells the post's id.
    is_answer = bool(parent) and parent != post and parent.partition("_")[0] != page
    return (_said(payload, item, page, number, parent if is_answer else "", post),)


def _said(
    payload: dict[str, Any], item: dict[str, Any], page: str, number: str, parent: str, post: str
) -> IncomingMessage:
    author = _author(item)
    is_ours = author.external_id == page
    root = parent or number
    person, hangs_from = None, parent
    if is_ours:
        # Our own word belongs to whom it answers. Pushed, only what it hangs from is known of that.
        person, root, hangs_from = _answered(payload, item, page), parent or post or number, parent or post
    return IncomingMessage(
        kind=ConversationKind.FB_COMMENTS,
        external_id=number,
        thread_key=_thread(root, person if is_ours else author, "" if is_ours else number),
        author=author,
        text=str(item.get("message") or ""),
        occurred_at=_created(payload, item),
        is_ours=is_ours,
        person=person,
        parent_external_id=parent or post,
        root_external_id=root,
        missing_root="" if person else hangs_from,
        media=files.of_comment(number, item),
        is_hidden=bool(item.get("is_hidden")),
        edited_at=_edited(payload, item),
        as_of=_as_of(payload),
    )


def _thread(root: str, whose: Author | None, number: str) -> str:
    """The thread of a person; of somebody nameless, of this one comment; of nobody known, none."""
    key = (whose.external_id if whose else "") or number
    return f"{root}:{key}" if key else ""


def _answered(payload: Mapping[str, Any], item: Mapping[str, Any], page: str) -> Author | None:
    """Whom a comment of ours answers, where reading told: the author of the comment or post above."""
    above = item.get("parent") or payload.get("post") or {}
    author = _author(above)
    return author if author.external_id not in {"", page} else None


def _post(payload: dict[str, Any], page: str) -> Parsed:
    if "change" in payload:
        item = payload["change"]
        number = text_id(item["post_id"])
    else:
        item = payload["post"]
        number = text_id(item["id"])
    author = _author(item)
    is_ours = author.external_id == page
    return (
        IncomingMessage(
            kind=ConversationKind.FB_COMMENTS,
            external_id=number,
            thread_key=f"{number}:{author.external_id or number}",
            author=author,
            text=str(item.get("message") or ""),
            occurred_at=_created(payload, item),
            is_ours=is_ours,
            root_external_id=number,
            media=files.of_post(number, item),
            is_hidden=bool(item.get("is_hidden")),
            edited_at=_edited(payload, item),
            as_of=_as_of(payload),
            is_for_desk=not is_ours,
        ),
    )


def _created(payload: Mapping[str, Any], item: Mapping[str, Any]) -> datetime:
    """When it was written. Visitors' posts are pushed without it: then the delivery's time."""
    told = item.get("created_time") or payload.get("at")
    if not told:
        raise ValueError("nobody says when it was written")
    return instant(told)


def _edited(payload: Mapping[str, Any], item: Mapping[str, Any]) -> datetime | None:
    if item.get("verb") not in {"edit", "edited"}:
        return None
    return instant(payload.get("at") or item.get("created_time"))


def _as_of(payload: Mapping[str, Any]) -> datetime | None:
    told = payload.get("as_of")
    return datetime.fromisoformat(told).astimezone(UTC) if told else None


def _changed(what: str) -> Callable[[dict[str, Any], str], Parsed]:
    def read(payload: dict[str, Any], page: str) -> Parsed:
        item = payload["change"]
        number = text_id(item["comment_id"] if item.get("item") == "comment" else item["post_id"])
        at = instant(payload.get("at") or item.get("created_time"))
        return (Change(what, number, at, kind=ConversationKind.FB_COMMENTS),)

    return read


def _policy(payload: dict[str, Any], page: str) -> Parsed:
    what = "blocked" if payload.get("action") == "block" else "unblocked"
    return (AccountSignal(what, str(payload.get("reason") or "")[:200]),)


READERS: dict[str, Callable[[dict[str, Any], str], Parsed]] = {
    "fb.comment": _comment,
    "fb.post": _post,
    "fb.message": message,
    "fb.edit": edited,
    "fb.unsent": unsent,
    "fb.read": receipt("read"),
    "fb.delivered": receipt("delivered"),
    "fb.hide": _changed("hide"),
    "fb.unhide": _changed("unhide"),
    "fb.remove": _changed("delete"),
    "fb.policy": _policy,
    "fb.poison": _poison,
}
