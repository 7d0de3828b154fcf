"""X through tweepy against the sandbox, over real HTTP."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from channels_social.enums import ActionKind
from channels_social.networks import registry
from channels_social.networks.base import NetworkError, Outgoing, OutgoingFile
from channels_social.networks.x.client import XClient
from channels_social.networks.x.subscribing import subscribe
from helpdesk import clock
from tests.channels_social.conftest import Sandbox, body_of

BANK = "1800000000000000001"
DIANA = "1800000000000001001"
X = registry.get("x")


@pytest.fixture
def bank(sandbox: Sandbox) -> XClient:
    """The bank's account."""
    credentials = {"access_token": "sandbox-x-token-frailejon"}
    return X.client(external_id=BANK, credentials=credentials, capabilities={})  # type: ignore[return-value]


def answer(kind: ActionKind, target: str, text: str = "", **options: Any) -> Outgoing:
    return Outgoing(kind, target, text, uuid.uuid4().hex, options, "thread", clock.now())


def mention(sandbox: Sandbox, text: str = "@FrailejonAyuda la app no abre", **more: Any) -> dict[str, Any]:
    return sandbox.post("/x/posts", as_="dianamrojas", text=text, **more)


def test_mention_polled_and_pushed_is_one_entry(sandbox: Sandbox, bank: XClient) -> None:
    post = mention(sandbox, "@FrailejonAyuda cobran dos veces &amp; nadie responde <hola>")
    (delivery,) = sandbox.catcher.wait()
    (pushed,) = X.split(body_of(delivery))
    page = bank.poll("mentions", "")
    assert [(e.kind, e.external_id, e.digest) for e in page.entries] == [
        (pushed.kind, pushed.external_id, pushed.digest)
    ]
    assert page.cursor == post["id"]
    ours, theirs = (X.parse(e.kind, e.payload, BANK)[0] for e in (page.entries[0], pushed))
    assert ours.text == theirs.text == "@FrailejonAyuda cobran dos veces &amp; nadie responde <hola>"
    assert ours.thread_key == theirs.thread_key == f"{post['id']}:{DIANA}"
    assert (ours.author.name, ours.author.handle) == ("Diana Marcela Rojas", "dianamrojas")
    assert ours.is_for_desk
    assert not ours.is_ours


def test_all_pages_are_walked_oldest_first(sandbox: Sandbox, bank: XClient) -> None:
    ids = [mention(sandbox, f"@FrailejonAyuda caso {n}", notify=False)["id"] for n in range(130)]
    page = bank.poll("mentions", "")
    assert [entry.external_id for entry in page.entries] == ids
    again = bank.poll("mentions", page.cursor)
    assert [entry.external_id for entry in again.entries] == ids  # five minutes are read again
    assert again.cursor == page.cursor
    assert not page.has_gap


def test_empty_page_keeps_the_cursor(sandbox: Sandbox, bank: XClient) -> None:
    assert bank.poll("mentions", "").cursor == ""
    assert bank.poll("dms", "").entries == ()


def test_edit_is_the_same_message_with_another_digest(sandbox: Sandbox, bank: XClient) -> None:
    post = mention(sandbox, "@FrailejonAyuda no sirve")
    before = bank.poll("mentions", "").entries[0]
    new = sandbox.call("PATCH", f"/x/posts/{post['id']}", text="@FrailejonAyuda no sirve la app")
    after = bank.poll("mentions", "").entries[0]
    assert before.external_id == after.external_id == post["id"]
    assert before.digest != after.digest
    (message,) = X.parse(after.kind, after.payload, BANK)
    assert message.version_ids == (post["id"], new["id"])
    assert message.edited_at is not None
    assert message.edited_at > message.occurred_at


