"""The page «Cifras»: what its panels show, in words and pictures. Other panels are in ``parts.py``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.select import Select
from helpdesk.ui.icons import icon
from tickets.insights import words
from tickets.insights.asking import Question
from tickets.insights.charts import svg
from tickets.insights.charts.tables import Cell, mood, table
from tickets.insights.definitions import definitions
from tickets.insights.enums import Cut
from tickets.insights.models import FigureState
from tickets.insights.queries import figures as read
from tickets.insights.queries.names import names_of
from tickets.insights.rules.figures import Sums, Value, is_better, value_of
from tickets.insights.rules.periods import Unit

# Over the page.
HEAD = ("first_median", "first_within", "promises_kept", "solved_median", "csat")
FEW_DAYS = 7
# The days that a short period is held against: the same weekdays of as many weeks.
NORMAL_WEEKS = 4
# Pages a process keeps while their figures are the same; each is some hundred kilobytes.
KEPT = 32
_STATE = Select(FigureState, tail="WHERE t.organization_id = %s")
_kept: dict[Any, tuple[Any, dict[str, Any]]] = {}
_lock = Lock()


class Links:
    """Where things of a question lead; addresses are put together once a page, not once a point."""

    def __init__(self, slug: str, question: Question) -> None:
        self.slug, self.question = slug, question
        self.path = reverse("board_figures", args=[slug])
        self.meanings = reverse("board_figures_meanings", args=[slug])
        self._cases = reverse("board_figures_cases", args=[slug, "opened"])
        self._query, self._days = question.url("", por=""), ""

    def behind(self, what: str, **more: Any) -> str:
        """The cases behind a figure; nowhere for who sees no cases."""
        if not what or not self.question.reach.sees_cases:
            return ""
        path = self._cases.replace("opened", what)
        if "cut" in more or "cuenta" in more:
            return self.question.url(path, **{"por": ""} | more)
        return f"{path}{self._query}&{urlencode(more)}" if more else f"{path}{self._query}"

    def days(self, first: date, last: date) -> str:
        """The page of other days."""
        if not self._days:
            self._days = self.question.for_days(self.path, date.min, date.max)
        return self._days.replace(str(date.min), str(first)).replace(str(date.max), str(last))


class Page:
    """What is seen first of a question; read once, then only arranged."""

    def __init__(self, slug: str, question: Question, state: FigureState | None) -> None:
        self.question, self.asked, self.links = question, question.asked, Links(slug, question)
        self.state = state
        self.whole = read.whole(self.asked)

    def context(self) -> dict[str, Any]:
        """For ``figures.html``."""
        period, today = self.asked.period, self.question.today
        is_day = period.days == 1
        former = words.span(period.before.first, period.before.last, today)
        return {
            "span": words.span(period.first, period.last, today),
            "former": former,
            "figures": mark_safe("".join(map(self._figure, HEAD))),
            "rows": self._rows(),
            "heat": None if is_day else self.heat(),
            "hours": self.day_hours() if is_day else None,
            "response": None if is_day else self.response(),
            "changed": self.changed() if period.days <= FEW_DAYS else [],
            "adjustments": self.adjustments(),
            "is_empty": not self.whole.now["messages"] and not self.whole.now["opened"],
            "parts_url": self.question.url(reverse("board_figures_parts", args=[self.links.slug])),
        }

    def _figure(self, code: str) -> str:
        now, before = value_of(code, self.whole.now), value_of(code, self.whole.before)
        line = [value_of(code, sums).value for _point, sums in sorted(self.whole.points.items())]
        title, what = titles(get_language() or "", self.links.meanings)[code]
        return (
            f'<div class="figure"><dt>{title} {what}</dt><dd>{words.figure(now)} '
            f'<small>{words.beside(now)}</small></dd><dd class="delta"{mood(is_better(code, now, before))}>'
            f'{words.change(now, before)}</dd><dd class="sp">{svg.spark(line)}</dd></div>'
        )

    def _rows(self) -> SafeString:
        return mark_safe("".join(map(self._row, definitions())))

    def _row(self, code: str) -> str:
        now, before = value_of(code, self.whole.now), value_of(code, self.whole.before)
        definition = definitions()[code]
        title, what = titles(get_language() or "", self.links.meanings)[code]
        url = ""
        if now.n or (now.value and now.n is None):
            url = self.links.behind(definition.behind)
            if code == "noise_share" and self.question.reach.sees_cases:
                url = reverse("noise", args=[self.links.slug])
        link = ""
        if url:
            link = f'<a class="t-sm" href="{escape(url)}" aria-label="{_("Casos detrás de")} {title}">{_("casos")}</a>'
        return (
            f'<tr><th scope="row">{title} {what}</th><td class="r"><b>{words.figure(now)}</b> '
            f'<small class="muted">{words.beside(now)}</small></td><td class="r">{words.figure(before)}</td>'
            f'<td class="delta"{mood(is_better(code, now, before))}>{words.change(now, before)}</td>'
            f'<td class="r">{link}</td></tr>'
        )

    # — When they write

    def heat(self) -> dict[str, Any]:
        """Messages by weekday and hour, with the busiest hour in words."""
        names = [words.weekday(place) for place in range(7)]
        grid = [self.whole.weekdays.get(place, Sums({})).hours() for place in range(7)]
        most, place, hour = max((grid[p][h], -p, -h) for p in range(7) for h in range(24))
        says = ""
        if most:
            says = _("Lo más: %(day)s de %(from)s a %(to)s, %(n)s mensajes.") % {
                "day": names[-place], "from": -hour, "to": -hour + 1, "n": words.number(most),
            }  # fmt: skip
        label = _("Mensajes por hora y día")
        lines = [
            (Cell(name), [*map(words.number, row), words.number(sum(row))])
            for name, row in zip(names, grid, strict=True)
        ]
        heads = [_("Día"), *map(str, range(24)), _("Total")]
        return {
            "chart": svg.heat_map(grid, names, f"{label}. {says}", tip=_messages(), url=self.links.behind("message")),
            "says": says,
            "table": table(label, heads, lines, " table-tight"),
        }  # fmt: skip

    def day_hours(self) -> dict[str, Any]:
        """Of one day: each hour beside what was usual on that weekday."""
        now, usual = self.whole.now.hours(), [many / NORMAL_WEEKS for many in self._usual_hours()]
        base, messages = self.links.behind("message"), _messages()
        points, lines = [], []
        for hour, n in enumerate(now):
            normal = words.number(usual[hour], 1)
            tip = f"{hour}:00 · {messages(n)} · {_('lo normal')}: {normal}"
            points.append(svg.Point(n, tip, f"{base}&hora={hour}" if n and base else ""))
            lines.append((Cell(f"{hour}:00"), [words.number(n), normal]))
        ticks = [str(hour) if hour % 2 == 0 else "" for hour in range(24)]
        label = _("Mensajes por hora, frente a lo normal de ese día de la semana")
        return {
            "chart": svg.bars(points, usual, ticks, label),
            "table": table(label, [_("Hora"), _("Mensajes"), _("Lo normal")], lines),
        }

    def _usual_hours(self) -> list[int]:
        return read.hours_of_days(self.asked, self._usual_days())

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
        unit, places = self.asked.period.unit, list(self.asked.period.points())
        points, ticks, lines = [], [], []
        every, middle_word, new_word = max(1, -(-len(places) // 6)), _("mediana"), _("casos nuevos")
        for place, start in enumerate(places):
            sums = self.whole.points.get(start, Sums({}))
            middle, high = (value_of(f"first_{part}", sums) for part in ("median", "p90"))
            name, opened = words.day(start, weekday=unit is Unit.DAY), words.number(sums["opened"])
            said, url = (words.figure(middle), words.figure(high)), self._point_url(start)
            tip = f"{name} · {middle_word} {said[0]} · p90 {said[1]} · {new_word} {opened}"
            points.append(svg.Point(_minutes(middle), tip, url, _minutes(high)))
            ticks.append(words.day(start) if place % every == 0 else "")
            lines.append((Cell(name, url), [opened, *said, words.figure(value_of("first_within", sums))]))
        label = _("Primera respuesta, en minutos hábiles: mediana y p90 a lo largo del periodo")
        heads = [_("Desde"), _("Casos nuevos"), _("Mediana"), "p90", _("A tiempo")]
        return {"chart": svg.series(points, ticks, label), "table": table(label, heads, lines)}

    def _point_url(self, start: date) -> str:
        period, unit = self.asked.period, self.asked.period.unit
        last = start if unit is Unit.DAY else start + timedelta(days=6)
        if unit is Unit.MONTH:
            last = (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        return self.links.days(max(start, period.first), min(last, period.last))

    # — What was different

    def changed(self) -> list[dict[str, Any]]:
        """Of few days: what brought most more cases than the same weekdays of four weeks, and most more delays."""
        if self.asked.cut != Cut.ALL:
            return []
        found = []
        for (cut, key), pair in read.everything(self.asked, self._usual_days()).items():
            if cut not in self.question.reach.bys or not key:
                continue
            for measure in ("opened", "late", "broken"):
                now = int(pair.get(True, {}).get(measure) or 0)
                usual = int(pair.get(False, {}).get(measure) or 0) / NORMAL_WEEKS
                if now >= 3 and now >= 1.5 * usual:
                    found.append((now - usual, now, usual, cut, key, measure))
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
                "url": self.links.behind(measure, cut=cut, key=key)
                or self.question.url(self.links.path, cut=cut, key=key),
            }
            for _more, now, usual, cut, key, measure in picked
        ]  # fmt: skip

    def adjustments(self) -> SafeString | None:
        """What closed months would say now, where it is not what they said when they were closed."""
        state = self.state
        if state is None or state.closed_from is None or self.asked.period.first >= state.closed_until:
            return None
        pair = read.adjusted(self.asked)
        if pair is None:
            return None
        lines = []
        for code, definition in definitions().items():
            had, has = (words.figure(value_of(code, sums)) for sums in pair)
            if had != has:
                lines.append((Cell(str(definition.title)), [had, has]))
        heads = [_("Cifra, solo de esos días"), _("Al cerrar"), _("Con lo que llegó después")]
        return table(_("Ajustes de meses cerrados"), heads, lines) if lines else None


def _messages() -> Callable[[int], str]:
    """«1 mensaje», «2.345 mensajes»: the words are looked up once, not once a cell."""
    one, many = ngettext("%s mensaje", "%s mensajes", 1), ngettext("%s mensaje", "%s mensajes", 2)
    return lambda n: (one if n == 1 else many) % words.number(n)


def page_context(slug: str, question: Question, member: Membership) -> dict[str, Any]:
    """For ``figures.html``; kept while no day is counted anew, for who sees the same."""
    state = _STATE.one(question.asked.organization_id)
    what = filtered(slug, question)
    if state is None:
        return Page(slug, question, None).context() | {"filtered": what}
    seen = (
        tuple(one.pk for one in question.accounts),
        member.pk if member.scope or question.reach.is_own else 0,
    )
    key = (slug, question.asked, question.reach, question.today, question.preset, seen, get_language())
    stamp = (state.swept_at, state.closed_from, state.closed_until)
    with _lock:
        kept = _kept.get(key)
    if kept is None or kept[0] != stamp:
        kept = (stamp, Page(slug, question, state).context())
        with _lock:
            while len(_kept) >= KEPT:
                del _kept[next(iter(_kept))]
            _kept[key] = kept
    return kept[1] | {"filtered": what}


def filtered(slug: str, question: Question) -> dict[str, str] | None:
    """What the page is of, when it is of one thing, and the way back to all."""
    asked = question.asked
    if asked.cut == Cut.ALL:
        return None
    name = names_of(asked.cut, [asked.key]).get(asked.key, "")
    url = (
        ""
        if question.reach.is_own
        else question.url(reverse("board_figures", args=[slug]), cut=None, key=None)
    )
    return {"what": str(Cut(asked.cut).label), "name": name, "url": url}


@lru_cache(maxsize=64)
def titles(_language: str, meanings: str) -> dict[str, tuple[str, str]]:
    """Each figure's name and its way to what it means, as they stand on a page in that language."""
    found = {}
    for code, definition in definitions().items():
        title = escape(definition.title)
        label = escape(f"{_('Qué mide:')} {definition.title}")
        way = f'<a class="what" href="{meanings}#{code}" aria-label="{label}">{icon("help", 12)}</a>'
        found[code] = (str(title), way)
    return found


def _different(found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The five that say most, two of each way to take them apart at the most: a kind and its motive say the same."""
    picked: list[tuple[Any, ...]] = []
    for one in found:
        if sum(other[3] == one[3] for other in picked) < 2:
            picked.append(one)
    # What a case is about says more than what it is; the colleague who had them says least.
    order = (Cut.MOTIVE, Cut.AREA, Cut.KIND, Cut.PRIORITY, Cut.AGENT)
    return sorted(picked[:6], key=lambda one: (order.index(one[3]), -one[0]))


def _minutes(value: Value) -> float | None:
    return None if value.value is None else value.value / 60
