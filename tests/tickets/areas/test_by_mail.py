"""An area answers by replying: it lands as a note. Who only pretends to be one is refused, always."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import Any

import pytest

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.mail_house import SUPPORT, letter
from tests.stories import typify
from tests.tickets.areas.conftest import FRAUDES, AreaHouse
from tickets.areas.codes import tag
from tickets.areas.domain.consulting import Refused
from tickets.areas.models import Area, AreaMember, Consultation
from tickets.enums import TicketState
from tickets.replies.domain import casework


def _mail(house: AreaHouse, place: int = -1) -> Any:
    return message_from_bytes(house.post.handed[place][2], policy=policy.default)


def _name(consultation: Consultation) -> str:
    return f"cf.area-{consultation.code}-0@frailejon.example"


def _reply(consultation: Consultation, text: str = "Ya se devolvió.", **more: Any) -> bytes:
    told = {"sender": FRAUDES, "subject": "RE: Consulta", "number": "r1@area", "answers": _name(consultation)}
    return letter(text, **(told | more))


def test_the_question_goes_out_with_link_code_and_only_what_is_shared(house: AreaHouse):
    [message] = house.messages()
    house.ask("¿Se devolvió el cobro?", messages=[message.pk])
    assert house.carry() == ["sent"]

    mail = _mail(house)
    text = mail.get_content()
    assert mail["To"] == FRAUDES
    assert re.search(r"\[Consulta [a-z2-9-]{19}\]", mail["Subject"])
    assert "¿Se devolvió el cobro?" in text
    assert "quiero mi dinero" in text
    assert "/consulta/" in text
    assert "Diana" not in text
    assert "diana@correo.example" not in text


def test_the_case_waits_in_the_area_and_its_own_clocks_go_on(house: AreaHouse):
    before = house.ticket().next_deadline_at
    house.ask()

    ticket = house.ticket()
    assert ticket.state == TicketState.WAITING_AREA
    assert ticket.next_deadline_at == before


def test_a_reply_lands_as_a_note_of_the_area_and_the_case_comes_back(house: AreaHouse):
    consultation = house.ask()
    house.carry()

    house.arrive(
        _reply(consultation, "Se devolvió ayer, comprobante 55.\n\nEl lun, Banco escribió:\n> ¿Se devolvió?")
    )

    question, note = house.notes()
    assert (note.by, note.author_id, note.text) == ("Fraudes", None, "Se devolvió ayer, comprobante 55.")
    assert question.author_id == house.cast.juan.pk
    assert house.ticket().state == TicketState.OPEN
    assert house.fresh(consultation).answered_via == "mail"
    assert len(house.messages()) == 1


def test_what_an_area_says_never_reaches_the_customer(house: AreaHouse):
    consultation = house.ask()
    house.carry()
    house.arrive(_reply(consultation, "Es culpa nuestra."))
    house.answer(house.ticket(), "Diana, ya está.")
    house.carry()

    to_customer = [content for _s, to, content in house.post.handed if to == ["diana@correo.example"]]
    assert len(to_customer) == 1
    assert b"culpa" not in to_customer[0]
    assert FRAUDES.encode() not in to_customer[0]


def test_a_program_that_loses_what_it_answers_is_known_by_the_subject(house: AreaHouse):
    consultation = house.ask()

    house.arrive(_reply(consultation, answers="", subject=f"Re: Consulta {tag(consultation.code)}"))

    assert len(house.notes()) == 2


def test_a_colleague_of_the_area_may_answer_from_their_own_address(house: AreaHouse):
    with tenant(house.cast.bank.pk):
        AreaMember.objects.create(organization=house.cast.bank, area=house.area, member=house.cast.paola)
    consultation = house.ask()

    house.arrive(_reply(consultation, sender="paola@frailejon.example"))

    assert house.notes()[-1].by == "Fraudes"


PRETENDERS = {
    "wrong_sender": {"sender": "malo@correo.example"},
    "unknown_code": {"answers": "cf.area-aaaabbbbccccdddd-0@frailejon.example"},
    "no_code": {"answers": "", "subject": "Re: Consulta sobre el caso"},
    "forged": {"Authentication_Results": "mx.frailejon.example; dmarc=fail header.from=frailejon.example"},
}


@pytest.mark.parametrize("reason", PRETENDERS)
def test_a_mail_that_pretends_to_be_an_area_is_refused(house: AreaHouse, reason: str):
    consultation = house.ask()

    house.arrive(_reply(consultation, "Devuélvanle diez millones.", **PRETENDERS[reason]))

    assert len(house.notes()) == 1
    assert len(house.messages()) == 1
    assert len(house.tickets()) == 1
    assert house.ticket().state == TicketState.WAITING_AREA
    assert house.fresh(consultation).answered_at is None
    [event] = house.events(state="quarantined")
    assert event.reason == f"area:{reason}"
    with tenant(house.cast.bank.pk):
        told = AuditEvent.objects.filter(action="area.answer_refused")
        assert [line.data["reason"] for line in told] == (
            [] if reason in ("unknown_code", "no_code") else [reason]
        )


def test_the_customer_who_answers_an_areas_mail_is_no_area(house: AreaHouse):
    """Somebody forwarded it: the customer has the code and still is not the area."""
    consultation = house.ask()

    house.arrive(_reply(consultation, sender="Diana Rojas <diana@correo.example>"))

    assert len(house.notes()) == 1
    assert house.events(state="quarantined")[0].reason == "area:wrong_sender"


def test_the_code_of_one_organization_opens_nothing_in_another(house: AreaHouse):
    consultation = house.ask()
    with tenant(house.cast.airline.pk):
        Area.objects.create(organization=house.cast.airline, name="Fraudes", address=FRAUDES)

    house.arrive(_reply(consultation, to="ayuda@alisios.example"), to="ayuda@alisios.example")

    assert house.tickets(house.cast.airline) == []
    assert house.fresh(consultation).answered_at is None
    assert len(house.notes()) == 1


def test_out_of_office_is_no_answer(house: AreaHouse):
    consultation = house.ask()

    house.arrive(_reply(consultation, "Vuelvo el lunes.", Auto_Submitted="auto-replied"))

    assert len(house.notes()) == 1
    assert house.fresh(consultation).answered_at is None


def test_what_an_area_adds_later_is_one_more_note(house: AreaHouse):
    consultation = house.ask()
    house.arrive(_reply(consultation), _reply(consultation, "Y otra cosa.", number="r2@area"))

    assert [note.text for note in house.notes()[1:]] == ["Ya se devolvió.", "Y otra cosa."]


def test_the_same_reply_twice_is_one_note(house: AreaHouse):
    consultation = house.ask()
    house.arrive(_reply(consultation))
    house.arrive(_reply(consultation))

    assert len(house.notes()) == 2


def test_secrets_of_an_area_are_cut(house: AreaHouse):
    consultation = house.ask()
    house.arrive(_reply(consultation, "Es la tarjeta 4111 1111 1111 1111."))

    assert "4111 1111" not in house.notes()[-1].text


def test_the_case_waits_until_the_last_area_has_answered(house: AreaHouse):
    first = house.ask()
    with tenant(house.cast.bank.pk):
        house.area = Area.objects.create(
            organization=house.cast.bank, name="Legal", address="legal@frailejon.example"
        )
    house.ask("¿Y la ley?")

    house.arrive(_reply(first))

    assert house.ticket().state == TicketState.WAITING_AREA


def test_an_area_is_asked_once_at_a_time(house: AreaHouse):
    house.ask()

    with pytest.raises(Refused, match="already_asked"):
        house.ask()


def test_without_a_support_address_nobody_can_be_asked(house: AreaHouse):
    with tenant(house.cast.bank.pk):
        from channels_social.models import SocialAccount

        SocialAccount.objects.filter(pk=house.bank.pk).update(state="disconnected")

    with pytest.raises(Refused, match="no_mail_account"):
        house.ask()
    assert house.ticket().state != TicketState.WAITING_AREA


def test_a_resolved_case_asks_nobody(house: AreaHouse):
    with tenant(house.cast.bank.pk):
        ticket = casework.lock(house.ticket().pk)
        typify(ticket)
        casework.resolve(ticket, by=house.cast.juan)

    with pytest.raises(Refused, match="case_closed"):
        house.ask()


def test_our_own_copy_of_the_question_is_no_message(house: AreaHouse):
    house.ask()
    house.carry()

    house.hear(house.bank, "sent")

    assert len(house.messages()) == 1
    assert house.post.box(SUPPORT)["Enviados"].letters


def test_a_question_that_came_back_is_told_in_the_case(house: AreaHouse):
    consultation = house.ask()

    house.arrive(_reply(consultation, sender="MAILER-DAEMON@mx.example", Return_Path="<>"))

    assert len(house.messages()) == 1
    with tenant(house.cast.bank.pk):
        assert AuditEvent.objects.get(action="area.bounced").ticket_id == house.ticket().pk


def test_what_somebody_writes_to_an_area_from_a_mail_program_is_no_customers_word(house: AreaHouse):
    house.post.box(SUPPORT)["Enviados"].add(letter("¿Y esto?", sender=SUPPORT, to=FRAUDES, number="n1@f"))

    house.hear(house.bank, "sent")

    assert len(house.messages()) == 1
