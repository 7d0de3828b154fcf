"""Some days after the answer the customer is asked once, in private; «no» reopens the case, «sí» opens nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_social.enums import ConversationKind
from channels_social.networks.base import IncomingMessage
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import DIANA, hear, mention, typify
from tests.tickets.filing.people import messenger
from tickets.aftercontact.domain import answers
from tickets.aftercontact.domain.planning import policy_of
from tickets.aftercontact.domain.sweep import sweep_after_contacts
from tickets.aftercontact.models import AfterContact, AfterContactPolicy
from tickets.cases.models import Message, Ticket
from tickets.clocks.domain.terms import forget_rules
from tickets.clocks.models import Clock
from tickets.customers.models import Customer, Identity
from tickets.replies.domain import casework

BOGOTA = ZoneInfo("America/Bogota")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BOGOTA).astimezone(UTC)


@pytest.fixture
def now(monkeypatch) -> Iterator[list[datetime]]:
    """Monday 9 November 2026, 10:00 in Bogotá; the 16th is a holiday."""
    times = [at(9, 10)]
    monkeypatch.setattr(clock, "now", lambda: times[0])
    forget_rules()
    yield times
    forget_rules()


def dm(text: str, number: int, when: datetime) -> IncomingMessage:
    return IncomingMessage(
        kind=ConversationKind.X_DM,
        external_id=str(1_950_000_000_000_000_000 + number),
        thread_key=f"{DIANA.external_id}-1800000000000000001",
        author=DIANA,
        text=text,
        occurred_at=when,
        root_external_id="",
    )


def resolved(cast: Any, now: list[datetime], item: IncomingMessage, account: Any = None) -> Ticket:
    """A case of the bank, answered and resolved ten minutes later; what is planned begins before it."""
    with tenant(cast.bank.pk):
        policy_of(cast.bank.pk)
        AfterContactPolicy.objects.update(planned_until=now[0] - timedelta(days=1))
    hear(cast, item, account=account)
    now[0] += timedelta(minutes=10)
    with tenant(cast.bank.pk):
        ticket = casework.lock(Ticket.objects.latest("pk").pk)
        typify(ticket, by=cast.juan)
        ticket = casework.lock(ticket.pk)
        casework.resolve(ticket, by=cast.juan)
        Clock.objects.filter(kind="legal").update(met_at=now[0])
    return ticket


@pytest.fixture
def asked(cast, now, as_worker) -> Ticket:
    """Resolved on Monday the 9th at 10:10; asked on Thursday the 12th."""
    ticket = resolved(cast, now, dm("¿a qué hora abre la oficina de Chapinero?", 1, now[0]))
    sweep(as_worker)
    now[0] = at(12, 10, 11)
    assert sweep(as_worker) == 1
    return ticket


def sweep(as_worker) -> int:
    with as_worker():
        return sum(1 for pairs in sweep_after_contacts().values() for _ticket, message in pairs if message)


def answered(cast, now, *texts: str) -> None:
    for number, text in enumerate(texts, 2):
        now[0] += timedelta(minutes=5)
        hear(cast, dm(text, number, now[0]))


def row_of(cast) -> AfterContact:
    with tenant(cast.bank.pk):
        return AfterContact.objects.select_related("answer").get()


def test_customer_is_asked_once_three_business_days_later(cast, now, as_worker):
    resolved(cast, now, dm("¿a qué hora abre la oficina de Chapinero?", 1, now[0]))
    assert sweep(as_worker) == 0
    assert row_of(cast).due_at == at(12, 10, 10)
    now[0] = at(12, 10, 9)
    assert sweep(as_worker) == 0
    now[0] = at(12, 10, 11)

    assert [sweep(as_worker), sweep(as_worker)] == [1, 0]

    with tenant(cast.bank.pk):
        [said] = Message.objects.filter(direction="out").select_related("action")
        assert said.text.startswith("Diana, hace unos días le respondimos sobre su caso ")
        assert said.text.endswith("de 1 (muy mala) a 5 (muy buena).")
        assert (said.action.lane, said.is_notice, said.is_public) == ("4_after_contact", True, False)
        ticket = Ticket.objects.get()
        assert (ticket.state, ticket.first_sent_at) == ("resolved", None)
        assert not Clock.objects.filter(met_at=None, cancelled_at=None).exists()
        assert AuditEvent.objects.filter(action="aftercontact.asked").count() == 1


def test_no_reopens_the_same_case_with_its_history(cast, asked, now):
    now[0] = at(25, 9)  # past the window in which anything else would reopen it
    answered(cast, now, "nada que ver, sigue igual")

    with tenant(cast.bank.pk):
        ticket = Ticket.objects.get()
        assert (ticket.pk, ticket.state, ticket.reopened_count) == (asked.pk, "open", 1)
        assert Message.objects.filter(ticket=ticket).count() == 3
        assert Clock.objects.filter(kind="resolution", met_at=None, cancelled_at=None).count() == 1
        assert ticket.unanswered_since is not None
    row = row_of(cast)
    assert (row.state, row.answer.text) == ("no", "nada que ver, sigue igual")


def test_yes_and_its_score_open_nothing(cast, asked, now):
    answered(cast, now, "sí gracias", "cuatro")

    row = row_of(cast)
    assert (row.state, row.score) == ("yes", 4)
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.get()
        assert (ticket.state, ticket.unanswered_since, ticket.reopened_count) == ("resolved", None, 0)
        assert Message.objects.filter(ticket=ticket, direction="in").count() == 3


def test_no_after_a_yes_is_heard(cast, asked, now):
    answered(cast, now, "👍", "no, volvió a fallar la aplicación")

    assert row_of(cast).state == "no"
    with tenant(cast.bank.pk):
        assert Ticket.objects.get().state == "open"


def test_what_is_not_understood_is_an_ordinary_message(cast, asked, now):
    answered(cast, now, "necesito el certificado de retención de mi cuenta de ahorros del año pasado")

    assert row_of(cast).state == "unclear"
    with tenant(cast.bank.pk):
        said = Message.objects.latest("pk")
        assert (said.needs_attention, said.is_courtesy) == (True, False)
        assert Ticket.objects.get(pk=asked.pk).state == "open"


def test_closed_window_is_listed_and_a_colleague_may_ask(cast, now, as_worker):
    ticket = resolved(cast, now, messenger("¿a qué hora abren?", at=now[0]), account=cast.bank_page)
    sweep(as_worker)
    now[0] = at(12, 10, 11)

    assert sweep(as_worker) == 0

    row = row_of(cast)
    assert (row.state, row.code, row.question_id) == ("listed", "window_closed", None)
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.select_related("organization", "customer").get(pk=ticket.pk)
        message = answers.ask_by_hand(row, ticket, by=cast.juan)
        assert (message.author_id, message.is_notice) == (cast.juan.pk, True)
        with pytest.raises(answers.NotPossible):
            answers.ask_by_hand(AfterContact.objects.get(), ticket, by=cast.juan)


def test_public_case_is_listed_and_what_they_said_is_written_down(cast, now, as_worker):
    resolved(cast, now, mention("@FrailejonAyuda ¿a qué hora abren?", at=now[0]))
    sweep(as_worker)
    now[0] = at(12, 10, 11)
    sweep(as_worker)

    row = row_of(cast)
    assert (row.state, row.code) == ("listed", "no_target")
    with tenant(cast.bank.pk):
        answers.write_down(row, casework.lock(row.ticket_id), solved=False, score=2, by=cast.juan)
        assert (Ticket.objects.get().state, AfterContact.objects.get().score) == ("open", 2)


def test_who_spoke_in_public_and_takes_messages_is_asked_by_message(cast, now, as_worker):
    ticket = resolved(cast, now, mention("@FrailejonAyuda ¿a qué hora abren?", at=now[0]))
    with tenant(cast.bank.pk):
        Identity.objects.filter(customer=ticket.customer_id).update(accepts_dm=True)
    sweep(as_worker)
    now[0] = at(12, 10, 11)

    assert sweep(as_worker) == 1

    with tenant(cast.bank.pk):
        said = Message.objects.select_related("conversation", "action").get(direction="out")
        assert (said.is_public, said.conversation.kind, said.action.kind) == (False, "x_dm", "direct_message")
    answered(cast, now, "nada que ver, sigue igual")
    with tenant(cast.bank.pk):
        assert (AfterContact.objects.get().state, Ticket.objects.get().state) == ("no", "open")


def test_where_x_does_not_say_whether_they_take_messages_a_colleague_may_ask(cast, now, as_worker):
    resolved(cast, now, mention("@FrailejonAyuda ¿a qué hora abren?", at=now[0]))
    sweep(as_worker)
    now[0] = at(12, 10, 11)
    sweep(as_worker)

    row = row_of(cast)
    with tenant(cast.bank.pk):
        message = answers.ask_by_hand(row, casework.lock(row.ticket_id), by=cast.juan)
        assert (message.is_public, message.author_id) == (False, cast.juan.pk)


def test_who_asked_to_be_left_alone_is_not_contacted(cast, now, as_worker):
    ticket = resolved(cast, now, dm("¿a qué hora abren?", 1, now[0]))
    sweep(as_worker)
    with tenant(cast.bank.pk):
        # Said under another name that turned out to be theirs.
        Customer.objects.create(
            organization=cast.bank, name="Diana", merged_into_id=ticket.customer_id, no_contact=True
        )
    now[0] = at(12, 10, 11)

    assert sweep(as_worker) == 0
    assert (row_of(cast).state, row_of(cast).code) == ("listed", "no_contact")


def test_outside_contact_hours_and_while_talking_it_waits(cast, now, as_worker):
    ticket = resolved(cast, now, dm("¿a qué hora abren?", 1, now[0]))
    sweep(as_worker)
    now[0] = at(12, 22)
    assert sweep(as_worker) == 0
    assert row_of(cast).due_at == at(13, 9)
    now[0] = at(13, 8)
    hear(cast, dm("me cobraron dos veces la cuota de manejo", 2, now[0]))
    now[0] = at(13, 9, 30)
    with tenant(cast.bank.pk):
        assert Ticket.objects.get(pk=ticket.pk).is_open

    assert sweep(as_worker) == 0
    # The 16th is a holiday.
    assert row_of(cast).due_at == at(17, 9, 30)


def test_nobody_is_asked_over_a_history_nor_when_it_is_off(cast, now, as_worker):
    resolved(cast, now, dm("¿a qué hora abren?", 1, now[0]))
    with tenant(cast.bank.pk):
        AfterContactPolicy.objects.update(planned_until=now[0] + timedelta(days=1))
    sweep(as_worker)
    with tenant(cast.bank.pk):
        assert not AfterContact.objects.exists()
        AfterContactPolicy.objects.update(planned_until=now[0] - timedelta(days=2), is_on=False)
    sweep(as_worker)
    with tenant(cast.bank.pk):
        assert not AfterContact.objects.exists()


def test_nobody_waits_for_ever(cast, asked, now, as_worker):
    now[0] = at(28, 12)

    sweep(as_worker)

    assert row_of(cast).state == "expired"


def test_rows_of_one_organization_are_not_anothers(cast, asked):
    with tenant(cast.airline.pk):
        assert not AfterContact.objects.exists()
        assert not AfterContactPolicy.objects.filter(organization_id=cast.bank.pk).exists()


def test_many_are_asked_with_the_statements_of_one(cast, now, as_worker):
    """The sweep takes cases of an organization together: five more cost it no statement more."""

    def some(*numbers: int) -> None:
        for number in numbers:
            who = replace(DIANA, external_id=str(9000 + number), handle=f"persona{number}")
            item = replace(dm("¿a qué hora abre la oficina de Chapinero?", number, now[0]), author=who)
            resolved(cast, now, replace(item, thread_key=f"{who.external_id}-1800000000000000001"))
        sweep(as_worker)
        with tenant(cast.bank.pk):
            AfterContact.objects.filter(state="due").update(due_at=now[0])

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            sweep(as_worker)
        return sum("SAVEPOINT" not in one["sql"] for one in asked)

    some(1)
    statements()  # what is read once is read now
    some(2)
    one = statements()
    some(3, 4, 5, 6, 7, 8)
    six = statements()

    assert six == one
    with tenant(cast.bank.pk):
        assert AfterContact.objects.filter(state="asked").count() == 8
        assert AuditEvent.objects.filter(action="aftercontact.asked").count() == 8
