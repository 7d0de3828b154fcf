"""Everything the sandbox tells has the shape the networks give it.

Our schemas always; X's OpenAPI where it is at hand.

X's own description is not ours to keep: it is looked for beside the repository, or where X_OPENAPI says.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.sandbox.parts import BANK_ID, ROOT

OPENAPI_NAME = "payloads/x_api_v2_openapi_2.166_tweetfields.json"
OPENAPI = Path(os.environ.get("X_OPENAPI") or ROOT.parent / "shared" / OPENAPI_NAME)
DIANA = "1800000000000001001"
EVERY_FIELD = (
    "tweet.fields=author_id,created_at,conversation_id,in_reply_to_user_id,referenced_tweets,entities,attachments,"
    "lang,note_tweet,edit_controls,possibly_sensitive,reply_settings,withheld,public_metrics"
    "&expansions=author_id,referenced_tweets.id,referenced_tweets.id.author_id,in_reply_to_user_id,"
    "attachments.media_keys,entities.mentions.username"
    "&user.fields=username,name,profile_image_url,protected,verified,verified_type,public_metrics,created_at,"
    "receives_your_dm,connection_status&media.fields=media_key,type,url,alt_text"
)
DM_FIELDS = (
    "dm_event.fields=id,text,event_type,created_at,sender_id,dm_conversation_id,attachments,referenced_tweets"
    "&expansions=sender_id,attachments.media_keys,referenced_tweets.id&media.fields=url"
)


def ours(file: str, name: str) -> Draft202012Validator:
    whole = json.loads((ROOT / "channels_social/sandbox/schemas" / file).read_text())
    return Draft202012Validator({**whole, "$ref": f"#/$defs/{name}"})


@pytest.fixture
def talked(sandbox, client) -> dict[str, Any]:
    """A day's worth of every kind of thing on X."""
    said = sandbox.say(
        **{"as": "dianamrojas", "text": "@FrailejonAyuda <hola> & adiós https://a.co/b", "media": 1}
    )
    long = sandbox.say(**{"as": "sebasgil_", "text": "@FrailejonAyuda " + "muy " * 90})
    reply = client.create_tweet(text="Diana ^JC", in_reply_to_tweet_id=said["id"], user_auth=False)["data"]
    quote = sandbox.say(**{"as": "natabernal", "text": "@FrailejonAyuda vean", "quote": reply["id"]})
    gone = sandbox.say(**{"as": "sebasgil_", "text": "@FrailejonAyuda nada", "reply_to": reply["id"]})
    sandbox.say(**{"as": "dianamrojas", "text": "@FrailejonAyuda y eso", "reply_to": gone["id"]})
    sandbox.control("DELETE", f"/x/posts/{gone['id']}")
    sandbox.control("POST", "/x/dms", {"as": "dianamrojas", "to": "frailejon", "text": "", "media": 1})
    sandbox.control(
        "POST", "/x/dms", {"as": "dianamrojas", "to": "frailejon", "text": "esto", "post": said["id"]}
    )
    return {
        "said": said["id"],
        "long": long["id"],
        "reply": reply["id"],
        "quote": quote["id"],
        "gone": gone["id"],
    }


def calls(t: dict[str, Any]) -> list[tuple[str, str, str, Any, str]]:
    """Method, OpenAPI path, our path, body, name of our schema."""
    timeline, search = f"/2/users/{BANK_ID}", "/2/tweets/search/recent"
    pair, template = f"/2/dm_conversations/with/{DIANA}", "/2/dm_conversations/with/{participant_id}"
    return [
        ("GET", "/2/users/me", "/2/users/me?user.fields=created_at,verified_type,public_metrics", None, ""),
        ("GET", "/2/users/{id}", f"/2/users/{DIANA}?user.fields=connection_status", None, ""),
        ("GET", "/2/users/by/username/{username}", "/2/users/by/username/nadie", None, ""),
        ("GET", "/2/users/by", "/2/users/by?usernames=dianamrojas,nadie", None, ""),
        ("GET", "/2/users/{id}/mentions", f"{timeline}/mentions?{EVERY_FIELD}", None, "posts"),
        ("GET", "/2/users/{id}/mentions", f"{timeline}/mentions?max_results=5", None, "posts"),
        ("GET", "/2/users/{id}/mentions", f"{timeline}/mentions?since_id={1 << 62}", None, "posts"),
        ("GET", "/2/users/{id}/tweets", f"{timeline}/tweets?{EVERY_FIELD}", None, "posts"),
        ("GET", "/2/tweets", f"/2/tweets?ids={','.join(t.values())}&{EVERY_FIELD}", None, ""),
        ("GET", "/2/tweets/{id}", f"/2/tweets/{t['long']}?{EVERY_FIELD}", None, ""),
        ("GET", "/2/tweets/{id}", f"/2/tweets/{t['gone']}", None, ""),
        ("GET", search, f"{search}?query=hola&{EVERY_FIELD}", None, "posts"),
        ("GET", "/2/dm_events", f"/2/dm_events?{DM_FIELDS}", None, "dm_events"),
        ("GET", f"{template}/dm_events", f"{pair}/dm_events", None, "dm_events"),
        ("POST", "/2/tweets", "/2/tweets", {"text": "Buenos días a todos"}, ""),
        ("POST", f"{template}/messages", f"{pair}/messages", {"text": "hola"}, ""),
        ("POST", "/2/users/{id}/likes", f"{timeline}/likes", {"tweet_id": t["said"]}, ""),
        ("POST", "/2/users/{id}/following", f"{timeline}/following", {"target_user_id": DIANA}, ""),
        ("DELETE", "/2/tweets/{id}", f"/2/tweets/{t['reply']}", None, ""),
    ]  # fmt: skip


