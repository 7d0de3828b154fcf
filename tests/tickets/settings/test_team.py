"""The team: inviting, initials, roles, access."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, User
from tests.tickets.settings.conftest import notices
from tickets.settings.domain.team import suggest_initials

TEAM = "/frailejon/ajustes/equipo/"
SARA = {"name": "Sara Peña Ruiz", "email": "Sara@frailejon.example", "initials": "", "role": "agent"}


@pytest.mark.django_db(transaction=True)
def test_invited_person_gets_a_link_sets_a_password_and_enters(cast, client):
    client.force_login(cast.marta.user)

    answer = client.post(TEAM, SARA, follow=True)

    assert "Invitación enviada a sara@frailejon.example." in notices(answer)
    [letter] = mail.outbox
    assert letter.to == ["sara@frailejon.example"]
    assert "Banco Frailejón" in letter.subject
    assert "^SP" in letter.body
    sara = Client()
    link = re.search(r"https?://[^/\s]+(/invitacion/\S+)", letter.body)
    assert link is not None
    assert "Banco Frailejón" in sara.get(link[1]).content.decode()
    twice = {"password1": "clave-nueva-77", "password2": "clave-nueva-77"}
    accepted = sara.post(link[1], {"name": "Sara Peña Ruiz", **twice})
    assert accepted.status_code == 302
    assert sara.get(link[1]).status_code == 410
    entered = sara.post("/cuenta/login/", {"login": "sara@frailejon.example", "password": "clave-nueva-77"})
    assert entered.status_code == 302
    assert sara.get("/frailejon/casos/").status_code == 200
    with tenant(cast.bank.pk):
        member = Membership.objects.get(initials="SP")
        assert (member.role, member.display_name) == ("agent", "Sara Peña Ruiz")
        line = AuditEvent.objects.get(action="member.invited", data__member=member.pk)
        assert line.actor_id == cast.marta.pk


@pytest.mark.django_db(transaction=True)
def test_person_of_another_organization_keeps_their_password(cast, client):
    client.force_login(cast.marta.user)

    client.post(TEAM, {**SARA, "email": "carla@alisios.example", "initials": "CX"})

    link = re.search(r"https?://[^/\s]+(/invitacion/\S+)", mail.outbox[0].body)
    assert link is not None
    page = Client().get(link[1]).content.decode()
    assert "Ya tiene contraseña aquí" in page
    assert "password1" not in page
    assert Client().post(link[1], {"name": "Otra", "password1": "robada-12345"}).status_code == 200
    client.force_login(cast.carla.user)
    assert client.post(link[1], {"name": "Carla"}).status_code == 302
    assert User.objects.get(email="carla@alisios.example").check_password("clave-larga-1")


@pytest.mark.django_db(transaction=True)
def test_mail_that_does_not_leave_is_told_and_loses_nobody(cast, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    client.force_login(cast.marta.user)

    answer = client.post(TEAM, SARA, follow=True)

    assert "Sara Peña Ruiz está en el equipo, pero el correo no salió." in notices(answer)
    with tenant(cast.bank.pk):
        assert Membership.objects.filter(initials="SP").exists()


def test_initials_of_somebody_else_are_refused_with_a_free_one(cast, client):
    client.force_login(cast.marta.user)

    answer = client.post(TEAM, {**SARA, "name": "Julia Castro", "initials": "jc"})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "^JC ya es la firma de Juan Carlos. Está libre ^JCA." in text
    assert 'value="Julia Castro"' in text
    with tenant(cast.bank.pk):
        assert Membership.objects.count() == 4


@pytest.mark.parametrize("typed", ["J", "ABCDE", "J.C", "12", "^", "É-É"])
def test_initials_are_two_to_four_letters(cast, client, typed):
    client.force_login(cast.marta.user)

    answer = client.post(TEAM, {**SARA, "name": "", "initials": typed})

    assert answer.status_code == 422
    assert (
        "De 2 a 4 letras" in answer.content.decode() or "Escriba de 2 a 4 letras" in answer.content.decode()
    )


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("Juan Carlos Rincón", (), "JC"),
        ("Juan Carlos Rincón", ("JC",), "JR"),
        ("Juan Carlos Rincón", ("JC", "JR"), "JCR"),
        ("Ana", (), "AN"),
        ("Ñusta de la Peña", (), "ÑP"),
        ("Óscar Iván", (), "OI"),
        ("李小龙", (), ""),
        ("", (), ""),
    ],
)
def test_initials_are_proposed_from_the_name(name, taken, expected):
    assert suggest_initials(name, taken) == expected


def test_field_proposes_while_somebody_types(cast, client):
    client.force_login(cast.marta.user)

    free = client.get(f"{TEAM}iniciales/", {"name": "Sara Peña", "initials": ""}).content.decode()
    taken = client.get(f"{TEAM}iniciales/", {"name": "Sara Peña", "initials": "jc"}).content.decode()

    assert "Si las deja en blanco firma ^SP." in free
    assert "^JC ya es la firma de Juan Carlos." in taken


def test_same_person_twice_is_refused(cast, client):
    client.force_login(cast.marta.user)

    answer = client.post(TEAM, {**SARA, "email": "JuanCarlos@frailejon.example"})

    assert "Juan Carlos ya está en el equipo con ese correo." in answer.content.decode()


def test_role_gives_its_permissions(cast, client):
    client.force_login(cast.marta.user)

    client.post(f"{TEAM}{cast.juan.pk}/", {"role": "trainee"})

    with tenant(cast.bank.pk):
        juan = Membership.objects.get(pk=cast.juan.pk)
        assert juan.permissions == Membership.preset("trainee")
        line = AuditEvent.objects.get(action="member.role_changed")
        assert (line.data["former"], line.data["role"], line.actor_id) == ("agent", "trainee", cast.marta.pk)


def test_nobody_changes_their_own_role_or_access(cast, client):
    client.force_login(cast.marta.user)

    role = client.post(f"{TEAM}{cast.marta.pk}/", {"role": "supervisor"})
    client.post(f"{TEAM}{cast.marta.pk}/acceso/", {"active": "0"})

    assert role.status_code == 422
    assert (
        "Su propio rol lo cambia otra persona." in role.content.decode()
        or "así nadie se da permisos" in role.content.decode()
    )
    with tenant(cast.bank.pk):
        marta = Membership.objects.get(pk=cast.marta.pk)
        assert (marta.role, marta.is_active) == ("admin", True)


def test_access_is_taken_and_given_back(cast, client):
    client.force_login(cast.marta.user)
    juan = Client()
    juan.force_login(cast.juan.user)
    assert juan.get("/frailejon/casos/").status_code == 200

    client.post(f"{TEAM}{cast.juan.pk}/acceso/", {"active": "0"})
    assert juan.get("/frailejon/casos/").status_code == 404

    client.post(f"{TEAM}{cast.juan.pk}/acceso/", {"active": "1"})
    assert juan.get("/frailejon/casos/").status_code == 200
    with tenant(cast.bank.pk):
        actions = AuditEvent.objects.filter(data__member=cast.juan.pk).values_list("action", flat=True)
        assert {"member.deactivated", "member.reactivated"} <= set(actions)


def test_initials_of_who_left_stay_theirs(cast, client):
    client.force_login(cast.marta.user)
    client.post(f"{TEAM}{cast.juan.pk}/acceso/", {"active": "0"})

    answer = client.post(TEAM, {**SARA, "initials": "JC"})

    assert "^JC ya es la firma de Juan Carlos." in answer.content.decode()


def test_member_of_another_organization_is_not_found(cast, client):
    client.force_login(cast.marta.user)

    assert client.get(f"{TEAM}{cast.carla.pk}/").status_code == 404
    assert client.post(f"{TEAM}{cast.carla.pk}/", {"role": "admin"}).status_code == 404
    assert client.post(f"{TEAM}{cast.carla.pk}/acceso/", {"active": "0"}).status_code == 404
