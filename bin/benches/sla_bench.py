"""`sla`: adding and measuring business time, against the bare bisection under it and a library. No database.

The yardstick is the smallest thing that gives the same answers in the calendar's whole minutes: two lists of
integers, `bisect`, one addition, with no dates at all. ``ratio`` is the slower of our two against it, over both
calendars. ``businesstimedelta`` runs in the same run where it is installed; it is no dependency of ours.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from typing import Any

Ask = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]
ROUNDS, TURN, QUESTIONS, FEW = 25, 100, 4000, 40
ZONE = "America/Bogota"
WEEKS = {
    "plain": [(day, "08:00", "18:00") for day in range(5)],
    "lunch": [
        *((day, *stretch) for day in range(5) for stretch in (("08:00", "12:00"), ("13:00", "18:00"))),
        (5, "09:00", "13:00"),
    ],
}


def run() -> dict[str, Any]:
    """Time each calendar, print the lines, and return the figures."""
    sys.path.insert(0, str(ROOT))
    measured: dict[str, float] = {}
    yardstick: dict[str, float] = {}
    ratios: dict[str, float] = {}
    for name, week in WEEKS.items():
        for what, (ours, bare, library) in _timed(week).items():
            key = f"{what}_{name}_us"
            measured[key], yardstick[key] = round(ours, 3), round(bare, 3)
            ratios[f"{what}_{name}"] = round(ours / bare, 2)
            line = (
                f"{name:6} {what:8} ours {ours:7.2f} µs   bare bisection {bare:6.2f} µs   {ours / bare:5.2f}×"
            )
            if library is not None:
                measured[f"businesstimedelta_{key}"] = round(library, 1)
                ratios[f"businesstimedelta_{what}_{name}"] = round(library / ours, 1)
                line += f"   businesstimedelta {library:9.1f} µs   {library / ours:7.1f}× ours"
            print(line)
    if not any(name.startswith("businesstimedelta") for name in measured):
        print("businesstimedelta is not installed here: not timed")
    worst = max(value for name, value in ratios.items() if not name.startswith("businesstimedelta"))
    return {"measured": measured, "yardstick": yardstick, "ratio": worst, "ratios": ratios}


def _timed(week: list[tuple[int, str, str]]) -> dict[str, tuple[float, float, float | None]]:
    """Microseconds a question of ours, of the bare bisection and of the library; the same answers first."""
    from protocols.rules.business_time import BusinessTime
    from protocols.rules.calendar import WeekHours
    from protocols.rules.holidays import holidays_for

    holidays = holidays_for("CO", range(2025, 2030))
    hours = WeekHours.of(
        ZONE,
        [(day, hour.fromisoformat(a), hour.fromisoformat(b)) for day, a, b in week],
        holidays=[day for day, _name in holidays],
    )
    ours, bare = BusinessTime(hours), Bare(hours)
    asked = _questions()
    pairs = [(start, start + wall) for start, _owed, wall in asked]
    raw = [(_minutes(a), _minutes(b)) for a, b in pairs]
    owed = [(_minutes(start), minutes) for start, minutes, _wall in asked]
    for (start, minutes, _), (first, _m) in zip(asked, owed, strict=True):
        assert _minutes(ours.add(start, timedelta(minutes=minutes))) == bare.add(first, minutes)
    for (a, b), (first, last) in zip(pairs, raw, strict=True):
        assert ours.between(a, b) == timedelta(minutes=bare.between(first, last))
    lent = [(start, timedelta(minutes=minutes)) for start, minutes, _wall in asked]
    add, between = (
        _together(ours.add, lent, bare.add, owed),
        _together(ours.between, pairs, bare.between, raw),
    )
    library = _library(week, [day for day, _name in holidays])
    if library is None:
        return {"add": (*add, None), "between": (*between, None)}
    lib_add, lib_between = library
    return {
        "add": (*add, _microseconds(lib_add, lent[:FEW], rounds=3)),
        "between": (*between, _microseconds(lib_between, pairs[:FEW], rounds=3)),
    }


class Bare:
    """Open stretches as integers, in minutes of UTC, with running sums: the least that can answer."""

    def __init__(self, hours: Any) -> None:
        from datetime import date

        spans: list[tuple[int, int]] = []
        first, last = date(2025, 1, 1).toordinal(), date(2029, 12, 31).toordinal()
        for ordinal in range(first, last):
            spans += [(_minutes(a), _minutes(b)) for a, b in hours.spans_of(date.fromordinal(ordinal))]
        self.starts, self.ends = [a for a, _ in spans], [b for _, b in spans]
        self.before = [0]
        for begin, end in spans:
            self.before.append(self.before[-1] + end - begin)
        self.after = self.before[1:]

    def worked(self, at: int) -> int:
        index = bisect_right(self.ends, at)
        begin = self.starts[index]
        return self.before[index] + (at - begin if begin < at else 0)

    def add(self, start: int, minutes: int) -> int:
        target = self.worked(start) + minutes
        index = bisect_left(self.after, target)
        return self.starts[index] + target - self.before[index]

    def between(self, start: int, end: int) -> int:
        return self.worked(end) - self.worked(start)


def _questions() -> list[tuple[datetime, int, timedelta]]:
    """A start, minutes owed, and wall time to measure; the same every run."""
    chance = random.Random(1755)
    zero = datetime(2026, 2, 1, tzinfo=UTC)
    return [
        (
            zero + timedelta(minutes=chance.randrange(60 * 24 * 330)),
            chance.choice((15, 30, 120, 480, 1440, 3 * 540, 15 * 540)),
            timedelta(minutes=chance.randrange(1, 60 * 24 * 20)),
        )
        for _ in range(QUESTIONS)
    ]


def _minutes(at: datetime) -> int:
    return int(at.timestamp()) // 60


def _together(one: Ask, asked: list[Any], other: Ask, raw: list[Any]) -> tuple[float, float]:
    """Both in short turns, so that what else the machine does falls on both; the round of the middle ratio."""
    rounds = []
    for _round in range(ROUNDS):
        turns = [
            (_once(one, asked[at : at + TURN]), _once(other, raw[at : at + TURN]))
            for at in range(0, len(asked), TURN)
        ]
        rounds.append((statistics.median(a for a, _ in turns), statistics.median(b for _, b in turns)))
    return sorted(rounds, key=lambda pair: pair[0] / pair[1])[ROUNDS // 2]


def _microseconds(call: Ask, asked: list[Any], rounds: int = ROUNDS) -> float:
    return min(_once(call, asked) for _ in range(rounds))


def _once(call: Ask, asked: list[Any]) -> float:
    begun = time.perf_counter()
    for a, b in asked:
        call(a, b)
    return (time.perf_counter() - begun) / len(asked) * 1e6


def _library(
    week: list[tuple[int, str, str]], holidays: list[Any]
) -> tuple[Callable[..., Any], Callable[..., Any]] | None:
    """``businesstimedelta`` with the same rules, if somebody installed it."""
    try:
        import businesstimedelta as library
        import pytz
    except ImportError:
        return None
    zone = pytz.timezone(ZONE)  # it asks its zone to `localize`
    rules = [
        library.WorkDayRule(
            start_time=hour.fromisoformat(a), end_time=hour.fromisoformat(b), working_days=[day], tz=zone
        )
        for day, a, b in week
    ]
    free = library.HolidayRule(dict.fromkeys(holidays, "festivo"), tz=zone)
    all_rules = library.Rules([*rules, free])
    return (
        lambda start, owed: start + library.BusinessTimeDelta(all_rules, timedelta=owed),
        lambda start, end: all_rules.difference(start, end),
    )
