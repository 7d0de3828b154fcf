"""Deadlines fall when the policy says, waits move only the clocks they may, and every part can be told."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.rules.business_time import BusinessTime
from protocols.rules.calendar import WeekHours
from protocols.rules.deadlines import Pause, deadlines_for
from protocols.rules.defaults import HOURS_BY_SECTOR, SLA_BY_PRIORITY

MINUTE = timedelta(minutes=1)
BANK = BusinessTime(
    WeekHours.of(
        "UTC", [(d, time.fromisoformat(a), time.fromisoformat(b)) for d, a, b in HOURS_BY_SECTOR["bank"]]
    )
)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """November 2026; the 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_a_medium_case_owes_two_hours_and_three_working_days():
    owed = deadlines_for(SLA_BY_PRIORITY["medium"], BANK, at(20, 19))
    assert owed.first_response.due_at == at(21, 9)
    assert owed.first_response.warn_at == (at(20, 20), at(21, 8, 36))
    assert owed.resolution.due_at == BANK.add(at(20, 19), timedelta(hours=36))


def test_a_critical_case_counts_around_the_clock():
    owed = deadlines_for(SLA_BY_PRIORITY["critical"], BANK, at(21, 22))
    assert owed.first_response.due_at == at(21, 22, 15)
    assert owed.resolution.due_at == at(22, 22)
    assert not owed.resolution.why.business


def test_nothing_is_due_where_nothing_is_owed():
    assert deadlines_for(SLA_BY_PRIORITY["low"], BANK, at(20, 10)).update is None


def test_waiting_moves_the_resolution_but_no_response():
    pauses = [Pause(at(23, 9), at(23, 11), "pendiente del cliente")]
    opened = at(23, 8)
    plain = deadlines_for(SLA_BY_PRIORITY["high"], BANK, opened)
    waited = deadlines_for(SLA_BY_PRIORITY["high"], BANK, opened, pauses)
    assert waited.first_response == plain.first_response
    assert waited.next_response == plain.next_response
    assert waited.resolution.due_at == BANK.add(plain.resolution.due_at, timedelta(hours=2))
    assert waited.resolution.why.paused == timedelta(hours=2)
    assert waited.resolution.why.pauses == tuple(pauses)


def test_an_open_wait_stops_the_clock_but_not_a_warning_already_due():
    owed = deadlines_for(SLA_BY_PRIORITY["high"], BANK, at(23, 8), [Pause(at(23, 15), None)])
    assert owed.resolution.due_at is None
    assert owed.resolution.warn_at == (at(23, 14), None)
    assert owed.first_response.due_at == at(23, 8, 30)


def test_a_wait_after_the_deadline_changes_nothing():
    owed = deadlines_for(SLA_BY_PRIORITY["high"], BANK, at(23, 8), [Pause(at(25, 9), None)])
    assert owed.resolution.due_at == at(23, 20)
    assert owed.resolution.why.pauses == ()


def test_a_wait_that_begins_when_it_is_due_comes_too_late():
    owed = deadlines_for(SLA_BY_PRIORITY["critical"], BANK, at(21, 8), [Pause(at(22, 8), at(24))])
    assert owed.resolution.due_at == at(22, 8)


def test_next_answer_and_update_have_their_own_beginnings():
    owed = deadlines_for(
        SLA_BY_PRIORITY["high"], BANK, at(20, 9), unanswered_since=at(20, 11), answered_at=at(20, 10)
    )
    assert owed.next_response.due_at == at(20, 12)
    assert owed.update.due_at == at(20, 14)
    assert owed.update.why.started_at == at(20, 10)


WAITS = st.lists(st.tuples(st.integers(-500, 6000), st.integers(0, 900)), max_size=5)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), WAITS, st.sampled_from(["critical", "high"]))
def test_waits_count_as_looking_at_every_minute_would(offset, waits, priority):
    policy, opened = SLA_BY_PRIORITY[priority], at(18) + offset * MINUTE
    pauses = [Pause(opened + a * MINUTE, opened + (a + b) * MINUTE) for a, b in waits]
    now, left = opened, policy.resolution
    while left:
        is_running = not any(p.start <= now < p.end for p in pauses)
        left -= is_running and (not policy.business or BANK.is_open(now))
        now += MINUTE
    assert deadlines_for(policy, BANK, opened, pauses).resolution.due_at == now


@pytest.mark.parametrize("priority", SLA_BY_PRIORITY)
def test_every_priority_answers_before_it_resolves(priority):
    policy = SLA_BY_PRIORITY[priority]
    assert policy.first_response <= policy.next_response < policy.resolution
