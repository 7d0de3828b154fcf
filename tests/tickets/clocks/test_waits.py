"""«Pendiente del cliente»: a row with its reason, one reminder, then closing with a way back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from channels_social.enums import ConversationKind
from channels_social.networks.base import IncomingMessage
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import DIANA, hear, mention
from tickets.cases.models import Message, Ticket
from tickets.clocks.models import Clock, Wait
from tickets.replies.domain import casework
from tickets.replies.domain.waiting import sweep_waits


def dm(text: str, number: int, at: Any = None) -> IncomingMessage:
    return IncomingMessage(
        kind=ConversationKind.X_DM,
        external_id=str(1_950_000_000_000_000_000 + number),
        thread_key=f"{DIANA.external_id}-1800000000000000001",
        author=DIANA,
        text=text,
        occurred_at=at or clock.now() - timedelta(minutes=1),
        root_external_id="",
    )


@pytest.fixture
def ticket(cast: Any) -> Ticket:
    hear(cast, dm("¿a qué hora abren?", 1, clock.now() - timedelta(days=8)))
    with tenant(cast.bank.pk):
        ticket = casework.lock(Ticket.objects.get().pk)
        casework.wait_for_customer(ticket, by=cast.juan)
    return ticket


def due(cast: Any, **instants: timedelta) -> None:
    with tenant(cast.bank.pk):
        Wait.objects.update(**{name: clock.now() + delta for name, delta in instants.items()})


def swept(as_worker: Any, cast: Any) -> int:
    with as_worker():
        return len(sweep_waits().get(cast.bank.pk, []))


def test_a_wait_knows_its_reason_its_reminder_and_its_end(ticket, cast):
    with tenant(cast.bank.pk):
        wait = Wait.objects.get()
        assert (wait.reason, wait.ended_at, wait.reminded_at) == ("customer", None, None)
        assert timedelta(hours=24) <= wait.next_at - wait.started_at < timedelta(days=5)
        assert wait.close_at > wait.next_at


def test_the_customer_is_reminded_once(ticket, cast, as_worker):
    due(cast, next_at=-timedelta(minutes=1), close_at=timedelta(days=3))

    assert swept(as_worker, cast) == 1
    assert swept(as_worker, cast) == 0
    due(cast, next_at=-timedelta(minutes=1))
    swept(as_worker, cast)

    with tenant(cast.bank.pk):
        said = Message.objects.filter(direction="out")
        assert [("pendientes de su respuesta" in one.text, one.is_notice) for one in said] == [(True, True)]
        assert Wait.objects.get().reminded_at is not None
        assert Ticket.objects.get().state == "waiting_customer"


def test_without_an_answer_the_case_closes_and_says_how_to_come_back(ticket, cast, as_worker):
    due(cast, next_at=-timedelta(minutes=1), close_at=-timedelta(minutes=1))

    swept(as_worker, cast)

    with tenant(cast.bank.pk):
        after, wait = Ticket.objects.get(), Wait.objects.get()
        assert (after.state, wait.outcome) == ("resolved", "no_answer")
        assert wait.ended_at is not None
        assert "lo retomamos" in Message.objects.get(direction="out").text
        assert not Clock.objects.filter(met_at=None, cancelled_at=None).exists()
        assert not Clock.objects.filter(kind="resolution", met_at__isnull=False).exists()


def test_whoever_writes_after_that_is_back_in_the_same_case(ticket, cast, as_worker):
    due(cast, next_at=-timedelta(minutes=1), close_at=-timedelta(minutes=1))
    swept(as_worker, cast)

    hear(cast, dm("perdón, aquí está lo que me pidieron, ¿me ayudan?", 2, clock.now() + timedelta(seconds=1)))

    with tenant(cast.bank.pk):
        assert Ticket.objects.get().state == "open"


def test_an_answer_ends_the_wait_at_the_instant_it_was_given(ticket, cast, as_worker):
    at = clock.now() + timedelta(seconds=1)
    hear(cast, dm("aquí está, ¿me ayudan?", 2, at))

    with tenant(cast.bank.pk):
        assert (Wait.objects.get().ended_at, Ticket.objects.get().state) == (at, "open")
    due(cast, next_at=-timedelta(minutes=1), close_at=-timedelta(minutes=1))
    assert swept(as_worker, cast) == 0


def test_a_petition_nobody_completed_is_given_up_as_the_law_says_and_the_customer_told(
    ticket, cast, as_worker
):
    """Its term stands still since we asked for what was missing; a month later the act is written and told."""
    with tenant(cast.bank.pk):
        now = clock.now()
        Clock.objects.create(
            organization=cast.bank, ticket=ticket, kind="legal", started_at=now - timedelta(days=40), due_at=now,
            paused_at=now - timedelta(days=31), why={},
        )  # fmt: skip
    due(cast, next_at=-timedelta(minutes=1), close_at=-timedelta(minutes=1))

    assert swept(as_worker, cast) == 1
    assert swept(as_worker, cast) == 0

    with tenant(cast.bank.pk):
        after, wait, said = Ticket.objects.get(), Wait.objects.get(), Message.objects.get(direction="out")
        assert (after.state, wait.outcome) == ("resolved", "desisted")
        assert "la da por desistida" in said.text
        assert said.is_notice
        act = AuditEvent.objects.get(action="term.desisted")
        assert (act.ticket_id, act.data["message"]) == (after.pk, said.pk)
        assert act.data["since"] == (now - timedelta(days=31)).isoformat()
        assert not AuditEvent.objects.filter(action="ticket.closed_unanswered").exists()
        assert Clock.objects.get(kind="legal").cancelled_at is None


def test_a_filed_case_waits_the_month_of_the_law(cast):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces la cuota y nadie responde"))
    with tenant(cast.bank.pk):
        ticket = casework.lock(Ticket.objects.get().pk)
        assert ticket.radicado
        casework.wait_for_customer(ticket, by=cast.juan)
        wait = Wait.objects.get()

    assert wait.close_at - wait.started_at == timedelta(days=30)
