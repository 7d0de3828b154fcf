"""Areas on screen: kept by an admin, asked from a case, shown in its story."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from helpdesk.tenancy.context import tenant
from tests.tickets.areas.conftest import AreaHouse
from tests.tickets.areas.test_by_mail import _reply
from tickets.areas.models import Area, AreaMember, Consultation

AREAS = "/frailejon/ajustes/areas/"
TYPED = {"name": "Operaciones", "address": "Operaciones@Frailejon.example", "target_percent": "40", "target_hours": "6",
         "remind_percent": "80"}  # fmt: skip


@pytest.fixture
def admin(house: AreaHouse, client: Client) -> Client:
    client.force_login(house.cast.marta.user)
    return client


@pytest.fixture
def juan(house: AreaHouse) -> Client:
    client = Client()
    client.force_login(house.cast.juan.user)
    return client


def test_an_admin_adds_an_area_with_its_members(house: AreaHouse, admin: Client):
    assert admin.post(AREAS, TYPED | {"members": [house.cast.paola.pk]}).status_code == 302

    with tenant(house.cast.bank.pk):
        area = Area.objects.get(name="Operaciones")
        assert (area.address, area.target_percent, area.target_minutes) == (
            "operaciones@frailejon.example",
            40,
            360,
        )
        assert AreaMember.objects.get(area=area).member_id == house.cast.paola.pk


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name": "fraudes"}, "Ya hay un área que se llama así"),
        ({"address": "fraudes@frailejon.example"}, "Ese correo ya es de otra área"),
        ({"address": "soporte@frailejon.example"}, "Ese es un correo de servicio"),
        ({"target_percent": "0"}, "5"),
    ],
)
def test_what_cannot_be_an_area_says_why(house: AreaHouse, admin: Client, more: dict[str, Any], said: str):
    response = admin.post(AREAS, TYPED | more)

    assert response.status_code == 422
    assert said in response.content.decode()


def test_an_area_that_rests_is_offered_to_nobody(house: AreaHouse, admin: Client, juan: Client):
    admin.post(f"{AREAS}{house.area.pk}/", {"active": "0"})
    number = house.ticket().number

    assert (
        "No hay áreas a quienes consultar"
        in juan.get(f"/frailejon/casos/{number}/consultas/").content.decode()
    )
    response = juan.post(f"/frailejon/casos/{number}/consultas/", {"area": house.area.pk, "question": "¿?"})
    assert response.status_code == 422


def test_an_agent_asks_from_the_case_and_reads_the_answer_in_its_story(house: AreaHouse, juan: Client):
    number, [message] = house.ticket().number, house.messages()
    form = juan.get(f"/frailejon/casos/{number}/consultas/").content.decode()
    assert "quiero mi dinero" in form

    response = juan.post(
        f"/frailejon/casos/{number}/consultas/",
        {
            "area": house.area.pk,
            "question": "¿Se devolvió?",
            "messages": [message.pk],
            "mode": "private",
            "due_at": "2027-01-15T16:00",
            "sentence": "Le respondemos {fecha_comprometida}.",
        },  # fmt: skip
    )
    assert response.status_code == 302
    with tenant(house.cast.bank.pk):
        consultation = Consultation.objects.get()
    assert consultation.shared_messages == [message.pk]
    house.arrive(_reply(consultation, "Se devolvió ayer."))

    story = juan.get(f"/frailejon/casos/{number}/").content.decode()
    assert "consultó a Fraudes" in story
    assert "Se devolvió ayer." in story
    assert "Respuesta de área, solo para el equipo" in story


def test_a_refusal_is_told_in_the_story(house: AreaHouse, juan: Client):
    house.arrive(_reply(house.ask(), sender="malo@correo.example"))

    story = juan.get(f"/frailejon/casos/{house.ticket().number}/").content.decode()
    assert "no viene de la dirección del área" in story


def test_a_refused_mail_stands_among_the_entries_with_its_reason(house: AreaHouse, admin: Client):
    house.arrive(_reply(house.ask(), answers="", subject="hola"))

    assert (
        "no trae el código de ninguna consulta" in admin.get("/frailejon/ajustes/entradas/").content.decode()
    )


def test_a_question_without_words_or_area_comes_back(house: AreaHouse, juan: Client):
    url = f"/frailejon/casos/{house.ticket().number}/consultas/"

    assert "Escriba la pregunta" in juan.post(url, {"area": house.area.pk}).content.decode()
    assert "Elija el área" in juan.post(url, {"question": "¿?"}).content.decode()


def test_a_trainee_asks_nobody(house: AreaHouse):
    client = Client()
    client.force_login(house.cast.andres.user)

    assert client.get(f"/frailejon/casos/{house.ticket().number}/consultas/").status_code == 403


def test_another_organization_does_not_see_or_ask_our_areas(house: AreaHouse):
    client = Client()
    client.force_login(house.cast.carla.user)
    with tenant(house.cast.airline.pk):
        assert not Area.objects.exists()

    assert client.get(f"/frailejon/casos/{house.ticket().number}/consultas/").status_code == 404


def test_a_consultation_is_called_off_from_the_case(house: AreaHouse, juan: Client):
    consultation, number = house.ask(), house.ticket().number

    assert juan.post(f"/frailejon/casos/{number}/consultas/{consultation.pk}/cancelar/").status_code == 302
    assert house.fresh(consultation).cancelled_at is not None


def test_a_mail_is_shown_with_what_was_trimmed_and_its_marks(house: AreaHouse, juan: Client):
    from tests.mail_house import letter

    house.arrive(
        letter("Sigue igual.\n\n-- \nDiana, Cra. 7", subject="RE: Cobro", number="a2@c", answers="a1@c",
               Auto_Submitted="auto-replied", Reply_To="otra@correo.example")
    )  # fmt: skip

    story = juan.get(f"/frailejon/casos/{house.ticket().number}/").content.decode()
    assert "Ver lo citado y la firma" in story
    assert "Diana, Cra. 7" in story
    assert "respuesta automática" in story
    assert "pide respuesta en otra dirección" in story
