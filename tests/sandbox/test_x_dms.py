"""Direct messages on the local X."""

from __future__ import annotations

import pytest
import tweepy

from tests.sandbox.parts import BANK_ID

DIANA = "1800000000000001001"
FIELDS = {"dm_event_fields": "id,text,event_type,created_at,sender_id,dm_conversation_id,attachments"}


def write(sandbox, text, **more):
    return sandbox.control(
        "POST", "/x/dms", {"as": "dianamrojas", "to": "FrailejonAyuda", "text": text, **more}
    )


def test_pair_conversation_is_named_smaller_first_and_told_everywhere(sandbox, client):
    said = write(sandbox, "hola")
    cid = f"{BANK_ID}-{DIANA}"
    assert said["conversation_id"] == cid
    made = client.create_direct_message(participant_id=DIANA, text="Buenas, Diana ^JC", user_auth=False)[
        "data"
    ]
    assert made["dm_conversation_id"] == cid
    for found in (
        client.get_direct_message_events(user_auth=False, **FIELDS),
        client.get_direct_message_events(participant_id=DIANA, user_auth=False, **FIELDS),
        client.get_direct_message_events(dm_conversation_id=cid, user_auth=False, **FIELDS),
    ):
        assert [(e["id"], e["sender_id"]) for e in found["data"]] == [
            (made["dm_event_id"], BANK_ID),
            (said["id"], DIANA),
        ]
        assert set(found["meta"]) == {"result_count"}


def test_pages_continue_by_token(sandbox, client):
    ids = [write(sandbox, str(n))["id"] for n in range(5)]
    page = client.get_direct_message_events(max_results=3, user_auth=False)
    token = page["meta"]["next_token"]
    rest = client.get_direct_message_events(max_results=3, pagination_token=token, user_auth=False)
    assert [e["id"] for e in page["data"] + rest["data"]] == ids[::-1]
    assert "next_token" not in rest["meta"]


def test_read_lag_hides_from_the_list_but_not_from_the_conversation(sandbox, client):
    sandbox.faults(x={"read_lag": {"seconds": 60}})
    client.create_direct_message(participant_id=DIANA, text="¿Sigue ahí?", user_auth=False)
    assert client.get_direct_message_events(user_auth=False) == {"meta": {"result_count": 0}}
    assert (
        client.get_direct_message_events(participant_id=DIANA, user_auth=False)["meta"]["result_count"] == 1
    )


def test_picture_without_words_is_downloaded_with_the_token(sandbox):
    said = write(sandbox, "", media=1)
    [media] = said["media"]
    path = f"/2/dm_conversations/media/{said['id']}/{media}/{media}.png"
    picture = sandbox.x("GET", path)
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert sandbox.x("GET", path, token="sandbox-x-token-alisios").status_code == 404
    assert sandbox.x("GET", path, token="").status_code == 401


def test_who_takes_no_messages_can_be_answered_but_not_written_to_first(sandbox, client):
    sandbox.control("PATCH", "/x/users/sebasgil_", {"receives_dm": False})
    seb = "1800000000000001002"
    with pytest.raises(tweepy.Forbidden, match="permission to DM"):
        client.create_direct_message(participant_id=seb, text="hola", user_auth=False)
    sandbox.control("POST", "/x/dms", {"as": "sebasgil_", "to": "frailejon", "text": "ayuda"})
    assert client.create_direct_message(participant_id=seb, text="hola", user_auth=False)["data"]
    sandbox.control("PATCH", "/x/users/sebasgil_", {"blocks": "frailejon"})
    with pytest.raises(tweepy.Forbidden):
        client.create_direct_message(participant_id=seb, text="¿hola?", user_auth=False)


def test_group_has_its_own_id_and_is_answered_by_it(sandbox, client):
    body = {"as": "dianamrojas", "to": ["FrailejonAyuda", "sebasgil_"], "text": "entre los tres"}
    cid = sandbox.control("POST", "/x/dms", body)["conversation_id"]
    assert "-" not in cid
    client.create_direct_message(dm_conversation_id=cid, text="Claro que sí ^JC", user_auth=False)
    found = client.get_direct_message_events(dm_conversation_id=cid, user_auth=False)
    assert [e["text"] for e in found["data"]] == ["Claro que sí ^JC", "entre los tres"]


def test_uploaded_picture_can_be_sent(sandbox):
    dot = sandbox.http.get(sandbox.url + "/health").content  # not a picture
    refused = sandbox.x("POST", "/2/media/upload", files={"media": dot}, data={"media_category": "dm_image"})
    assert refused.status_code == 400
    files, data = {"media": b"\x89PNG\r\n\x1a\n" + b"0" * 40}, {"media_category": "dm_image"}
    made = sandbox.x("POST", "/2/media/upload", files=files, data=data).json()["data"]
    body = {"text": "el recibo", "attachments": [{"media_id": made["id"]}]}
    sent = sandbox.x("POST", f"/2/dm_conversations/with/{DIANA}/messages", json=body).json()["data"]
    assert sandbox.control("GET", "/dms")["dms"][0]["media"] == [made["id"]]
    path = f"/2/dm_conversations/media/{sent['dm_event_id']}/{made['id']}/x.png"
    assert sandbox.x("GET", path).content == files["media"]
