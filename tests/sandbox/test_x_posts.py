"""Posts on the local X, as tweepy meets them."""

from __future__ import annotations

import pytest
import tweepy

from tests.sandbox.parts import BANK_ID, X_TOKEN

FIELDS = "author_id,created_at,conversation_id,in_reply_to_user_id,referenced_tweets,edit_controls"


def test_me_is_the_account_of_the_token(client):
    assert client.get_me(user_auth=False)["data"] == {
        "id": BANK_ID,
        "name": "Banco Frailejón Ayuda",
        "username": "FrailejonAyuda",
    }


def test_mention_reply_and_answer_share_a_conversation(sandbox, client):
    said = sandbox.say(**{"as": "dianamrojas", "text": "@FrailejonAyuda sigo esperando"})
    found = client.get_users_mentions(BANK_ID, tweet_fields=FIELDS, expansions="author_id", user_auth=False)
    assert [t["id"] for t in found["data"]] == [said["id"]]
    assert found["data"][0]["conversation_id"] == said["id"]
    assert found["includes"]["users"][0]["username"] == "dianamrojas"

    made = client.create_tweet(text="Diana, ya miramos ^JC", in_reply_to_tweet_id=said["id"], user_auth=False)
    assert made["data"]["text"] == "@dianamrojas Diana, ya miramos ^JC"
    again = sandbox.say(**{"as": "dianamrojas", "text": "gracias", "reply_to": made["data"]["id"]})
    assert again["text"] == "@FrailejonAyuda gracias"
    assert again["conversation_id"] == said["id"]
    one = client.get_tweet(again["id"], tweet_fields=FIELDS, user_auth=False)["data"]
    assert one["in_reply_to_user_id"] == BANK_ID
    assert one["referenced_tweets"] == [{"type": "replied_to", "id": made["data"]["id"]}]


def test_mentions_come_in_pages_newest_first_and_an_empty_page_has_no_data(sandbox, client):
    ids = [sandbox.say(**{"as": "sebasgil_", "text": f"@FrailejonAyuda {n}"})["id"] for n in range(12)]
    seen, token = [], None
    while True:
        page = client.get_users_mentions(BANK_ID, max_results=5, pagination_token=token, user_auth=False)
        seen += [t["id"] for t in page["data"]]
        token = page["meta"].get("next_token")
        if not token:
            break
        assert len(token) >= 16
    assert seen == ids[::-1]
    newer = client.get_users_mentions(BANK_ID, since_id=ids[9], user_auth=False)
    assert [t["id"] for t in newer["data"]] == [ids[11], ids[10]]
    assert client.get_users_mentions(BANK_ID, since_id=ids[11], user_auth=False) == {
        "meta": {"result_count": 0}
    }


def test_text_is_escaped_and_links_are_shortened(sandbox, client):
    said = sandbox.say(**{"as": "sebasgil_", "text": "@FrailejonAyuda <b>uno & dos</b> https://ejemplo.co/a"})
    one = client.get_tweet(said["id"], tweet_fields="entities", user_auth=False)["data"]
    assert "&lt;b&gt;uno &amp; dos&lt;/b&gt; https://t.co/" in one["text"]
    [link] = one["entities"]["urls"]
    assert one["text"][link["start"] : link["end"]] == link["url"]
    assert link["expanded_url"] == "https://ejemplo.co/a"


def test_long_post_is_cut_and_whole_in_note_tweet(sandbox, client):
    said = sandbox.say(**{"as": "sebasgil_", "text": "@FrailejonAyuda " + "palabra " * 60 + "fin"})
    one = client.get_tweet(said["id"], tweet_fields="note_tweet", user_auth=False)["data"]
    assert len(one["text"]) <= 280
    assert one["note_tweet"]["text"].endswith("fin")


def test_edit_is_a_new_id_in_the_same_chain(sandbox, client):
    first = sandbox.say(**{"as": "sebasgil_", "text": "@FrailejonAyuda ola"})
    second = sandbox.control("PATCH", f"/x/posts/{first['id']}", {"text": "@FrailejonAyuda hola"})
    page = client.get_users_mentions(BANK_ID, user_auth=False)
    assert [(t["id"], t["edit_history_tweet_ids"]) for t in page["data"]] == [
        (second["id"], [first["id"], second["id"]])
    ]


def test_deleted_and_protected_are_partial_errors(sandbox, client):
    gone = sandbox.say(**{"as": "sebasgil_", "text": "@FrailejonAyuda borrado"})
    kept = sandbox.say(**{"as": "sebasgil_", "text": "@FrailejonAyuda queda"})
    closed = sandbox.say(**{"as": "mafe_acosta", "text": "@FrailejonAyuda protegida"})
    sandbox.control("DELETE", f"/x/posts/{gone['id']}")
    found = client.get_tweets([gone["id"], kept["id"], closed["id"]], user_auth=False)
    assert [t["id"] for t in found["data"]] == [kept["id"]]
    assert {e["resource_id"]: e["type"].rsplit("/", 1)[1] for e in found["errors"]} == {
        gone["id"]: "resource-not-found",
        closed["id"]: "not-authorized-for-resource",
    }
    assert set(client.get_tweet(gone["id"], user_auth=False)) == {"errors"}


