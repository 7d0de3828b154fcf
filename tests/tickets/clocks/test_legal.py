"""The legal term of what is filed: begun with it, stopped by a notified answer on the merits, extended once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from protocols.models import LegalTerm
from tests.stories import hear, mention, typify
from tickets.cases.models import Message, Ticket
from tickets.clocks.domain.legal import forget_legal_rules, legal_rules
from tickets.clocks.domain.sweep import sweep_clocks
from tickets.clocks.models import Clock, DefinitiveAnswer, TermExtension
from tickets.replies.domain import casework, definitive
from tickets.replies.domain.extending import extend_term
from tickets.replies.domain.petitions import ask, decide
from tickets.replies.domain.reply import Refused, reply
from tickets.replies.rules.definitive import only_holds

# A Tuesday at nine in Bogotá.
NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
COMPLAINT = "@FrailejonAyuda me cobraron dos veces la cuota de manejo y nadie responde, esto es un abuso"
TERMS = "/frailejon/ajustes/terminos/"


@pytest.fixture
def now(monkeypatch: Any) -> list[datetime]:
    """The clock of the house, moved by hand."""
    times = [NINE + timedelta(hours=1)]
    monkeypatch.setattr(clock, "now", lambda: times[0])
    forget_legal_rules()
    return times


@pytest.fixture
def ticket(cast: Any, now: list[datetime]) -> Iterator[Ticket]:
    hear(cast, mention(COMPLAINT, at=NINE))
    with tenant(cast.bank.pk):
        ticket = casework.lock(Ticket.objects.get().pk)
        assert ticket.radicado
        yield ticket


def term() -> Clock:
    return Clock.objects.filter(kind="legal").latest("id")


def answered(cast: Any, ticket: Ticket, text: str, *, is_public: bool, at: datetime) -> Message:
    """An answer of ours that was sent."""
    message = reply(ticket, by=cast.juan, text=text, mode="public", client_token=f"t{at.timestamp()}")[0]
    Message.objects.filter(pk=message.pk).update(send_state="sent", occurred_at=at, is_public=is_public)
    message.refresh_from_db()
    return message


def test_filing_begins_the_term_of_the_law_from_receipt(ticket):
    found = term()

    assert found.started_at == NINE
    assert found.due_at == datetime(2026, 12, 17, 4, 59, tzinfo=UTC)
    assert (found.why["days"], found.why["unit"], len(found.alarms)) == (15, "business", 3)


def test_waiting_answering_and_resolving_do_not_stop_it(ticket, cast, now):
    due_at = term().due_at
    typify(ticket)
    casework.wait_for_customer(ticket, by=cast.juan)
    now[0] += timedelta(days=2)
    casework.stop_waiting(ticket, by=cast.juan)
    answered(cast, ticket, "Ya le ayudo.", is_public=True, at=now[0])
    casework.resolve(ticket, by=cast.paola)

    found = term()
    assert (found.due_at, found.met_at, found.cancelled_at, found.paused_at) == (due_at, None, None, None)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Recibimos su solicitud y estamos revisando.", True),
        ("Su caso está en estudio, pronto le daremos respuesta.", True),
        ("Revisamos su caso: el segundo cobro no procede y hoy se reversa a su cuenta.", False),
        ("Le reembolsamos los $ 12.000.", False),
    ],
)
def test_saying_that_it_is_being_looked_at_is_no_definitive_answer(text, holds):
    assert only_holds(text) is holds


def test_an_acknowledgement_cannot_be_marked(ticket, cast, now):
    message = answered(cast, ticket, "Recibimos su queja, estamos revisando.", is_public=False, at=now[0])

    with pytest.raises(Refused) as refused:
        definitive.mark_definitive(ticket, message.pk, by=cast.juan)

    assert refused.value.code == "definitive_holds"
    assert term().met_at is None


def test_a_private_answer_that_was_sent_is_proof(ticket, cast, now):
    message = answered(cast, ticket, "El cobro se reversa hoy.", is_public=False, at=now[0])

    answer = definitive.mark_definitive(ticket, message.pk, by=cast.juan)

    assert (answer.proof, answer.notified_at) == ("sent", now[0])
    assert term().met_at == now[0]


def test_a_public_answer_waits_for_a_supervisors_word(ticket, cast, now):
    message = answered(cast, ticket, "El cobro se reversa hoy.", is_public=True, at=now[0])
    definitive.mark_definitive(ticket, message.pk, by=cast.juan)
    assert term().met_at is None

    now[0] += timedelta(hours=2)
    definitive.give_constancy(ticket, text="Carta certificada, guía 998", at=now[0], by=cast.paola)

    answer = DefinitiveAnswer.objects.get()
    assert (answer.proof, answer.constancy_by_id, answer.message_id) == (
        "constancy",
        cast.paola.pk,
        message.pk,
    )
    assert term().met_at == now[0]


def test_an_answer_marked_before_it_leaves_stops_the_term_when_it_is_sent(ticket, cast, now):
    message = reply(ticket, by=cast.juan, text="El cobro se reversa.", mode="public", client_token="t9")[0]
    Message.objects.filter(pk=message.pk).update(is_public=False)
    definitive.mark_definitive(ticket, message.pk, by=cast.juan)
    assert term().met_at is None

    sent = Message.objects.select_related("ticket").get(pk=message.pk)
    definitive.told(sent, "sent", now[0])

    assert term().met_at == now[0]


def test_a_constancy_of_a_moment_that_cannot_be_is_refused(ticket, cast, now):
    for moment in (NINE - timedelta(minutes=1), now[0] + timedelta(minutes=1)):
        with pytest.raises(Refused) as refused:
            definitive.give_constancy(ticket, text="Carta", at=moment, by=cast.paola)
        assert refused.value.code == "constancy_time"


def test_a_supervisor_extends_once_before_the_end_and_the_customer_is_told(ticket, cast):
    former = term().due_at

    extend_term(ticket, days=15, reason="Falta el soporte del comercio", mode="public", by=cast.paola)

    found = term()
    assert found.due_at > former + timedelta(days=15)
    assert "Falta el soporte" in TermExtension.objects.get().told_message.text
    with pytest.raises(Refused) as refused:
        extend_term(ticket, days=1, reason="otra vez", mode="", by=cast.paola)
    assert refused.value.code == "extension_twice"


@pytest.mark.parametrize(
    ("days", "reason", "late", "code"),
    [
        (15, "", False, "extension_reason"),
        (16, "x", False, "extension_days"),
        (0, "x", False, "extension_days"),
        (5, "x", True, "extension_late"),
    ],
)
def test_an_extension_that_may_not_be_says_why(ticket, cast, now, days, reason, late, code):
    if late:
        now[0] = term().due_at

    with pytest.raises(Refused) as refused:
        extend_term(ticket, days=days, reason=reason, mode="", by=cast.paola)

    assert refused.value.code == code
    assert not TermExtension.objects.exists()


def test_an_agent_asks_and_a_supervisor_extends(ticket, cast):
    former = term().due_at
    petition = ask(ticket, action="extend", by=cast.juan, reason="Falta un soporte", days=5, mode="public")

    decide(petition, approve=True, by=cast.paola)

    assert term().due_at > former
    assert TermExtension.objects.get().given_by_id == cast.paola.pk


def test_the_sweep_warns_on_the_days_of_the_term_one_by_one(ticket, cast, as_worker):
    found = term()
    past = [datetime.now(UTC) - timedelta(minutes=2), datetime.now(UTC) + timedelta(days=3)]
    Clock.objects.filter(pk=found.pk).update(
        alarms=past, warn_at=past[0], warned=0, due_at=datetime.now(UTC) + timedelta(days=4)
    )

    with as_worker():
        sweep_clocks()

    found = term()
    assert (found.warned, found.warn_at) == (1, past[1])
    assert AuditEvent.objects.filter(action="term.warned", ticket_id=ticket.pk).count() == 1


def test_terms_that_nobody_verified_count_for_nothing_until_an_admin_accepts_them(client, cast):
    client.force_login(cast.marta.user)
    with tenant(cast.bank.pk):
        row = LegalTerm.objects.get(key="co-datos-consulta:habeas_data")
        assert not row.is_active

    answer = client.post(f"{TERMS}{row.pk}/", {"step": "accept", "version": row.version})

    assert answer.status_code == 302
    with tenant(cast.bank.pk):
        row.refresh_from_db()
        assert (row.is_active, row.accepted_by_id) == (True, cast.marta.pk)
        assert AuditEvent.objects.filter(action="term.accepted", actor_id=cast.marta.pk).exists()
    assert "aceptada por Marta" in client.get(TERMS).content.decode()


FORM = {
    "name": "Derecho de petición", "days": "15", "unit": "business", "extension_days": "15", "internal_day": "8",
    "alarm_days": "8, 12, 14", "source": "Ley 1755 de 2015", "reviewed_on": "2026-11-01",
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"days": "0"}, "al menos un día"),
        ({"alarm_days": "20"}, "después de vencido"),
        ({"alarm_days": "mañana"}, "números de día"),
        ({"internal_day": "16"}, "meta interna va antes"),
        ({"version": "99"}, "Otra persona"),
    ],
)
def test_a_term_that_cannot_be_is_refused_with_a_sentence(client, cast, given, says):
    client.force_login(cast.marta.user)
    with tenant(cast.bank.pk):
        row = LegalTerm.objects.get(key="co-peticion:queja")

    page = client.post(f"{TERMS}{row.pk}/", FORM | {"version": row.version} | given)

    assert page.status_code == 422
    assert says in page.content.decode()


def test_the_case_shows_what_is_missing_and_lets_it_be_marked(ticket, cast, client, now):
    message = answered(cast, ticket, "El cobro se reversa hoy.", is_public=False, at=now[0])
    client.force_login(cast.juan.user)
    case = f"/frailejon/casos/{ticket.number}/"

    page = client.get(case).content.decode()
    assert "Falta la respuesta de fondo" in page
    assert "Término legal" in page

    assert client.get(f"{case}respuesta-de-fondo/").status_code == 200
    answer = client.post(f"{case}respuesta-de-fondo/", {"message": message.pk})
    assert answer.status_code == 302
    assert term().met_at is not None


def test_an_agent_leaves_no_constancy(ticket, cast, client):
    client.force_login(cast.juan.user)

    answer = client.post(
        f"/frailejon/casos/{ticket.number}/respuesta-de-fondo/",
        {"step": "constancy", "constancy": "carta", "at": "2026-11-24T10:00"},
    )

    assert answer.status_code == 403


def test_a_case_by_messenger_is_reminded_of_before_its_window_shuts(cast, now):
    hear(cast, mention(COMPLAINT, at=NINE))
    with tenant(cast.bank.pk):
        rules = legal_rules(cast.bank)
        plain, messenger = (rules.start("queja", NINE, channel) for channel in ("x_dm", "messenger"))

    assert len(messenger.alarms) == len(plain.alarms) + 1
    assert NINE + timedelta(days=6) in messenger.alarms
