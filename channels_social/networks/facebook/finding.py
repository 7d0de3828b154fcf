"""Finding again on Facebook what we may have sent: by place, words and time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from channels_social.networks.base import NetworkError, Outgoing, Receipt
from channels_social.networks.facebook import reading
from channels_social.networks.facebook.times import instant
from helpdesk import clock
from helpdesk.secrets.cutting import cut_secrets
from helpdesk.text import normalised

if TYPE_CHECKING:
    from channels_social.networks.facebook.client import FacebookClient

# Facebook's clock and ours may differ, and its times have no fractions.
CLOCKS_DIFFER = timedelta(seconds=90)


def find_comment(client: FacebookClient, action: Outgoing) -> Receipt | None:
    """Our comment under the target; Graph hangs an answer to an answer from the comment above."""
    places = [action.target_id]
    if not action.target_id.startswith(f"{client.external_id}_"):
        above = _read(client, action.target_id, "parent{id}")
        places += [str(above["parent"]["id"])] if above.get("parent") else []
    asked = {
        "fields": "id,from,message,created_time,attachment",
        "filter": "stream",
        "order": "reverse_chronological",
        "limit": 50,
    }
    for place in places:
        for comment in _edge(client, place, "comments", asked):
            if instant(comment["created_time"]) < _since(action):
                break
            is_ours = str((comment.get("from") or {}).get("id")) == client.external_id
            if is_ours and _is_it(action, comment):
                return Receipt(str(comment["id"]))
    return None


def find_message(client: FacebookClient, action: Outgoing) -> Receipt | None:
    """Our message to the person."""
    return _in_thread(client, action, {"user_id": action.target_id, "platform": "messenger"})


def find_private_reply(client: FacebookClient, action: Outgoing) -> Receipt | None:
    """Our private answer to a comment: the comment names the thread it opened."""
    if action.target_id.startswith(f"{client.external_id}_"):
        return None
    comment = _read(client, action.target_id, "private_reply_conversation{id}")
    thread = (comment.get("private_reply_conversation") or {}).get("id")
    if not thread:
        return None
    asked = {"fields": reading.MESSAGE_FIELDS, "limit": 50}
    return _among(client, action, _edge(client, str(thread), "messages", asked))


def find_hidden(client: FacebookClient, action: Outgoing) -> Receipt | None:
    """Whether the comment is as we wanted it."""
    wanted = action.options.get("hidden") is not False
    comment = _read(client, action.target_id, "is_hidden")
    return Receipt() if comment.get("is_hidden") is wanted else None


def _in_thread(client: FacebookClient, action: Outgoing, query: dict[str, Any]) -> Receipt | None:
    fields = f"id,participants,messages.limit(50){{{reading.MESSAGE_FIELDS}}}"
    body = client.graph.get_connections(client.external_id, "conversations", fields=fields, **query)
    for thread in body.get("data") or []:
        found = _among(client, action, (thread.get("messages") or {}).get("data") or [])
        if found is not None:
            people = (thread.get("participants") or {}).get("data") or []
            person = next((str(p["id"]) for p in people if str(p["id"]) != client.external_id), "")
            return Receipt(found.external_id, person)
    return None


def _among(client: FacebookClient, action: Outgoing, messages: Any) -> Receipt | None:
    for message in messages:
        if instant(message["created_time"]) < _since(action):
            return None
        if str((message.get("from") or {}).get("id")) == client.external_id and _is_it(action, message):
            return Receipt(str(message["id"]))
    return None


def _edge(client: FacebookClient, node: str, edge: str, asked: dict[str, Any]) -> Any:
    for body in reading.pages(client, node, edge, **asked):
        yield from body.get("data") or []


def _read(client: FacebookClient, number: str, fields: str) -> dict[str, Any]:
    """Fields of an object; nothing when it is gone."""
    try:
        body = client.graph.get_object(number, fields=fields)
    except NetworkError as error:
        if error.verdict == "refused":
            return {}
        raise
    return body if isinstance(body, dict) else {}


def _is_it(action: Outgoing, item: dict[str, Any]) -> bool:
    """Whether the words are ours, and no other action's already; a file without words is known by being one."""
    if str(item["id"]) in (action.options.get("known_ids") or ()):
        return False
    if action.options.get("files") and not (item.get("attachment") or item.get("attachments")):
        return False
    return normalised(cut_secrets(str(item.get("message") or ""))) == normalised(cut_secrets(action.text))


def _since(action: Outgoing) -> datetime:
    return (action.started_at or clock.now() - reading.BACKFILL) - CLOCKS_DIFFER
