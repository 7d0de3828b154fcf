"""Facebook through facebook-sdk against the sandbox, over real HTTP."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from channels_social.enums import ActionKind, ConversationKind
from channels_social.networks import registry
from channels_social.networks.base import NetworkError, Outgoing, OutgoingFile
from channels_social.networks.facebook.client import FacebookClient
from helpdesk import clock
from tests.channels_social.conftest import Sandbox, body_of

PAGE = "100000000000101"
DIANA, DIANA_PSID = "61550000001001", "72000000001001"
FB = registry.get("facebook")


@pytest.fixture
def page(sandbox: Sandbox) -> FacebookClient:
    """The bank's page."""
    credentials = {"access_token": "sandbox-fb-token-frailejon"}
    return FB.client(external_id=PAGE, credentials=credentials, capabilities={})  # type: ignore[return-value]


def answer(kind: ActionKind, target: str, text: str = "", **options: Any) -> Outgoing:
    return Outgoing(kind, target, text, uuid.uuid4().hex, options, "thread", clock.now())


def comment(sandbox: Sandbox, message: str = "Llevo tres días sin app", **more: Any) -> dict[str, Any]:
    return sandbox.post("/facebook/comments", as_=DIANA, page="frailejon", message=message, **more)


def pushed(sandbox: Sandbox, count: int = 1) -> list[Any]:
    return [entry for delivery in sandbox.catcher.wait(count) for entry in FB.split(body_of(delivery))]


def test_comment_polled_and_pushed_is_one_entry(sandbox: Sandbox, page: FacebookClient) -> None:
    said = comment(sandbox)
    (hook,) = pushed(sandbox)
    (read,) = [e for e in page.poll("feed", "").entries if e.kind == "fb.comment"]
    assert (hook.kind, hook.external_id, hook.digest) == (read.kind, read.external_id, read.digest)
    for entry in (hook, read):
        (message,) = FB.parse(entry.kind, entry.payload, PAGE)
        assert message.kind == ConversationKind.FB_COMMENTS
        assert message.thread_key == f"{said['id']}:{DIANA}"
        assert message.text == "Llevo tres días sin app"
        assert message.author.name == "Diana Marcela Rojas"
        assert message.missing_root == ""


def test_answers_hang_from_the_comment_above(sandbox: Sandbox, page: FacebookClient) -> None:
    top = comment(sandbox)
    receipt = page.send(answer(ActionKind.REPLY, top["id"], "Ya revisamos ^JC"))
    reply = comment(sandbox, "Sigue igual", parent=receipt.external_id)
    hooks = {entry.external_id: entry for entry in pushed(sandbox, 3)}
    (native,) = FB.parse("fb.comment", hooks[receipt.external_id].payload, PAGE)
    assert native.is_ours
    assert (native.thread_key, native.missing_root) == ("", top["id"])
    (said,) = FB.parse("fb.comment", hooks[reply["id"]].payload, PAGE)
    assert (said.thread_key, said.missing_root) == (f"{top['id']}:{DIANA}", top["id"])
    found = page.look_up([reply["id"], "1_2"])
    assert [entry.external_id for entry in found] == [top["id"], reply["id"]]


def test_visitors_post_is_a_thread_and_our_own_is_context(sandbox: Sandbox, page: FacebookClient) -> None:
    post = sandbox.post("/facebook/posts", as_=DIANA, page="frailejon", message="Nadie contesta")
    (hook,) = pushed(sandbox)
    read = next(e for e in page.poll("feed", "").entries if e.external_id == post["id"])
    assert (hook.kind, hook.digest) == (read.kind, read.digest)
    (said,) = FB.parse(read.kind, read.payload, PAGE)
    assert said.thread_key == f"{post['id']}:{DIANA}"
    assert said.is_for_desk
    own = sandbox.post("/facebook/posts", as_="frailejon", message="Hoy atendemos")
    read = next(e for e in page.poll("feed", "").entries if e.external_id == own["id"])
    (ours,) = FB.parse(read.kind, read.payload, PAGE)
    assert ours.is_ours
    assert not ours.is_for_desk


def test_many_comments_are_all_read_once(sandbox: Sandbox, page: FacebookClient) -> None:
    ids = [comment(sandbox, f"queja {n}", notify=False)["id"] for n in range(60)]
    first = page.poll("feed", "")
    assert [e.external_id for e in first.entries if e.kind == "fb.comment"] == ids
    assert first.cursor.isdigit()


