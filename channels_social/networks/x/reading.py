"""Reading X: mentions, own timeline, direct messages, and finding again what we sent.

Newest first is X's order, so every page is walked before the cursor may move. Posts are indexed late and
out of order: each poll starts five minutes before its cursor and relies on the inbox to know duplicates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from channels_social.networks.base import Entry, Outgoing, Page, Receipt
from channels_social.networks.x import prices
from channels_social.networks.x.entries import (
    files_of,
    message_entry,
    people_of,
    post_entry,
    raw_text,
    references,
)
from channels_social.networks.x.ids import earlier, id_at
from helpdesk import clock
from helpdesk.secrets.cutting import cut_secrets
from helpdesk.text import normalised

if TYPE_CHECKING:
    from channels_social.networks.x.client import XClient

OVERLAP = timedelta(minutes=5)
# A newly connected account: what was said this long ago still comes in, older things stay history.
BACKFILL = timedelta(hours=24)
# Connected again after weeks: older things would open hundreds of cases about nothing (channels F28).
MOST_BACK = timedelta(days=7)
PAGE = 100
# How far back X lets these streams be read (docs.x.com, "Timelines").
REACH = {"mentions": 800, "timeline": 3200}
# X's clock and ours may differ when we look for what we have just written.
CLOCKS_DIFFER = timedelta(seconds=90)

USER_FIELDS = "username,name,profile_image_url,protected,verified_type,receives_your_dm"
MEDIA_FIELDS = "media_key,type,url,preview_image_url,alt_text,variants"
POST_FIELDS = {
    "tweet_fields": "author_id,created_at,conversation_id,in_reply_to_user_id,referenced_tweets,entities,"
    "attachments,lang,note_tweet,possibly_sensitive,reply_settings,withheld",
    "expansions": "author_id,in_reply_to_user_id,attachments.media_keys",
    "user_fields": USER_FIELDS,
    "media_fields": MEDIA_FIELDS,
}
MESSAGE_FIELDS = {
    "dm_event_fields": "id,text,event_type,created_at,dm_conversation_id,sender_id,attachments",
    "expansions": "sender_id,attachments.media_keys",
    "user_fields": USER_FIELDS,
    "media_fields": MEDIA_FIELDS,
    "event_types": "MessageCreate",
    "user_auth": False,
}


def pages(client: XClient, call: Callable[..., Any], **asked: Any) -> Iterator[dict[str, Any]]:
    """Every page of a list, newest first. A page may be empty and still have a next one."""
    token = None
    while True:
        body = client.ask(lambda token=token: call(**asked, **({"pagination_token": token} if token else {})))
        yield body
        token = (body.get("meta") or {}).get("next_token")
        if not token:
            return


def posts_since(client: XClient, stream: str, since: str) -> tuple[list[Entry], str, bool]:
    """Entries oldest first, the highest id read, and whether older ones are out of reach."""
    call = client.api.get_users_mentions if stream == "mentions" else client.api.get_users_tweets
    asked: dict[str, Any] = {"id": client.external_id, "max_results": PAGE, "since_id": since} | POST_FIELDS
    entries: list[Entry] = []
    highest, read = 0, 0
    for body in pages(client, call, **asked):
        posts = body.get("data") or []
        includes = body.get("includes") or {}
        people, files = people_of(includes.get("users")), files_of(includes.get("media"))
        client.trace.spends.append(prices.reads("owned_read", [post["id"] for post in posts]))
        found = (post_entry(client.external_id, post, people, files, is_addressed=True) for post in posts)
        entries += [entry for entry in found if entry is not None]
        highest = max([highest, *(int(post["id"]) for post in posts)])
        read += len(posts)
    entries.reverse()
    return entries, str(highest) if highest else "", read >= REACH[stream]


def posts(stream: str) -> Callable[[XClient, str], Page]:
    """The poll of mentions or of the account's own timeline."""

    def poll(client: XClient, cursor: str) -> Page:
        since, is_cut = _since(cursor)
        entries, highest, is_full = posts_since(client, stream, since)
        has_gap = bool(cursor) and (is_full or is_cut)
        return Page(tuple(entries), _further(cursor, highest), has_gap=has_gap)

    return poll


