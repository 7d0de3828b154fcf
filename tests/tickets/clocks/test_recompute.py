"""A calendar changes: the open clocks that counted by it are counted anew, once, whatever happens meanwhile."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpdesk.tenancy.context import tenant
from protocols.models import Calendar, Holiday, OneOff, OpeningHours, SlaPolicy
from tests.stories import OTHER, hear, mention
from tickets.cases.domain.counts import recount
from tickets.cases.models import Ticket
from tickets.clocks.domain import marks, recompute
from tickets.clocks.domain.legal import forget_legal_rules, legal_rules, owe_term
from tickets.clocks.domain.recompute import recompute_clocks, work_recounts
from tickets.clocks.domain.terms import forget_rules, rules_by_account
from tickets.clocks.models import Clock, ClockRecount
from tickets.commitments.domain.promising import promised_elsewhere
from tickets.enums import ClockKind

BOGOTA = ZoneInfo("America/Bogota")


@pytest.fixture
def morning(monkeypatch) -> datetime:
    """Monday 23 November 2026, 11:00 in Bogotá."""
    now = datetime(2026, 11, 23, 11, tzinfo=BOGOTA).astimezone(UTC)
    for module in (recompute.clock,):
        monkeypatch.setattr(module, "now", lambda: now)
    return now


@pytest.fixture
def ticket(cast, morning) -> Ticket:
    forget_rules()
    hear(cast, mention("@FrailejonAyuda no puedo entrar", at=morning))
    with tenant(cast.bank.pk):
        found = Ticket.objects.select_related("organization").get()
        found.priority = "medium"
        Clock.objects.all().delete()
        marks.restart(found, [ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION], morning)
        found.save()
        yield found
    forget_rules()


def lunch(cast) -> None:
    OpeningHours.objects.filter(weekday__lte=4).delete()
    calendar = Calendar.objects.get()
    OpeningHours.objects.bulk_create(
        OpeningHours(organization=cast.bank, calendar=calendar, weekday=day, opens_at=a, closes_at=b)
        for day in range(5)
        for a, b in [(time(8), time(12)), (time(14), time(20))]
    )


def counted(cast, as_worker, seconds: float = 60) -> list[int]:
    told: list[int] = []
    with as_worker():
        work_recounts(lambda _organization, tickets: told.extend(tickets), seconds=seconds)
    return told


def due(kind: str = "first_response") -> datetime:
    return Clock.objects.get(kind=kind).due_at.astimezone(BOGOTA)


def test_a_lunch_break_moves_the_clocks_that_cross_it(cast, ticket, as_worker):
    before = due()
    lunch(cast)
    asked = recompute_clocks(cast.bank, calendar=Calendar.objects.get())

    assert counted(cast, as_worker) == [ticket.pk]

    assert before == datetime(2026, 11, 23, 13, tzinfo=BOGOTA)
    assert due() == datetime(2026, 11, 23, 15, tzinfo=BOGOTA)
    moved = Clock.objects.get(kind="first_response")
    assert datetime.fromisoformat(moved.why["moved"]["from"]) == before
    after = Ticket.objects.get()
    assert (after.next_deadline_at, after.queue_at) == (moved.due_at, moved.due_at)
    assert after.version == ticket.version + 1
    asked.refresh_from_db()
    assert (asked.total, asked.seen, asked.moved, asked.finished_at is not None) == (1, 1, 2, True)
    assert recount(cast.bank.pk) == {}


def test_counting_twice_changes_nothing_more(cast, ticket, as_worker):
    lunch(cast)
    recompute_clocks(cast.bank, calendar=Calendar.objects.get())
    counted(cast, as_worker)
    before = list(Clock.objects.order_by("pk").values_list("due_at", "warn_at"))
    recompute_clocks(cast.bank, calendar=Calendar.objects.get())

    assert counted(cast, as_worker) == []
    assert list(Clock.objects.order_by("pk").values_list("due_at", "warn_at")) == before
    assert Ticket.objects.get().version == ticket.version + 1


def test_what_was_started_with_former_rules_is_found_when_things_have_settled(
    cast, ticket, as_worker, monkeypatch, morning
):
    before = rules_by_account(cast.bank.pk)[cast.bank_x.pk]
    lunch(cast)
    asked = recompute_clocks(cast.bank, calendar=Calendar.objects.get())
    counted(cast, as_worker)
    # A process that had not heard of it moves a clock back.
    stale = before.start("first_response", "medium", morning)
    Clock.objects.filter(kind="first_response").update(due_at=stale.due_at, warn_at=stale.warn_at)
    assert counted(cast, as_worker) == []

    monkeypatch.setattr(recompute.clock, "now", lambda: morning + timedelta(seconds=20))

    assert counted(cast, as_worker) == [ticket.pk]
    assert due() == datetime(2026, 11, 23, 15, tzinfo=BOGOTA)
    asked.refresh_from_db()
    assert asked.settles_at is None
    assert counted(cast, as_worker) == []


def test_a_wait_stays_taken_from_the_clock(cast, ticket, as_worker, morning):
    marks.pause(ticket, reason="customer", at=morning + timedelta(minutes=10))
    marks.resume(ticket, morning + timedelta(minutes=30))
    assert due() == datetime(2026, 11, 23, 13, 20, tzinfo=BOGOTA)
    lunch(cast)
    recompute_clocks(cast.bank, calendar=Calendar.objects.get())
    counted(cast, as_worker)

    assert due() == datetime(2026, 11, 23, 15, 20, tzinfo=BOGOTA)


def test_a_clock_that_stands_still_goes_on_with_what_it_had_left(cast, ticket, as_worker, morning):
    marks.pause(ticket, reason="customer", at=morning + timedelta(minutes=30))
    lunch(cast)
    recompute_clocks(cast.bank, calendar=Calendar.objects.get())
    counted(cast, as_worker)
    forget_rules()
    marks.resume(ticket, datetime(2026, 11, 23, 16, tzinfo=BOGOTA))

    assert due() == datetime(2026, 11, 23, 17, 30, tzinfo=BOGOTA)


def test_promised_and_wall_clocks_do_not_move(cast, ticket, as_worker, morning):
    promised_elsewhere(ticket, morning + timedelta(hours=4), since=morning, by=cast.juan)
    SlaPolicy.objects.filter(priority="medium").update(is_wall_time=True)
    kept = dict(Clock.objects.exclude(kind="resolution").values_list("kind", "due_at"))
    lunch(cast)
    recompute_clocks(cast.bank, calendar=Calendar.objects.get())
    counted(cast, as_worker)

    assert dict(Clock.objects.exclude(kind="resolution").values_list("kind", "due_at")) == kept


def test_a_broken_clock_is_whole_again_only_when_it_is_no_longer_late(cast, ticket, as_worker, morning):
    Clock.objects.filter(kind="first_response").update(
        due_at=morning - timedelta(hours=1), breached_at=morning, warned_at=morning
    )
    Ticket.objects.update(is_overdue=True)
    Holiday.objects.create(
        organization=cast.bank, calendar=Calendar.objects.get(), day=date(2026, 11, 23), name="X"
    )
    recompute_clocks(cast.bank, calendar=Calendar.objects.get())
    counted(cast, as_worker)

    assert due() == datetime(2026, 11, 24, 10, tzinfo=BOGOTA)
    assert Clock.objects.get(kind="first_response").breached_at is None
    assert not Ticket.objects.get().is_overdue


def test_only_the_accounts_of_the_calendar_are_counted(cast, ticket, as_worker):
    calendar = Calendar.objects.get()
    other = Calendar.objects.create(organization=cast.bank, name="Otro", timezone="America/Bogota")
    OneOff.objects.create(
        organization=cast.bank, calendar=calendar, day=date(2026, 11, 23), begins_at=time(12), ends_at=time(14),
        is_open=False,
    )  # fmt: skip
    recompute_clocks(cast.bank, calendar=other)
    assert counted(cast, as_worker) == []
    recompute_clocks(cast.bank, calendar=calendar)
    assert counted(cast, as_worker) == [ticket.pk]
    assert due() == datetime(2026, 11, 23, 15, tzinfo=BOGOTA)


def test_batches_go_on_where_they_stopped_and_a_new_request_takes_over(
    cast, ticket, as_worker, monkeypatch, morning
):
    hear(cast, mention("@FrailejonAyuda otra cosa", number=2, author=OTHER, at=morning))
    monkeypatch.setattr(recompute, "BATCH", 1)
    lunch(cast)
    first = recompute_clocks(cast.bank, calendar=Calendar.objects.get())
    with as_worker():
        [(organization_id, recount_id)] = recompute._waiting()
        with tenant(organization_id):
            assert recompute._turn(recount_id) == [ticket.pk, ticket.pk]
    second = recompute_clocks(cast.bank, calendar=Calendar.objects.get())

    assert len(set(counted(cast, as_worker))) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.seen, first.settles_at) == (1, None)
    assert (second.total, second.seen) == (2, 2)
    assert ClockRecount.objects.filter(settles_at__isnull=False).count() == 1


def test_a_holiday_moves_the_term_of_the_law_of_every_case_and_hours_do_not(cast, ticket, as_worker, morning):
    # Resolved, and of an account of another calendar: the law counts all the same.
    term = owe_term(ticket, kind="queja", received_at=morning)
    Clock.objects.exclude(pk=term.pk).delete()
    Ticket.objects.update(state="resolved", account=None)
    former = term.due_at
    lunch(cast)
    recompute_clocks(cast.bank, calendar=Calendar.objects.get())
    assert counted(cast, as_worker) == []
    Holiday.objects.create(
        organization=cast.bank, calendar=Calendar.objects.get(), day=date(2026, 11, 25), name="Fiesta local"
    )
    recompute_clocks(cast.bank, calendar=Calendar.objects.get())

    assert counted(cast, as_worker) == [ticket.pk]

    term.refresh_from_db()
    assert term.due_at - former == timedelta(days=1)
    assert all(alarm < term.due_at for alarm in term.alarms)
    assert datetime.fromisoformat(term.why["moved"]["from"]) == former


def test_an_extension_is_kept_when_a_holiday_moves_its_term(cast, ticket, as_worker, morning):
    term = owe_term(ticket, kind="queja", received_at=morning)
    rules = legal_rules(cast.bank)
    Clock.objects.filter(pk=term.pk).update(
        why=term.why | {"extended": 5}, due_at=rules.days.due_at(morning, 20, "business")
    )
    Holiday.objects.create(
        organization=cast.bank, calendar=Calendar.objects.get(), day=date(2026, 11, 25), name="Fiesta local"
    )
    recompute_clocks(cast.bank, calendar=Calendar.objects.get())
    counted(cast, as_worker)

    forget_legal_rules()
    term.refresh_from_db()
    assert term.due_at == legal_rules(cast.bank).days.due_at(morning, 20, "business")
