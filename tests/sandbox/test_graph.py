"""The local Graph, as facebook-sdk meets it."""

from __future__ import annotations

import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.parts import FB_TOKEN, PAGE_ID, facebook

DAY = 86_400
ROSARIO, NATALIA = "72000000001007", "72000000001003"


def comment(sandbox, who="Rosario Peña", message="quedaron de llamarme", **more):
    return sandbox.control(
        "POST", "/facebook/comments", {"as": who, "page": "frailejon", "message": message, **more}
    )


def write(sandbox, text, who="Natalia Bernal", **more):
    return sandbox.control(
        "POST", "/facebook/messages", {"as": who, "page": "frailejon", "text": text, **more}
    )


def send(graph, recipient, text, **more):
    message = {"text": text, **({"metadata": more.pop("metadata")} if "metadata" in more else {})}
    return graph.put_object("me", "messages", recipient=recipient, message=message, **more)


def refusal(call, *args, **more):
    """Code and subcode of what Graph refuses."""
    with pytest.raises(facebook.GraphAPIError) as refused:
        call(*args, **more)
    error = refused.value.result["error"]
    return error["code"], error.get("error_subcode")


def test_page_and_nested_fields(sandbox, graph):
    comment(sandbox)
    page = graph.get_object("me", fields="name,feed.limit(1){message,comments{message,from}}")
    assert page["name"] == "Banco Frailejón"
    [post] = page["feed"]["data"]
    assert set(post) == {"id", "message", "comments"}
    assert post["comments"]["data"][0]["from"]["name"] == "Rosario Peña"
    assert refusal(graph.get_object, "me", fields="first_name") == (100, None)


def test_comments_come_in_pages_by_cursor(sandbox, graph):
    made = [comment(sandbox, message=str(n)) for n in range(7)]
    post, seen, after = made[0]["post_id"], [], None
    while True:
        options = {"limit": 3, "filter": "stream", "order": "reverse_chronological"}
        page = graph.get_connections(post, "comments", **options, **({"after": after} if after else {}))
        seen += [c["id"] for c in page["data"]]
        if "next" not in page["paging"]:
            break
        after = page["paging"]["cursors"]["after"]
    assert seen == [c["id"] for c in made[::-1]]
    assert graph.get_connections(post, "comments", since=int(time.time()) + 60)["data"] == []


def test_next_address_carries_on_by_itself(sandbox):
    made = [comment(sandbox, message=str(n)) for n in range(4)]
    page = sandbox.graph(
        "GET", f"/{made[0]['post_id']}/comments?limit=3", token="", params={"access_token": FB_TOKEN}
    )
    rest = sandbox.http.get(page.json()["paging"]["next"], timeout=5).json()
    assert [c["message"] for c in rest["data"]] == ["3"]


def test_answer_to_an_answer_hangs_from_the_first_comment(sandbox, graph):
    first = comment(sandbox)
    ours = graph.put_comment(first["id"], "Doña Rosario, ya la llamamos ^JC")
    again = comment(sandbox, parent=ours["id"], message="gracias")
    one = graph.get_object(again["id"], fields="parent,object,message")
    assert one["parent"]["id"] == first["id"]
    assert one["object"]["id"] == first["post_id"]
    toplevel = graph.get_connections(first["post_id"], "comments")["data"]
    stream = graph.get_connections(first["post_id"], "comments", filter="stream")["data"]
    assert (len(toplevel), len(stream)) == (1, 3)


def test_hide_edit_and_delete(sandbox, graph):
    theirs = comment(sandbox, "Wilmer Barrios", "ladrones")
    assert graph.request(f"v25.0/{theirs['id']}", post_args={"is_hidden": True}) == {"success": True}
    assert graph.get_object(theirs["id"], fields="is_hidden")["is_hidden"] is True
    ours = graph.put_comment(theirs["id"], "Don Wilmer ^JC")["id"]
    graph.request(f"v25.0/{ours}", post_args={"message": "Don Wilmer, ya miramos ^JC"})
    assert graph.get_object(ours, fields="message")["message"] == "Don Wilmer, ya miramos ^JC"
    assert refusal(graph.request, f"v25.0/{theirs['id']}", post_args={"message": "otra cosa"}) == (200, None)
    graph.delete_object(ours)
    assert refusal(graph.get_object, ours) == (100, 33)


def test_anonymous_author_and_photo_without_words(sandbox, graph):
    one = comment(sandbox, "Luz Dary Ospina", "hola")
    assert "from" not in graph.get_object(one["id"], fields="from,message")
    photo = comment(sandbox, message="", media=1)
    shown = graph.get_object(photo["id"], fields="message,attachment")
    assert "message" not in shown
    assert sandbox.http.get(shown["attachment"]["url"], timeout=5).headers["content-type"] == "image/png"


def test_visitor_posts_are_apart_from_the_pages_own(sandbox, graph):
    body = {"as": "Rosario Peña", "page": "frailejon", "message": "¿Abren el sábado?"}
    made = sandbox.control("POST", "/facebook/posts", body)
    assert [p["id"] for p in graph.get_connections("me", "visitor_posts")["data"]] == [made["id"]]
    assert made["id"] not in [p["id"] for p in graph.get_connections("me", "published_posts")["data"]]
    assert made["id"] in [p["id"] for p in graph.get_connections("me", "feed")["data"]]


def test_conversation_holds_its_messages(sandbox, graph):
    theirs = write(sandbox, "hola, ¿hay alguien?")
    sent = send(graph, {"id": NATALIA}, "Buenas, Natalia ^JC", messaging_type="RESPONSE", metadata="fila-7")
    assert sent["recipient_id"] == NATALIA
    fields = "can_reply,participants,messages.limit(5){message,from,created_time}"
    [thread] = graph.get_connections("me", "conversations", platform="messenger", fields=fields)["data"]
    assert [m["id"] for m in thread["messages"]["data"]] == [sent["message_id"], theirs["mid"]]
    assert thread["can_reply"] is True
    [kept] = sandbox.control("GET", "/messages?from_page=1")["messages"]
    assert (kept["metadata"], kept["source"]) == ("fila-7", "api")


