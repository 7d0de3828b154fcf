"""A stolen card told by direct message on a Saturday at 22:00 (care.md 8, story 5), from the network's own body."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection

from helpdesk.tenancy.context import tenant
from tests.stories import typify
from tests.tickets.intake.bodies import T0, deliver, x_message
from tickets.cases.domain.classifying import Choice
from tickets.cases.models import Message, Ticket
from tickets.clocks.domain.terms import forget_rules
from tickets.customers.domain.checking import check
from tickets.enums import IdentityCheck
from tickets.escalation.domain.leaving import leave_all
from tickets.escalation.domain.sweep import sweep_escalation
from tickets.escalation.models import Alarm
from tickets.guidance.domain import following
from tickets.guidance.domain.following import NotPossible
from tickets.intake.domain import take_in_all

# Saturday, 22:00 in Bogotá.
NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
CARD = "4111[ -]?1111[ -]?1111[ -]?1111"


@pytest.fixture
def stolen(cast, as_worker, time_machine):
    """The case as the worker made it, a minute before its alarm may have left."""
    time_machine.move_to(NIGHT, tick=False)
    forget_rules()
    minute = (NIGHT - T0).total_seconds() / 60
    with as_worker():
        deliver(x_message("me robaron, tarjeta 4111 1111 1111 1111, cvv 123", minute))
        take_in_all(lambda turn: None)
    with tenant(cast.bank.pk):
        yield Ticket.objects.select_related("organization", "customer").get()
    forget_rules()


def _rows_that_say(pattern: str) -> list[str]:
    """The tables with a row that says it, payloads and search index included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" t WHERE t::text ~ %s)', [pattern])
            found += [table] * cursor.fetchone()[0]
    return found


def test_the_watch_hears_of_it_within_a_minute(cast, stolen, as_worker, time_machine):
    time_machine.move_to(NIGHT + timedelta(minutes=1), tick=False)
    with as_worker():
        sweep_escalation()
        leave_all(lambda *_: 0)

    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.ticket_id) == ("critical", stolen.pk)
    # Nobody is on call in this house: then it is the supervisors'.
    assert [letter.to for letter in mail.outbox] == [[cast.paola.user.email]]
    assert "1111" not in mail.outbox[0].body


def test_nobody_finds_the_number_anywhere(cast, stolen):
    said = Message.objects.get(direction="in").text

    assert "1111" in said
    assert "me robaron" in said
    assert "cvv 123" not in said
    assert "tickets_message" in _rows_that_say("me robaron")
    assert _rows_that_say(CARD) == []
    assert _rows_that_say("411111") == []


def test_the_protocol_of_fraud_waits_for_the_identity_check(cast, stolen):
    typify(stolen, Choice(motive="motive-tarjeta-clonada-o-hurtada"), by=cast.juan)
    stolen.save()

    with pytest.raises(NotPossible, match="identity"):
        following.tick(stolen, "s4", by=cast.juan)
    check(stolen.customer, state=IdentityCheck.VERIFIED, means="questions", by=cast.juan)
    following.tick(stolen, "s4", by=cast.juan)
