"""Files of an answer that is being written: their author's alone, kept with the text whatever is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from channels_social.enums import ConversationKind
from channels_social.models import SocialAccount
from channels_social.networks.base import Author, IncomingMessage
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tests.tickets.public.pictures import png
from tests.tickets.public.test_files import PDF
from tickets.cases.models import Attachment, Message, Ticket
from tickets.replies.models import Upload

WORDS = "Este es su comprobante."


@pytest.fixture
def number(cast: Any) -> int:
    """A case of the bank in Messenger."""
    asked = IncomingMessage(
        kind=ConversationKind.MESSENGER,
        external_id="m_1",
        thread_key="100000000000101:7201",
        author=Author("7201", "messenger", "Diana Marcela Rojas"),
        text="Buenas, ¿me mandan el comprobante?",
        occurred_at=clock.now(),
        root_external_id="100000000000101:7201",
    )
    hear(cast, asked, account=cast.bank_page)
    with tenant(cast.bank.pk):
        return Ticket.objects.get().number


def choose(
    client: Any, number: int, body: bytes = b"", name: str = "comprobante.png", org: str = "frailejon"
) -> Any:
    file = SimpleUploadedFile(name, body or png(), "text/html")
    return client.post(reverse("uploads", args=[org, number]), {"file": file})


def the_upload(cast: Any) -> int:
    with tenant(cast.bank.pk):
        return Upload.objects.latest("pk").pk


def send(client: Any, number: int, *files: int, text: str = WORDS, mode: str = "private", **more: Any) -> Any:
    asked = {"mode": mode, "text": text, "client_token": "t-1", "file": list(files)} | more
    return client.post(reverse("reply", args=["frailejon", number]), asked, headers={"HX-Request": "true"})


def test_file_is_shown_to_its_author_with_name_size_and_a_place_for_what_it_shows(cast, number, log_in):
    client = log_in(cast.juan)

    line = choose(client, number, name="../../comprobante del retiro.exe").content.decode()

    pk = the_upload(cast)
    assert f'name="file" value="{pk}"' in line
    assert f'name="alt-{pk}"' in line
    assert "comprobante del retiro.png" in line
    assert "bytes" in line
    shown = client.get(reverse("upload", args=["frailejon", pk]))
    assert b"".join(shown.streaming_content) == png()
    assert shown["Content-Type"] == "image/png"


def test_file_is_nobody_elses_until_it_is_sent(cast, number, log_in):
    choose(log_in(cast.juan), number)
    address = reverse("upload", args=["frailejon", the_upload(cast)])

    for member in (cast.paola, cast.carla):
        client = log_in(member)
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert (
        "comprobante"
        not in log_in(cast.paola).get(reverse("uploads", args=["frailejon", number])).content.decode()
    )
    assert choose(log_in(cast.carla), number).status_code == 404


def test_answer_takes_its_files_along_and_shows_them_at_once(cast, number, log_in):
    client = log_in(cast.juan)
    choose(client, number)
    pk = the_upload(cast)

    page = send(client, number, pk, **{f"alt-{pk}": "Comprobante por $200.000"})

    assert page.status_code == 200
    with tenant(cast.bank.pk):
        assert Attachment.objects.get().alt == "Comprobante por $200.000"
        media = Attachment.objects.get().media_id
        assert not Upload.objects.exists()
    words = page.content.decode()
    assert f'src="{reverse("media", args=["frailejon", media])}" alt="Comprobante por $200.000"' in words
    assert 'data-id="' not in words
    case = client.get(reverse("case", args=["frailejon", number])).content.decode()
    assert 'alt="Comprobante por $200.000"' in case


def test_refused_answer_keeps_text_files_and_what_they_show(cast, number, log_in):
    client = log_in(cast.juan)
    choose(client, number)
    pk = the_upload(cast)

    page = send(client, number, pk, text="Deme su clave de la app", **{f"alt-{pk}": "El comprobante"})

    words = page.content.decode()
    assert page.status_code == 422
    assert f'name="file" value="{pk}"' in words
    assert 'value="El comprobante"' in words
    assert "Deme su clave de la app" in words


def test_file_that_is_gone_is_said_and_the_text_comes_back(cast, number, log_in):
    client = log_in(cast.juan)
    choose(client, number)
    pk = the_upload(cast)
    assert client.post(reverse("upload", args=["frailejon", pk])).status_code == 204

    page = send(client, number, pk)

    assert page.status_code == 422
    assert "Un archivo ya no está" in page.content.decode()
    assert WORDS in page.content.decode()
    with tenant(cast.bank.pk):
        assert not Message.objects.filter(direction="out").exists()


def test_what_cannot_be_sent_is_refused_with_a_sentence(cast, number, log_in):
    answer = choose(log_in(cast.juan), number, b"MZ\x90\0", "instalador.png")

    assert answer.status_code == 422
    assert answer.content.decode() == (
        "«instalador.png» no se puede enviar: van imágenes JPG o PNG y documentos PDF."
    )


def test_composer_says_what_the_way_takes(cast, number, log_in):
    page = log_in(cast.juan).get(reverse("case", args=["frailejon", number])).content.decode()

    assert "Facebook: van hasta 5 archivos, imágenes JPG o PNG o PDF, de hasta 8 MB cada uno." in page
    assert 'data-types="image/jpeg image/png application/pdf"' in page


def test_files_that_wait_are_there_again_after_a_reload(cast, number, log_in):
    client = log_in(cast.juan)
    choose(client, number)
    choose(client, number, PDF, "extracto.pdf")

    listed = client.get(reverse("uploads", args=["frailejon", number])).content.decode()

    assert listed.index("comprobante.png") < listed.index("extracto.pdf")


def test_who_approves_sees_the_files(cast, number, log_in):
    with tenant(cast.bank.pk):
        Ticket.objects.update(assignee=cast.andres)
    client = log_in(cast.andres)
    choose(client, number)
    send(client, number, the_upload(cast))

    page = log_in(cast.paola).get(reverse("approvals", args=["frailejon"])).content.decode()

    with tenant(cast.bank.pk):
        media = Attachment.objects.get().media_id
    assert reverse("media", args=["frailejon", media]) in page


def test_one_colleague_leaves_no_more_than_twenty_files_lying_about(cast, number, log_in):
    client = log_in(cast.juan)
    for _one in range(20):
        choose(client, number)

    assert "Ya hay 20 archivos" in choose(client, number).content.decode()


def test_account_without_the_permission_says_so_where_one_writes(cast, log_in):
    hear(cast, mention("@FrailejonAyuda ¿dónde está el botón?"))
    with tenant(cast.bank.pk):
        account = SocialAccount.objects.get(pk=cast.bank_x.pk)
        SocialAccount.objects.filter(pk=account.pk).update(
            capabilities=account.capabilities | {"media": False}
        )
        number = Ticket.objects.get().number

    page = log_in(cast.juan).get(reverse("case", args=["frailejon", number])).content.decode()

    assert "La cuenta se conectó sin permiso para imágenes" in page
    assert 'class="btn btn-quiet btn-sm attach-btn" data-for=""' in page
