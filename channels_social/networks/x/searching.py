"""Recent search: seven days back, newest first, every post read is paid for once a UTC day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from channels_social.networks.base import Entry, NetworkError, Page
from channels_social.networks.x import prices, reading
from channels_social.networks.x.entries import files_of, people_of, post_entry
from channels_social.networks.x.ids import earlier, id_at
from helpdesk import clock

if TYPE_CHECKING:
    from channels_social.networks.x.client import XClient

# X refuses a since_id older than seven days; an hour is left for its clock and ours (channels.md E14).
OLDEST = timedelta(days=7) - timedelta(hours=1)
FEWEST, PAGE = 10, 100


def search(client: XClient, query: str, cursor: str, *, most: int) -> Page:
    """Posts since the cursor, oldest first, at most ``most``; ``has_gap`` when older ones were left unread."""
    since, is_cut = since_of(cursor)
    entries: list[Entry] = []
    highest, read, token = int(cursor or 0), 0, ""
    while most - read >= FEWEST or not read:
        body = _page(client, query, since, token, max(FEWEST, min(PAGE, most - read)))
        posts = body.get("data") or []
        client.trace.spends.append(prices.reads("post_read", [post["id"] for post in posts]))
        entries += _entries(client, body, posts)
        highest = max([highest, *(int(post["id"]) for post in posts)])
        read += len(posts)
        token = (body.get("meta") or {}).get("next_token") or ""
        if not token:
            break
    entries.reverse()
    return Page(tuple(entries), str(highest or "") or since, has_gap=bool(cursor) and (is_cut or bool(token)))


def since_of(cursor: str) -> tuple[str, bool]:
    """Where to begin, and whether that leaves something out that was never read."""
    if not cursor:
        return id_at(clock.now() - reading.BACKFILL), False
    oldest = id_at(clock.now() - OLDEST)
    since = earlier(cursor, reading.OVERLAP)
    return (since, False) if int(since) >= int(oldest) else (oldest, int(cursor) < int(oldest))


def _page(client: XClient, query: str, since: str, token: str, size: int) -> dict[str, Any]:
    asked: dict[str, Any] = {"max_results": size, "since_id": since} | reading.POST_FIELDS
    if token:
        asked["next_token"] = token
    try:
        return client.ask(lambda: client.api.search_recent_tweets(query, **asked))
    except NetworkError as error:
        if error.verdict == "refused" and "since_id" in error.detail:
            # The clocks disagree: begin again a day later than X's oldest.
            asked["since_id"] = id_at(clock.now() - OLDEST + timedelta(days=1))
            return client.ask(lambda: client.api.search_recent_tweets(query, **asked))
        raise


def _entries(client: XClient, body: dict[str, Any], posts: list[dict[str, Any]]) -> list[Entry]:
    includes = body.get("includes") or {}
    people, files = people_of(includes.get("users")), files_of(includes.get("media"))
    found = []
    for post in posts:
        entry = post_entry(client.external_id, post, people, files, is_addressed=True)
        if entry is None:
            continue
        is_to_us = reading.speaks_to(post, client.external_id)
        found.append(entry if is_to_us else replace(entry, kind="x.found"))
    return found
