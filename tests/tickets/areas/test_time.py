"""An area has its own target: a share of what is left, reminders, and a mark when it is late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from protocols.rules.business_time import business_time
from protocols.rules.calendar import WeekHours
from tests.stories import typify
from tests.tickets.areas.conftest import AreaHouse
from tests.tickets.together import together, worker
from tickets.areas import rules
from tickets.areas.domain.sweep import sweep_areas
from tickets.areas.models import Consultation
from tickets.clocks.rules import TimeRules
from tickets.replies.domain import casework

MONDAY = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # 8:00 in Bogotá


def _calendar() -> TimeRules:
    from datetime import time

    hours = WeekHours.of("America/Bogota", [(day, time(8), time(18)) for day in range(5)], holidays=())
    return TimeRules(1, business_time(hours), {})


def test_an_area_has_half_of_the_business_time_that_is_left():
    promised = MONDAY + timedelta(days=2)  # Wednesday 8:00: twenty business hours
    due = rules.due_at(_calendar(), MONDAY, promised, percent=50, minutes=480)

    assert due == MONDAY + timedelta(hours=10)


def test_its_share_is_its_own():
    promised = MONDAY + timedelta(days=2)

    assert rules.due_at(_calendar(), MONDAY, promised, percent=25, minutes=480) == MONDAY + timedelta(hours=5)


@pytest.mark.parametrize("promised", [None, MONDAY - timedelta(hours=1)])
def test_without_a_due_date_it_has_its_own_hours(promised: datetime | None):
    assert rules.due_at(_calendar(), MONDAY, promised, percent=50, minutes=480) == MONDAY + timedelta(hours=8)


def test_at_night_a_case_that_never_sleeps_gives_half_of_the_wall_time():
    night = MONDAY - timedelta(hours=5)
    due = rules.due_at(_calendar(), night, night + timedelta(hours=2), percent=50, minutes=480)

    assert due == night + timedelta(hours=1)


def test_it_is_reminded_before_its_time_is_over():
    due = MONDAY + timedelta(hours=8)

    assert rules.remind_at(_calendar(), MONDAY, due, percent=75) == MONDAY + timedelta(hours=6)


def _past(house: AreaHouse, consultation: Consultation, *, due: bool) -> None:
    now = clock.now()
    fields = {"remind_at": now - timedelta(minutes=1), "next_at": now - timedelta(minutes=1)}
    if due:
        fields["due_at"] = now - timedelta(seconds=30)
    house.change(consultation, **fields)


def _sweep() -> dict[int, list[int]]:
    with worker():
        return sweep_areas()


def _actions(house: AreaHouse) -> list[str]:
    with tenant(house.cast.bank.pk):
        found = AuditEvent.objects.filter(action__startswith="area.").order_by("pk")
        return [line.action for line in found]


def test_nothing_is_due_at_once(house: AreaHouse):
    house.ask()

    assert _sweep() == {}


def test_a_reminder_leaves_in_the_same_thread_and_says_it_is_automatic(house: AreaHouse):
    consultation = house.ask()
    house.carry()
    _past(house, consultation, due=False)

    assert _sweep() == {house.cast.bank.pk: [house.ticket().pk]}
    assert house.carry() == ["sent"]

    content = house.post.handed[-1][2].decode()
    assert f"References: <cf.area-{consultation.code}-0@frailejon.example>" in content
    assert "Auto-Submitted: auto-generated" in content
    assert house.fresh(consultation).reminders == 1
    assert _actions(house) == ["area.asked", "area.reminded"]


def test_late_is_marked_once_and_for_ever(house: AreaHouse):
    consultation = house.ask()
    _past(house, consultation, due=True)
    _sweep()
    marked = house.fresh(consultation)
    _past(house, consultation, due=True)
    _sweep()

    after = house.fresh(consultation)
    assert marked.breached_at is not None
    assert after.breached_at == marked.breached_at
    assert _actions(house) == ["area.asked", "area.overdue", "area.reminded"]


def test_two_sweeps_at_once_remind_once(house: AreaHouse):
    consultation = house.ask()
    house.carry()
    _past(house, consultation, due=False)

    together(sweep_areas, sweep_areas)

    assert house.carry() == ["sent"]
    assert house.fresh(consultation).reminders == 1


def test_an_area_is_not_reminded_for_ever(house: AreaHouse):
    consultation = house.ask()
    for _day in range(rules.MOST_REMINDERS + 3):
        if house.fresh(consultation).next_at is not None:
            _past(house, consultation, due=True)
        _sweep()

    assert house.fresh(consultation).reminders == rules.MOST_REMINDERS
    assert house.fresh(consultation).next_at is None


def test_nobody_is_reminded_of_a_case_that_is_resolved(house: AreaHouse):
    consultation = house.ask()
    house.carry()
    with tenant(house.cast.bank.pk):
        ticket = casework.lock(house.ticket().pk)
        typify(ticket)
        casework.resolve(ticket, by=house.cast.juan)
    _past(house, consultation, due=True)

    assert _sweep() == {}
    assert house.carry() == []


def test_an_answer_stops_the_reminders(house: AreaHouse):
    from tests.tickets.areas.test_by_mail import _reply

    consultation = house.ask()
    house.arrive(_reply(consultation))

    assert house.fresh(consultation).next_at is None
