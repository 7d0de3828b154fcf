"""Writing on X: answers, direct messages, following, hiding. Once each; never repeated from here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from channels_social.enums import ActionKind
from channels_social.networks.base import NetworkError, Outgoing, Receipt
from channels_social.networks.x import prices

if TYPE_CHECKING:
    from channels_social.networks.x.client import XClient


def send(client: XClient, action: Outgoing) -> Receipt:
    """Do the action; its receipt. Raises :class:`NetworkError`."""
    doers: dict[ActionKind, Callable[[XClient, Outgoing], Receipt]] = {
        ActionKind.REPLY: reply,
        ActionKind.DIRECT_MESSAGE: direct_message,
        ActionKind.FOLLOW: follow,
        ActionKind.HIDE: hide,
    }
    doer = doers.get(action.kind)
    if doer is None:
        raise NetworkError("refused", "not_supported")
    return doer(client, action)


def reply(client: XClient, action: Outgoing) -> Receipt:
    """Post an answer under ``target_id``; ``options.exclude`` keeps strangers out of its mentions."""
    asked: dict[str, Any] = {"text": action.text, "user_auth": False}
    if action.target_id:
        asked["in_reply_to_tweet_id"] = action.target_id
        if action.options.get("exclude"):
            asked["exclude_reply_user_ids"] = action.options["exclude"]
    if action.uploaded:
        asked["media_ids"] = list(action.uploaded)
    body = client.ask(lambda: client.api.create_tweet(**asked), writes=True)
    # The further parts of a thread answer ourselves: nobody asked for those.
    asked_for = bool(action.target_id) and int(action.options.get("part") or 1) == 1
    kind = prices.reply_kind(action.text, is_reply=asked_for)
    client.trace.spends.append(prices.writes(kind))
    return Receipt(_told(body, "id"))


def direct_message(client: XClient, action: Outgoing) -> Receipt:
    """Write to a person, or to a group named by ``options.conversation_id``."""
    group = str(action.options.get("conversation_id") or "")
    where = {"dm_conversation_id": group} if group else {"participant_id": action.target_id}
    body = client.ask(
        lambda: client.api.create_direct_message(
            **where, text=action.text, media_id=next(iter(action.uploaded), None), user_auth=False
        ),
        writes=True,
        private=True,
    )
    client.trace.spends.append(prices.writes("dm_create"))
    return Receipt(_told(body, "dm_event_id"))


def follow(client: XClient, action: Outgoing) -> Receipt:
    """Follow a person. Not tweepy's own verb: it asks for our id first, and is not safe between threads."""
    route = f"/2/users/{client.external_id}/following"
    target = {"target_user_id": action.target_id}
    client.ask(lambda: client.api._make_request("POST", route, json=target, user_auth=False), writes=True)
    return Receipt()


def hide(client: XClient, action: Outgoing) -> Receipt:
    """Hide an answer in a conversation of ours, or show it again (``options.hidden`` false)."""
    call = client.api.unhide_reply if action.options.get("hidden") is False else client.api.hide_reply
    client.ask(lambda: call(action.target_id, user_auth=False), writes=True)
    return Receipt()


def _told(body: dict[str, Any], name: str) -> str:
    """The id of what was made. An answer without it proves nothing: read the network back."""
    number = (body.get("data") or {}).get(name)
    if not number:
        raise NetworkError("unknown", "no_id")
    return str(number)