def test_reply_is_sent_once_and_found_again(sandbox: Sandbox, bank: XClient) -> None:
    post = mention(sandbox)
    action = answer(
        ActionKind.REPLY, post["id"], "Diana, ya revisamos en https://frailejon.example/a ¿sí? ^JC"
    )
    assert bank.find_sent(action) is None
    receipt = bank.send(action)
    found = bank.find_sent(action)
    assert found is not None
    assert found.external_id == receipt.external_id
    (own,) = bank.poll("timeline", "").entries[-1:]
    (said,) = X.parse(own.kind, own.payload, BANK)
    assert said.is_ours
    assert said.thread_key == f"{post['id']}:{DIANA}"
    assert said.person is not None
    assert said.person.external_id == DIANA
    assert [spend.kind for spend in bank.trace.spends].count("post_create_url") == 1


def test_lost_answer_is_unknown_and_reading_back_tells(sandbox: Sandbox, bank: XClient) -> None:
    post = mention(sandbox)
    sandbox.fault("x", "lost_response", count=1)
    action = answer(ActionKind.REPLY, post["id"], "Ya le ayudamos ^JC")
    with pytest.raises(NetworkError) as error:
        bank.send(action)
    assert error.value.verdict == "unknown"
    assert bank.find_sent(action) is not None
    with pytest.raises(NetworkError) as error:
        bank.send(action)
    assert (error.value.verdict, error.value.code) == ("refused", "duplicate")


def test_direct_message_is_sent_and_found_again(sandbox: Sandbox, bank: XClient) -> None:
    sandbox.post("/x/dms", as_="dianamrojas", to="frailejon", text="Hola, mi número es otro")
    (got,) = bank.poll("dms", "").entries
    (message,) = X.parse(got.kind, got.payload, BANK)
    assert message.thread_key == f"{BANK}-{DIANA}"
    delivery = next(d for d in sandbox.catcher.wait() if b"dm.received" in d.body)
    (pushed,) = X.split(body_of(delivery))
    assert (pushed.kind, pushed.external_id, pushed.digest) == (got.kind, got.external_id, got.digest)
    assert X.parse(pushed.kind, pushed.payload, BANK)[0].thread_key == message.thread_key
    action = answer(ActionKind.DIRECT_MESSAGE, DIANA, "Con gusto ^JC")
    receipt = bank.send(action)
    found = bank.find_sent(action)
    assert found is not None
    assert found.external_id == receipt.external_id


@pytest.mark.parametrize(
    ("fault", "verdict", "code"),
    [
        ({"name": "rate_limited", "seconds": 60}, "later", "rate_limited"),
        ({"name": "credits_exhausted"}, "account", "out_of_credit"),
        ({"name": "revoked"}, "auth", "unauthorized"),
        ({"name": "server_error", "status": 503}, "unknown", "http_503"),
        ({"name": "server_error", "status": 502, "body": "html"}, "unknown", "http_502"),
        ({"name": "lost_request", "match": ""}, "unknown", "no_answer"),
        ({"name": "forbidden", "code": 453}, "account", "access_level"),
    ],
)
def test_bad_days_have_verdicts(
    sandbox: Sandbox, bank: XClient, fault: dict[str, Any], verdict: str, code: str
) -> None:
    post = mention(sandbox)
    sandbox.fault("x", **fault)
    with pytest.raises(NetworkError) as error:
        bank.send(answer(ActionKind.REPLY, post["id"], "Hola ^JC"))
    assert (error.value.verdict, error.value.code) == (verdict, code)
    if code == "rate_limited":
        assert error.value.retry_at is not None
        assert timedelta(seconds=30) < error.value.retry_at - clock.now() < timedelta(seconds=90)
    with pytest.raises(NetworkError) as error:
        bank.poll("mentions", "")
    assert error.value.verdict == ("later" if verdict == "unknown" else verdict)