def test_reply_to_a_stranger_is_refused_unless_summoned(sandbox, client):
    stranger = sandbox.say(**{"as": "sebasgil_", "text": "qué mal día"})
    with pytest.raises(tweepy.Forbidden, match="have not been mentioned"):
        client.create_tweet(text="¿ayudamos?", in_reply_to_tweet_id=stranger["id"], user_auth=False)
    sandbox.control("PUT", "/settings", {"summoned_rule": False})
    assert client.create_tweet(text="¿ayudamos?", in_reply_to_tweet_id=stranger["id"], user_auth=False)


def test_reply_to_our_own_post_counts_as_a_mention_unless_switched(sandbox, client):
    ours = client.create_tweet(text="Hoy atendemos hasta las 9", user_auth=False)["data"]["id"]
    answer = sandbox.say(**{"as": "sebasgil_", "text": "¿y los domingos?", "reply_to": ours})
    sandbox.faults(x={"own_post_replies_refused": True})
    with pytest.raises(tweepy.Forbidden):
        client.create_tweet(text="También", in_reply_to_tweet_id=answer["id"], user_auth=False)
    sandbox.control("DELETE", "/faults")
    assert client.create_tweet(text="También", in_reply_to_tweet_id=answer["id"], user_auth=False)


def test_same_text_again_is_refused(sandbox, client):
    one = sandbox.say(**{"as": "sebasgil_", "text": "@FrailejonAyuda a"})["id"]
    two = sandbox.say(**{"as": "dianamrojas", "text": "@FrailejonAyuda b"})["id"]
    client.create_tweet(text="Gracias por escribir ^JC", in_reply_to_tweet_id=one, user_auth=False)
    with pytest.raises(tweepy.Forbidden, match="duplicate content"):
        client.create_tweet(text="Gracias por escribir ^JC", in_reply_to_tweet_id=two, user_auth=False)


def test_hide_only_in_conversations_we_started(sandbox, client):
    ours = client.create_tweet(text="Abrimos oficina en Quibdó", user_auth=False)["data"]["id"]
    answer = sandbox.say(**{"as": "elmonitodelvalle", "text": "bobadas", "reply_to": ours})
    assert client.hide_reply(answer["id"], user_auth=False) == {"data": {"hidden": True}}
    theirs = sandbox.say(**{"as": "elmonitodelvalle", "text": "@FrailejonAyuda bobadas"})
    with pytest.raises(tweepy.Forbidden):
        client.hide_reply(theirs["id"], user_auth=False)


def test_follow_is_a_capability(sandbox, client):
    user = "1800000000000001001"
    body = {"target_user_id": user}
    followed = sandbox.x("POST", f"/2/users/{BANK_ID}/following", json=body)
    assert followed.json() == {"data": {"following": True, "pending_follow": False}}
    sandbox.control("PUT", "/companies/frailejon/capabilities", {"follow": False})
    assert sandbox.x("POST", f"/2/users/{BANK_ID}/following", json=body).status_code == 403


def test_recent_search_finds_a_conversation(sandbox, client):
    root = sandbox.say(**{"as": "dianamrojas", "text": "@FrailejonAyuda hola"})
    reply = sandbox.say(**{"as": "sebasgil_", "text": "a mí también", "reply_to": root["id"]})
    query = f"conversation_id:{root['id']} -from:dianamrojas"
    found = client.search_recent_tweets(query, user_auth=False)
    assert [t["id"] for t in found["data"]] == [reply["id"]]
    with pytest.raises(tweepy.BadRequest, match="'since_id' must be a tweet id created after"):
        client.search_recent_tweets(query, since_id=1, user_auth=False)


def test_unknown_fields_and_bad_sizes_are_400(sandbox):
    assert sandbox.x("GET", "/2/tweets?ids=1&tweet.fields=nombre").status_code == 400
    answer = sandbox.x("GET", f"/2/users/{BANK_ID}/mentions?max_results=3")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameters"] == {"max_results": ["3"]}


def test_rate_limit_counts_down_and_refuses(sandbox, client):
    sandbox.control("PUT", "/limits", {"own": {"GET /2/users/me": 2}})
    left = [sandbox.x("GET", "/2/users/me").headers["x-rate-limit-remaining"] for _ in range(2)]
    assert left == ["1", "0"]
    with pytest.raises(tweepy.TooManyRequests) as refused:
        client.get_me(user_auth=False)
    assert refused.value.reset_time is not None
    assert sandbox.x("GET", "/2/users/me", token=X_TOKEN.replace("frailejon", "alisios")).status_code == 200


def test_ledger_charges_a_read_once_a_day_and_links_dearly(sandbox, client):
    said = sandbox.say(**{"as": "dianamrojas", "text": "@FrailejonAyuda hola"})
    for _ in range(3):
        client.get_users_mentions(BANK_ID, user_auth=False)
    client.create_tweet(
        text="Diana, mire https://ejemplo.co/a", in_reply_to_tweet_id=said["id"], user_auth=False
    )
    lines = sandbox.control("GET", f"/ledger?account={BANK_ID}")["lines"]
    told = {line["kind"]: (line["units"], line["usd"]) for line in lines}
    assert told["owned_read"] == (1, 0.001)
    assert told["post_create_url"] == (1, 0.2)
