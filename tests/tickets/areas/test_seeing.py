"""What an area's people who log in see: the case their area was asked about, while it owes the answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from helpdesk import clock
from helpdesk.tenancy.context import enter, tenant, whole
from helpdesk.tenancy.models import Membership
from tests.mail_house import letter
from tests.tickets.areas.conftest import AreaHouse
from tests.tickets.areas.test_by_mail import _reply
from tickets.areas.domain.consulting import cancel, consult
from tickets.areas.models import Area, AreaMember, Consultation
from tickets.cases.access import AccessKind, CaseAccess
from tickets.cases.domain.access import reserve
from tickets.cases.models import Note, Ticket
from tickets.enums import TicketState
from tickets.replies.domain import casework
from tickets.replies.domain.joining import join_cases
from tickets.settings.domain.areas import save_area
from tickets.settings.domain.organization import invite


class Seen:
    """Fraudes with Faber, who logs in, and Cartera with Celia, who does too; two cases."""

    def __init__(self, house: AreaHouse) -> None:
        self.house, self.cast = house, house.cast
        self.fraud, self.wallet = self._member("faber", "FB"), self._member("celia", "CE")
        with tenant(self.cast.bank.pk):
            self.other_area = Area.objects.create(
                organization=self.cast.bank, name="Cartera", address="cartera@frailejon.example"
            )
        self.belongs(house.area, self.fraud)
        self.belongs(self.other_area, self.wallet)
        house.arrive(letter("Otra cosa, no puedo entrar.", sender="otra@correo.example", number="o1@c"))
        self.case, self.unasked = house.tickets()

    def _member(self, name: str, initials: str) -> Membership:
        return invite(self.cast.bank, email=f"{name}@frailejon.example", name=name.title(), initials=initials,
                      role="area", password="clave-larga-1")  # fmt: skip

    def belongs(self, area: Area, *members: Membership) -> None:
        with tenant(self.cast.bank.pk):
            save_area(area, members=members, by=self.cast.marta)

    def ask(self, area: Area | None = None, ticket: Ticket | None = None) -> Consultation:
        with tenant(self.cast.bank.pk), whole():
            self.house.promise(ticket or self.case)
            return consult(casework.lock((ticket or self.case).pk), area=area or self.house.area,
                           question="¿Se devolvió?", by=self.cast.juan)  # fmt: skip

    def by(self, member: Membership) -> set[int]:
        """The cases the database shows somebody."""
        with tenant(member.organization_id):
            enter(member.organization_id, member_id=member.pk, scope=member.scope)
            found = set(Ticket.objects.values_list("pk", flat=True))
            enter(member.organization_id)
        return found

    def at(self, member: Membership) -> Client:
        client = Client()
        client.force_login(member.user)
        return client

    def locked(self, ticket: Ticket) -> Ticket:
        return casework.lock(ticket.pk)


@pytest.fixture
def seen(house: AreaHouse) -> Seen:
    return Seen(house)


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_members_of_the_asked_area_see_that_case_and_no_other(seen: Seen):
    assert seen.by(seen.fraud) == set()
    seen.ask()

    assert seen.by(seen.fraud) == {seen.case.pk}
    faber = seen.at(seen.fraud)
    queue = text_of(faber, "/frailejon/casos/")
    assert f"/casos/{seen.case.number}/" in queue
    assert f"/casos/{seen.unasked.number}/" not in queue
    assert "quiero mi dinero" in text_of(faber, f"/frailejon/casos/{seen.case.number}/")
    assert f"/casos/{seen.case.number}/" in text_of(faber, "/frailejon/casos/?q=dinero")
    for path in ("", "cliente/"):
        assert faber.get(f"/frailejon/casos/{seen.unasked.number}/{path}").status_code == 404


def test_who_works_in_another_area_or_another_company_sees_nothing_of_it(seen: Seen):
    seen.ask()

    assert seen.by(seen.wallet) == set()
    for member in (seen.wallet, seen.cast.carla):
        assert seen.at(member).get(f"/frailejon/casos/{seen.case.number}/").status_code == 404
    assert f"/casos/{seen.case.number}/" not in text_of(seen.at(seen.wallet), "/frailejon/casos/?q=dinero")
    assert seen.case.pk not in seen.by(seen.cast.carla)


@pytest.mark.parametrize("ending", ["answered", "cancelled", "link_over"])
def test_sight_ends_with_the_consultation(seen: Seen, ending: str, monkeypatch: Any):
    consultation = seen.ask()
    if ending == "answered":
        seen.house.arrive(_reply(consultation, "Se devolvió ayer."))
    elif ending == "cancelled":
        with tenant(seen.cast.bank.pk):
            consultation.ticket = seen.locked(seen.case)
            assert cancel(consultation, by=seen.cast.juan)
    else:
        with tenant(seen.cast.bank.pk):
            [row] = CaseAccess.objects.filter(kind=AccessKind.AREA)
            assert row.until == consultation.expires_at
            CaseAccess.objects.update(until=clock.now())

    assert seen.by(seen.fraud) == set()
    assert seen.at(seen.fraud).get(f"/frailejon/casos/{seen.case.number}/").status_code == 404


def test_what_one_area_answers_ends_nothing_for_another(seen: Seen):
    consultation = seen.ask()
    seen.ask(seen.other_area)
    assert seen.by(seen.wallet) == {seen.case.pk}

    seen.house.arrive(_reply(consultation, "Se devolvió ayer."))

    assert (seen.by(seen.fraud), seen.by(seen.wallet)) == (set(), {seen.case.pk})


def test_who_comes_to_an_area_sees_what_it_owes_and_who_leaves_no_longer(seen: Seen):
    seen.ask()

    seen.belongs(seen.house.area, seen.wallet)

    assert (seen.by(seen.fraud), seen.by(seen.wallet)) == (set(), {seen.case.pk})


def test_colleagues_who_see_every_case_are_given_nothing_on_top(seen: Seen):
    seen.belongs(seen.house.area, seen.cast.paola, seen.cast.marta)
    seen.ask()

    with tenant(seen.cast.bank.pk):
        assert not CaseAccess.objects.exists()


@pytest.mark.parametrize("first", ["reserved", "asked"])
def test_a_reserved_case_is_not_shown_to_the_area_it_is_asked_of(seen: Seen, first: str):
    def reserved() -> None:
        with tenant(seen.cast.bank.pk):
            reserve(seen.locked(seen.case), named=[seen.cast.juan], reason="línea ética", by=seen.cast.paola)

    steps = [reserved, seen.ask] if first == "reserved" else [seen.ask, reserved]
    for step in steps:
        step()

    assert seen.by(seen.fraud) == set()


def test_a_case_given_back_to_everybody_is_seen_again_by_the_area_that_owes_an_answer(seen: Seen):
    seen.ask()
    path = f"/frailejon/casos/{seen.case.number}/reserva/"
    paola = seen.at(seen.cast.paola)
    assert paola.post(path, {"reserved": "1", "reason": "línea ética"}).status_code == 302
    assert seen.by(seen.fraud) == set()

    assert paola.post(path, {"reserved": "0", "reason": "no era"}).status_code == 302
    assert seen.by(seen.fraud) == {seen.case.pk}


def test_joined_cases_are_seen_while_one_question_is_open_and_parting_gives_back_no_more(seen: Seen):
    consultation = seen.ask()
    seen.ask(ticket=seen.unasked)
    with tenant(seen.cast.bank.pk):  # the same person, whom two doors knew as two
        Ticket.objects.filter(pk=seen.unasked.pk).update(customer_id=seen.case.customer_id)
    with tenant(seen.cast.bank.pk):
        move = join_cases(into=seen.locked(seen.case), other=seen.locked(seen.unasked), by=seen.cast.juan)
    assert seen.case.pk in seen.by(seen.fraud)

    seen.house.arrive(_reply(consultation, "La primera se devolvió."))
    assert seen.case.pk in seen.by(seen.fraud)

    undone = seen.at(seen.cast.juan).post(f"/frailejon/movimientos/{move.pk}/deshacer/")
    assert undone.status_code == 302
    assert seen.by(seen.fraud) == {seen.unasked.pk}
    with tenant(seen.cast.bank.pk):
        second = Consultation.objects.get(answered_at=None)
    seen.house.arrive(_reply(second, "Y la segunda también.", number="r2@area"))
    assert seen.by(seen.fraud) == set()


def test_the_note_of_an_areas_person_is_the_answer(seen: Seen):
    consultation = seen.ask()
    faber = seen.at(seen.fraud)
    number = seen.case.number

    told = faber.post(f"/frailejon/casos/{number}/notas/", {"text": "Se devolvió ayer, 4.900."})

    assert (told.status_code, told["Location"]) == (302, "/frailejon/casos/")
    assert "ya no lo ve" in text_of(faber, "/frailejon/casos/")
    answered = seen.house.fresh(consultation)
    assert (answered.answered_at is not None, answered.answered_via) == (True, "desk")
    with tenant(seen.cast.bank.pk):
        note = Note.objects.get(text="Se devolvió ayer, 4.900.")
        assert (note.author_id, note.by) == (seen.fraud.pk, "Fraudes")
        assert Ticket.objects.get(pk=seen.case.pk).state == TicketState.OPEN
    assert seen.by(seen.fraud) == set()
    story = text_of(seen.at(seen.cast.juan), f"/frailejon/casos/{number}/")
    assert "Respuesta de área, solo para el equipo" in story
    assert "Faber" in story


def test_the_note_of_a_colleague_who_also_belongs_to_the_area_is_a_note(seen: Seen):
    """Who works the case says many things in it; only who sees it for the question answers by speaking."""
    with tenant(seen.cast.bank.pk):
        AreaMember.objects.create(organization=seen.cast.bank, area=seen.house.area, member=seen.cast.paola)
    consultation = seen.ask()

    seen.at(seen.cast.paola).post(f"/frailejon/casos/{seen.case.number}/notas/", {"text": "La llamé."})

    assert seen.house.fresh(consultation).is_open
