"""The page «Cifras»: what its panels show, in words and pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import sqrt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.insights import words
from tickets.insights.asking import Question
from tickets.insights.charts import svg
from tickets.insights.definitions import definitions
from tickets.insights.enums import Cut
from tickets.insights.models import FigureState
from tickets.insights.queries import figures as read
from tickets.insights.queries.names import names_of
from tickets.insights.rules.figures import Sums, Value, is_better, value_of
from tickets.insights.rules.periods import Unit

# Over the page, of each what and what stands under it.
HEAD = ("first_median", "first_within", "promises_kept", "solved_median", "csat")
# What a group is told by in the table of the breakdown.
COLUMNS = (
    "opened",
    "messages",
    "first_median",
    "first_p90",
    "first_within",
    "solved_within",
    "promises_kept",
)
FEW_DAYS = 7
# The days that a short period is held against: the same weekdays of as many weeks.
NORMAL_WEEKS = 4
ROWS = 40


class Page:
    """Everything a page shows of one question; read once, then only arranged."""

    def __init__(self, slug: str, question: Question) -> None:
        self.slug, self.question, self.asked = slug, question, question.asked
        self.path = reverse("board_figures", args=[slug])
        self.whole = read.whole(self.asked)
        self.groups = read.groups(self.asked)
        self.by = "account" if self.asked.cut != Cut.ALL or self.asked.by == "account" else self.asked.by

    def context(self) -> dict[str, Any]:
        """For ``figures.html``."""
        period, today = self.asked.period, self.question.today
        is_day = period.days == 1
        return {
            "question": self.question,
            "span": words.span(period.first, period.last, today),
            "former": words.span(period.before.first, period.before.last, today),
            "filtered": self._filtered(),
            "figures": [self._figure(code) for code in HEAD],
            "rows": [self._row(code) for code in definitions()],
            "heat": None if is_day else self.heat(),
            "hours": self.day_hours() if is_day else None,
            "response": None if is_day else self.response(),
            "breakdown": self.breakdown(),
            "promises": self.promises(),
            "satisfaction": self.satisfaction(),
            "changed": self.changed() if period.days <= FEW_DAYS else [],
            "adjustments": self.adjustments(),
            "is_empty": not self.whole.now["messages"] and not self.whole.now["opened"],
        }

    def behind_url(self, what: str, **changes: Any) -> str:
        """Where the cases behind a figure are; nowhere for who sees no cases."""
        if not what or not self.question.reach.sees_cases:
            return ""
        return self.question.url(
            reverse("board_figures_cases", args=[self.slug, what]), **{"por": ""} | changes
        )

    def _filtered(self) -> dict[str, str] | None:
        if self.asked.cut == Cut.ALL:
            return None
        name = names_of(self.asked.cut, [self.asked.key]).get(self.asked.key, "")
        url = "" if self.question.reach.is_own else self.question.url(self.path, cut=None, key=None)
        return {"what": str(Cut(self.asked.cut).label), "name": name, "url": url}

    def _figure(self, code: str) -> dict[str, Any]:
        now, before = value_of(code, self.whole.now), value_of(code, self.whole.before)
        line = [value_of(code, sums).value for _point, sums in sorted(self.whole.points.items())]
        return {
            "code": code, "title": definitions()[code].title, "value": words.figure(now), "beside": words.beside(now),
            "change": words.change(now, before), "better": is_better(code, now, before), "spark": svg.spark(line),
        }  # fmt: skip

    def _row(self, code: str) -> dict[str, Any]:
        now, before = value_of(code, self.whole.now), value_of(code, self.whole.before)
        definition = definitions()[code]
        return {
            "code": code, "title": definition.title, "now": words.figure(now), "beside": words.beside(now),
            "before": words.figure(before), "change": words.change(now, before),
            "better": is_better(code, now, before),
            "url": self.behind_url(definition.behind) if now.n or (now.value and now.n is None) else "",
        }  # fmt: skip

    # — When they write

    def heat(self) -> dict[str, Any]:
        """Messages by weekday and hour, with the busiest hour in words."""
        names = [words.weekday(place) for place in range(7)]
        table = [self.whole.weekdays.get(place, Sums({})).hours() for place in range(7)]
        rows = [[self._cell(place, hour, table[place][hour]) for hour in range(24)] for place in range(7)]
        most, place, hour = max((table[p][h], -p, -h) for p in range(7) for h in range(24))
        says = ""
        if most:
            says = _("Lo más: %(day)s de %(from)s a %(to)s, %(n)s mensajes.") % {
                "day": names[-place], "from": -hour, "to": -hour + 1, "n": words.number(most),
            }  # fmt: skip
        sums = [
            (name, words.number(sum(row)), [words.number(n) for n in row])
            for name, row in zip(names, table, strict=True)
        ]
        chart = svg.heat_map(rows, names, f"{_('Mensajes por hora y día')}. {says}")
        return {"chart": chart, "says": says, "table": sums, "hours": range(24)}

    def _cell(self, place: int, hour: int, many: int) -> svg.Point:
        tip = f"{words.weekday(place)} {hour}:00 · " + ngettext(
            "%s mensaje", "%s mensajes", many
        ) % words.number(many)
        return svg.Point(many, tip, self.behind_url("message", dia=place + 1, hora=hour) if many else "")

    def day_hours(self) -> dict[str, Any]:
        """Of one day: each hour beside what was usual on that weekday."""
        now = self.whole.now.hours()
        usual = [many / NORMAL_WEEKS for many in self._usual_hours()]
        points = [
            svg.Point(
                now[hour],
                f"{hour}:00 · " + ngettext("%s mensaje", "%s mensajes", now[hour]) % words.number(now[hour])
                + f" · {_('lo normal')}: {words.number(usual[hour], 1)}",
                self.behind_url("message", hora=hour) if now[hour] else "",
            )
            for hour in range(24)
        ]  # fmt: skip
        ticks = [str(hour) if hour % 2 == 0 else "" for hour in range(24)]
        label = _("Mensajes por hora, frente a lo normal de ese día de la semana")
        table = [(f"{hour}:00", words.number(now[hour]), words.number(usual[hour], 1)) for hour in range(24)]
        return {"chart": svg.bars(points, usual, ticks, label), "table": table}

    def _usual_hours(self) -> list[int]:
        found = [0] * 24
        for day in self._usual_days():
            period = replace(self.asked.period, first=day, last=day)
            hours = read.whole(replace(self.asked, period=period)).now.hours()
            found = [a + b for a, b in zip(found, hours, strict=True)]
        return found

    def _usual_days(self) -> list[date]:
        """The same weekdays of the weeks before."""
        period = self.asked.period
        return [
            period.first + timedelta(days=n - 7 * week)
            for week in range(1, NORMAL_WEEKS + 1)
            for n in range(period.days)
        ]

    # — How soon they are answered

    def response(self) -> dict[str, Any]:
        """Median and p90 of the first response over the period, in minutes of business time."""
        period = self.asked.period
        points, ticks, table = [], [], []
        places = list(period.points())
        every = max(1, -(-len(places) // 6))
        for place, start in enumerate(places):
            sums = self.whole.points.get(start, Sums({}))
            middle, high = (value_of(f"first_{part}", sums) for part in ("median", "p90"))
            name = words.day(start, weekday=period.unit is Unit.DAY)
            opened = words.number(sums["opened"])
            tip = f"{name} · {_('mediana')} {words.figure(middle)} · p90 {words.figure(high)} · {_('casos nuevos')} {opened}"
            points.append(svg.Point(_minutes(middle), tip, self._point_url(start), _minutes(high)))
            ticks.append(words.day(start) if place % every == 0 else "")
            table.append((name, opened, words.figure(middle), words.figure(high),
                          words.figure(value_of("first_within", sums)), self._point_url(start)))  # fmt: skip
        label = _("Primera respuesta, en minutos hábiles: mediana y p90 a lo largo del periodo")
        return {"chart": svg.series(points, ticks, label), "table": table}

    def _point_url(self, start: date) -> str:
        period, unit = self.asked.period, self.asked.period.unit
        last = start if unit is Unit.DAY else start + timedelta(days=6)
        if unit is Unit.MONTH:
            last = (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        return self.question.for_days(self.path, max(start, period.first), min(last, period.last))

    # — Of whom, of what

    def breakdown(self) -> dict[str, Any]:
        """A line for each group, the largest first, with what it was before."""
        names = names_of(self.by, self.groups)
        ordered = sorted(
            self.groups.items(), key=lambda item: (-_weight(item[1][0]), -_weight(item[1][1]), item[0])
        )
        lines = [self._line(key, names[key], *pair) for key, pair in ordered[:ROWS]]
        bys = [(by, str(Cut(by).label)) for by in self.question.reach.bys] + [("account", _("Cuenta"))]
        return {
            "lines": lines, "columns": [definitions()[code] for code in COLUMNS], "more": max(0, len(ordered) - ROWS),
            "by": self.by, "bys": [] if self.asked.cut != Cut.ALL else [
                (name, self.question.url(self.path, por=by), by == self.by) for by, name in bys],
            "title": dict(bys).get(self.by, ""),
        }  # fmt: skip

    def _line(self, key: str, name: str, now: Sums, before: Sums) -> dict[str, Any]:
        if self.by == "account":
            url = self.question.url(self.path, cuenta=key) if key != "0" else ""
        else:
            url = self.question.url(self.path, cut=self.by, key=key)
        cells = []
        for code in COLUMNS:
            value, former = value_of(code, now), value_of(code, before)
            cells.append({"now": words.figure(value), "better": is_better(code, value, former), "n": value.n,
                          "change": words.change(value, former)})  # fmt: skip
        return {"name": name, "url": url, "cells": cells}

    def promises(self) -> dict[str, Any] | None:
        """Dates said to customers, by the area that had to keep them; by account when it is of one thing already."""
        cut = Cut.AREA.value if self.asked.cut == Cut.ALL else "account"
        groups = (
            self.groups
            if self.by == cut
            else (read.by_cut(self.asked, cut) if cut == Cut.AREA else self.groups)
        )
        found = {
            key: now for key, (now, _b) in groups.items() if now["kept"] + now["broken"] + now["renegotiated"]
        }
        if not found:
            return None
        names = names_of(cut, found)
        ordered = sorted(found.items(), key=lambda item: (-item[1]["kept"] - item[1]["broken"], item[0]))[:12]
        table, rows = [], []
        for key, sums in ordered:
            parts = (sums["kept"], sums["renegotiated"], sums["broken"])
            share = value_of("promises_kept", sums)
            filters = {"cut": cut, "key": key} if cut == Cut.AREA else {"cuenta": key}
            url = self.behind_url("broken", **filters) if sums["broken"] else ""
            tip = _("%(name)s: %(kept)s cumplidos, %(moved)s renegociados, %(broken)s incumplidos") % {
                "name": names[key], "kept": parts[0], "moved": parts[1], "broken": parts[2],
            }  # fmt: skip
            rows.append(svg.Stack(names[key], parts, words.figure(share), words.beside(share), tip, url))
            table.append((names[key], *map(words.number, parts), words.figure(share), url))
        return {"chart": svg.stacks(rows, _("Compromisos cumplidos, renegociados e incumplidos")), "table": table,
                "by": str(Cut.AREA.label) if cut == Cut.AREA else _("Cuenta")}  # fmt: skip

    def satisfaction(self) -> dict[str, Any] | None:
        """CSAT by account with its margin; a sentence where too few answered."""
        groups = self.groups if self.by == "account" else read.groups(replace(self.asked, by="account"))
        found = {key: now for key, (now, _b) in groups.items() if now["scored"]}
        if not found:
            return None
        names = names_of("account", found)
        rows, table = [], []
        for key, sums in sorted(found.items(), key=lambda item: -item[1]["scored"]):
            value = value_of("csat", sums)
            low, high = _margin(sums["satisfied"], sums["scored"])
            rest = f"n = {value.n}" if value.value is not None else words.beside(value)
            tip = f"{names[key]}: {words.figure(value) if value.value is not None else rest} · n = {value.n}"
            rows.append(svg.Interval(names[key], value.value, low, high, rest, tip))
            table.append((names[key], words.figure(value), value.n))
        return {
            "chart": svg.intervals(rows, _("Satisfacción por cuenta, con margen y número de respuestas")),
            "table": table,
        }

    # — What was different

    def changed(self) -> list[dict[str, Any]]:
        """Of few days: what brought most more cases than the same weekdays of four weeks, and most more delays."""
        if self.asked.cut != Cut.ALL:
            return []
        found = []
        rows = read.everything(self.asked, self._usual_days())
        for (cut, key), pair in rows.items():
            if cut not in self.question.reach.bys or (key == "" and cut != Cut.AREA):
                continue
            for measure, behind in (("opened", "opened"), ("late", "late"), ("broken", "broken")):
                now = int(pair.get(True, {}).get(measure) or 0)
                usual = int(pair.get(False, {}).get(measure) or 0) / NORMAL_WEEKS
                if now >= 3 and now >= 1.5 * usual:
                    found.append((now - usual, now, usual, cut, key, measure, behind))
        found.sort(key=lambda one: (-one[0], one[3], one[4], one[5]))
        picked = _different(found)
        names = {
            cut: names_of(cut, [one[4] for one in picked if one[3] == cut])
            for cut in {one[3] for one in picked}
        }
        says = {"opened": _("casos nuevos"), "late": _("vencidos"), "broken": _("compromisos incumplidos")}
        return [
            {
                "name": names[cut][key], "cut": str(Cut(cut).label), "now": words.number(now), "what": says[measure],
                "usual": words.number(usual, 0 if usual >= 10 else 1), "is_late": measure != "opened",
                "url": self.behind_url(behind, cut=cut, key=key) or self.question.url(self.path, cut=cut, key=key),
            }
            for _more, now, usual, cut, key, measure, behind in picked
        ]  # fmt: skip

    def adjustments(self) -> list[dict[str, str]]:
        """What closed months would say now, where it is not what they said when they were closed."""
        state = FigureState.objects.filter(organization_id=self.asked.organization_id).first()
        if state is None or self.asked.period.first >= state.closed_until:
            return []
        pair = read.adjusted(self.asked)
        if pair is None:
            return []
        lines = []
        base, now = pair
        for code, definition in definitions().items():
            had, has = value_of(code, base), value_of(code, now)
            if words.figure(had) != words.figure(has):
                lines.append({"title": definition.title, "had": words.figure(had), "has": words.figure(has)})
        return lines


def _different(found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The five that say most, two of each way to take them apart at the most: a kind and its motive say the same."""
    picked: list[tuple[Any, ...]] = []
    for one in found:
        if sum(other[3] == one[3] for other in picked) < 2:
            picked.append(one)
    return picked[:5]


def _minutes(value: Value) -> float | None:
    return None if value.value is None else value.value / 60


def _weight(sums: Sums) -> int:
    return sums["opened"] * 1_000_000 + sums["messages"] + sums["first_met"] + sums["kept"] + sums["broken"]


def _margin(part: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson): honest with few answers, never outside 0 and 1."""
    if not whole:
        return 0, 1
    z, share = 1.96, part / whole
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    reach = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return max(0.0, middle - reach), min(1.0, middle + reach)
