"""Figures in people's words, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import get_language, gettext

from helpdesk.ui import dates
from tickets.insights.rules.figures import FEWEST, Form, Value

NBSP = "\u00a0"


def number(value: float, digits: int = 0) -> str:
    """1.234,5 in Spanish, 1,234.5 in English."""
    if not digits and 0 <= value < 999:
        return str(round(value))  # most of them, and the same in every language
    text = f"{value:,.{digits}f}"
    if (get_language() or "es").startswith("es"):
        return text.translate({ord(","): ".", ord("."): ","})
    return text


def duration(seconds: float) -> str:
    """«9 min», «2 h 5 min», «3 d 4 h»; below a minute nothing finer is known."""
    minutes = round(seconds / 60)
    if seconds < 60:
        return f"<{NBSP}1{NBSP}min"
    if minutes < 60:
        return f"{minutes}{NBSP}min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours}{NBSP}h" + (f" {rest}{NBSP}min" if rest and hours < 10 else "")
    days, hours = divmod(hours, 24)
    return f"{days}{NBSP}d" + (f" {hours}{NBSP}h" if hours and days < 10 else "")


def percent(share: float) -> str:
    """«96,4 %»; whole where it is whole."""
    value = share * 100
    return f"{number(value, 0 if abs(value - round(value)) < 0.05 else 1)}{NBSP}%"


def figure(value: Value) -> str:
    """A figure by itself; a dash where there is none."""
    if value.value is None:
        return "–"
    if value.form is Form.TIME:
        return duration(value.value)
    if value.form is Form.SHARE:
        return percent(value.value)
    if value.form is Form.MONEY:
        return f"US${NBSP}{number(value.value, 2 if value.value >= 1 or not value.value else 4)}"
    return number(value.value)


def beside(value: Value) -> str:
    """What stands small beside it: of how many, or why it is not there."""
    if value.is_few:
        few = gettext("faltan %(n)s respuestas para mostrarla") % {"n": FEWEST - (value.n or 0)}
        return few if value.form is Form.SHARE else ""
    if value.form is Form.SHARE and value.n:
        return gettext("de %s") % number(value.n)
    return ""


def change(now: Value, before: Value) -> str:
    """«8 % más que antes», «3 puntos menos», «igual»; nothing where there is nothing to compare with."""
    if now.value is None or before.value is None:
        return ""
    step = now.value - before.value
    if now.form is Form.SHARE:
        points = round(abs(step) * 100, 1)
        if not points:
            return gettext("igual")
        word = number(points, 0 if points == round(points) else 1)
        return (gettext("%s puntos más") if step > 0 else gettext("%s puntos menos")) % word
    if not step:
        return gettext("igual")
    if not before.value:
        return gettext("antes, cero")
    much = round(abs(step) / before.value * 100)
    if not much:
        return gettext("igual")
    return (gettext("%s % más") if step > 0 else gettext("%s % menos")).replace("%s", number(much), 1)


def day(one: date, *, weekday: bool = False) -> str:
    """«19 nov», «jue 19 nov»."""
    moment = datetime(one.year, one.month, one.day)
    words = f"{one.day}{NBSP}{dates.month(moment)}"
    return f"{dates.weekday(moment)}{NBSP}{words}" if weekday else words


def span(first: date, last: date, today: date) -> str:
    """«29 oct – 26 nov», with the years where they differ or are not this one."""
    year = f" {last.year}" if last.year != today.year or first.year != last.year else ""
    if first == last:
        return day(first, weekday=True) + year
    begin = day(first) + (f" {first.year}" if first.year != last.year else "")
    return f"{begin} – {day(last)}{year}"


def weekday(place: int) -> str:
    """«lun» … «dom», of 0 to 6."""
    return dates.weekday(datetime(2026, 6, 1 + place))
