"""Reading a page: its feed with comments, its Messenger threads, single comments.

Graph lists posts by age but a comment may come under an old one, so the walk goes back a month and looks
under every post that changed. Cursors are epoch seconds; each poll starts five minutes before its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from channels_social.networks.base import Entry, NetworkError, Page
from channels_social.networks.facebook.entries import comment_entry, message_entry, post_entry
from channels_social.networks.facebook.times import instant
from helpdesk import clock

if TYPE_CHECKING:
    from channels_social.networks.facebook.client import FacebookClient

OVERLAP = timedelta(minutes=5)
# A newly connected page: what was said this long ago still comes in.
BACKFILL = timedelta(hours=24)
# Connected again after weeks: older things would open hundreds of cases about nothing (channels F28).
MOST_BACK = timedelta(days=7)
POSTS_REACH = timedelta(days=30)
POSTS, COMMENTS, THREADS, MESSAGES = 25, 25, 25, 25
# Pages of one walk: a runaway list must not hold a worker for ever.
MOST_PAGES = 40
ANCESTORS = 4

COMMENT_FIELDS = (
    "id,from,message,created_time,parent{id,from},attachment,permalink_url,can_reply_privately,is_hidden"
)
POST_FIELDS = "id,from,message,created_time,updated_time,permalink_url,is_hidden,attachments"
NEWEST = f"filter(stream).order(reverse_chronological).limit({COMMENTS})"
FEED_FIELDS = f"{POST_FIELDS},comments.{NEWEST}{{{COMMENT_FIELDS}}}"
MESSAGE_FIELDS = "id,created_time,from,to,message,attachments,sticker"
THREAD_FIELDS = f"id,updated_time,participants,messages.limit({MESSAGES}){{{MESSAGE_FIELDS}}}"


def pages(
    client: FacebookClient, node: str, edge: str, *, after: str = "", **asked: Any
) -> Iterator[dict[str, Any]]:
    """Every page of an edge. The library's own walk needs a token in the next page's address."""
    for _page in range(MOST_PAGES):
        cursor = {"after": after} if after else {}
        body = client.graph.get_connections(node, edge, **asked, **cursor)
        yield body
        after = next_cursor(body)
        if not after:
            return


def next_cursor(body: Mapping[str, Any]) -> str:
    """The cursor of the next page; empty on the last one, which has a cursor too but no address."""
    paging = body.get("paging") or {}
    return str((paging.get("cursors") or {}).get("after") or "") if paging.get("next") else ""


def items(
    client: FacebookClient, node: str, edge: str, nested: Any, **asked: Any
) -> Iterator[dict[str, Any]]:
    """The items of an edge that came nested, then those of its further pages."""
    first = nested if isinstance(nested, dict) else {}
    yield from first.get("data") or []
    after = next_cursor(first)
    for body in pages(client, node, edge, after=after, **asked) if after else ():
        yield from body.get("data") or []


def feed(client: FacebookClient, cursor: str) -> Page:
    """Posts and comments that are new since the cursor, or changed where we can see it."""
    now = clock.now()
    floor, is_cut = _floor(cursor)
    # Comments of the last day under a post that changed are read again: that shows edits and hidings.
    since = min(floor, now - BACKFILL)
    found: list[tuple[float, Entry]] = []
    highest, oldest, walked = int(cursor or 0), now, 0
    for body in pages(client, client.external_id, "feed", fields=FEED_FIELDS, limit=POSTS):
        for post in body.get("data") or []:
            created = instant(post["created_time"])
            changed = instant(post.get("updated_time") or post["created_time"])
            highest, oldest = max(highest, int(changed.timestamp())), min(oldest, created)
            if changed >= floor:
                found += _of_post(client, post, since, is_new=created >= since)
        walked += 1
        if oldest < now - POSTS_REACH:
            break
    found.reverse()  # newest first, to the second: a stable sort keeps what remains of the order
    found.sort(key=lambda one: one[0])
    has_gap = is_cut or (bool(cursor) and walked == MOST_PAGES and oldest > floor)
    return Page(tuple(entry for _, entry in found), str(highest or ""), has_gap=has_gap)


def _of_post(
    client: FacebookClient, post: dict[str, Any], since: Any, *, is_new: bool
) -> Iterator[tuple[float, Entry]]:
    """The post, if it is new, and its comments down to ``since``, each with its time."""
    page, number = client.external_id, str(post["id"])
    if is_new:
        yield instant(post["created_time"]).timestamp(), post_entry(page, post)
    asked = {
        "fields": COMMENT_FIELDS,
        "filter": "stream",
        "order": "reverse_chronological",
        "limit": COMMENTS,
    }
    for comment in items(client, number, "comments", post.get("comments"), **asked):
        said = instant(comment["created_time"])
        if said < since:
            return
        yield said.timestamp(), comment_entry(page, comment, post=post)


def conversations(client: FacebookClient, cursor: str) -> Page:
    """Messages since the cursor. Threads come by last change, newest first; there is no ``since``."""
    floor, is_cut = _floor(cursor)
    found: list[tuple[float, Entry]] = []
    highest = int(cursor or 0)
    asked = {"platform": "messenger", "fields": THREAD_FIELDS, "limit": THREADS}
    for body in pages(client, client.external_id, "conversations", **asked):
        threads = body.get("data") or []
        fresh = [thread for thread in threads if instant(thread["updated_time"]) >= floor]
        for thread in fresh:
            highest = max(highest, int(instant(thread["updated_time"]).timestamp()))
            found += _of_thread(client, thread, floor)
        if len(fresh) < len(threads):
            break
    found.reverse()  # newest first, to the second: a stable sort keeps what remains of the order
    found.sort(key=lambda one: one[0])
    return Page(tuple(entry for _, entry in found), str(highest or ""), has_gap=is_cut)


def _floor(cursor: str) -> tuple[datetime, bool]:
    """Where a walk ends, and whether that leaves something out."""
    now = clock.now()
    if not cursor:
        return now - BACKFILL, False
    since = instant(cursor) - OVERLAP
    return max(since, now - MOST_BACK), since < now - MOST_BACK


def _of_thread(client: FacebookClient, thread: dict[str, Any], floor: Any) -> Iterator[tuple[float, Entry]]:
    psid = person_of(client, thread)
    if not psid:
        return
    asked = {"fields": MESSAGE_FIELDS, "limit": MESSAGES}
    for message in items(client, str(thread["id"]), "messages", thread.get("messages"), **asked):
        said = instant(message["created_time"])
        if said < floor:
            return
        yield said.timestamp(), message_entry(client.external_id, message, psid)


def person_of(client: FacebookClient, thread: Mapping[str, Any]) -> str:
    """The page-scoped id of the person in a thread."""
    people = (thread.get("participants") or {}).get("data") or []
    return next((str(one["id"]) for one in people if str(one.get("id")) != client.external_id), "")


STREAMS: dict[str, Callable[[FacebookClient, str], Page]] = {"feed": feed, "conversations": conversations}


def look_up(client: FacebookClient, external_ids: Iterable[str]) -> tuple[Entry, ...]:
    """Comments or posts and everything above them, roots first. One call each: a list of ids fails whole."""
    found: dict[str, Entry] = {}
    for number in dict.fromkeys(external_ids):
        chain: list[Entry] = []
        wanted = number
        while wanted and wanted not in found and len(chain) < ANCESTORS:
            entry, above = one_of(client, wanted)
            if entry is None:
                break
            chain.append(entry)
            wanted = above
        found |= {entry.external_id: entry for entry in reversed(chain)}
    return tuple(found.values())


def one_of(client: FacebookClient, number: str) -> tuple[Entry | None, str]:
    """A comment or a post of the page, and the comment above it; None when it is gone."""
    is_post = number.startswith(f"{client.external_id}_")
    try:
        item = client.graph.get_object(number, fields=POST_FIELDS if is_post else COMMENT_FIELDS)
    except NetworkError as error:
        if error.verdict == "refused":
            return None, ""
        raise
    if is_post:
        return post_entry(client.external_id, item), ""
    return comment_entry(client.external_id, item), str((item.get("parent") or {}).get("id") or "")