def test_edit_hide_and_remove(sandbox: Sandbox, page: FacebookClient) -> None:
    said = comment(sandbox, "Me robaron")
    sandbox.call("PATCH", f"/facebook/comments/{said['id']}", message="Me robaron la tarjeta")
    page.send(answer(ActionKind.HIDE, said["id"], hidden=True))
    assert page.find_sent(answer(ActionKind.HIDE, said["id"], hidden=True)) is not None
    sandbox.call("DELETE", f"/facebook/comments/{said['id']}")
    entries = pushed(sandbox, 4)
    assert [entry.kind for entry in entries] == ["fb.comment", "fb.comment", "fb.hide", "fb.remove"]
    items = [FB.parse(entry.kind, entry.payload, PAGE)[0] for entry in entries]
    assert items[1].text == "Me robaron la tarjeta"
    assert items[1].edited_at is not None
    assert [items[2].what, items[3].what] == ["hide", "delete"]


def test_messenger_in_out_and_echo(sandbox: Sandbox, page: FacebookClient) -> None:
    sandbox.post("/facebook/messages", as_=DIANA, page="frailejon", text="Buenas, necesito ayuda")
    action = answer(ActionKind.DIRECT_MESSAGE, DIANA_PSID, "Con gusto, Diana ^JC")
    receipt = page.send(action)
    incoming, echo = pushed(sandbox, 2)
    read = {entry.external_id: entry for entry in page.poll("conversations", "").entries}
    assert read[incoming.external_id].digest == incoming.digest
    (said,) = FB.parse(incoming.kind, incoming.payload, PAGE)
    assert (said.kind, said.thread_key) == (ConversationKind.MESSENGER, f"{PAGE}:{DIANA_PSID}")
    (ours,) = FB.parse(echo.kind, echo.payload, PAGE)
    assert ours.is_ours
    assert (ours.external_id, ours.client_token) == (receipt.external_id, action.client_token)
    assert ours.person is not None
    assert ours.person.external_id == DIANA_PSID
    (again,) = FB.parse("fb.message", read[receipt.external_id].payload, PAGE)
    assert again.is_ours
    assert again.thread_key == ours.thread_key


def test_lost_answers_are_found_again(sandbox: Sandbox, page: FacebookClient) -> None:
    said = comment(sandbox)
    sandbox.post("/facebook/messages", as_=DIANA, page="frailejon", text="hola")
    for kind, target in (
        (ActionKind.REPLY, said["id"]),
        (ActionKind.DIRECT_MESSAGE, DIANA_PSID),
        (ActionKind.PRIVATE_REPLY, said["id"]),
    ):
        action = answer(kind, target, f"Con gusto {kind} ^JC")
        assert page.find_sent(action) is None
        sandbox.fault("facebook", "lost_response", count=1)
        with pytest.raises(NetworkError) as error:
            page.send(action)
        assert error.value.verdict == "unknown"
        found = page.find_sent(action)
        assert found is not None
        assert found.external_id


def test_private_reply_once(sandbox: Sandbox, page: FacebookClient) -> None:
    said = comment(sandbox)
    receipt = page.send(answer(ActionKind.PRIVATE_REPLY, said["id"], "Le escribo por aquí ^JC"))
    assert receipt.recipient_id == DIANA_PSID
    with pytest.raises(NetworkError) as error:
        page.send(answer(ActionKind.PRIVATE_REPLY, said["id"], "Otra vez ^JC"))
    assert (error.value.verdict, error.value.code) == ("refused", "private_reply_used")


def test_window_and_human_agent(sandbox: Sandbox, page: FacebookClient) -> None:
    two_days = int(clock.now().timestamp()) - 2 * 86_400
    sandbox.post("/facebook/messages", as_=DIANA, page="frailejon", text="hola", created_at=two_days)
    with pytest.raises(NetworkError) as error:
        page.send(answer(ActionKind.DIRECT_MESSAGE, DIANA_PSID, "Hola ^JC"))
    assert (error.value.verdict, error.value.code) == ("refused", "window_closed")
    assert page.send(answer(ActionKind.DIRECT_MESSAGE, DIANA_PSID, "Hola ^JC", human_agent=True)).external_id


@pytest.mark.parametrize(
    ("fault", "verdict", "code"),
    [
        ({"name": "rate_limited", "seconds": 600}, "later", "rate_limited"),
        ({"name": "revoked"}, "auth", "token_458"),
        ({"name": "revoked", "subcode": 460}, "auth", "token_460"),
        ({"name": "server_error", "status": 503}, "unknown", "graph_2"),
        ({"name": "server_error", "status": 502, "body": "html"}, "unknown", "http_502"),
        ({"name": "server_error", "status": 500, "body": "empty"}, "unknown", "http_500"),
        ({"name": "lost_request", "match": ""}, "unknown", "no_answer"),
        ({"name": "forbidden", "code": 368}, "account", "blocked"),
        ({"name": "forbidden", "code": 200}, "refused", "permission"),
        ({"name": "forbidden", "code": 551}, "refused", "person_unavailable"),
    ],
)
def test_bad_days_have_verdicts(
    sandbox: Sandbox, page: FacebookClient, fault: dict[str, Any], verdict: str, code: str
) -> None:
    said = comment(sandbox)
    sandbox.fault("facebook", **fault)
    with pytest.raises(NetworkError) as error:
        page.send(answer(ActionKind.REPLY, said["id"], "Hola ^JC"))
    assert (error.value.verdict, error.value.code) == (verdict, code)
    assert "sandbox-fb-token" not in f"{error.value!r}{error.value.__context__!r}{error.value.detail}"
    with pytest.raises(NetworkError) as error:
        page.poll("feed", "")
    assert error.value.verdict == ("later" if verdict == "unknown" else verdict)


