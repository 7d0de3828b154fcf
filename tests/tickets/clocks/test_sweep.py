"""The sweep: what is past and unmet is marked once, in time, with its case; paused and met clocks are left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tests.tickets.together import together, worker
from tickets.cases.domain.counts import recount
from tickets.cases.models import Ticket
from tickets.clocks.domain.sweep import sweep_clocks
from tickets.clocks.models import Clock
from tickets.replies.domain import casework

PAST = timedelta(minutes=-1)


@pytest.fixture
def ticket(cast) -> Iterator[Ticket]:
    hear(cast, mention("@FrailejonAyuda no puedo entrar"))
    with tenant(cast.bank.pk):
        yield Ticket.objects.select_related("organization").get()


def make_late(kind: str = "first_response", **when: timedelta) -> None:
    now = clock.now()
    Clock.objects.filter(kind=kind).update(**{name: now + delta for name, delta in when.items()})


def swept(as_worker, cast) -> list[int]:
    with as_worker():
        return sweep_clocks().get(cast.bank.pk, [])


def test_a_clock_that_is_past_is_marked_once_with_its_case(ticket, cast, as_worker):
    make_late(due_at=PAST, warn_at=PAST)

    assert swept(as_worker, cast) == [ticket.pk]
    assert swept(as_worker, cast) == []

    after = Ticket.objects.get()
    assert after.is_overdue
    assert after.version == ticket.version + 1
    late = Clock.objects.get(kind="first_response")
    assert (late.breached_at is not None, late.warned_at) == (True, None)
    assert AuditEvent.objects.filter(action="clock.breached", ticket_id=ticket.pk).count() == 1
    assert recount(cast.bank.pk) == {}


def test_a_warning_is_marked_once_and_is_not_a_breach(ticket, cast, as_worker):
    make_late(due_at=timedelta(hours=1), warn_at=PAST)

    assert swept(as_worker, cast) == [ticket.pk]
    assert swept(as_worker, cast) == []

    warned = Clock.objects.get(kind="first_response")
    assert (warned.breached_at, warned.warned_at is not None) == (None, True)
    assert not Ticket.objects.get().is_overdue


def test_a_warned_clock_is_breached_when_it_falls_due(ticket, cast, as_worker):
    make_late(due_at=timedelta(hours=1), warn_at=PAST)
    swept(as_worker, cast)
    make_late(due_at=PAST)

    assert swept(as_worker, cast) == [ticket.pk]
    assert Ticket.objects.get().is_overdue


@pytest.mark.parametrize("stopped", ["met_at", "cancelled_at", "paused_at"])
def test_a_stopped_clock_is_never_late(ticket, cast, as_worker, stopped):
    make_late(due_at=PAST, warn_at=PAST)
    Clock.objects.update(**{stopped: clock.now()})

    assert swept(as_worker, cast) == []
    assert not Ticket.objects.get().is_overdue


def test_nothing_is_late_before_its_instant(ticket, cast, as_worker):
    make_late(due_at=timedelta(minutes=1), warn_at=timedelta(seconds=50))

    assert swept(as_worker, cast) == []


def test_a_resolved_case_is_not_overdue_even_if_its_clock_was(ticket, cast, as_worker):
    make_late(due_at=PAST, warn_at=PAST)
    Ticket.objects.update(state="resolved")

    swept(as_worker, cast)

    assert not Ticket.objects.get().is_overdue


def test_every_organization_is_swept_at_once(cast, as_worker):
    hear(cast, mention("@FrailejonAyuda no puedo entrar"))
    hear(cast, mention("@AlisiosAyuda perdieron mi maleta"), account=cast.airline_x)
    for organization in (cast.bank, cast.airline):
        with tenant(organization.pk):
            make_late(due_at=PAST, warn_at=PAST)

    with as_worker():
        assert set(sweep_clocks()) == {cast.bank.pk, cast.airline.pk}


def test_the_application_sweeps_nobody_without_a_tenant(ticket, cast):
    make_late(due_at=PAST, warn_at=PAST)
    with tenant(cast.airline.pk):
        assert sweep_clocks() == {}


# One case copied many times, each copy with a clock that falls due in this very second.
MANY = """
WITH made AS (
    INSERT INTO tickets_ticket (organization_id, id, number, customer_id, state, kind, suggested_kind, kind_reasons,
        priority, priority_reasons, opened_at, reopened_count, last_text, last_at, channel, unanswered_since,
        unanswered_count, next_clock_kind, is_overdue, queue_at, version)
    SELECT organization_id, nextval('tickets_ticket_id_seq'), number + n, customer_id, 'open', kind, suggested_kind,
        kind_reasons, priority, priority_reasons, opened_at, 0, last_text, last_at, channel, unanswered_since, 1,
        next_clock_kind, false, queue_at, 1 FROM tickets_ticket, generate_series(1, 5000) AS n
    RETURNING organization_id, id
)
INSERT INTO tickets_clock (organization_id, ticket_id, kind, started_at, due_at, warn_at, why)
SELECT organization_id, id, 'first_response', now(), date_trunc('second', now()), date_trunc('second', now()), '{}'
FROM made
"""


def test_ten_thousand_due_in_one_second_are_marked_by_the_thousand(cast, as_worker):
    """How long that takes is measured by ``bin/bench sla``."""
    for account in (cast.bank_x, cast.airline_x):
        hear(cast, mention("no puedo entrar"), account=account)
        with tenant(account.organization_id), connection.cursor() as cursor:
            cursor.execute(MANY)

    with as_worker(), CaptureQueriesContext(connection) as asked:
        found = sweep_clocks()

    assert len(asked) < 100, len(asked)
    assert {organization: len(tickets) for organization, tickets in found.items()} == {
        cast.bank.pk: 5000,
        cast.airline.pk: 5000,
    }
    with tenant(cast.bank.pk):
        assert Ticket.objects.filter(is_overdue=True).count() == 5000
        assert AuditEvent.objects.filter(action="clock.breached").count() == 5000
        assert recount(cast.bank.pk) == {}


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_mark_each_clock_once(cast):
    for n in range(20):
        hear(cast, mention("no puedo entrar", number=n, author=mention("x").author))
    hear(
        cast,
        *(mention("no puedo", number=100 + n, at=clock.now() - timedelta(days=n * 3)) for n in range(20)),
    )
    with tenant(cast.bank.pk):
        Clock.objects.update(due_at=clock.now() + PAST, warn_at=clock.now() + PAST)
        clocks = Clock.objects.filter(met_at=None, cancelled_at=None).count()
        assert clocks > 20

    together(*[sweep_clocks] * 3)
    with worker():
        sweep_clocks()

    with tenant(cast.bank.pk):
        assert Clock.objects.filter(breached_at=None, met_at=None, cancelled_at=None).count() == 0
        assert AuditEvent.objects.filter(action="clock.breached").count() == clocks


@pytest.mark.django_db(transaction=True)
def test_a_case_that_somebody_holds_is_left_to_the_next_sweep(cast):
    """Nobody waits, and nobody locks in a circle with intake, which locks cases first too."""
    hear(cast, mention("no puedo entrar"))
    with tenant(cast.bank.pk):
        make_late(due_at=PAST, warn_at=PAST)
    with tenant(cast.bank.pk):
        casework.lock(Ticket.objects.get().pk)
        assert together(sweep_clocks) == [{}]

    assert list(together(sweep_clocks)[0]) == [cast.bank.pk]
