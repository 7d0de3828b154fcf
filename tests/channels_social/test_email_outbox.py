"""What happens to a letter on its way out: never twice, never lost, each refusal with its sentence."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest

from channels_social.models import SocialAccount
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.mail_house import SUPPORT, MailHouse, letter, mail_house
from tests.tickets.public.pictures import png
from tests.tickets.public.test_files import PDF
from tickets.cases.models import Attachment, Message
from tickets.console.queries.messages import messages_by_id
from tickets.replies.domain.files import Chosen, keep_upload


@pytest.fixture
def house(transactional_db: None, cast: Cast, settings: Any) -> Iterator[MailHouse]:
    with mail_house(cast, settings) as found:
        found.arrive(letter(number="a1@c"))
        yield found


def _answer(house: MailHouse) -> Message:
    return house.answer(house.tickets()[0])


def _copies(house: MailHouse) -> int:
    return len(house.post.box(SUPPORT)["Enviados"].letters)


def test_a_copy_is_kept_where_the_server_keeps_none(house: MailHouse):
    _answer(house)
    house.carry()

    assert _copies(house) == 1
    assert house.account().capabilities["saves_sent"] is False


def test_no_second_copy_where_the_server_keeps_its_own(house: MailHouse):
    house.post.saves_sent = True
    _answer(house)
    house.carry()
    _answer(house)
    house.carry()

    assert _copies(house) == 2
    assert house.account().capabilities["saves_sent"] is True


def test_a_lost_answer_is_found_among_what_was_sent(house: MailHouse):
    house.post.saves_sent = True
    house.post.faults["lost_response"] = 1
    message = _answer(house)

    assert house.carry() == ["unknown"]
    assert house.carry() == []
    assert house.read_back() == ["sent"]

    assert len(house.post.handed) == 1
    assert house.action(message).external_id.startswith("cf.")


def test_what_the_server_certainly_does_not_have_is_sent_once_more_under_the_same_name(house: MailHouse):
    house.post.saves_sent = True
    _answer(house)
    house.carry()  # from the first letter we learn that copies are kept
    house.post.faults["lost_request"] = 1
    message = _answer(house)

    assert house.carry() == ["unknown"]
    assert [*house.read_back(), *house.read_back()] == ["unknown", "queued"]
    assert house.carry() == ["sent"]

    assert len(house.post.handed) == 2
    assert house.action(message).external_id.encode() in house.post.handed[1][2]


def test_where_nobody_can_tell_it_waits_for_a_person_and_is_never_sent_again(house: MailHouse):
    """No copies are kept: that it is not there proves nothing."""
    house.post.faults["lost_response"] = 1
    message = _answer(house)
    house.carry()

    assert [*house.read_back(), *house.read_back(), *house.read_back()] == ["unknown", "unknown"]
    assert house.carry() == []
    assert len(house.post.handed) == 1
    assert (house.action(message).state, house.action(message).failure_code) == ("unknown", "cannot_tell")


def test_a_worker_that_died_before_speaking_left_nothing_behind(house: MailHouse):
    from channels_social.domain.delivery import claim_next
    from tests.tickets.together import worker

    message = _answer(house)
    with worker():
        assert claim_next() is not None
    house.later()

    assert house.sweep() == 1
    assert house.action(message).state == "queued"
    assert house.carry() == ["sent"]


def test_a_server_that_asks_to_come_later_is_obeyed(house: MailHouse):
    house.post.faults["greylist"] = 1
    message = _answer(house)

    assert house.carry() == ["retrying"]
    house.later()
    assert house.carry() == ["sent"]
    assert house.action(message).attempts == 2


def test_an_address_that_does_not_exist_fails_with_its_sentence(house: MailHouse):
    house.post.faults["no_such_user"] = True
    message = _answer(house)

    assert house.carry() == ["failed"]
    assert house.action(message).failure_code == "address_refused"


def test_a_password_that_was_changed_holds_the_answers_and_only_that_account(house: MailHouse):
    house.post.faults["auth_refused"] = True
    _answer(house)
    states = house.carry()
    house.later()
    states += house.carry()

    assert states == ["retrying", "held"]
    assert house.account().state == "needs_reauth"
    with tenant(house.cast.airline.pk):
        assert SocialAccount.objects.get(network="email").state == "live"


def test_a_server_that_is_away_loses_nothing(house: MailHouse):
    with tenant(house.cast.bank.pk):
        from channels_social.domain.accounts import credentials_of, seal

        told = credentials_of(house.bank)
        told["smtp"]["port"] = 1
        SocialAccount.objects.filter(pk=house.bank.pk).update(credentials=seal(told))
    message = _answer(house)

    assert house.carry() == ["retrying"]
    assert house.action(message).failure_code == "unreachable"


def test_a_text_of_any_length_leaves_whole(house: MailHouse):
    long = "Línea con su verdad, y un punto al comienzo.\n.así\n" * 2_000
    house.answer(house.tickets()[0], long)

    assert house.carry() == ["sent"]
    from email import message_from_bytes, policy

    sent = message_from_bytes(house.post.handed[0][2], policy=policy.default).get_content()
    assert sent.replace("\r\n", "\n").strip() == f"{long.strip()} ^JC"


def test_a_subject_cannot_bring_headers_with_it(house: MailHouse):
    house.arrive(letter(subject="Hola", sender="eva@correo.example", number="e1@c"))
    with tenant(house.cast.bank.pk):
        from tickets.cases.letters import Letter

        Letter.objects.filter(mail_id="e1@c").update(subject="Hola\r\nBcc: otros@correo.example")
    house.answer(house.tickets()[-1])
    house.carry()

    _sender, recipients, content = house.post.handed[0]
    assert recipients == ["eva@correo.example"]
    assert b"\nBcc:" not in content


@pytest.mark.parametrize(
    ("address", "state"), [("diana@peña.example", "sent"), ("peña@correo.example", "failed")]
)
def test_an_address_with_letters_of_ours_leaves_where_it_can(house: MailHouse, address: str, state: str):
    """A domain has an ASCII form; a name before the @ has none that every server takes."""
    house.arrive(letter(sender="eva@correo.example", number="e1@c"))
    with tenant(house.cast.bank.pk):
        from tickets.customers.models import Identity

        Identity.objects.filter(external_id="eva@correo.example").update(external_id=address)
    house.answer(house.tickets()[-1])

    assert house.carry() == [state]


def test_letter_takes_its_files_along_with_their_names_and_what_they_show(house: MailHouse):
    ticket = house.tickets()[0]
    with tenant(house.cast.bank.pk):
        files = [
            Chosen(
                keep_upload(ticket, png(), name="Foto de la tarjeta.png", by=house.cast.juan).pk, "La tarjeta"
            ),
            Chosen(keep_upload(ticket, PDF, name="Extracto año 2026.pdf", by=house.cast.juan).pk),
        ]
    house.post.saves_sent = True
    message = house.answer(ticket, "Van adjuntos.", files=files)

    assert house.carry() == ["sent"]

    ((_sender, _to, content),) = house.post.handed
    mail = message_from_bytes(content, policy=policy.default)
    assert mail.get_body().get_content().strip().startswith("Van adjuntos.")
    picture, document = mail.iter_attachments()
    assert (picture.get_filename(), picture.get_content_type()) == ("Foto de la tarjeta.png", "image/png")
    assert (picture.get_content(), picture["Content-Description"]) == (png(), "La tarjeta")
    assert (document.get_filename(), document.get_content()) == ("Extracto año 2026.pdf", PDF)
    house.hear(house.bank, "sent")
    with tenant(house.cast.bank.pk):
        assert Message.objects.filter(direction="out").count() == 1
        assert Attachment.objects.filter(message=message).count() == 2


def test_letter_that_is_too_large_for_the_server_fails_with_its_sentence(house: MailHouse):
    ticket = house.tickets()[0]
    with tenant(house.cast.bank.pk):
        chosen = Chosen(keep_upload(ticket, png(), name="a.png", by=house.cast.juan).pk)
    house.post.faults["too_large"] = 1
    message = house.answer(ticket, "Va adjunta.", files=[chosen])

    assert house.carry() == ["failed"]
    with tenant(house.cast.bank.pk):
        (item,) = messages_by_id(house.cast.bank, [message.pk])
    assert "demasiado grande" in item.failure