def test_refusals_have_their_own_codes(sandbox: Sandbox, bank: XClient) -> None:
    stranger = sandbox.post("/x/posts", as_="dianamrojas", text="Qué mal banco ese")
    for target, text, code in (
        (stranger["id"], "Podemos ayudar ^JC", "not_mentioned"),
        ("1799999999999999999", "Hola ^JC", "gone"),
        (mention(sandbox)["id"], "a" * 281, "too_long"),
    ):
        with pytest.raises(NetworkError) as error:
            bank.send(answer(ActionKind.REPLY, target, text))
        assert (error.value.verdict, error.value.code) == ("refused", code)
    sandbox.fault("x", "dm_refused")
    with pytest.raises(NetworkError) as error:
        bank.send(answer(ActionKind.DIRECT_MESSAGE, DIANA, "Hola ^JC"))
    assert (error.value.verdict, error.value.code) == ("refused", "dm_not_allowed")


def test_nobody_home_before_a_byte_left_is_later(settings: Any, sandbox: Sandbox) -> None:
    settings.X_API_URL = "http://127.0.0.1:9"
    client = X.client(external_id=BANK, credentials={"access_token": "secret-token"}, capabilities={})
    with pytest.raises(NetworkError) as error:
        client.send(answer(ActionKind.REPLY, "1", "Hola ^JC"))
    assert error.value.verdict == "later"
    assert "secret-token" not in repr(error.value) + str(error.value.__cause__)


def test_slow_network_is_given_up(settings: Any, sandbox: Sandbox, bank: XClient) -> None:
    settings.NETWORK_TIMEOUT = (1, 0.3)
    sandbox.fault("x", "slow", seconds=1.5)
    with pytest.raises(NetworkError) as error:
        bank.send(answer(ActionKind.REPLY, "1", "Hola ^JC"))
    assert error.value.verdict == "unknown"
    with pytest.raises(NetworkError) as error:
        bank.poll("mentions", "")
    assert error.value.verdict == "later"


def test_limits_and_who_we_are(sandbox: Sandbox, bank: XClient) -> None:
    me = bank.check()
    assert (me["external_id"], me["handle"]) == (BANK, "FrailejonAyuda")
    bank.poll("mentions", "")
    limit = bank.trace.limits["GET /2/users/:id/mentions"]
    assert (limit.limit, limit.remaining) == (300, 299)
    assert limit.reset_at is not None
    assert limit.reset_at > clock.now()


def test_follow_and_hide(sandbox: Sandbox, bank: XClient) -> None:
    action = answer(ActionKind.FOLLOW, DIANA)
    assert bank.find_sent(action) is None
    bank.send(action)
    assert bank.find_sent(action) is not None
    own = bank.send(answer(ActionKind.REPLY, "", "Buenos días ^JC"))
    reply = mention(sandbox, "@FrailejonAyuda pésimo", reply_to=own.external_id)
    assert bank.send(answer(ActionKind.HIDE, reply["id"], hidden=True)).external_id == ""


def test_look_up_leaves_out_what_is_gone(sandbox: Sandbox, bank: XClient) -> None:
    here, gone = mention(sandbox), mention(sandbox, "@FrailejonAyuda otra cosa")
    aside = sandbox.post("/x/posts", as_="dianamrojas", text="sin mencionar a nadie")
    sandbox.call("DELETE", f"/x/posts/{gone['id']}")
    found = bank.look_up([here["id"], gone["id"], aside["id"]])
    assert {(e.kind, e.external_id) for e in found} == {("x.post", here["id"]), ("x.context", aside["id"])}


def test_picture_comes_from_known_hosts_only(sandbox: Sandbox, bank: XClient) -> None:
    sandbox.post("/x/dms", as_="dianamrojas", to="frailejon", text="mire", media=1)
    (entry,) = bank.poll("dms", "").entries
    (message,) = X.parse(entry.kind, entry.payload, BANK)
    data, declared = bank.fetch(message.media[0].url)
    assert data.startswith(b"\x89PNG")
    assert declared == "image/png"
    with pytest.raises(NetworkError) as error:
        bank.fetch("http://169.254.169.254/latest/meta-data/")
    assert (error.value.verdict, error.value.code) == ("refused", "unknown_host")