def test_x_answers_have_our_shapes(sandbox, talked):
    checked = 0
    for method, _, path, body, name in calls(talked):
        answer = sandbox.x(method, path, **({"json": body} if body else {}))
        assert answer.status_code in (200, 201), (path, answer.text)
        if name:
            ours("x.json", name).validate(answer.json())
            checked += 1
    assert checked == 7


def test_x_answers_validate_against_its_openapi(sandbox, talked):
    if not OPENAPI.exists():
        pytest.skip(f"X's OpenAPI 2.166 is not at hand (X_OPENAPI, or ../shared/{OPENAPI_NAME})")
    from openapi_schema_validator import OAS30Validator

    whole = json.loads(OPENAPI.read_text())
    for method, template, path, body, _ in calls(talked):
        answer = sandbox.x(method, path, **({"json": body} if body else {}))
        responses = whole["paths"][template][method.lower()]["responses"]
        assert str(answer.status_code) in responses, (template, answer.status_code)
        schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
        problems = list(
            OAS30Validator({**schema, "components": whole["components"]}).iter_errors(answer.json())
        )
        assert not problems, (path, [(list(p.absolute_path), p.message[:200]) for p in problems])


def test_x_events_have_our_shapes(sandbox, receiver, talked):
    expected = {"post.mention.create", "post.create", "post.quote.create", "post.reply.create", "dm.received"}
    kinds: set[str] = set()
    while not expected <= kinds:
        path, _, raw = receiver.next()
        assert path == "/hooks/x/"
        ours("x.json", "activity").validate(json.loads(raw))
        kinds.add(json.loads(raw)["data"]["event_type"])


def test_graph_answers_and_webhooks_have_our_shapes(sandbox, receiver, graph):
    body = {"as": "Rosario Peña", "page": "frailejon", "message": "hola"}
    made = sandbox.control("POST", "/facebook/comments", body)
    sandbox.control("POST", "/facebook/comments", {**body, "parent": made["id"], "message": "", "media": 1})
    sandbox.control("POST", "/facebook/posts", body)
    sandbox.control("POST", "/facebook/messages", {**body, "text": "hola", "media": 1})
    fields = "id,from,message,created_time,parent,attachment,can_reply_privately,permalink_url"
    stream = f"/{made['post_id']}/comments?filter=stream&fields={fields}"
    threads = "/me/conversations?fields=id,updated_time,messages{id,from,message,created_time,attachments}"
    for path, name in (
        (stream, "comments"),
        ("/me/feed?limit=1", "posts"),
        (threads, "threads"),
        ("/1", "error"),
    ):
        ours("graph.json", name).validate(sandbox.graph("GET", path).json())
    send = {"recipient": {"comment_id": made["id"]}, "message": {"text": "por aquí"}}
    ours("graph.json", "sent").validate(sandbox.graph("POST", "/me/messages", json=send).json())
    sandbox.control("DELETE", f"/facebook/comments/{made['id']}")
    for _ in range(7):
        ours("graph.json", "webhook").validate(json.loads(receiver.next()[2]))


def test_our_schemas_refuse_what_is_wrong():
    for name, wrong in (
        ("posts", {"data": [], "meta": {"result_count": 0}}),
        (
            "posts",
            {"data": [{"id": 7, "text": "a", "edit_history_tweet_ids": ["7"]}], "meta": {"result_count": 1}},
        ),
        ("post", {"id": "7", "text": "a < b", "edit_history_tweet_ids": ["7"]}),
        ("dm_events", {"meta": {}}),
    ):
        assert not ours("x.json", name).is_valid(wrong), name
    assert not ours("graph.json", "comment").is_valid({"id": "1", "message": "x"})


def test_nothing_of_x_is_kept_in_this_repository():
    for file in (ROOT / "channels_social/sandbox").rglob("*.json"):
        assert not re.search(r'"openapi"\s*:', file.read_text())
