"""Real bodies, read in place: each is split, and each entry parsed or refused with ``ValueError``."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from channels_social.networks import registry
from channels_social.networks.base import Entry
from channels_social.networks.x.entries import files_of, people_of, post_entry

SHARED = Path(os.environ.get("PAYLOADS", Path(__file__).resolve().parents[3] / "shared" / "payloads"))
needs_payloads = pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded payloads are not at hand")
X, FB = registry.get("x"), registry.get("facebook")
HUGE = str(2**63 + 1)

PEOPLE = {"users": [{"id": "55", "name": "Ana", "username": "ana"}]}
POST = {
    "id": HUGE,
    "text": "@banco &amp; ya ^ &lt;b&gt;",
    "author_id": "55",
    "conversation_id": "99",
    "edit_history_tweet_ids": [HUGE],
    "created_at": "2026-11-20T10:00:00.000Z",
    "referenced_tweets": [{"type": "replied_to", "id": "98"}],
    "in_reply_to_user_id": "1",
}


def bodies(*folders: str) -> list[Any]:
    if not SHARED.is_dir():
        return []
    return [
        pytest.param(json.loads(file.read_text(encoding="utf-8")), id=f"{folder}/{file.stem}")
        for folder in folders
        for file in sorted((SHARED / folder).glob("*.json"))
    ]


def parsed(network: Any, body: dict[str, Any]) -> list[tuple[Entry, Any]]:
    """Entries with what they mean, or the ``ValueError`` that quarantines them."""
    found: list[tuple[Entry, Any]] = []
    for entry in network.split(body):
        assert len(entry.digest) == 32
        assert json.loads(json.dumps(entry.payload)) == entry.payload
        try:
            found.append((entry, list(network.parse(entry.kind, entry.payload, entry.account_external_id))))
        except ValueError as error:
            found.append((entry, error))
    return found


@needs_payloads
@pytest.mark.parametrize("body", bodies("x/xaa_webhook_docs", "x/aaa_webhook_recorded", "x/aaa_webhook_docs"))
def test_bodies_of_x_are_read(body: dict[str, Any]) -> None:
    for entry, items in parsed(X, body):
        # The documentation's own sample has an empty post: poison, as it should be.
        assert not isinstance(items, ValueError) or entry.kind == "x.poison"


@needs_payloads
@pytest.mark.parametrize("body", bodies("fb/webhooks_restfb"))
def test_bodies_of_facebook_are_read(body: dict[str, Any]) -> None:
    for entry, items in parsed(FB, body):
        assert not isinstance(items, ValueError), entry.kind


@needs_payloads
def test_recorded_bodies_mean_what_they_say() -> None:
    def one(network: Any, path: str) -> Any:
        ((_, items),) = parsed(network, json.loads((SHARED / path).read_text(encoding="utf-8")))
        return items[0]

    mention = one(X, "x/xaa_webhook_docs/post_mention_create.json")
    assert mention.thread_key == "2080765813578191303:2222222222222222222"
    reply = one(X, "x/xaa_webhook_docs/post_reply_create.json")
    assert (reply.parent_external_id, reply.root_external_id) == ("2080761390344937796",) * 2
    message = one(X, "x/xaa_webhook_docs/dm_received.json")
    assert message.thread_key == "1111111111111111111-2222222222222222222"
    assert message.author.handle == "OtherUser"
    chat = one(X, "x/xaa_webhook_docs/chat_received.json")
    assert chat.is_encrypted
    assert one(X, "x/xaa_webhook_docs/oauth_revoke.json").what == "revoked"
    long = one(X, "x/aaa_webhook_recorded/tweet_create-user_mention_extended.json")
    assert len(long.text) > 200
    assert long.external_id == "1209097192914313216"
    picture = one(X, "x/aaa_webhook_recorded/direct_message-incoming_with_media.json")
    assert picture.media[0].url.endswith(".mp4")
    sticker = one(FB, "fb/webhooks_restfb/messaging-message-sticker.json")
    assert (sticker.text, len(sticker.media)) == ("", 1)
    assert one(FB, "fb/webhooks_restfb/messaging-read-basic.json").what == "read"
    standby = one(FB, "fb/webhooks_restfb/standby-message-basic-echo.json")
    assert standby.is_ours
    assert standby.client_token


@needs_payloads
def test_noise_is_dropped_before_the_queue() -> None:
    for name in ("feed-reaction-add", "feed-like-remove-25", "feed-share-add-25", "messaging-reaction-2"):
        body = json.loads((SHARED / "fb/webhooks_restfb" / f"{name}.json").read_text(encoding="utf-8"))
        assert FB.split(body) == []
    for name in ("like_create", "follow_follow", "post_repost_create"):
        body = json.loads((SHARED / "x/xaa_webhook_docs" / f"{name}.json").read_text(encoding="utf-8"))
        assert X.split(body) == []


def pushed(post: dict[str, Any]) -> Entry:
    data = {"event_uuid": "1", "filter": {"user_id": "1"}, "event_type": "post.mention.create"}
    (entry,) = X.split({"data": data | {"payload": post, "includes": PEOPLE}})
    return entry


def polled(post: dict[str, Any]) -> Entry | None:
    return post_entry("1", post, people_of(PEOPLE["users"]), files_of(None), is_addressed=True)


def test_ids_beyond_javascript_are_exact_and_text_is_unescaped_once() -> None:
    entry = pushed(POST)
    (message,) = X.parse(entry.kind, entry.payload, "1")
    assert message.external_id == HUGE
    assert message.thread_key == "99:55"
    assert message.text == "@banco & ya ^ <b>"


def test_both_spellings_and_both_ways_are_one_entry() -> None:
    new = copy.deepcopy(POST)
    new["edit_history_post_ids"] = new.pop("edit_history_tweet_ids")
    new["referenced_posts"] = new.pop("referenced_tweets")
    entries = [pushed(POST), pushed(new), polled(POST), polled(new)]
    assert len({(e.kind, e.external_id, e.digest) for e in entries if e}) == 1
    assert len({repr(X.parse(e.kind, e.payload, "1")) for e in entries if e}) == 1


def test_counts_change_nothing_and_words_do() -> None:
    same = pushed(POST | {"public_metrics": {"like_count": 5}})
    assert same.digest == pushed(POST).digest
    assert pushed(POST | {"text": "otra cosa"}).digest != same.digest
    assert pushed(POST | {"edit_history_tweet_ids": [HUGE, HUGE + "1"]}).digest != same.digest


def test_edits_and_hides_of_a_comment_are_events_of_their_own() -> None:
    def change(verb: str, text: str, at: int) -> tuple[str, str, str]:
        value = {
            "item": "comment",
            "verb": verb,
            "comment_id": "7_1",
            "post_id": "1_7",
            "parent_id": "1_7",
            "from": {"id": "9", "name": "Luz"},
            "created_time": 1_790_000_000,
            "message": text,
        }
        part = {"field": "feed", "value": value}
        (entry,) = FB.split({"object": "page", "entry": [{"id": "1", "time": at, "changes": [part]}]})
        return entry.kind, entry.external_id, entry.digest

    history = [
        change("add", "a", 1),
        change("edited", "b", 2),
        change("edited", "a", 3),
        change("hide", "a", 4),
        change("unhide", "a", 5),
        change("hide", "a", 6),
        change("remove", "", 7),
    ]
    assert len(set(history)) == 7
    assert change("edit", "b", 2) == history[1]


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def mutations(body: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """The body with one part anywhere replaced by anything."""
    paths = list(_paths(body))

    def change(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
        changed = copy.deepcopy(body)
        place: Any = changed
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        return changed

    return st.builds(change, st.sampled_from(paths), JSONISH)


def _paths(value: Any, above: tuple[Any, ...] = ()) -> Any:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield (*above, key)
        yield from _paths(item, (*above, key))


X_BODY = {
    "data": {
        "event_uuid": "1",
        "filter": {"user_id": "1"},
        "event_type": "post.mention.create",
        "payload": POST,
        "includes": PEOPLE,
    }
}
DM_BODY = {
    "data": {
        "event_uuid": "-1",
        "filter": {"user_id": "1"},
        "event_type": "dm.received",
        "payload": {
            "direct_message_events": [
                {
                    "type": "message_create",
                    "id": HUGE,
                    "created_timestamp": "1784928224372",
                    "message_create": {
                        "target": {"recipient_id": "1"},
                        "sender_id": "2",
                        "message_data": {"text": "hola"},
                    },
                }
            ],
            "users": {"2": {"data": {"id": "2", "name": "Ana", "username": "ana"}}},
        },
    }
}
FB_BODY = {
    "object": "page",
    "entry": [
        {
            "id": "1",
            "time": 1_790_000_000,
            "changes": [
                {
                    "field": "feed",
                    "value": {
                        "item": "comment",
                        "verb": "add",
                        "comment_id": "7_1",
                        "post_id": "1_7",
                        "parent_id": "7_0",
                        "from": {"id": "9", "name": "Luz"},
                        "created_time": 1_790_000_000,
                        "message": "a",
                        "photo": "https://example.test/a.jpg",
                    },
                }
            ],
        },
        {
            "id": "1",
            "time": 1_790_000_000_000,
            "messaging": [
                {
                    "sender": {"id": "9"},
                    "recipient": {"id": "1"},
                    "timestamp": 1_790_000_000_000,
                    "message": {"mid": "m_1", "text": "hola", "attachments": [{"type": "image"}]},
                }
            ],
        },
    ],
}


@hypothesis_settings(max_examples=300, deadline=None)
@given(st.one_of(mutations(X_BODY), mutations(DM_BODY)))
def test_anything_from_x_is_read_or_quarantined(body: dict[str, Any]) -> None:
    parsed(X, body)


@hypothesis_settings(max_examples=300, deadline=None)
@given(mutations(FB_BODY))
def test_anything_from_facebook_is_read_or_quarantined(body: dict[str, Any]) -> None:
    parsed(FB, body)
