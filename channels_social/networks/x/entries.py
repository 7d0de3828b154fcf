"""Posts and messages as entries. The same post gives the same entry, pushed, polled or looked up.

What is kept is the network's own object without counters, with the few people and files it names beside it.
Both spellings are read: ``tweet`` until API 2.166, ``post`` since 2.167, and the v1.1 objects of Account
Activity.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels_social.networks.base import Entry
from channels_social.networks.digest import digest, text_id
from helpdesk.secrets.cutting import cut_json

# Counters and trimmings: they change at every look and say nothing to the desk.
DROPPED = {
    "public_metrics", "non_public_metrics", "organic_metrics", "promoted_metrics", "context_annotations",
    "edit_controls", "display_text_range", "paid_partnership", "card_uri", "user", "source", "quote_count",
    "reply_count", "retweet_count", "favorite_count", "retweeted", "favorited", "filter_level",
    "place", "geo", "coordinates", "contributors", "article", "quoted_status", "suggested_source_links",
}  # fmt: skip
PERSON = (
    "id", "id_str", "name", "username", "screen_name", "profile_image_url", "profile_image_url_https",
    "receives_your_dm", "protected",
)  # fmt: skip
FILE = ("media_key", "type", "url", "preview_image_url", "alt_text", "variants")


def id_of(item: Mapping[str, Any]) -> str:
    """The exact id: v1.1 objects also carry it as a number that other languages have rounded."""
    return text_id(item.get("id_str") or item.get("id"))


def unwrapped(item: Any) -> Any:
    """X Activity wraps the users of some events in ``data``."""
    return item["data"] if isinstance(item, dict) and isinstance(item.get("data"), dict) else item


def people_of(users: Any) -> dict[str, dict[str, Any]]:
    """Users by id, from a list (v2) or a map (v1.1), with only what the desk shows."""
    listed = users.values() if isinstance(users, dict) else users if isinstance(users, list) else []
    found = {}
    for user in map(unwrapped, listed):
        if isinstance(user, dict) and ("id" in user or "id_str" in user):
            found[id_of(user)] = {key: user[key] for key in PERSON if user.get(key) is not None}
    return found


def files_of(media: Any) -> dict[str, dict[str, Any]]:
    """Files by media key, with only what is needed to fetch them."""
    listed = media if isinstance(media, list) else []
    return {
        item["media_key"]: {key: item[key] for key in FILE if item.get(key) is not None}
        for item in listed
        if isinstance(item, dict) and item.get("media_key")
    }


def history_of(post: Mapping[str, Any]) -> list[str]:
    """All ids of a post, oldest first."""
    listed = post.get("edit_history_tweet_ids") or post.get("edit_history_post_ids") or []
    return [text_id(one) for one in listed] or [id_of(post)]


def raw_text(post: Mapping[str, Any]) -> str:
    """The whole text as X writes it (HTML-escaped), wherever a long one is kept."""
    for name in ("note_tweet", "note_post"):
        note = post.get(name)
        if isinstance(note, dict) and isinstance(note.get("text"), str):
            return note["text"]
    extended = post.get("extended_tweet")
    if isinstance(extended, dict) and isinstance(extended.get("full_text"), str):
        return extended["full_text"]
    text = post.get("full_text") or post.get("text") or ""
    return text if isinstance(text, str) else ""


def references(post: Mapping[str, Any]) -> dict[str, str]:
    """What a post refers to: ``replied_to``, ``quoted``, ``retweeted`` → id."""
    found: dict[str, str] = {}
    for item in post.get("referenced_tweets") or post.get("referenced_posts") or []:
        found[str(item.get("type"))] = text_id(item.get("id"))
    legacy = (
        ("replied_to", post.get("in_reply_to_status_id_str") or post.get("in_reply_to_tweet_id")),
        ("quoted", post.get("quoted_status_id_str")),
    )
    for kind, number in legacy:
        if number and kind not in found:
            found[kind] = text_id(number)
    if "retweeted_status" in post:
        found["retweeted"] = "v1.1"
    return found


def post_entry(
    account: str,
    post: Mapping[str, Any],
    people: Mapping[str, Any],
    files: Mapping[str, Any],
    *,
    is_addressed: bool,
) -> Entry | None:
    """A post as an entry; None for a repost, which says nothing. Raises ``ValueError`` without an id.

    ``is_addressed``: it speaks to the account (mention, reply, quote). Other people's posts that do not are
    of another kind, so that a look-up never hides the same post arriving as a mention.
    """
    if "retweeted" in references(post):
        return None
    history = history_of(post)
    raw = {key: value for key, value in post.items() if key not in DROPPED and not key.endswith("_str_str")}
    named = _named(post)
    payload = cut_json(
        {
            "post": raw,
            "people": {number: people[number] for number in named if number in people},
            "files": {key: files[key] for key in _keys(post) if key in files},
        }
    )
    has_thread = "t" if post.get("conversation_id") else ""
    mark = digest(history[-1], has_thread, raw_text(payload["post"]))
    return Entry(account, "x.post" if is_addressed else "x.context", history[0], mark, payload)


def deletion(account: str, number: str, at_ms: int) -> Entry:
    """That a post is not there any more."""
    return Entry(account, "x.delete", number, digest("delete"), {"id": number, "at_ms": at_ms})


def _named(post: Mapping[str, Any]) -> list[str]:
    """Ids of the author and of the person answered."""
    found = [post.get("author_id"), post.get("in_reply_to_user_id_str") or post.get("in_reply_to_user_id")]
    user = post.get("user")
    if isinstance(user, dict):
        found.append(user.get("id_str") or user.get("id"))
    return [text_id(one) for one in found if one]


def _keys(post: Mapping[str, Any]) -> list[str]:
    attachments = post.get("attachments")
    return list(attachments.get("media_keys") or []) if isinstance(attachments, dict) else []


def message_entry(
    account: str, message: Mapping[str, Any], people: Mapping[str, Any], files: Mapping[str, Any]
) -> Entry:
    """A direct message as an entry, from a poll (v2) or an event (v1.1). ``ValueError`` without an id."""
    created = message.get("message_create")
    if isinstance(created, dict):
        ends = [created.get("sender_id"), (created.get("target") or {}).get("recipient_id")]
    else:
        ends = [message.get("sender_id"), *str(message.get("dm_conversation_id") or "").split("-")]
    names = [str(end) for end in ends if end]
    payload = cut_json(
        {
            "message": dict(message),
            "people": {number: people[number] for number in names if number in people},
            "files": {key: files[key] for key in _keys(message) if key in files},
        }
    )
    return Entry(account, "x.dm", id_of(message), digest(message_text(payload["message"])), payload)


def message_text(message: Mapping[str, Any]) -> str:
    """The text of a direct message of either shape."""
    created = message.get("message_create")
    text = ((created.get("message_data") or {}) if isinstance(created, dict) else message).get("text") or ""
    return text if isinstance(text, str) else ""