def messages(client: XClient, cursor: str) -> Page:
    """The poll of direct messages. There is no ``since_id``: pages are walked down to the floor."""
    since, is_cut = _since(cursor)
    floor = int(since)
    entries: list[Entry] = []
    highest = 0
    for body in pages(client, client.api.get_direct_message_events, max_results=PAGE, **MESSAGE_FIELDS):
        listed = body.get("data") or []
        includes = body.get("includes") or {}
        people, files = people_of(includes.get("users")), files_of(includes.get("media"))
        client.trace.spends.append(prices.reads("dm_read", [one["id"] for one in listed]))
        fresh = [one for one in listed if int(one["id"]) > floor]
        entries += [message_entry(client.external_id, one, people, files) for one in fresh]
        highest = max([highest, *(int(one["id"]) for one in fresh)])
        if len(fresh) < len(listed):
            break
    entries.reverse()
    return Page(tuple(entries), _further(cursor, str(highest) if highest else ""), has_gap=is_cut)


def _since(cursor: str) -> tuple[str, bool]:
    """Where a walk begins, and whether that leaves something out."""
    if not cursor:
        return id_at(clock.now() - BACKFILL), False
    oldest = id_at(clock.now() - MOST_BACK)
    since = earlier(cursor, OVERLAP)
    return (since, False) if int(since) >= int(oldest) else (oldest, True)


STREAMS: dict[str, Callable[[XClient, str], Page]] = {
    "mentions": posts("mentions"),
    "timeline": posts("timeline"),
    "dms": messages,
}


def _further(cursor: str, highest: str) -> str:
    return str(max(int(cursor or 0), int(highest or 0)) or "")


def speaks_to(post: dict[str, Any], account: str) -> bool:
    """Whether a post that was looked up is by the account, answers it or mentions it."""
    mentioned = [str(item.get("id")) for item in (post.get("entities") or {}).get("mentions") or []]
    return account in {str(post.get("author_id")), str(post.get("in_reply_to_user_id")), *mentioned}


def find_post(client: XClient, action: Outgoing) -> Receipt | None:
    """Our own post under the same parent with the same words, written since the attempt began."""
    since = id_at((action.started_at or clock.now() - BACKFILL) - CLOCKS_DIFFER)
    wanted = _words(action)
    entries, _, _ = posts_since(client, "timeline", since)
    for entry in entries:
        post = entry.payload["post"]
        is_there = references(post).get("replied_to", "") == action.target_id
        if is_there and entry.external_id not in _known(action) and normalised(raw_text(post)) == wanted:
            return Receipt(entry.external_id)
    return None


def find_message(client: XClient, action: Outgoing) -> Receipt | None:
    """Our own message to the same person with the same words. The list of one conversation does not lag."""
    since = int(id_at((action.started_at or clock.now() - BACKFILL) - CLOCKS_DIFFER))
    group = str(action.options.get("conversation_id") or "")
    where = {"dm_conversation_id": group} if group else {"participant_id": action.target_id}
    wanted = _words(action)
    for body in pages(
        client, client.api.get_direct_message_events, **where, max_results=PAGE, **MESSAGE_FIELDS
    ):
        listed = body.get("data") or []
        client.trace.spends.append(prices.reads("dm_read", [one["id"] for one in listed]))
        for one in listed:
            if int(one["id"]) <= since:
                return None
            is_ours = str(one.get("sender_id")) == client.external_id and one["id"] not in _known(action)
            if is_ours and normalised(cut_secrets(str(one.get("text") or ""))) == wanted:
                return Receipt(str(one["id"]))
    return None


def _words(action: Outgoing) -> str:
    """What to look for: secrets are cut from what is read back, so from what was sent as well."""
    return normalised(cut_secrets(action.text))


def _known(action: Outgoing) -> list[str]:
    """Ids that other actions already account for: the same words twice are two messages."""
    return list(action.options.get("known_ids") or ())


def find_follow(client: XClient, action: Outgoing) -> Receipt | None:
    """Whether we follow the person now."""
    body = client.ask(lambda: client.api.get_user(id=action.target_id, user_fields="connection_status"))
    status = (body.get("data") or {}).get("connection_status") or []
    return Receipt() if "following" in status or "follow_request_sent" in status else None
