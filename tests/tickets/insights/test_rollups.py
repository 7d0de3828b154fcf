"""Figures are what the rows say, whatever happens in whatever order, and whenever the sweep comes by or dies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from helpdesk.tenancy.context import tenant
from protocols.models import Calendar
from protocols.typification.domain.publishing import plant
from protocols.typification.models import TreeNode, TreeVersion
from tests.tickets.insights.histories import EVENTS, Desk, at
from tickets.areas.models import Area
from tickets.insights.domain import sweeping
from tickets.insights.domain.counting import differences
from tickets.insights.domain.raw import MEASURES
from tickets.insights.domain.sweeping import sweep
from tickets.insights.models import DayFigure
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
            cast.airline, [cast.airline_x, cast.airline_page], [cast.carla, nuria], areas, Calendar.objects.first(), motives,
            TreeVersion.objects.first(),
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
