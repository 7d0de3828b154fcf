"""What comes in is kept exactly: words, ids beyond 2^53, files; and found again, here and nowhere else."""

from __future__ import annotations

import pytest
from django.db import connection

from channels_social.models import Media
from helpdesk.tenancy.context import tenant
from tests.tickets.intake.bodies import AIRLINE, DIANA, fb_comment, fb_message, x_id, x_message, x_post
from tickets.cases.models import Attachment, Message, MessageVersion, Ticket, Tombstone
from tickets.customers.models import Identity

WORDS = {
    "family": "👩‍👩‍👧‍👦 mi familia 🇨🇴 no puede entrar",
    "right to left": "مرحبا \u202e txt.exe \u202c hola",
    "combining": "cafe\u0301 y café no son iguales aquí",
    "markup": "<script>alert(1)</script> & <b>hola</b>",
    "long": "ñ" * 9_999 + ".",
    "spaces": "  dos\tlíneas\n\n  y fin ",
}


def only(cast, **where):
    with tenant(cast.bank.pk):
        return Message.objects.get(**where)


@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS.keys())
def test_words_are_kept_exactly(cast, hear, text):
    hear(fb_message(text, 0, mid="m_1"))

    assert only(cast).text == text


@pytest.mark.parametrize(
    ("said", "kept"),
    [("a\x00b", "ab"), ("fin\ud83d", "fin"), ("\udc00inicio", "inicio"), ("junto \ud83d\ude00", "junto 😀")],
)
def test_nul_and_lone_surrogates_go_and_nothing_else(cast, hear, said, kept):
    hear(fb_message(said, 0, mid="m_1"), x_message(said, 1), fb_comment("add", 2, number="5_1", text=said))
    hear(fb_comment("edited", 3, number="5_1", text=said + " otra vez", made=2))

    with tenant(cast.bank.pk):
        assert sorted(Message.objects.values_list("text", flat=True)) == sorted(
            [kept, kept, kept + " otra vez"]
        )


def test_nul_in_a_name_and_in_an_edit_of_something_unseen(cast, hear):
    change = fb_comment("add", 0, number="5_1", text="hola", by=("61", "An\x00a \ud83d"))
    hear(change)
    edit = {"mid": "m_9", "text": "ya\x00 no"}
    hear({"object": "page", "entry": [{"id": "100000000000101", "time": 0, "messaging": [
        {"sender": {"id": "72"}, "recipient": {"id": "100000000000101"}, "timestamp": 1_795_000_000_000,
         "message_edit": edit}]}]})  # fmt: skip

    with tenant(cast.bank.pk):
        assert Identity.objects.get().name == "Ana "
        assert Tombstone.objects.get().text == "ya no"


def test_entities_of_x_are_unescaped_once(cast, hear):
    hear(x_post("@FrailejonAyuda Caja &amp; Banco &amp;lt;", 0))

    assert only(cast).text == "@FrailejonAyuda Caja & Banco &lt;"


def test_ids_beyond_2_to_the_53rd_stay_exact(cast, hear):
    number = str(2**63 + 12_345)
    hear(fb_message("hola", 0, mid=number))

    assert only(cast).external_id == number == "9223372036854788153"


def test_an_edited_post_is_one_message_under_each_of_its_ids(cast, hear):
    typo, fixed = x_id(0, "t"), x_id(1, "f")
    hear(x_post("@FrailejonAyuda no puedo etnrar", 0, number=typo))
    hear(x_post("@FrailejonAyuda no puedo entrar", 1, number=fixed, versions=(typo,), thread=typo))
    hear(x_post("sí", 2, answers=(fixed, DIANA[0]), thread=typo))

    with tenant(cast.bank.pk):
        message = Message.objects.get(external_id=typo)
        assert message.text == "@FrailejonAyuda no puedo entrar"
        assert set(MessageVersion.objects.values_list("external_id", "text")) == {
            (typo, "@FrailejonAyuda no puedo etnrar"),
            (fixed, "@FrailejonAyuda no puedo entrar"),
        }
        assert Message.objects.count() == 2
        assert Ticket.objects.count() == 1


