"""A customer answers a case whose colleague is not there: it returns to the queue, by the hours of the account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership
from tests.stories import hear, mention
from tests.tickets.clocks.test_casework import ASKS, NINE, now  # noqa: F401
from tickets.cases.models import Ticket
from tickets.replies.domain.absent import sweep_absent


@pytest.fixture
def waiting(cast, now):  # noqa: F811
    """Juan answered at nine, the customer wrote again at ten, and half an hour later nobody has."""
    hear(cast, mention(ASKS, at=NINE))
    with tenant(cast.bank.pk):
        Ticket.objects.update(
            assignee=cast.juan, state="open", first_sent_at=NINE, last_sent_at=NINE,
            unanswered_since=NINE + timedelta(hours=1), unanswered_count=1,
        )  # fmt: skip
    now[0] = NINE + timedelta(hours=1, minutes=30)
    return Ticket.objects


def _sweep(cast, as_worker) -> list[int]:
    with as_worker():
        return sweep_absent().get(cast.bank.pk, [])


def _is(cast, presence: str) -> None:
    with tenant(cast.bank.pk):
        Membership.objects.filter(pk=cast.juan.pk).update(presence=presence)


@pytest.mark.parametrize("presence", ["offline", "pause"])
def test_case_of_an_absent_colleague_returns_once_and_says_why(cast, waiting, as_worker, log_in, presence):
    _is(cast, presence)

    assert len(_sweep(cast, as_worker)) == 1
    assert _sweep(cast, as_worker) == []

    with tenant(cast.bank.pk):
        ticket = Ticket.objects.get()
        line = AuditEvent.objects.get(action="ticket.returned")
    assert ticket.assignee_id is None
    assert line.data == {"former": cast.juan.pk, "presence": presence}
    story = log_in(cast.paola).get(f"/frailejon/casos/{ticket.number}/").content.decode()
    assert "Volvió a la cola: el cliente escribió y quien tenía el caso no estaba" in story


def test_case_stays_with_who_is_there_and_while_a_quarter_of_an_hour_has_not_passed(
    cast,
    waiting,
    as_worker,
    now,  # noqa: F811
):
    _is(cast, "busy")
    assert _sweep(cast, as_worker) == []
    _is(cast, "offline")
    now[0] = NINE + timedelta(hours=1, minutes=14)
    assert _sweep(cast, as_worker) == []
    # Nine in the evening: the bank is closed, and nobody is expected.
    now[0] = NINE + timedelta(hours=12)
    assert _sweep(cast, as_worker) == []


@pytest.mark.parametrize("kept", [{"is_reserved": True}, {"first_sent_at": None}, {"state": "waiting_area"}])
def test_case_that_is_nobody_elses_or_was_never_answered_stays(cast, waiting, as_worker, kept):
    _is(cast, "offline")
    with tenant(cast.bank.pk):
        Ticket.objects.update(**kept)

    assert _sweep(cast, as_worker) == []


def test_case_that_was_just_given_to_them_stays(cast, waiting, as_worker, now):  # noqa: F811
    _is(cast, "offline")
    with tenant(cast.bank.pk):
        line = AuditEvent(organization=cast.bank, action="ticket.assigned", ticket_id=Ticket.objects.get().pk)
        line.at = now[0] - timedelta(minutes=5)
        line.save()

    assert _sweep(cast, as_worker) == []
