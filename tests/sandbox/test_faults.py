"""A bad day: every switch does what it says, for as long as it says."""

from __future__ import annotations

import time

import pytest
import requests
import tweepy

from tests.sandbox.parts import BANK_ID, facebook


def comment(sandbox, message="hola"):
    body = {"as": "Rosario Peña", "page": "frailejon", "message": message}
    return sandbox.control("POST", "/facebook/comments", body)


def test_lost_response_has_written_and_says_nothing(sandbox, client):
    said = sandbox.say(**{"as": "dianamrojas", "text": "@FrailejonAyuda hola"})
    sandbox.faults(x={"lost_response": {"count": 1}})
    with pytest.raises(requests.ConnectionError):
        client.create_tweet(text="¿llegó? ^JC", in_reply_to_tweet_id=said["id"], user_auth=False)
    [kept] = sandbox.control("GET", "/posts?source=api")["posts"]
    assert kept["raw"] == "¿llegó? ^JC"
    with pytest.raises(tweepy.Forbidden, match="duplicate content"):
        client.create_tweet(text="¿llegó? ^JC", in_reply_to_tweet_id=said["id"], user_auth=False)
    assert "sin respuesta" in [e["status"] for e in sandbox.control("GET", "/wire")["entries"]]


def test_lost_request_has_not_written(sandbox, graph):
    one = comment(sandbox)
    sandbox.faults(facebook={"lost_request": {"count": 1}})
    with pytest.raises(requests.ConnectionError):
        graph.put_comment(one["id"], "hola ^JC")
    assert sandbox.control("GET", "/comments?source=api")["comments"] == []
    assert graph.put_comment(one["id"], "hola ^JC")["id"]


def test_duplicates_arrive_twice(sandbox, receiver):
    sandbox.faults(x={"duplicate_webhooks": True})
    sandbox.say(**{"as": "dianamrojas", "text": "@FrailejonAyuda hola"})
    assert receiver.x() == receiver.x()


def test_lost_and_switched_off_webhooks_do_not_arrive(sandbox, receiver):
    sandbox.faults(x={"lose_webhooks": {"fraction": 1}}, facebook={"webhooks_off": True})
    sandbox.say(**{"as": "dianamrojas", "text": "@FrailejonAyuda hola"})
    comment(sandbox)
    assert receiver.silent()
    assert any(e["status"] == "perdido" for e in sandbox.control("GET", "/wire")["entries"])


def test_fraction_is_repeatable_with_a_seed(sandbox, receiver):
    def lost(number):
        sandbox.control("PUT", "/faults", {"seed": 7, "x": {"lose_webhooks": {"fraction": 0.5}}})
        for n in range(12):
            sandbox.say(**{"as": "dianamrojas", "text": f"@FrailejonAyuda {number} {n}"})
        arrived = []
        while not receiver.silent(0.15):
            arrived.append(1)
        wire = sandbox.control("GET", "/wire")["entries"]
        return [e["status"] == "perdido" for e in wire if e["direction"] == "out"]

    first = lost(1)
    assert 0 < sum(first) < 12
    assert len(lost(2)) == 24


def test_delayed_webhooks_are_late_and_reordered_ones_out_of_order(sandbox, receiver):
    sandbox.faults(x={"delay_webhooks": {"seconds": 0.4}})
    started = time.monotonic()
    sandbox.say(**{"as": "dianamrojas", "text": "@FrailejonAyuda tarde"})
    receiver.x()
    assert time.monotonic() - started >= 0.4
    sandbox.faults(x={"delay_webhooks": None, "reorder_webhooks": {"seconds": 0.4}}, seed=3)
    sent = [sandbox.say(**{"as": "dianamrojas", "text": f"@FrailejonAyuda {n}"})["id"] for n in range(8)]
    arrived = [receiver.x()["payload"]["id"] for _ in sent]
    assert sorted(arrived) == sorted(sent)
    assert arrived != sent


