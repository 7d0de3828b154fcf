"""Posts as API v2 tells them: default fields, fields asked for, expansions, what could not be included."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from channels_social.sandbox.ids import x_time
from channels_social.sandbox.world import World
from channels_social.sandbox.x.people import USER_FIELDS, blocked, show_user, user_by_id
from channels_social.sandbox.x.problems import invalid, missing, unauthorized
from channels_social.sandbox.x.rows import EDIT_WINDOW_MS, EDITS, post_row, versions

TWEET_FIELDS = {
    "article", "attachments", "author_id", "card_uri", "community_id", "context_annotations",
    "conversation_id", "created_at", "display_text_range", "edit_controls", "edit_history_tweet_ids",
    "entities", "geo", "id",
    "in_reply_to_user_id", "lang", "media_metadata", "non_public_metrics", "note_tweet", "organic_metrics",
    "paid_partnership", "possibly_sensitive", "promoted_metrics", "public_metrics", "referenced_tweets",
    "reply_settings", "scopes", "source", "suggested_source_links", "text", "withheld",
}  # fmt: skip
EXPANSIONS = {
    "article.cover_media", "article.media_entities", "attachments.media_keys",
    "attachments.media_source_tweet", "attachments.poll_ids", "author_id", "edit_history_tweet_ids",
    "entities.mentions.username",
    "geo.place_id", "in_reply_to_user_id", "entities.note.mentions.username", "referenced_tweets.id",
    "referenced_tweets.id.attachments.media_keys", "referenced_tweets.id.author_id",
}  # fmt: skip
MEDIA_FIELDS = {
    "alt_text", "duration_ms", "height", "media_key", "non_public_metrics", "organic_metrics",
    "preview_image_url", "promoted_metrics", "public_metrics", "type", "url", "variants", "width",
}  # fmt: skip
LISTS = {
    "tweet.fields": TWEET_FIELDS, "user.fields": USER_FIELDS, "expansions": EXPANSIONS, "media.fields":
    MEDIA_FIELDS, "poll.fields": set(), "place.fields": set(),
}  # fmt: skip
MENTION_NAMES = ("entities.mentions.username", "entities.note.mentions.username")


def asked(query: dict[str, str], name: str) -> set[str]:
    """The values of a comma-separated list parameter; raises Problem on one X does not know."""
    given = {value.strip() for value in query.get(name, "").split(",") if value.strip()}
    known = LISTS.get(name)
    if known and (strange := sorted(given - known)):
        listed = ",".join(sorted(known))
        raise invalid(
            f"The `{name}` query parameter value [{strange[0]}] is not one of [{listed}]",
            **{name: strange[0]},
        )
    return given


@dataclass
class Page:
    """Posts being told: the fields asked for, and what was gathered on the way."""

    world: World
    query: dict[str, str]
    viewer: str = ""
    users: dict[int, dict[str, Any]] = field(default_factory=dict)
    tweets: dict[int, dict[str, Any]] = field(default_factory=dict)
    media: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fields = asked(self.query, "tweet.fields")
        self.user_fields = asked(self.query, "user.fields")
        self.expansions = asked(self.query, "expansions")
        self.media_fields = asked(self.query, "media.fields")

    def tell(self, rows: list[sqlite3.Row]) -> list[dict[str, Any]]:
        """The posts, with what their expansions name gathered for `includes`."""
        shown = [show_post(self.world, row, self._fields(row)) for row in rows]
        for row in rows:
            self._expand(row)
        return shown

    def _fields(self, row: sqlite3.Row) -> set[str]:
        # X adds the field an expansion hangs on.
        extra = {"author_id"} if "author_id" in self.expansions else set()
        extra |= {"in_reply_to_user_id"} if "in_reply_to_user_id" in self.expansions else set()
        extra |= {"attachments"} if "attachments.media_keys" in self.expansions else set()
        refers = any(name.startswith("referenced_tweets") for name in self.expansions)
        extra |= {"referenced_tweets"} if refers else set()
        extra |= {"entities"} if any(name in self.expansions for name in MENTION_NAMES) else set()
        return self.fields | extra

    def _expand(self, row: sqlite3.Row) -> None:
        if "author_id" in self.expansions:
            self._add_user(row["author_id"], "author_id")
        if "in_reply_to_user_id" in self.expansions and row["reply_user"]:
            self._add_user(row["reply_user"], "in_reply_to_user_id")
        if any(name in self.expansions for name in MENTION_NAMES):
            for one in json.loads(row["entities"]).get("mentions", []):
                self._add_user(int(one["id"]), "entities.mentions.username")
        if "attachments.media_keys" in self.expansions:
            for number in json.loads(row["media"]):
                self.media.setdefault(number, show_media(self.world, number, self.media_fields))
        if any(name.startswith("referenced_tweets") for name in self.expansions):
            for number in (row["reply_to"], row["quoted"], row["reposted"]):
                self._add_tweet(number)

    def _add_user(self, number: int, parameter: str) -> None:
        row = user_by_id(self.world, number)
        if row is None or row["suspended"]:
            self.errors.append(missing("user", parameter, str(number)))
        elif number not in self.users:
            self.users[number] = show_user(self.world, row, self.user_fields, self.viewer)

    def _add_tweet(self, number: int | None) -> None:
        if number is None or number in self.tweets:
            return
        row = post_row(self.world, number)
        problem = hidden_from(self.world, row, self.viewer, "referenced_tweets.id", number)
        if problem is not None or row is None:
            self.errors.append(problem or missing("tweet", "referenced_tweets.id", str(number)))
            return
        self.tweets[number] = show_post(self.world, row, self._fields(row))
        if "referenced_tweets.id.author_id" in self.expansions:
            self._add_user(row["author_id"], "referenced_tweets.id.author_id")
            self.tweets[number]["author_id"] = str(row["author_id"])

    def answer(self, data: Any, meta: dict[str, Any] | None = None) -> dict[str, Any]:
        """Body of the answer; what is empty is absent."""
        includes = {"users": list(self.users.values()), "tweets": list(self.tweets.values())}
        includes["media"] = list(self.media.values())
        includes = {name: items for name, items in includes.items() if items}
        body: dict[str, Any] = {"data": data} if data else {}
        body |= {"includes": includes} if includes else {}
        body |= {"errors": self.errors} if self.errors else {}
        return body | ({"meta": meta} if meta is not None else {})


def hidden_from(
    world: World, row: sqlite3.Row | None, viewer: str, parameter: str, number: int
) -> dict[str, Any] | None:
    """The partial error for a post that cannot be shown to this viewer; None when it can."""
    author = None if row is None else user_by_id(world, row["author_id"])
    if row is None or row["deleted"] or author is None or author["suspended"]:
        return missing("tweet", parameter, str(number))
    stranger = str(author["id"]) != viewer
    if stranger and (author["protected"] or (viewer and blocked(world, author["id"], int(viewer)))):
        return unauthorized("tweet", parameter, str(number))
    return None


def show_post(world: World, row: sqlite3.Row, fields: set[str]) -> dict[str, Any]:
    """One post: id, text, edit history, plus the fields asked for; what has no value is absent."""
    only = row["chain"] == row["id"] and row["newer"] is None
    history = [str(n) for n in ([row["id"]] if only else versions(world, row["chain"]))]
    shown: dict[str, Any] = {"id": str(row["id"]), "text": row["text"], "edit_history_tweet_ids": history}
    everything: dict[str, Any] = {
        "author_id": str(row["author_id"]),
        "created_at": x_time(row["created_ms"]),
        "conversation_id": str(row["conversation_id"]),
        "in_reply_to_user_id": str(row["reply_user"]) if row["reply_user"] else None,
        "referenced_tweets": references(row),
        "entities": json.loads(row["entities"]) or None,
        "attachments": attachments(row),
        "lang": row["lang"],
        "note_tweet": json.loads(row["note"]) if row["note"] else None,
        "possibly_sensitive": False,
        "reply_settings": row["reply_settings"],
        "display_text_range": [row["prefix"], len(row["text"])],
        "edit_controls": edit_controls(row, len(history)),
        "public_metrics": metrics(row),
        "withheld": {"copyright": False, "country_codes": json.loads(row["withheld"])}
        if row["withheld"]
        else None,
        "paid_partnership": False,
    }
    return shown | {k: v for k, v in everything.items() if k in fields and v is not None}


def attachments(row: sqlite3.Row) -> dict[str, list[str]] | None:
    """Keys of a post's pictures: `3_` and the media id."""
    return (
        {"media_keys": [f"3_{number}" for number in json.loads(row["media"])]}
        if row["media"] != "[]"
        else None
    )


