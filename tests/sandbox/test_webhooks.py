"""What the sandbox delivers: envelopes, signatures, who is told what, retries, challenges."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

from tests.sandbox.parts import BANK_ID, PAGE_ID

X_SECRET, FB_SECRET = b"sandbox-x-consumer-secret", b"sandbox-fb-app-secret"


def test_x_bodies_are_signed_and_have_the_activity_envelope(sandbox, receiver):
    said = sandbox.say(**{"as": "dianamrojas", "text": "hola @FrailejonAyuda"})
    path, headers, body = receiver.next()
    signed = base64.b64encode(hmac.new(X_SECRET, body, hashlib.sha256).digest()).decode()
    assert (path, headers["x-twitter-webhooks-signature"]) == ("/hooks/x/", f"sha256={signed}")

    data = json.loads(body)["data"]
    assert (data["event_type"], data["filter"]) == ("post.mention.create", {"user_id": BANK_ID})
    assert data["payload"]["id"] == said["id"]
    assert data["payload"]["public_metrics"]["like_count_str"] == "0"
    assert data["includes"]["users"][0]["username"] == "dianamrojas"
    int(data["event_uuid"])


def test_only_direct_answers_and_explicit_mentions_are_pushed(sandbox, receiver, client):
    root = sandbox.say(**{"as": "dianamrojas", "text": "@FrailejonAyuda hola"})
    assert receiver.x()["event_type"] == "post.mention.create"
    ours = client.create_tweet(text="Diana ^JC", in_reply_to_tweet_id=root["id"], user_auth=False)["data"][
        "id"
    ]
    assert receiver.x()["event_type"] == "post.create"
    sandbox.say(**{"as": "dianamrojas", "text": "gracias", "reply_to": ours})
    event = receiver.x()
    assert (event["event_type"], event["payload"]["in_reply_to_tweet_id"]) == ("post.reply.create", ours)
    # An answer among customers carries our handle in front, but nobody is told: only reading finds it.
    sandbox.say(**{"as": "sebasgil_", "text": "a mí igual", "reply_to": root["id"]})
    assert receiver.silent()
    found = client.get_users_mentions(BANK_ID, user_auth=False)["meta"]["result_count"]
    assert found == 3


def test_quote_and_deletion_of_ours(sandbox, receiver, client):
    ours = client.create_tweet(text="Abrimos el sábado", user_auth=False)["data"]["id"]
    receiver.x()
    sandbox.say(**{"as": "elmonitodelvalle", "text": "ajá sí", "quote": ours})
    assert receiver.x()["event_type"] == "post.quote.create"
    client.delete_tweet(ours, user_auth=False)
    gone = receiver.x()
    assert (gone["event_type"], gone["payload"]) == ("post.delete", {"id": ours, "author_id": BANK_ID})
    theirs = sandbox.say(**{"as": "elmonitodelvalle", "text": "@FrailejonAyuda bobos"})
    receiver.x()
    sandbox.control("DELETE", f"/x/posts/{theirs['id']}")
    assert receiver.silent()


def test_protected_authors_are_never_delivered(sandbox, receiver):
    sandbox.say(**{"as": "mafe_acosta", "text": "@FrailejonAyuda hola"})
    assert receiver.silent()


def test_dm_received_and_sent_have_the_old_shape(sandbox, receiver, client):
    sandbox.control("POST", "/x/dms", {"as": "dianamrojas", "to": "frailejon", "text": "hola"})
    event = receiver.x()
    assert event["event_type"] == "dm.received"
    [message] = event["payload"]["direct_message_events"]
    assert message["message_create"]["message_data"]["text"] == "hola"
    sender = message["message_create"]["sender_id"]
    assert event["payload"]["users"][sender]["data"]["username"] == "dianamrojas"
    client.create_direct_message(participant_id=sender, text="Buenas", user_auth=False)
    assert receiver.x()["event_type"] == "dm.sent"


def test_signals_chat_follow_and_revocation(sandbox, receiver):
    sandbox.control("POST", "/x/chat", {"as": "dianamrojas", "to": "frailejon"})
    assert "encoded_event" in receiver.x()["payload"]
    sandbox.control("POST", "/x/dm_signals", {"as": "dianamrojas", "to": "frailejon", "kind": "typing"})
    assert receiver.x()["event_type"] == "dm.indicate_typing"
    sandbox.control("POST", "/x/follows", {"as": "dianamrojas", "target": "frailejon"})
    assert receiver.x()["payload"]["source"]["data"]["username"] == "dianamrojas"
    sandbox.control("POST", "/x/revoke", {"account": "frailejon"})
    event = receiver.x()
    assert (event["event_type"], event["payload"]["user_id"]) == ("oauth.revoke", BANK_ID)
    assert sandbox.x("GET", "/2/users/me").status_code == 401


def test_feed_bodies_are_signed_with_ascii_escapes(sandbox, receiver):
    body = {"as": "Rosario Peña", "page": "frailejon", "message": "¿mañana?"}
    made = sandbox.control("POST", "/facebook/comments", body)
    _, headers, raw = receiver.next()
    signed = hmac.new(FB_SECRET, raw, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature-256"] == f"sha256={signed}"
    assert b"\\u00bfma\\u00f1ana?" in raw
    sandbox.control("PATCH", f"/facebook/comments/{made['id']}", {"message": "¿hoy?"})
    sandbox.control("PATCH", f"/facebook/comments/{made['id']}", {"hidden": True})
    sandbox.control("DELETE", f"/facebook/comments/{made['id']}")
    values = [receiver.meta()["changes"][0]["value"] for _ in range(3)]
    assert [v["verb"] for v in values] == ["edited", "hide", "remove"]
    assert {v["comment_id"] for v in values} == {made["id"]}
    assert "message" not in values[2]


def test_messenger_tells_messages_edits_and_echoes_in_milliseconds(sandbox, receiver, graph):
    body = {"as": "Natalia Bernal", "page": "frailejon", "text": "hola"}
    said = sandbox.control("POST", "/facebook/messages", body)
    event = receiver.meta()["messaging"][0]
    assert (event["recipient"]["id"], event["message"]) == (PAGE_ID, {"mid": said["mid"], "text": "hola"})
    assert abs(event["timestamp"] - time.time() * 1000) < 60_000
    sandbox.control("PATCH", f"/facebook/messages/{said['mid']}", {"text": "hola?"})
    assert receiver.meta()["messaging"][0]["message_edit"] == {
        "mid": said["mid"],
        "text": "hola?",
        "num_edit": 1,
    }
    sandbox.control("DELETE", f"/facebook/messages/{said['mid']}")
    assert receiver.meta()["messaging"][0]["message"] == {"mid": said["mid"], "is_deleted": True}
    ours = {"text": "Buenas ^JC", "metadata": "fila-1"}
    graph.put_object("me", "messages", recipient={"id": said["psid"]}, message=ours)
    echo = receiver.meta()["messaging"][0]
    assert (echo["sender"]["id"], echo["message"]["metadata"]) == (PAGE_ID, "fila-1")
    native = {"as": "frailejon", "to": "Natalia Bernal", "text": "por el celular"}
    sandbox.control("POST", "/facebook/messages", native)
    assert "app_id" not in receiver.meta()["messaging"][0]["message"]
    sandbox.control(
        "POST", "/facebook/signals", {"kind": "read", "as": "Natalia Bernal", "page": "frailejon"}
    )
    assert receiver.meta()["messaging"][0]["read"]["watermark"] >= echo["timestamp"]


def test_meta_tries_again_and_x_does_not(sandbox, receiver):
    receiver.status = 500
    sandbox.say(**{"as": "dianamrojas", "text": "@FrailejonAyuda uno"})
    sandbox.control(
        "POST", "/facebook/comments", {"as": "Rosario Peña", "page": "frailejon", "message": "dos"}
    )
    assert {receiver.next()[0] for _ in range(2)} == {"/hooks/x/", "/hooks/meta/"}
    receiver.status = 200
    assert receiver.next()[0] == "/hooks/meta/"
    assert receiver.silent(0.1)
    assert sandbox.control("GET", "/deliveries")["pending"] == 0


def test_fields_a_page_is_not_subscribed_to_are_not_sent(sandbox, receiver, graph):
    graph.request("v25.0/me/subscribed_apps", post_args={"subscribed_fields": "messages"})
    sandbox.control(
        "POST", "/facebook/comments", {"as": "Rosario Peña", "page": "frailejon", "message": "hola"}
    )
    assert receiver.silent()


def test_webhook_is_registered_only_when_the_challenge_is_answered(sandbox, receiver):
    bearer, url = "sandbox-x-app-bearer", receiver.url + "/otra/"
    receiver.challenge_ok = False
    refused = sandbox.x("POST", "/2/webhooks", token=bearer, json={"url": url})
    assert (refused.status_code, refused.json()["errors"][0]["message"]) == (400, "CrcValidationFailed")
    receiver.challenge_ok = True
    made = sandbox.x("POST", "/2/webhooks", token=bearer, json={"url": url}).json()["data"]
    assert made["valid"] is True
    listed = sandbox.x("GET", "/2/webhooks", token=bearer).json()
    assert listed["meta"]["result_count"] == 2
    body = {"event_type": "dm.received", "filter": {"user_id": BANK_ID}, "webhook_id": made["id"]}
    assert sandbox.x("POST", "/2/activity/subscriptions", token=bearer, json=body).status_code == 403
    made = sandbox.x("POST", "/2/activity/subscriptions", json=body).json()
    assert made["data"]["subscription"]["event_type"] == "dm.received"
    sandbox.control("POST", "/x/dms", {"as": "dianamrojas", "to": "frailejon", "text": "hola"})
    assert {receiver.next()[0] for _ in range(2)} == {"/hooks/x/", "/otra/"}


def test_app_callback_must_echo_the_challenge(sandbox, receiver):
    app = "900100200300400|sandbox-fb-app-secret"
    body = {"object": "page", "callback_url": receiver.url + "/meta2/", "verify_token": "sandbox-fb-verify"}
    receiver.challenge_ok = False
    assert sandbox.graph("POST", "/900100200300400/subscriptions", token=app, data=body).status_code == 400
    receiver.challenge_ok = True
    assert sandbox.graph("POST", "/900100200300400/subscriptions", token=app, data=body).json()["success"]
    sandbox.control(
        "POST", "/facebook/comments", {"as": "Rosario Peña", "page": "frailejon", "message": "hola"}
    )
    assert receiver.next()[0] == "/meta2/"


def test_repost_is_told_as_such_and_only_listed_among_mentions(sandbox, receiver, client):
    ours = client.create_tweet(text="Abrimos en Istmina", user_auth=False)["data"]["id"]
    receiver.x()
    sandbox.say(**{"as": "dianamrojas", "repost": ours})
    event = receiver.x()
    assert (event["event_type"], event["payload"]["referenced_tweets"]) == (
        "post.repost.create",
        [{"type": "retweeted", "id": ours}],
    )
    assert receiver.silent(0.1)
    [listed] = client.get_users_mentions(BANK_ID, user_auth=False)["data"]
    assert listed["text"] == "RT @FrailejonAyuda: Abrimos en Istmina"