@pytest.mark.parametrize(
    ("body", "kind"), [("html", "text/html"), ("json", "application/json"), ("empty", None)]
)
def test_server_errors_come_in_three_shapes(sandbox, client, body, kind):
    sandbox.faults(all={"server_error": {"status": 502, "body": body, "count": 2}})
    with pytest.raises(tweepy.TwitterServerError):
        client.get_me(user_auth=False)
    answer = sandbox.graph("GET", "/me")
    assert answer.status_code == 502
    assert (answer.headers.get("content-type") or "").startswith(kind or "")
    assert (answer.content == b"") is (kind is None)


def test_rate_limit_with_reset_and_credits_without(sandbox, client):
    sandbox.faults(x={"rate_limited": {"seconds": 90, "count": 1}})
    with pytest.raises(tweepy.TooManyRequests) as refused:
        client.get_me(user_auth=False)
    assert 80 < refused.value.reset_time - time.time() <= 90
    sandbox.faults(x={"credits_exhausted": True})
    with pytest.raises(tweepy.TooManyRequests) as refused:
        client.get_me(user_auth=False)
    assert refused.value.reset_time is None
    assert refused.value.response.json()["title"] == "UsageCapExceeded"


def test_facebook_limit_says_how_long(sandbox, graph):
    sandbox.faults(facebook={"rate_limited": {"seconds": 300}})
    with pytest.raises(facebook.GraphAPIError) as refused:
        graph.get_object("me")
    assert refused.value.code == 32
    used = sandbox.graph("GET", "/me").headers["x-business-use-case-usage"]
    assert '"estimated_time_to_regain_access": 5' in used


def test_revoked_hits_one_account_only(sandbox, client):
    sandbox.faults(x={"revoked": {"account": BANK_ID}})
    with pytest.raises(tweepy.Unauthorized):
        client.get_me(user_auth=False)
    assert sandbox.x("GET", "/2/users/me", token="sandbox-x-token-alisios").status_code == 200


def test_forbidden_says_what_it_is_told(sandbox, client, graph):
    sandbox.faults(x={"forbidden": {"code": 453}}, facebook={"forbidden": {"code": 368}})
    with pytest.raises(tweepy.Forbidden) as refused:
        client.get_me(user_auth=False)
    assert refused.value.api_codes == [453]
    with pytest.raises(facebook.GraphAPIError) as blocked:
        graph.get_object("me")
    assert blocked.value.result["error"]["error_subcode"] == 1390008


def test_slow_answers_keep_nobody_else_waiting(sandbox, client):
    sandbox.faults(x={"slow": {"seconds": 6, "count": 1, "match": "/users/me"}})
    started = time.monotonic()
    with pytest.raises(requests.Timeout):
        requests.get(f"{sandbox.url}/x/2/users/me", timeout=0.2)
    assert sandbox.graph("GET", "/me").status_code == 200
    assert time.monotonic() - started < 5


def test_match_and_unknown_switches(sandbox, client):
    sandbox.faults(x={"server_error": {"match": "POST /x/2/tweets"}})
    assert client.get_me(user_auth=False)
    with pytest.raises(tweepy.TwitterServerError):
        client.create_tweet(text="hola", user_auth=False)
    told = sandbox.control("PUT", "/faults", {"x": {"terremoto": True}}, ok=False)
    assert "terremoto" in told["error"]


def test_faults_and_words_survive_kill_nine(sandbox, receiver):
    said = sandbox.say(**{"as": "dianamrojas", "text": "@FrailejonAyuda antes"})
    receiver.x()
    sandbox.faults(x={"duplicate_webhooks": True})
    receiver.status = 500
    comment(sandbox, "pendiente")
    sandbox.stop(9)
    receiver.forget()
    sandbox.start()
    assert sandbox.control("GET", "/posts?source=customer")["posts"][0]["id"] == said["id"]
    assert sandbox.control("GET", "/faults")["x"]["duplicate_webhooks"]["fraction"] == 1.0
    body = b""
    while b"pendiente" not in body:  # X may tell once more what it had told before it was killed
        _path, _headers, body = receiver.next()
    later = sandbox.say(**{"as": "dianamrojas", "text": "@FrailejonAyuda después"})
    assert int(later["id"]) > int(said["id"])