def references(row: sqlite3.Row) -> list[dict[str, str]] | None:
    """What a post answers, quotes or repeats."""
    named = (("replied_to", row["reply_to"]), ("quoted", row["quoted"]), ("retweeted", row["reposted"]))
    return [{"type": kind, "id": str(number)} for kind, number in named if number] or None


def edit_controls(row: sqlite3.Row, history: int) -> dict[str, Any]:
    """Whether and until when a post can be edited; replies cannot."""
    return {
        "edits_remaining": max(EDITS + 1 - history, 0),
        "is_edit_eligible": row["reply_to"] is None,
        "editable_until": x_time(row["created_ms"] + EDIT_WINDOW_MS),
    }


def metrics(row: sqlite3.Row) -> dict[str, int]:
    """The public counts of a post."""
    counts = {"retweet_count": row["reposts"], "reply_count": row["replies"], "like_count": row["likes"]}
    return counts | {"quote_count": row["quotes"], "bookmark_count": 0, "impression_count": 0}


def show_media(world: World, number: str, fields: set[str]) -> dict[str, Any]:
    """A picture of a post."""
    row = world.store.one("SELECT mime, alt, length(bytes) AS size FROM media WHERE id = ?", number)
    kind = "photo" if row is None or row["mime"].startswith("image/") else "video"
    shown = {"media_key": f"3_{number}", "type": kind}
    more = {"url": f"{world.environ.sandbox_url}/media/{number}", "width": 640, "height": 480}
    more["alt_text"] = row["alt"] if row else ""
    return shown | {k: v for k, v in more.items() if k in fields and v != ""}