def test_connected_again_after_weeks_reads_a_week_and_says_so(sandbox: Sandbox, bank: XClient) -> None:
    now = int(clock.now().timestamp())
    old = mention(sandbox, "@FrailejonAyuda hace un mes", created_at=now - 30 * 86_400)
    new = mention(sandbox, "@FrailejonAyuda hace dos días", created_at=now - 2 * 86_400)
    before = str(int(old["id"]) - 1)
    page = bank.poll("mentions", before)
    assert [entry.external_id for entry in page.entries] == [new["id"]]
    assert page.has_gap
    # Newly connected: only the last day.
    assert bank.poll("mentions", "").entries == ()


def test_the_reach_of_mentions_is_a_gap(sandbox: Sandbox, bank: XClient) -> None:
    first = mention(sandbox, "@FrailejonAyuda primera", notify=False)
    for n in range(805):
        mention(sandbox, f"@FrailejonAyuda {n}", notify=False)
    page = bank.poll("mentions", first["id"])
    assert len(page.entries) == 800
    assert page.has_gap


def test_pushing_is_asked_for_once(sandbox: Sandbox, bank: XClient, settings: Any) -> None:
    settings.BASE_URL = f"http://127.0.0.1:{sandbox.catcher.server_port}"
    assert subscribe(bank) == []
    assert subscribe(bank) == []


PICTURE = OutgoingFile("a.png", "image/png", b"\x89PNG" + bytes(40), "La pantalla")


def test_pictures_are_handed_over_with_what_they_show(sandbox: Sandbox, bank: XClient) -> None:
    post = mention(sandbox)
    action = replace(answer(ActionKind.REPLY, post["id"], "Así se ve"), files=(PICTURE, PICTURE))
    uploaded = bank.upload(action)
    receipt = bank.send(replace(action, uploaded=uploaded))
    (entry,) = bank.look_up([receipt.external_id])
    (said,) = X.parse(entry.kind, entry.payload, BANK)
    assert [media.key for media in said.media] == list(uploaded)
    assert said.media[0].name == "La pantalla"


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (OutgoingFile("a.png", "image/png", b"\x89PNG" + bytes(6 * 1024 * 1024)), "file_unsupported"),
        (OutgoingFile("a.pdf", "application/pdf", b"%PDF-1.7"), "file_unsupported"),
    ],
)
def test_files_x_does_not_take_are_refused_when_handed_over(
    sandbox: Sandbox, bank: XClient, file: OutgoingFile, code: str
) -> None:
    with pytest.raises(NetworkError) as refused:
        bank.upload(replace(answer(ActionKind.REPLY, "1"), files=(file,)))
    assert (refused.value.verdict, refused.value.code) == ("refused", code)


def test_picture_made_for_a_message_does_not_go_with_a_post(sandbox: Sandbox, bank: XClient) -> None:
    post = mention(sandbox)
    private = replace(answer(ActionKind.DIRECT_MESSAGE, DIANA), files=(PICTURE,))
    action = replace(answer(ActionKind.REPLY, post["id"], "Así se ve"), files=(PICTURE,))
    with pytest.raises(NetworkError) as refused:
        bank.send(replace(action, uploaded=bank.upload(private)))
    assert (refused.value.verdict, refused.value.code) == ("refused", "file_expired")


def test_what_a_picture_shows_being_refused_does_not_keep_it_back(sandbox: Sandbox, bank: XClient) -> None:
    long = replace(PICTURE, alt="x" * 1001)
    assert len(bank.upload(replace(answer(ActionKind.REPLY, "1"), files=(long,)))) == 1


def test_token_without_the_scope_says_so_and_is_remembered(sandbox: Sandbox, bank: XClient) -> None:
    sandbox.fault("x", "forbidden", match="/2/media/upload", count=1)
    with pytest.raises(NetworkError) as refused:
        bank.upload(replace(answer(ActionKind.REPLY, "1"), files=(PICTURE,)))
    assert refused.value.code == "media_not_granted"
    assert bank.trace.learned == {"media": False}
