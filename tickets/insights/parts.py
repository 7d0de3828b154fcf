"""The panels that come after the page: figures of whom, of what, promises by area, satisfaction by account."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tickets.insights import words
from tickets.insights.asking import Question
from tickets.insights.charts import svg
from tickets.insights.charts.tables import Cell, table
from tickets.insights.definitions import definitions
from tickets.insights.enums import Cut
from tickets.insights.page import Links
from tickets.insights.queries import figures as read
from tickets.insights.queries.names import names_of
from tickets.insights.rules.figures import Sums, is_better, value_of

# What a group is told by.
COLUMNS = (
    "opened",
    "messages",
    "first_median",
    "first_p90",
    "first_within",
    "solved_within",
    "promises_kept",
)
ROWS, BARS = 40, 12


class Parts:
    """The groups of a question, read when the page is there already."""

    def __init__(self, slug: str, question: Question) -> None:
        self.question, self.asked, self.links = question, question.asked, Links(slug, question)
        self.by = "account" if self.asked.cut != Cut.ALL or self.asked.by == "account" else self.asked.by
        self.groups = read.groups(self.asked)

    def context(self) -> dict[str, Any]:
        """For ``_parts.html``."""
        return {
            "breakdown": self.breakdown(), "promises": self.promises(), "satisfaction": self.satisfaction(),
            "meanings_url": self.links.meanings,
        }  # fmt: skip

    def breakdown(self) -> dict[str, Any]:
        """A line for each group, the largest first, with what it was before."""
        names = names_of(self.by, self.groups)
        ordered = sorted(
            self.groups.items(), key=lambda item: (-_weight(item[1][0]), -_weight(item[1][1]), item[0])
        )
        bys = [(by, str(Cut(by).label)) for by in self.question.reach.bys] + [("account", _("Cuenta"))]
        title = dict(bys).get(self.by, "")
        heads = [title, *(str(definitions()[code].title) for code in COLUMNS)]
        lines = [self._line(key, names[key], *pair) for key, pair in ordered[:ROWS]]
        page = self.links.path
        return {
            "table": table(title, heads, lines) if lines else "", "more": max(0, len(ordered) - ROWS), "title": title,
            "bys": []
            if self.asked.cut != Cut.ALL
            else [(name, self.question.url(page, por=by), by == self.by) for by, name in bys],
        }  # fmt: skip

    def _line(self, key: str, name: str, now: Sums, before: Sums) -> tuple[Cell, list[str | Cell]]:
        if self.by == "account":
            url = self.question.url(self.links.path, cuenta=key) if key != "0" else ""
        else:
            url = self.question.url(self.links.path, cut=self.by, key=key)
        cells: list[str | Cell] = []
        for code in COLUMNS:
            value, former = value_of(code, now), value_of(code, before)
            better = is_better(code, value, former)
            cells.append(Cell(words.figure(value), "", words.change(value, former), better))
        return Cell(name, url), cells

    def promises(self) -> dict[str, Any] | None:
        """Dates said to customers, by the area that had to keep them; by account when it is of one thing already."""
        cut = Cut.AREA.value if self.asked.cut == Cut.ALL else "account"
        groups = self.groups if self.by == cut else read.by_cut(self.asked, cut)
        found = {
            key: now for key, (now, _b) in groups.items() if now["kept"] + now["broken"] + now["renegotiated"]
        }
        if not found:
            return None
        names = names_of(cut, found)
        rows, lines = [], []
        for key, sums in sorted(
            found.items(), key=lambda item: (-item[1]["kept"] - item[1]["broken"], item[0])
        )[:BARS]:
            parts = (sums["kept"], sums["renegotiated"], sums["broken"])
            share = value_of("promises_kept", sums)
            filters = {"cut": cut, "key": key} if cut == Cut.AREA else {"cuenta": key}
            url = self.links.behind("broken", **filters) if sums["broken"] else ""
            tip = _("%(name)s: %(kept)s cumplidos, %(moved)s renegociados, %(broken)s incumplidos") % {
                "name": names[key], "kept": parts[0], "moved": parts[1], "broken": parts[2],
            }  # fmt: skip
            rows.append(svg.Stack(names[key], parts, words.figure(share), words.beside(share), tip, url))
            kept, moved, broken = map(words.number, parts)
            lines.append((Cell(names[key]), [kept, moved, Cell(broken, url), words.figure(share)]))
        label = _("Compromisos cumplidos, renegociados e incumplidos")
        by = str(Cut.AREA.label) if cut == Cut.AREA else _("Cuenta")
        heads = [by, _("Cumplidos"), _("Renegociados"), _("Incumplidos"), "%"]
        return {"chart": svg.stacks(rows, label), "table": table(label, heads, lines)}

    def satisfaction(self) -> dict[str, SafeString] | None:
        """CSAT by account with its margin; a sentence where too few answered."""
        groups = self.groups if self.by == "account" else read.groups(replace(self.asked, by="account"))
        found = {key: now for key, (now, _b) in groups.items() if now["scored"]}
        if not found:
            return None
        names = names_of("account", found)
        rows, lines = [], []
        for key, sums in sorted(found.items(), key=lambda item: -item[1]["scored"]):
            value = value_of("csat", sums)
            low, high = _margin(sums["satisfied"], sums["scored"])
            rest = f"n = {value.n}" if value.value is not None else words.beside(value)
            tip = f"{names[key]}: {words.figure(value) if value.value is not None else rest} · n = {value.n}"
            rows.append(svg.Interval(names[key], value.value, low, high, rest, tip))
            lines.append((Cell(names[key]), [words.figure(value), str(value.n)]))
        label = _("Satisfacción por cuenta, con margen y número de respuestas")
        return {"chart": svg.intervals(rows, label), "table": table(label, [_("Cuenta"), "%", "n"], lines)}


def _weight(sums: Sums) -> int:
    return sums["opened"] * 1_000_000 + sums["messages"] + sums["first_met"] + sums["kept"] + sums["broken"]


def _margin(part: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson): honest with few answers, never outside 0 and 1."""
    z, share = 1.96, part / whole
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    reach = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return max(0.0, middle - reach), min(1.0, middle + reach)
