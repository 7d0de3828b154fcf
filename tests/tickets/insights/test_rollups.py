"""Figures are what the rows say, whatever happens in whatever order, and whenever the sweep comes by or dies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from helpdesk.tenancy.context import tenant
from protocols.models import Calendar
from protocols.typification.domain.publishing import plant
from protocols.typification.models import TreeNode, TreeVersion
from tests.tickets.insights.histories import EVENTS, Desk, at
from tickets.areas.models import Area
from tickets.cases.models import Ticket
from tickets.insights.domain import sweeping
from tickets.insights.domain.counting import differences, stretches
from tickets.insights.domain.raw import MEASURES
from tickets.insights.domain.sweeping import sweep
from tickets.insights.models import DayFigure, FigureMark, FigureState
from tickets.insights.rules.histogram import counts
from tickets.settings.domain.organization import invite

NOW = at(60 * 24 * 20)
WHEN, WHAT = st.integers(0, 60 * 24 * 12), st.integers(0, 999)
# Cases first: most of what can happen happens to one.
BEGINNING = st.lists(st.tuples(st.just("open"), WHEN, WHAT), min_size=1, max_size=3)
HISTORY = st.lists(st.tuples(st.sampled_from(EVENTS), WHEN, WHAT), min_size=25, max_size=50)
# What comes after a first count, one thing at a time, so that none hides the mark another forgot.
CHANGES = ("become", "become", "become", "call", "ask", "turn", "hang", *EVENTS)
LATER = st.lists(st.tuples(st.sampled_from(CHANGES), WHEN, WHAT), min_size=6, max_size=10)


@pytest.fixture
def desk(cast: Any) -> Any:
    """Alisios in Madrid, with two areas and a tree; everything inside its tenant."""
    with tenant(cast.airline.pk):
        nuria = invite(
            cast.airline,
            email="nuria@a.example",
            name="Nuria",
            initials="NV",
            role="agent",
            password="clave-larga-1",
        )
        plant(cast.airline)
        areas = [
            Area.objects.create(organization=cast.airline, name=name, address=f"{name}@a.example")
            for name in ("Equipajes", "Reembolsos")
        ]
        motives = list(TreeNode.objects.filter(axis="motive", parent__isnull=False).order_by("pk")[:3])
        made = Desk(
            cast.airline, [cast.airline_x, cast.airline_page], [cast.carla, nuria], areas,
            Calendar.objects.first(), motives, TreeVersion.objects.first(),
        )  # fmt: skip
        made.begin()
        yield made


def stored() -> dict[tuple[str, date, int, str], dict[str, int]]:
    """What is in force, without what is nothing."""
    found = {}
    for row in DayFigure.objects.filter(edition=0):
        measures = {name: int(getattr(row, name)) for name in MEASURES if getattr(row, name)}
        if measures:
            found[row.cut, row.day, row.account, row.key] = measures
    return found


def happen(desk: Desk, history: list[tuple[str, int, int]]) -> None:
    for event, when, what in history:
        getattr(desk, event)(when, what)


@settings(
    max_examples=25,
    # A shorter history would take minutes to find; the one that fails is told.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(beginning=BEGINNING, history=HISTORY, later=LATER)
def test_figures_are_those_counted_by_hand(desk: Desk, beginning: Any, history: Any, later: Any) -> None:
    desk = desk.again()
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        # Nothing is closed here: another test closes months.
        patch.setattr(sweeping, "closed_until", lambda today: date(1990, 1, 2))
        for events in ([*beginning, *history], *([one] for one in later)):
            happen(desk, events)
            sweep(desk.organization, now=NOW)

            assert stored() == desk.figures()
        assert differences(desk.organization, at(0).date() - timedelta(days=3), NOW.date()) == []
        transaction.set_rollback(True)


def _history(desk: Desk, many: int = 6) -> None:
    for n in range(many):
        desk.open(n * 700, n)
        desk.clock(n * 700, 3 * n + 1)
        desk.say(n * 700, n)


def test_days_of_23_and_25_hours_hold_what_was_said_in_them(desk: Desk) -> None:
    # Madrid: 25 October 2026 has 25 hours, from 22:00 UTC of the 24th to 23:00 of the 25th.
    for minute in range(90, 90 + 26 * 60, 30):
        desk.say(minute, 4)
    sweep(desk.organization, now=NOW)

    found = {row.day.day: row.messages for row in DayFigure.objects.filter(cut="all").order_by("day")}
    hours = counts(DayFigure.objects.get(cut="all", day=date(2026, 10, 25)).hours)
    assert found == {23: 1, 24: 48, 25: 3}
    assert stored() == desk.figures()
    assert hours[:2] == [2, 1]


def test_the_repeated_hour_is_one_place_of_the_day(desk: Desk) -> None:
    for minute in (28 * 60, 29 * 60):  # 24:00 and 25:00 UTC of the 24th: 2:00 summer time, 2:00 winter time
        desk.say(minute, 4)
    sweep(desk.organization, now=NOW)

    assert counts(DayFigure.objects.get(cut="all").hours)[2] == 2


def test_a_count_that_dies_half_way_leaves_figures_and_marks(desk: Desk) -> None:
    _history(desk)
    sweep(desk.organization, now=NOW)
    before = stored()
    desk.become(0, 2)
    desk.say(100, 5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeping, "close_months", _die)
        with pytest.raises(RuntimeError):
            sweep(desk.organization, now=NOW)

    assert stored() == before
    assert FigureMark.objects.exists()
    sweep(desk.organization, now=NOW)
    assert not FigureMark.objects.exists()


def _die(*_args: Any) -> None:
    raise RuntimeError("killed")


def test_a_closed_month_stays_and_shows_what_came_later_apart(desk: Desk) -> None:
    _history(desk)
    sweep(desk.organization, now=NOW)
    closed = stored()
    assert FigureState.objects.get().is_closed(date(2026, 10, 31))
    assert not FigureState.objects.get().is_closed(date(2026, 9, 30))

    desk.open(60, 1)
    done = sweep(desk.organization, now=NOW)

    assert done.adjusted == 1
    assert stored() == closed
    day = DayFigure.objects.get(cut="all", edition=1, account=desk.accounts[1].pk)
    assert (day.day, day.opened) == (date(2026, 10, 23), 1)
    assert differences(desk.organization, date(2026, 10, 1), NOW.date()) == []

    Ticket.objects.filter(pk=desk.tickets.pop().pk).delete()
    sweep(desk.organization, now=NOW)
    assert not DayFigure.objects.filter(edition=1).exists(), "it is again as it was when it was closed"


def test_history_from_before_the_first_closed_month_is_in_force(desk: Desk) -> None:
    _history(desk)
    sweep(desk.organization, now=NOW)
    desk.open(-60 * 24 * 60, 0)
    sweep(desk.organization, now=NOW)

    assert DayFigure.objects.filter(day__month=8, edition=0, cut="all").exists()
    assert not DayFigure.objects.filter(edition=1).exists()


def test_another_zone_counts_every_open_day_anew(desk: Desk) -> None:
    desk.say(90, 4)  # 21:30 UTC: the 23rd in Madrid, still the 23rd in Bogotá
    desk.say(60 * 6, 4)  # 2:00 UTC of the 24th: the 24th in Madrid, the 23rd in Bogotá
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeping, "closed_until", lambda today: date(1990, 1, 2))
        sweep(desk.organization, now=NOW)
        desk.organization.timezone = "America/Bogota"
        desk.organization.save()
        sweep(desk.organization, now=NOW)

    assert [(row.day.day, row.messages) for row in DayFigure.objects.filter(cut="all")] == [(23, 2)]


def test_the_command_proves_and_mends(cast: Any, desk: Desk, capsys: Any) -> None:
    _history(desk)
    sweep(desk.organization, now=NOW)
    days = {"org": "alisios", "first": date(2026, 10, 20), "last": date(2026, 11, 12)}
    call_command("rollup", "--prove", **days)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tickets_dayfigure SET opened = opened + 7 WHERE cut = 'kind' AND opened > 0")

    with pytest.raises(CommandError, match="figures are not what the rows say"):
        call_command("rollup", "--prove", **days)
    call_command("rollup", "--mend", **days)
    call_command("rollup", "--prove", **days)
    assert "account" in capsys.readouterr().out


def test_a_rebuild_gives_the_same(desk: Desk) -> None:
    _history(desk)
    desk.call(0, 1)
    desk.ask(0, 0)
    sweep(desk.organization, now=NOW)
    before = stored()
    DayFigure.objects.all().delete()
    FigureState.objects.update(closed_from=None)

    call_command("rollup", "--rebuild", org="alisios", first=date(2026, 10, 1), last=date(2026, 11, 20))

    assert stored() == before


def test_long_backlogs_take_several_turns_and_close_nothing_meanwhile(desk: Desk) -> None:
    _history(desk, 12)
    first = sweep(desk.organization, now=NOW, turn=2)
    assert first.is_left
    assert FigureState.objects.get().closed_from is None
    while sweep(desk.organization, now=NOW, turn=2).is_left:
        pass
    assert stored() == desk.figures()


def test_stretches_have_no_holes() -> None:
    days = [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 4), date(2026, 1, 2)]
    assert list(stretches(days)) == [
        (date(2026, 1, 1), date(2026, 1, 2)),
        (date(2026, 1, 4), date(2026, 1, 4)),
    ]
    assert len(list(stretches([date(2026, 1, 1) + timedelta(days=n) for n in range(70)]))) == 3