def test_what_a_customer_deletes_is_nowhere_in_words(cast, hear):
    """Neither the message, nor its versions, nor the row of its case, nor a tombstone."""
    secret = "enfermedad"
    hear(fb_comment("add", 0, number="5_1", text=f"por mi {secret}"))
    hear(fb_comment("edited", 1, number="5_1", text=f"mi {secret} es grave", made=0))
    hear(fb_comment("remove", 2, number="5_1", made=0))
    # Of another one the edit comes first, and the comment last.
    hear(fb_message("x", 0, mid="m_1"))
    edit = {"message_edit": {"mid": "m_2", "text": f"otra {secret}"}}
    unsent = {"message": {"mid": "m_2", "is_deleted": True}}
    for minute, event in ((4, edit), (5, unsent)):
        hear({"object": "page", "entry": [{"id": "100000000000101", "time": 0, "messaging": [
            {"sender": {"id": "72"}, "recipient": {"id": "100000000000101"},
             "timestamp": 1_795_000_000_000 + minute} | event]}]})  # fmt: skip

    with tenant(cast.bank.pk):
        assert only(cast, external_id="5_1").deleted_at is not None
        places = {
            "messages": Message.objects.values_list("text", flat=True),
            "versions": MessageVersion.objects.values_list("text", flat=True),
            "tickets": Ticket.objects.values_list("last_text", flat=True),
            "tombstones": Tombstone.objects.values_list("text", flat=True),
        }
        assert {name for name, texts in places.items() for text in texts if secret in text} == set()
        assert Tombstone.objects.filter(external_id="m_2").count() == 2


def test_files_are_rows_to_be_fetched_once_each(cast, hear):
    photo = [{"type": "image", "payload": {"url": "https://scontent.fbcdn.net/1.png?oh=1"}}]
    hear(fb_message("miren", 0, mid="m_1", attachments=photo))
    hear(fb_message("miren", 0, mid="m_1", attachments=photo))

    with tenant(cast.bank.pk):
        (media,) = Media.objects.all()
        assert (media.state, media.kind) == ("pending", "image")
        assert Attachment.objects.get().message_id == only(cast).pk


def test_a_message_of_nothing_but_a_file_opens_a_case(cast, hear):
    photo = [{"type": "image", "payload": {"url": "https://scontent.fbcdn.net/1.png"}}]
    hear(fb_message("", 0, mid="m_1", attachments=photo))

    with tenant(cast.bank.pk):
        assert Ticket.objects.get().unanswered_count == 1


def found(organization_id: int, words: str) -> list[int]:
    with tenant(organization_id), connection.cursor() as cursor:
        cursor.execute("SELECT message_id FROM tickets_search(%s, 50)", [words])
        return [row[0] for row in cursor.fetchall()]


def test_search_finds_the_message_and_only_at_home(cast, hear):
    hear(x_post("@FrailejonAyuda me bloquearon la tarjeta dorada", 0))
    hear(x_post("@AlisiosAyuda perdieron mi maleta", 1, to=AIRLINE))

    assert found(cast.bank.pk, "tarjetas doradas") == [only(cast).pk]
    assert found(cast.airline.pk, "tarjetas doradas") == []
    assert found(cast.bank.pk, "maleta") == []


def test_search_does_not_find_what_was_deleted(cast, hear):
    hear(fb_comment("add", 0, number="5_1", text="mi enfermedad"))
    assert len(found(cast.bank.pk, "enfermedad")) == 1

    hear(fb_comment("remove", 1, number="5_1", made=0))

    assert found(cast.bank.pk, "enfermedad") == []


def test_a_person_who_writes_to_both_accounts_says_one_thing(cast, hear):
    from tests.cast import account

    account(cast.bank, "x", "1800000000000000003", "FrailejonYa")
    both = {"number": x_id(0, "both")}
    hear(x_post("@FrailejonAyuda @FrailejonYa hola, ¿me ayudan?", 0, **both))
    hear(x_post("@FrailejonAyuda @FrailejonYa hola, ¿me ayudan?", 0, to="1800000000000000003", **both))

    with tenant(cast.bank.pk):
        assert Message.objects.count() == Ticket.objects.count() == 1


def test_a_renamed_person_is_the_same_person(cast, hear):
    hear(x_post("@FrailejonAyuda hola, ¿me ayudan?", 0, by=("2001", "antes")))
    hear(x_post("@FrailejonAyuda ¿siguen ahí?", 5, by=("2001", "Después_Ñ")))

    with tenant(cast.bank.pk):
        person = Identity.objects.get()
        assert (person.handle, person.handle_key) == ("Después_Ñ", "despues_n")
        assert Ticket.objects.count() == 1
