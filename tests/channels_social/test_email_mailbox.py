"""Reading a mailbox: every mail once, page by page, whatever the server and the senders do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from channels_social.domain.fetching import Claim as FileClaim
from channels_social.domain.fetching import fetch_one
from channels_social.models import Media, PollCursor
from channels_social.networks.email import reading
from helpdesk import clock
from helpdesk.secrets.crypto import vault
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.mail_house import SUPPORT, MailHouse, letter, mail_house
from tests.tickets.together import worker


@pytest.fixture
def house(transactional_db: None, cast: Cast, settings: Any) -> Iterator[MailHouse]:
    with mail_house(cast, settings) as found:
        yield found


def _cursor(house: MailHouse) -> PollCursor:
    with tenant(house.cast.bank.pk):
        return PollCursor.objects.get(account=house.bank, stream="inbox")


def test_all_pages_are_walked_in_order(house: MailHouse, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "PAGE_MAILS", 3)
    for number in range(8):
        house.post.deliver(SUPPORT, letter(f"Mensaje {number}", subject="", number=f"p{number}@c"))

    house.hear()

    assert [message.text for message in house.messages()] == [f"Mensaje {n}" for n in range(8)]


def test_a_mail_that_arrives_between_pages_is_not_skipped(house: MailHouse, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "PAGE_BYTES", 1)  # one mail a page
    house.arrive(letter(number="a@c", subject="Uno"), letter(number="b@c", subject="Dos"))
    house.arrive(letter(number="c@c", subject="Tres"))

    assert len(house.messages()) == 3


def test_the_cursor_moves_only_after_the_rows_are_stored(house: MailHouse, monkeypatch: pytest.MonkeyPatch):
    house.hear()
    before = _cursor(house).cursor
    house.post.deliver(SUPPORT, letter(number="a@c"))

    def fail(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("the database is away")

    with monkeypatch.context() as broken:
        broken.setattr("channels_social.domain.polling.store", fail)
        with pytest.raises(RuntimeError):
            house.hear()
    assert _cursor(house).cursor == before

    house.hear()
    assert len(house.messages()) == 1


def test_a_connection_that_breaks_is_read_again(house: MailHouse):
    house.post.deliver(SUPPORT, letter(number="a@c"))
    house.post.faults["imap_closes"] = 1
    house.hear()
    assert house.messages() == []

    house.hear()
    assert len(house.messages()) == 1


def test_a_renumbered_mailbox_brings_nothing_twice_and_loses_nothing(house: MailHouse):
    house.arrive(letter("Uno", number="a@c"))
    house.post.deliver(SUPPORT, letter("Dos", number="b@c"))
    house.post.renumber(SUPPORT)

    house.hear()

    assert len(house.messages()) == 2


def test_a_new_mailbox_brings_the_last_day_only(house: MailHouse):
    house.arrive(letter(number="old@c"), at=clock.now() - timedelta(days=3))
    house.arrive(letter(number="new@c"))

    assert len(house.messages()) == 1


def test_what_is_read_stays_unread_on_the_server(house: MailHouse):
    house.arrive(letter(number="a@c"))

    assert house.post.box(SUPPORT)["INBOX"].letters[0].flags == set()


def test_time_is_when_it_arrived_not_when_it_says(house: MailHouse):
    house.arrive(letter(number="a@c", Date="Mon, 01 Jan 2035 00:00:00 +0000"))

    [ticket] = house.tickets()
    assert abs(ticket.opened_at - clock.now()) < timedelta(minutes=1)


def test_secrets_are_cut_from_everything_that_is_stored(house: MailHouse):
    house.arrive(
        letter(
            "Mi tarjeta 4111 1111 1111 1111, cvv 123.\n\n> el 5500 0000 0000 0004",
            subject="Tarjeta 4111111111111111", number="a@c",
        )
    )  # fmt: skip

    stored = b"".join(vault().open(bytes(event.payload)) for event in house.events())
    assert b"4111" not in stored
    assert b"5500 0000" not in stored
    assert "••••1111" in house.messages()[0].text


def test_an_attachment_is_fetched_and_typed_by_its_content(house: MailHouse):
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = "d@c.example", SUPPORT, "Foto", "<f@c>"
    mail.set_content("Va la foto y el extracto.")
    mail.add_attachment(
        b"\x89PNG\r\n\x1a\n123", maintype="application", subtype="x-virus", filename="../../foto.exe"
    )
    mail.add_attachment("Tarjeta 4111 1111 1111 1111", filename="datos.txt")
    house.arrive(mail.as_bytes())

    with tenant(house.cast.bank.pk):
        found = list(Media.objects.filter(account=house.bank).order_by("pk"))
    with worker():
        states = [fetch_one(FileClaim(house.cast.bank.pk, media.pk)) for media in found]
    assert states == ["stored", "stored"]
    with tenant(house.cast.bank.pk):
        picture, text = Media.objects.filter(account=house.bank).order_by("pk")
    assert (picture.name, picture.content_type) == ("foto.exe", "image/png")
    from django.core.files.storage import default_storage

    with default_storage.open(text.file) as stored:
        assert b"4111" not in stored.read()


def test_of_a_mail_that_is_too_large_only_the_words_come_in(
    house: MailHouse, monkeypatch: pytest.MonkeyPatch
):
    from email.message import EmailMessage

    monkeypatch.setattr(reading, "LARGEST", 300_000)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = "d@c.example", SUPPORT, "Video", "<v@c>"
    mail.set_content("Les mando el video del cajero.")
    mail.add_attachment(b"\0" * 400_000, maintype="video", subtype="mp4", filename="cajero.mp4")
    house.arrive(mail.as_bytes())

    [message] = house.messages()
    assert message.text == "Video\n\nLes mando el video del cajero."
    with tenant(house.cast.bank.pk):
        assert not Media.objects.filter(account=house.bank).exists()
        from tickets.cases.letters import Letter

        assert Letter.objects.get().notice == "too_large"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe garbage",
        b"Subject: nadie\r\n\r\nno dice de quien es",
        b"From: d@c.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\nno hay partes",
    ],
)
def test_a_mail_nobody_can_read_stands_in_quarantine_and_the_next_comes_in(house: MailHouse, content: bytes):
    house.arrive(content, letter(number="good@c"))

    assert len(house.messages()) == 1
    [event] = house.events(state="quarantined")
    assert "number 1 of the mailbox" in event.reason


def test_a_labyrinth_of_parts_is_refused_quickly(house: MailHouse):
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(200)
    )
    house.arrive(b"From: d@c.example\r\n" + deep)

    assert len(house.events(state="quarantined")) == 1
