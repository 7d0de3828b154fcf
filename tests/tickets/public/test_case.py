"""A case by the form of the public site: the same desk, and what whoever filed it is told."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.tenancy.context import tenant
from tests.tickets.public.conftest import FORM, filled
from tests.tickets.public.pictures import jpeg
from tickets.cases.following import CaseSecret
from tickets.cases.models import Attachment, Message, Ticket
from tickets.clocks.models import Clock
from tickets.customers.models import Identity


def only_case(cast) -> Ticket:
    with tenant(cast.bank.pk):
        return Ticket.objects.select_related("customer").get()


def test_case_is_filed_at_the_desk_with_radicado_and_legal_term(cast, file_it):
    page = file_it().content.decode()

    ticket = only_case(cast)
    assert (ticket.kind, ticket.channel, ticket.customer.name) == ("reclamo", "web", "Diana Rojas")
    assert f'id="number">{ticket.radicado}<' in page
    assert re.search(r'id="secret">[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}<', page)
    assert "15 días hábiles" in page
    with tenant(cast.bank.pk):
        assert Clock.objects.filter(ticket=ticket, kind="legal").exists()
        assert Identity.objects.get(network="email").masked == "d·····@correo.example"


def test_sending_twice_is_one_case_with_one_secret(cast, file_it):
    first, second = file_it().content.decode(), file_it().content.decode()

    only_case(cast)
    with tenant(cast.bank.pk):
        assert CaseSecret.objects.count() == 1
    assert re.findall(r'id="secret">([^<]+)<', first) == re.findall(r'id="secret">([^<]+)<', second)


def test_secret_lies_nowhere_in_clear(cast, file_it):
    said = re.search(r'id="secret">([^<]+)<', file_it().content.decode())[1]

    with tenant(cast.bank.pk):
        kept = CaseSecret.objects.get()
    assert said.replace("-", "") not in kept.digest


def test_photo_is_kept_with_the_message(cast, file_it):
    page = file_it(files=SimpleUploadedFile("foto.jpg", jpeg(), "image/jpeg"))

    assert page.status_code == 200
    with tenant(cast.bank.pk):
        kept = Attachment.objects.select_related("media").get()
        assert (kept.media.content_type, kept.media.name) == ("image/jpeg", "foto.jpg")


def test_polyglot_is_refused_and_nothing_typed_is_lost(cast, file_it):
    both = jpeg() + b"<script>alert(1)</script>"
    page = file_it(files=SimpleUploadedFile("foto.jpg", both, "image/jpeg"))

    said = page.content.decode()
    assert page.status_code == 422
    assert "«foto.jpg» trae dentro algo" in said
    assert "Me cobraron dos veces el mercado" in said
    assert "diana.rojas@correo.example" in said
    with tenant(cast.bank.pk):
        assert not Ticket.objects.exists()


def test_upload_too_large_for_the_door_comes_back_with_what_was_typed(visitor):
    page = visitor.post(FORM, filled(), **{"circunflejo.too_large": True})

    assert page.status_code == 413
    assert "hasta 20 MB" in page.content.decode()
    assert "Me cobraron dos veces el mercado" in page.content.decode()


def test_only_what_the_protocol_names_is_asked(visitor, guided):
    page = visitor.post(
        FORM,
        {
            "step": "tell",
            "token": "t" * 24,
            "kind": "reclamo",
            "text": "me cobraron dos veces la misma compra",
        },
    ).content.decode()

    assert "Fecha y valor de los dos cobros" in page
    assert "documento" not in page.lower().replace("fotos o documentos", "").replace("ni un documento", "")


def test_what_is_asked_besides_goes_with_the_words(cast, visitor, guided):
    told = {
        "step": "tell",
        "token": "t" * 24,
        "kind": "reclamo",
        "text": "me cobraron dos veces la misma compra",
    }
    page = visitor.post(FORM, told).content.decode()
    motive = re.search(r'name="motive" value="([^"]+)"', page)[1]
    visitor.post(FORM, filled(motive=motive, d0="21 de noviembre, $ 84.500"))

    with tenant(cast.bank.pk):
        assert "Fecha y valor de los dos cobros: 21 de noviembre, $ 84.500" in Message.objects.get().text


def test_secrets_are_cut_from_what_is_told(cast, file_it):
    file_it(text="mi tarjeta 4111 1111 1111 1111 tiene un cobro doble")

    with tenant(cast.bank.pk):
        assert "4111 1111 1111" not in Message.objects.get().text


def test_somebody_to_answer_is_needed_unless_it_is_a_denunciation(cast, file_it):
    without = file_it(email="")
    assert without.status_code == 422
    assert "Hace falta un correo o un teléfono" in without.content.decode()

    assert file_it(email="", kind="denuncia").status_code == 200


def test_flood_of_one_address_is_dammed_with_a_sentence_and_no_other_organization_feels_it(
    cast, visitor, file_it
):
    for turn in range(6):
        assert file_it(token=f"{turn}" * 24).status_code == 200
    over = file_it(token="z" * 24)

    assert over.status_code == 429
    assert "en diez minutos se puede enviar" in over.content.decode()
    assert visitor.post("/ayuda/alisios/caso/", filled()).status_code == 200


def test_form_says_when_it_takes_no_cases(cast, visitor):
    from helpdesk.site.models import Site

    with tenant(cast.bank.pk):
        Site.objects.update(takes_cases=False)
    assert visitor.get(FORM).status_code == 404
