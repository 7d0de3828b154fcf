"""Files in answers: chosen, claimed by one answer, handed over before anything is said, seen by the customer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests
from django.core.files.storage import default_storage

from channels_social.domain import delivery
from channels_social.enums import ActionState
from channels_social.models import Media, OutboundAction
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.tickets.public.pictures import chunk, exif, jpeg, png
from tests.tickets.public.test_files import PDF
from tests.tickets.replies.conftest import DESK, House
from tests.tickets.together import worker
from tickets.cases.models import Attachment, Message, Ticket
from tickets.console.composer import composer_for
from tickets.console.queries.messages import messages_by_id
from tickets.replies.domain.files import (
    Chosen,
    NotTaken,
    drop_upload,
    forget_uploads,
    keep_upload,
    waiting,
)
from tickets.replies.domain.outbox import change_action
from tickets.replies.domain.reply import Refused
from tickets.replies.domain.targets import targets_of
from tickets.replies.models import Upload

HEAVY = chunk(b"pHYs", bytes(8 * 1024 * 1024))


def upload(
    house: House, ticket: Ticket, body: bytes = b"", *, name: str = "comprobante.png", alt: str = ""
) -> Chosen:
    """A file as an agent chooses it."""
    with tenant(house.cast.bank.pk):
        return Chosen(keep_upload(ticket, body or png(), name=name, by=house.cast.juan).pk, alt)


def sent_on_facebook(house: House) -> list[dict[str, Any]]:
    """What the page sent in Messenger, oldest first."""
    found = house.sandbox.call("GET", "/messages?page=frailejon&from_page=1&source=api")["messages"]
    return list(reversed(found))


def bytes_at(url: str) -> bytes:
    return requests.get(url, timeout=10).content


def test_picture_follows_the_words_in_messenger_and_is_the_one_that_was_chosen(house: House):
    ticket = house.write()
    text, picture = house.answers(
        ticket, "Este es su comprobante.", mode="private", files=[upload(house, ticket, png(width=9))]
    )

    assert house.carry() == ["sent", "sent"]

    words, file = sent_on_facebook(house)
    assert (words["text"], words["attachments"]) == ("Este es su comprobante. ^JC", [])
    assert file["text"] == ""
    assert bytes_at(file["attachments"][0]["payload"]["url"]) == png(width=9)
    assert house.message(picture).external_id == file["mid"]
    with tenant(house.cast.bank.pk):
        assert Attachment.objects.get().message_id == picture.pk
        assert not Upload.objects.exists()
        assert Ticket.objects.get().last_text == "Este es su comprobante. ^JC"
    assert house.message(text).external_id == words["mid"]


def test_echo_of_a_picture_is_our_own_answer_and_no_second_one(house: House):
    ticket = house.write()
    house.answers(ticket, "Aquí está.", mode="private", files=[upload(house, ticket)])
    house.carry()

    house.hear(house.cast.bank_page, "conversations")

    with tenant(house.cast.bank.pk):
        assert Message.objects.filter(direction="out").count() == 2
        assert Attachment.objects.count() == Media.objects.count() == 1


def test_handing_over_that_fails_says_nothing_and_is_done_again(house: House):
    ticket = house.write()
    _text, picture = house.answers(ticket, "Aquí está.", mode="private", files=[upload(house, ticket)])
    house.sandbox.fault("facebook", "lost_response", match="message_attachments", count=1)

    assert house.carry() == ["sent", "retrying"]
    assert house.action(picture).request_started_at is None
    house.later()
    assert house.carry() == ["sent"]
    assert [len(one["attachments"]) for one in sent_on_facebook(house)] == [0, 1]


def test_post_of_a_picture_whose_answer_was_lost_is_found_and_not_repeated(house: House):
    ticket = house.write()
    _text, first, second = house.answers(
        ticket, "Son dos.", mode="private", files=[upload(house, ticket), upload(house, ticket, PDF)]
    )
    house.sandbox.fault("facebook", "lost_response", match="/messages", count=2)

    assert house.carry() == ["unknown"]
    assert house.read_back() == ["sent"]
    house.later()
    assert house.carry() == ["unknown"]
    assert house.read_back() == ["sent"]
    house.later()
    assert house.carry() == ["sent"]

    sent = sent_on_facebook(house)
    assert [len(one["attachments"]) for one in sent] == [0, 1, 1]
    assert house.message(first).external_id == sent[1]["mid"]
    assert house.message(second).external_id == sent[2]["mid"]


def test_file_does_not_leave_when_its_words_could_not(house: House):
    ticket = house.write()
    text, picture = house.answers(ticket, "Aquí está.", mode="private", files=[upload(house, ticket)])
    house.sandbox.fault("facebook", "forbidden", match="/messages", count=1, code=551)

    assert house.carry() == ["failed", "failed"]
    assert house.action(text).failure_code == "person_unavailable"
    assert house.action(picture).failure_code == "part_failed"
    assert sent_on_facebook(house) == []


def test_undoing_takes_the_words_and_the_files_back(house: House):
    ticket = house.write()
    text, picture = house.answers(ticket, "Aquí está.", mode="private", files=[upload(house, ticket)])
    with tenant(house.cast.bank.pk):
        change_action(house.message(text), to="cancel", by=house.cast.juan)

    assert house.state(picture) == ActionState.CANCELLED
    assert house.carry() == []


def test_files_of_an_answer_that_was_undone_wait_for_the_next_one(house: House):
    ticket = house.write()
    text, _picture = house.answers(
        ticket, "Aquí está.", mode="private", files=[upload(house, ticket, alt="El comprobante")]
    )
    with tenant(house.cast.bank.pk):
        change_action(house.message(text), to="cancel", by=house.cast.juan)
        (again,) = waiting(ticket, house.cast.juan)
    assert again.alt == "El comprobante"

    _text, picture = house.answers(
        ticket, "Ahora sí.", mode="private", files=[Chosen(again.pk, again.alt)], client_token="otra"
    )
    assert house.carry() == ["sent", "sent"]
    with tenant(house.cast.bank.pk):
        assert Media.objects.count() == 1
        assert Attachment.objects.filter(message=picture).count() == 1
        assert not Upload.objects.exists()


def test_file_of_an_answer_that_was_undone_is_kept_with_it_when_its_author_leaves_it_out(house: House):
    ticket = house.write()
    text, _picture = house.answers(ticket, "Aquí.", mode="private", files=[upload(house, ticket)])
    with tenant(house.cast.bank.pk):
        change_action(house.message(text), to="cancel", by=house.cast.juan)
        (again,) = waiting(ticket, house.cast.juan)
        drop_upload(again)

        assert default_storage.exists(Media.objects.get().file)


def test_approval_lets_words_and_files_leave_together(house: House):
    ticket = house.write()
    with tenant(house.cast.bank.pk):
        one = keep_upload(ticket, png(), name="a.png", by=house.cast.andres)
    text, picture = house.answers(
        ticket, "Aquí está.", by=house.cast.andres, mode="private", files=[Chosen(one.pk)]
    )
    assert house.state(picture) == ActionState.AWAITING_APPROVAL

    with tenant(house.cast.bank.pk):
        change_action(house.message(text), to="approve", by=house.cast.paola)

    assert house.carry() == ["sent", "sent"]


def test_file_belongs_to_one_answer_only_and_to_who_chose_it(house: House):
    ticket = house.write()
    chosen = upload(house, ticket)
    house.answers(ticket, "Aquí está.", mode="private", files=[chosen])

    with pytest.raises(Refused) as again:
        house.answers(ticket, "Otra vez.", mode="private", files=[chosen])
    assert again.value.code == "file_lost"
    with pytest.raises(Refused) as others:
        house.answers(
            ticket, "Lo de otro.", by=house.cast.paola, mode="private", files=[upload(house, ticket)]
        )
    assert others.value.code == "file_lost"


@pytest.mark.parametrize(
    ("mode", "bodies", "code"),
    [
        ("private", [PDF] * 6, "file_too_many"),
        ("private", [png(extra=HEAVY)], "file_heavy_here"),
    ],
)
def test_what_the_network_takes_is_checked_before_anything_is_queued(
    house: House, mode: str, bodies: list[bytes], code: str
):
    ticket = house.write()
    chosen = [upload(house, ticket, body) for body in bodies]

    with pytest.raises(Refused) as refused:
        house.answers(ticket, "Van todos.", mode=mode, files=chosen)

    assert refused.value.code == code
    with tenant(house.cast.bank.pk):
        assert not Message.objects.filter(direction="out").exists()
        assert Upload.objects.count() == len(bodies)


def test_photo_is_kept_without_the_place_where_it_was_taken(house: House):
    ticket = house.write()
    upload(house, ticket, jpeg(before=exif(1)), name="foto.PDF")

    with tenant(house.cast.bank.pk):
        media = Upload.objects.select_related("media").get().media
    with default_storage.open(media.file) as file:
        assert b"74.0721W" not in file.read()
    assert (media.content_type, media.name) == ("image/jpeg", "foto.jpg")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"MZ\x90\x00", "file_type"),
        (b"<svg onload=alert(1)>", "file_type"),
        (jpeg(after=PDF), "file_hostile"),
        (png()[:-20], "file_broken"),
    ],
)
def test_what_is_no_picture_and_no_document_is_not_kept(house: House, body: bytes, code: str):
    ticket = house.write()

    with pytest.raises(NotTaken) as not_taken:
        upload(house, ticket, body)

    assert not_taken.value.code == code
    with tenant(house.cast.bank.pk):
        assert not Media.objects.exists()


def test_what_nobody_sent_in_a_day_is_forgotten_and_what_another_row_holds_stays(house: House):
    ticket = house.write()
    upload(house, ticket, png(width=11))
    kept = upload(house, ticket, png(width=11))
    upload(house, ticket, png(width=12))
    with tenant(house.cast.bank.pk):
        Upload.objects.exclude(pk=kept.upload_id).update(at=clock.now() - timedelta(days=2))
        same, other = (row.media.file for row in Upload.objects.select_related("media").order_by("id")[1:])
    with worker(), tenant(house.cast.bank.pk):
        assert forget_uploads(house.cast.bank.pk) == 2
        assert forget_uploads(house.cast.bank.pk) == 0

    with tenant(house.cast.bank.pk):
        assert Upload.objects.get().pk == kept.upload_id
        assert Media.objects.count() == 1
    assert default_storage.exists(same)
    assert not default_storage.exists(other)


def posts(house: House) -> list[dict[str, Any]]:
    """What the bank posted on X through the API, oldest first."""
    found = house.sandbox.call("GET", "/posts?author=frailejon&source=api")["posts"]
    return list(reversed(found))


def test_post_on_x_takes_four_pictures_with_what_they_show(house: House):
    ticket = house.mention()
    bodies = [png(width=20 + place) for place in range(4)]
    files = [upload(house, ticket, body, alt=f"Foto {body[19]}") for body in bodies]
    message = house.answer(ticket, "Así se ve.", files=files)

    assert house.carry() == ["sent"]

    (post,) = posts(house)
    assert [bytes_at(f"{house.sandbox.url}/media/{number}") for number in post["media"]] == bodies
    assert 'alt="Foto 20"' in requests.get(f"{house.sandbox.url}/", timeout=10).text
    house.hear(house.cast.bank_x, "timeline")
    with tenant(house.cast.bank.pk):
        assert Message.objects.filter(direction="out").count() == 1
        assert Attachment.objects.filter(message=message).count() == 4
        assert Message.objects.get(pk=message.pk).text == "Así se ve. ^JC"


def test_pictures_go_with_the_first_part_of_a_thread(house: House):
    ticket = house.mention()
    house.answers(ticket, "una frase larga de verdad. " * 15, in_thread=True, files=[upload(house, ticket)])

    assert set(house.carry()) == {"sent"}
    assert [len(post["media"]) for post in posts(house)] == [1, 0]


def test_direct_message_on_x_takes_one_picture_along(house: House):
    ticket = house.mention()
    message = house.answer(ticket, "Aquí está.", mode="private", files=[upload(house, ticket, png(width=33))])

    assert house.carry() == ["sent"]

    (said,) = house.sandbox.call("GET", "/dms?source=api")["dms"]
    assert said["text"] == "Aquí está. ^JC"
    assert bytes_at(f"{house.sandbox.url}/media/{said['media'][0]}") == png(width=33)
    house.hear(house.cast.bank_x, "dms")
    with tenant(house.cast.bank.pk):
        assert Message.objects.filter(direction="out").count() == 1
        assert Attachment.objects.get().message_id == message.pk


@pytest.mark.parametrize(("mode", "match"), [("public", "POST /x/2/tweets"), ("private", "/messages")])
def test_post_with_a_picture_whose_answer_was_lost_is_found_on_x(house: House, mode: str, match: str):
    ticket = house.mention()
    house.sandbox.fault("x", "lost_response", match=match, count=1)
    house.answer(ticket, "Así se ve.", mode=mode, files=[upload(house, ticket)])

    assert house.carry() == ["unknown"]
    assert house.read_back() == ["sent"]
    said = posts(house) if mode == "public" else house.sandbox.call("GET", "/dms?source=api")["dms"]
    assert len(said) == 1


@pytest.mark.parametrize("match", ["/2/media/upload", "/2/media/metadata"])
@pytest.mark.parametrize("fault", ["lost_response", "lost_request", "server_error"])
def test_uploading_to_x_that_fails_is_tried_again_and_posts_once(house: House, fault: str, match: str):
    ticket = house.mention()
    house.sandbox.fault("x", fault, match=match, count=1)
    message = house.answer(ticket, "Así se ve.", files=[upload(house, ticket, alt="La pantalla")])

    assert house.carry() == ["retrying"]
    assert posts(house) == []
    house.later()
    assert house.carry() == ["sent"]
    assert len(posts(house)) == 1
    assert house.message(message).send_state == "sent"


def test_account_without_the_permission_says_that_it_must_be_connected_anew(house: House):
    ticket = house.mention()
    house.sandbox.fault("x", "forbidden", match="/2/media/upload", count=1)
    message = house.answer(ticket, "Así se ve.", files=[upload(house, ticket)])

    assert house.carry() == ["failed"]
    assert house.action(message).failure_code == "media_not_granted"
    with tenant(house.cast.bank.pk):
        (item,) = messages_by_id(house.cast.bank, [message.pk])
        assert "un administrador debe volver a conectarla" in item.failure
        fresh = Ticket.objects.select_related("organization").get(pk=ticket.pk)
        composer = composer_for(fresh, targets_of(fresh, now=clock.now()), house.cast.juan, "frailejon")
        public = next(one for one in composer.modes if one["key"] == "public")
    assert public["files"] == 0
    assert "volver a conectarla" in public["file_hint"]


def test_pictures_x_no_longer_has_fail_with_a_sentence_and_go_up_anew_when_tried_again(house: House):
    ticket = house.mention()
    house.sandbox.fault(
        "x", "forbidden", match="POST /x/2/tweets", count=1, detail="Your media IDs are invalid."
    )
    message = house.answer(ticket, "Así se ve.", files=[upload(house, ticket)])

    assert house.carry() == ["failed"]
    assert house.action(message).failure_code == "file_expired"
    with tenant(house.cast.bank.pk):
        change_action(house.message(message), to="retry", by=house.cast.juan)
    assert house.carry() == ["sent"]


def test_comment_on_facebook_takes_one_picture_along(house: House):
    ticket = house.comment()
    message = house.answer(ticket, "Así se ve.", files=[upload(house, ticket, png(width=44))])

    assert house.carry() == ["sent"]

    (said,) = house.sandbox.call("GET", "/comments?page=frailejon&source=api")["comments"]
    assert bytes_at(said["photo"]) == png(width=44)
    house.hear(house.cast.bank_page, "feed")
    with tenant(house.cast.bank.pk):
        assert Message.objects.filter(direction="out").count() == 1
        assert Attachment.objects.get().message_id == message.pk


def test_comment_with_a_picture_whose_answer_was_lost_is_found(house: House):
    ticket = house.comment()
    house.sandbox.fault("facebook", "lost_response", match="/comments", count=1)
    house.answer(ticket, "Así se ve.", files=[upload(house, ticket)])

    assert house.carry() == ["unknown"]
    assert house.read_back() == ["sent"]
    assert len(house.sandbox.call("GET", "/comments?page=frailejon&source=api")["comments"]) == 1


def test_the_one_private_answer_to_a_comment_is_words(house: House):
    ticket = house.comment()

    with pytest.raises(Refused) as refused:
        house.answers(ticket, "Va por aquí.", mode="private", files=[upload(house, ticket)])

    assert refused.value.code == "file_nowhere"


@pytest.mark.parametrize(
    ("mode", "bodies", "code"),
    [
        ("public", [png()] * 5, "file_too_many"),
        ("public", [PDF], "file_not_here"),
        ("public", [png(extra=chunk(b"pHYs", bytes(5 * 1024 * 1024)))], "file_heavy_here"),
        ("private", [png()] * 2, "file_too_many"),
    ],
)
def test_what_x_takes_is_checked_before_anything_is_queued(
    house: House, mode: str, bodies: list[bytes], code: str
):
    ticket = house.mention()
    chosen = [upload(house, ticket, body) for body in bodies]

    with pytest.raises(Refused) as refused:
        house.answers(ticket, "Van todos.", mode=mode, files=chosen)

    assert refused.value.code == code


def test_answer_with_files_waits_for_an_account_that_was_stopped(house: House):
    ticket = house.mention()
    house.sandbox.post("/x/revoke", account="frailejon")
    message = house.answer(ticket, "Así se ve.", files=[upload(house, ticket)])

    states = house.carry()
    for _turn in range(4):
        house.later()
        states += house.carry()

    assert states[-1] == "held"
    assert house.action(message).request_started_at is None
    house.sandbox.post("/x/revoke", account="frailejon", restore=True)


def test_worker_that_loses_its_turn_while_handing_over_says_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    ticket = house.mention()
    message = house.answer(ticket, "Así se ve.", files=[upload(house, ticket)])
    hand_over = delivery.hand_over

    def slowly(*given: Any) -> Any:
        parcel = hand_over(*given)
        with tenant(house.cast.bank.pk):
            OutboundAction.objects.update(state="queued", attempt_id=None)
        return parcel

    monkeypatch.setattr(delivery, "hand_over", slowly)
    with worker():
        delivery.deliver(delivery.claim_next(), DESK)
    assert posts(house) == []

    monkeypatch.undo()
    assert house.carry() == ["sent"]
    assert len(posts(house)) == 1
    assert house.message(message).send_state == "sent"
