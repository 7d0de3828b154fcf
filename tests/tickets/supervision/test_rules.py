"""Forecast, when answers leave, and to whom a case should go: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tickets.supervision.rules.forecast import USUAL_PACE, forecast, merged, pace_of
from tickets.supervision.rules.handing import Colleague, Due, team_of
from tickets.supervision.rules.leaving import EACH, WINDOW, Room, leaves_in

NOW = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def seen(
    due: list[float | None],
    *,
    people: int = 1,
    pace: float = 6,
    arrivals: float = 0,
    backlog: int = 0,
    hours=(),
):
    at = [(NOW + minutes(n) if n is not None else None, 1) for n in due]
    return forecast(
        at,
        hours=merged([(NOW + minutes(begin), NOW + minutes(end)) for begin, end in hours], NOW),
        backlog=backlog or len(due),
        people=people,
        pace=pace,
        is_measured=True,
        arrivals=arrivals,
        now=NOW,
    )


def test_one_person_at_six_an_hour_is_late_with_the_third_of_three_due_in_25_minutes():
    found = seen([25, 25, 25])

    assert (found.late, found.late_until) == (1, NOW + minutes(25))
    assert found.ends_at == NOW + minutes(30)


def test_two_people_are_in_time():
    assert seen([25, 25, 25], people=2).late == 0


def test_what_is_late_already_takes_time_and_is_no_news():
    found = seen([-30, -30, 25])

    assert found.late == 1


def test_nobody_there_makes_everything_late_and_nothing_ends():
    found = seen([5, 600, None], people=0)

    assert (found.late, found.ends_at) == (2, None)


def test_new_cases_put_the_end_off_and_can_put_it_off_for_ever():
    assert seen([None] * 6, arrivals=3).ends_at == NOW + minutes(120)
    assert seen([None] * 6, arrivals=6).ends_at is None
    assert seen([]).ends_at == NOW


def test_nobody_works_while_every_account_is_closed():
    # One account until 18:20, another one until 18:30; both open again the next morning.
    hours = [(-500, 20), (-480, 30), (900, 1500)]

    found = seen([910] * 6, hours=hours)

    # Three this evening and one in the morning; the last of the six is answered half an hour after opening.
    assert (found.late, found.late_until, found.opens_at) == (2, NOW + minutes(910), None)
    assert found.ends_at == NOW + minutes(930)
    assert seen([910], hours=[(900, 1500)]).opens_at == NOW + minutes(900)


def test_of_more_than_were_looked_at_it_says_at_least():
    assert seen([5, 5], people=0, backlog=3).is_at_least
    assert not seen([5, 5], people=0).is_at_least


def test_pace_is_measured_only_out_of_enough_answers():
    assert pace_of(9, 2) == (USUAL_PACE, False)
    assert pace_of(24, 4) == (12, True)


@pytest.mark.parametrize(
    ("ahead", "lane", "room", "expected"),
    [
        (0, "1_individual", Room(), timedelta()),
        (30, "3_bulk", Room(), EACH * 30),
        (30, "1_individual", Room(100, 40, NOW + minutes(6)), EACH * 30),
        # What goes to many leaves a fifth of the window to people.
        (30, "3_bulk", Room(100, 40, NOW + minutes(6)), minutes(6) + EACH * 10),
        (600, "3_bulk", Room(100, 0, NOW + minutes(6)), minutes(6) + WINDOW * 7 + EACH * 40),
        (5, "0_critical", Room(100, 0, NOW + minutes(6)), minutes(6) + EACH * 5),
        (5, "0_critical", Room(100, 0, NOW - minutes(6)), EACH * 5),
    ],
)
def test_it_leaves_when_the_windows_let_it(ahead, lane, room, expected):
    assert leaves_in(ahead, lane, room, NOW) == expected


def person(pk: int, load: int = 0, **more) -> Colleague:
    return Colleague(pk, load=load, **({"is_connected": True, "is_on_duty": True} | more))


def test_nobodys_case_goes_to_the_least_loaded_and_the_next_one_to_another():
    team = team_of([person(1, 3), person(2, 3)])

    assert [team.suggest(Due(n, None, 7)) for n in (10, 11)] == [1, 2]


def test_case_of_somebody_who_left_their_desk_goes_to_who_is_there():
    away = person(1, 0, is_connected=False, is_on_duty=False)

    assert team_of([away, person(2, 9)]).suggest(Due(10, 1, 7)) == 2


def test_case_stays_where_it_is_unless_moving_it_makes_things_better():
    assert team_of([person(1, 4), person(2, 3)]).suggest(Due(10, 1, 7)) is None
    team = team_of([person(1, 5), person(2, 3)])
    assert team.suggest(Due(10, 1, 7)) == 2
    # Now both have four: no way back.
    assert team.suggest(Due(10, 2, 7)) is None


def test_who_learns_or_does_not_see_the_account_is_passed_over():
    team = team_of([person(1, 0, learns=True), person(2, 1, accounts=frozenset({8})), person(3, 9)])

    assert team.suggest(Due(10, None, 7)) == 3
    assert team.suggest(Due(11, None, 7, is_easy=True)) == 1


def test_with_nobody_on_duty_nobody_is_suggested():
    assert team_of([person(1, is_connected=False, is_on_duty=False)]).suggest(Due(10, None, 7)) is None