def test_windows_close_after_a_day_and_after_a_week(sandbox, graph):
    write(sandbox, "hola", created_at=time.time() - 2 * DAY)
    assert refusal(send, graph, {"id": NATALIA}, "tarde", messaging_type="RESPONSE") == (10, 2018278)
    human = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    assert send(graph, {"id": NATALIA}, "tarde pero humano", **human)["message_id"]
    dead = {"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}
    assert refusal(send, graph, {"id": NATALIA}, "x", **dead) == (100, 1893061)
    write(sandbox, "hola", who="Rosario Peña", created_at=time.time() - 8 * DAY)
    assert refusal(send, graph, {"id": ROSARIO}, "x", **human) == (10, 2018278)


def test_private_reply_once_within_seven_days_and_opens_no_window(sandbox, graph):
    one = comment(sandbox)
    assert graph.get_object(one["id"], fields="can_reply_privately")["can_reply_privately"] is True
    assert send(graph, {"comment_id": one["id"]}, "Le escribo por aquí ^JC")["recipient_id"] == ROSARIO
    assert refusal(send, graph, {"comment_id": one["id"]}, "otra vez") == (10900, None)
    assert graph.get_object(one["id"], fields="can_reply_privately")["can_reply_privately"] is False
    assert refusal(send, graph, {"id": ROSARIO}, "y otra", messaging_type="RESPONSE") == (10, 2018278)
    old = comment(sandbox, created_at=time.time() - 8 * DAY)
    assert refusal(send, graph, {"comment_id": old["id"]}, "tarde") == (10, 2018278)


def test_unknown_unavailable_and_profileless_people(sandbox, graph):
    assert refusal(send, graph, {"id": "1"}, "x") == (100, 2018001)
    write(sandbox, "hola")
    assert graph.get_object(NATALIA, fields="first_name")["first_name"] == "Natalia"
    assert refusal(graph.get_object, ROSARIO) == (100, 33)
    sandbox.control("PATCH", f"/facebook/people/{NATALIA}", {"unavailable": True, "no_profile": True})
    assert refusal(send, graph, {"id": NATALIA}, "x") == (551, 1545041)
    assert refusal(graph.get_object, NATALIA) == (100, 2018218)


def test_form_and_json_bodies_are_the_same(sandbox):
    write(sandbox, "hola")
    body = {"recipient": {"id": NATALIA}, "message": {"text": "json ^JC"}}
    assert sandbox.graph("POST", "/me/messages", json=body).status_code == 200
    form = {"recipient": "id", "message": json.dumps({"text": "x"})}
    assert sandbox.graph("POST", "/me/messages", data=form).json()["error"]["code"] == 100


def test_wrong_proof_and_strange_tokens_are_refused(sandbox):
    assert sandbox.graph("GET", "/me?appsecret_proof=00").json()["error"]["code"] == 100
    assert sandbox.graph("GET", "/me", token="nada").json()["error"]["code"] == 190
    other = sandbox.graph("GET", f"/{PAGE_ID}", token="sandbox-fb-token-alisios")
    assert other.json()["error"]["error_subcode"] == 33


def test_login_gives_page_tokens_that_do_not_expire(sandbox, graph):
    back = f"{sandbox.base_url}/connect/facebook/callback/"
    form = {
        "client_id": "900100200300400",
        "redirect_uri": back,
        "state": "s",
        "scope": "pages_show_list,pages_messaging",
    }
    dialog = f"{sandbox.url}/facebook/v25.0/dialog/oauth"
    assert "Banco Frailejón" in sandbox.http.get(dialog, params=form, timeout=5).text
    pressed = {**form, "decision": "allow", "page": ["100000000000101", "100000000000102"]}
    answer = sandbox.http.post(dialog, data=pressed, allow_redirects=False, timeout=5)
    told = {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    assert told["state"] == "s"
    short = graph.get_access_token_from_code(told["code"], back, "900100200300400", "sandbox-fb-app-secret")
    graph.access_token = short["access_token"]
    long = graph.extend_access_token("900100200300400", "sandbox-fb-app-secret")
    assert long["expires_in"] == 60 * DAY
    graph.access_token = long["access_token"]
    pages = graph.get_connections("me", "accounts")["data"]
    assert [p["name"] for p in pages] == ["Banco Frailejón", "Alisios"]
    graph.access_token = pages[1]["access_token"]
    assert graph.get_object("me")["name"] == "Alisios"
    worth = graph.debug_access_token(pages[1]["access_token"], "900100200300400", "sandbox-fb-app-secret")[
        "data"
    ]
    assert (worth["is_valid"], worth["expires_at"], worth["type"]) == (True, 0, "PAGE")


def test_revoked_page_token_says_why(sandbox, graph):
    sandbox.control("POST", "/facebook/revoke", {"page": "frailejon", "subcode": 460})
    assert refusal(graph.get_object, "me") == (190, 460)
    sandbox.control("POST", "/facebook/revoke", {"page": "frailejon", "restore": True})
    assert graph.get_object("me")


def test_usage_headers_are_told(sandbox):
    answer = sandbox.graph("GET", "/me/conversations")
    used = json.loads(answer.headers["x-business-use-case-usage"])[PAGE_ID][0]
    assert (used["type"], used["call_count"] < 50) == ("messenger", True)
    assert answer.headers["facebook-api-version"] == "v25.0"
