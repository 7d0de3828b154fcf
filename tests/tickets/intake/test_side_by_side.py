"""Several workers at once, and a database that goes away in the middle of a batch."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from channels_social.models import InboundEvent
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.tickets.intake.bodies import AIRLINE, DIANA, WILMER, deliver, x_id, x_post
from tests.tickets.together import together, worker
from tickets.cases.domain.counts import recount
from tickets.cases.models import Filing, Message, Ticket
from tickets.enums import PqrKind
from tickets.intake import domain
from tickets.intake.domain import take_in, take_in_all
from tickets.intake.inbox import claim_inbox
from tickets.replies.domain import casework

pytestmark = pytest.mark.django_db(transaction=True)


class Changed(Exception):
    """Somebody's mind, after the number was taken."""


def story(to: str = "1800000000000000001") -> list[dict[str, Any]]:
    """Two people, twelve threads, three messages in each."""
    bodies = []
    for n in range(12):
        by, first = (DIANA, WILMER)[n % 2], x_id(n * 10, f"{to}{n}")
        bodies.append(x_post("@cuenta no puedo entrar", n * 10, by=by, number=first, to=to))
        bodies += [
            x_post("¿hola?", n * 10 + m, by=by, thread=first, to=to, answers=(first, by[0])) for m in (1, 2)
        ]
    return bodies


def states(organization_id: int) -> Counter[str]:
    with tenant(organization_id):
        return Counter(InboundEvent.objects.values_list("state", flat=True))


def picture(organization_id: int) -> tuple[Any, ...]:
    with tenant(organization_id):
        messages = sorted(Message.objects.values_list("external_id", "conversation__thread_key"))
        cases = sorted(Ticket.objects.values_list("opened_at", "unanswered_count", "state"))
        return messages, cases, recount(organization_id)


def take_everything() -> int:
    return take_in_all(lambda turn: None, limit=5)


def test_an_organization_has_one_writer_and_nobody_waits_for_it(cast: Cast):
    with worker():
        deliver(*story(), *story(AIRLINE))

    claims = together(*[claim_inbox] * 6)

    assert Counter(claims) == {cast.bank.pk: 1, cast.airline.pk: 1, None: 4}


def test_four_workers_take_in_what_one_would(cast: Cast):
    with worker():
        deliver(*story(), *story(AIRLINE))
    with worker(), transaction.atomic():
        take_everything()
        expected = picture(cast.bank.pk)
        transaction.set_rollback(True)

    taken = together(*[take_everything] * 4)

    assert sum(taken) == 72
    assert states(cast.bank.pk) == states(cast.airline.pk) == {"done": 36}
    found = picture(cast.bank.pk)
    assert found == expected
    assert found[2] == {}


def test_leases_that_expire_at_once_still_leave_one_writer(cast: Cast, settings: Any):
    """A worker that outlives its lease works beside its successor: nothing twice, nothing in quarantine."""
    settings.INBOX_LEASE = -1
    with worker():
        deliver(*story())

    together(*[take_everything] * 3, lambda: take_in(cast.bank.pk, limit=50))

    assert states(cast.bank.pk) == {"done": 36}
    messages, cases, wrong = picture(cast.bank.pk)
    assert len(messages) == 36
    assert len(cases) == 2
    assert wrong == {}


def test_two_writers_of_one_event_do_not_put_it_aside(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    """The second one waits for the first, and then sees that all has been done."""
    with worker():
        deliver(*story()[:1])
    decide = domain.decide

    def slowly(*args: Any) -> Any:
        time.sleep(0.3)
        return decide(*args)

    monkeypatch.setattr(domain, "decide", slowly)

    together(*[lambda: take_in(cast.bank.pk)] * 2)

    assert states(cast.bank.pk) == {"done": 1}
    assert len(picture(cast.bank.pk)[0]) == 1


def test_the_same_delivered_by_four_doors_at_once(cast: Cast):
    together(*[lambda: deliver(*story())] * 3, lambda: (deliver(*story()), take_everything()))
    with worker():
        take_everything()

    assert states(cast.bank.pk) == {"done": 36}
    assert len(picture(cast.bank.pk)[0]) == 36


def test_a_database_that_goes_away_leaves_the_events_in_line(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    with worker():
        deliver(*story()[:4])

    def die(*args: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    decide = domain.decide
    monkeypatch.setattr(domain, "decide", die)
    with pytest.raises(OperationalError), worker():
        take_in(cast.bank.pk)
    connection.close()
    assert states(cast.bank.pk) == {"pending": 4}

    monkeypatch.setattr(domain, "decide", decide)
    with worker():
        take_everything()
    assert states(cast.bank.pk) == {"done": 4}


def test_radicados_have_no_gaps_under_eight_writers(cast: Cast):
    """Filed by hand and by intake at once, some rolled back, in two organizations: 1, 2, 3 … in each."""
    with worker():
        people = [(str(7000 + n), f"persona{n}") for n in range(24)]
        deliver(*(x_post("@FrailejonAyuda ¿a qué hora abren?", n, by=p) for n, p in enumerate(people)))
        take_everything()
        deliver(
            *(
                x_post("@FrailejonAyuda me cobraron dos veces", 90 + n, by=(f"8{n}", f"otro{n}"))
                for n in range(9)
            )
        )
        deliver(
            *(
                x_post("@x me cobraron dos veces", 90 + n, by=(f"8{n}", f"otro{n}"), to=AIRLINE)
                for n in range(5)
            )
        )
    with tenant(cast.bank.pk):
        tickets = list(Ticket.objects.filter(radicado=None).values_list("pk", flat=True))
    assert len(tickets) == 24

    def file(mine: list[int]) -> None:
        for place, ticket_id in enumerate(mine):
            with contextlib.suppress(Changed), tenant(cast.bank.pk):
                casework.change_kind(casework.lock(ticket_id), kind=PqrKind.QUEJA, by=cast.juan)
                if place == 1:
                    raise Changed

    together(*(lambda mine=tickets[n::7]: file(mine) for n in range(7)), take_everything)

    for organization, count in ((cast.bank, 24 - 7 + 9), (cast.airline, 5)):
        with tenant(organization.pk):
            radicados = sorted(Filing.objects.values_list("radicado", flat=True))
            assert radicados == sorted(
                Ticket.objects.exclude(radicado=None).values_list("radicado", flat=True)
            )
        year = radicados[0][:4]
        assert radicados == [f"{year}-{n:06d}" for n in range(1, count + 1)]


def test_case_numbers_have_no_gaps_after_poison(cast: Cast):
    bodies = [x_post("@FrailejonAyuda hola, ¿me ayudan?", n, by=(str(9000 + n), f"p{n}")) for n in range(8)]
    bodies.insert(3, x_post("veneno", 3.5, thread="9" * 300, by=("1", "nadie")))
    with worker():
        deliver(*bodies)
        take_everything()

    with tenant(cast.bank.pk):
        assert sorted(Ticket.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_a_year_of_radicados_is_the_organizations_own(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    """At two in the morning of New Year's Day in Madrid it is still the old year in Bogota."""
    from datetime import UTC, datetime

    from helpdesk import clock

    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 1, 1, 1, 0, tzinfo=UTC) + timedelta(seconds=1))
    with worker():
        deliver(x_post("@FrailejonAyuda me cobraron dos veces", 0))
        deliver(x_post("@AlisiosAyuda me cobraron dos veces", 0, to=AIRLINE))
        take_everything()

    for organization, radicado in ((cast.bank, "2026-000001"), (cast.airline, "2027-000001")):
        with tenant(organization.pk):
            assert Filing.objects.get().radicado == radicado