def test_who_we_are_and_what_is_left(sandbox: Sandbox, page: FacebookClient) -> None:
    assert page.check()["external_id"] == PAGE
    assert page.trace.limits["pages"].limit == 100
    assert page.trace.limits["pages"].remaining is not None


def test_anonymous_comment_has_its_own_thread(sandbox: Sandbox, page: FacebookClient) -> None:
    sandbox.fault("facebook", "comment_from_absent")
    said = comment(sandbox)
    (entry,) = pushed(sandbox)
    (message,) = FB.parse(entry.kind, entry.payload, PAGE)
    assert message.author.external_id == ""
    assert message.thread_key == f"{said['id']}:{said['id']}"


def test_native_answers_name_whom_they_answer_once_read(sandbox: Sandbox, page: FacebookClient) -> None:
    top = comment(sandbox)
    post = sandbox.post("/facebook/posts", as_=DIANA, page="frailejon", message="Nadie contesta")
    under = sandbox.post("/facebook/comments", as_="frailejon", parent=top["id"], message="Ya va ^PM")
    beside = sandbox.post("/facebook/comments", as_="frailejon", post=post["id"], message="Hola ^PM")
    alone = sandbox.post("/facebook/comments", as_="frailejon", page="frailejon", message="Aviso")
    read = {entry.external_id: entry for entry in page.poll("feed", "").entries}
    hooks = {entry.external_id: entry for entry in pushed(sandbox, 5)}
    for said, root in ((under, top["id"]), (beside, post["id"])):
        entry = read[said["id"]]
        assert entry.digest != hooks[said["id"]].digest
        (message,) = FB.parse(entry.kind, entry.payload, PAGE)
        assert (message.thread_key, message.missing_root) == (f"{root}:{DIANA}", "")
        assert message.person is not None
        assert message.person.external_id == DIANA
    (ours,) = FB.parse("fb.comment", read[alone["id"]].payload, PAGE)
    assert (ours.thread_key, ours.person) == ("", None)


def carrying(kind: ActionKind, target: str, *files: OutgoingFile, text: str = "Va.") -> Outgoing:
    return replace(answer(kind, target, text), files=files)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (OutgoingFile("a.png", "image/png", b"\x89PNG" + bytes(9 * 1024 * 1024)), "file_too_large"),
        (OutgoingFile("a.png", "image/png", b"no es una imagen"), "file_unsupported"),
    ],
)
def test_files_messenger_does_not_take_are_refused_when_handed_over(
    sandbox: Sandbox, page: FacebookClient, file: OutgoingFile, code: str
) -> None:
    with pytest.raises(NetworkError) as refused:
        page.upload(carrying(ActionKind.DIRECT_MESSAGE, DIANA_PSID, file))
    assert (refused.value.verdict, refused.value.code) == ("refused", code)


def test_picture_too_heavy_for_a_comment_is_refused_and_nothing_is_said(
    sandbox: Sandbox, page: FacebookClient
) -> None:
    said = comment(sandbox)
    heavy = OutgoingFile("a.png", "image/png", b"\x89PNG" + bytes(5 * 1024 * 1024))
    with pytest.raises(NetworkError) as refused:
        page.send(carrying(ActionKind.REPLY, said["id"], heavy))
    assert (refused.value.verdict, refused.value.code) == ("refused", "file_too_large")
    assert sandbox.call("GET", "/comments?page=frailejon&source=api")["comments"] == []


def test_file_handed_over_by_another_page_cannot_be_sent(sandbox: Sandbox, page: FacebookClient) -> None:
    sandbox.post("/facebook/messages", as_=DIANA, page="frailejon", text="hola")
    other = FB.client(
        external_id="100000000000102",
        credentials={"access_token": "sandbox-fb-token-alisios"},
        capabilities={},
    )
    picture = OutgoingFile("a.png", "image/png", b"\x89PNG" + bytes(40))
    action = carrying(ActionKind.DIRECT_MESSAGE, DIANA_PSID, picture)
    with pytest.raises(NetworkError) as refused:
        page.send(replace(action, uploaded=other.upload(action)))
    assert refused.value.code == "file_expired"
