"""Instants in people's words: «hoy 4:00 p. m.», «vie 18 dic». The no-break space keeps a date on one line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from helpdesk import clock
from helpdesk.ui.text import escaped

NBSP = "\u00a0"
# Where people write 4:00 p. m.; everywhere else (Spain, Argentina, Chile) it is 16:00.
TWELVE_HOUR_ZONES = (
    "America/Bogota",
    "America/Caracas",
    "America/Guayaquil",
    "America/Lima",
    "America/Mexico_City",
    "America/Panama",
)


class Words(NamedTuple):
    """What dates are said with, in one language."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    before_noon: str
    after_noon: str


@lru_cache(maxsize=8)
def _in(_language: str | None) -> Words:
    """Looked up once: a page of a case says thirty of them."""
    weekdays = (
        pgettext("día", "lun"),
        pgettext("día", "mar"),
        pgettext("día", "mié"),
        pgettext("día", "jue"),
        pgettext("día", "vie"),
        pgettext("día", "sáb"),
        pgettext("día", "dom"),
    )
    months = (
        pgettext("mes", "ene"),
        pgettext("mes", "feb"),
        pgettext("mes", "mar"),
        pgettext("mes", "abr"),
        pgettext("mes", "may"),
        pgettext("mes", "jun"),
        pgettext("mes", "jul"),
        pgettext("mes", "ago"),
        pgettext("mes", "sep"),
        pgettext("mes", "oct"),
        pgettext("mes", "nov"),
        pgettext("mes", "dic"),
    )
    halves = [half.replace(" ", NBSP) for half in (gettext("a. m."), gettext("p. m."))]
    return Words(weekdays, months, *halves)


def zone(tz: tzinfo | str | None = None) -> tzinfo:
    """The zone to speak in: the one given, by name or itself, else the one active for this request."""
    if isinstance(tz, str):
        return _named(tz)
    return tz or timezone.get_current_timezone()


def weekday(day: datetime) -> str:
    """«lun» … «dom»."""
    return _in(get_language()).weekdays[day.weekday()]


def month(day: datetime) -> str:
    """«ene» … «dic»."""
    return _in(get_language()).months[day.month - 1]


def hour_words(dt: datetime, tz: tzinfo | str | None = None) -> str:
    """«4:00 p. m.» where people say so, else «16:00»."""
    where = zone(tz)
    local = dt.astimezone(where)
    if str(where) not in TWELVE_HOUR_ZONES:
        return f"{local.hour}:{local.minute:02d}"
    words = _in(get_language())
    half = words.before_noon if local.hour < 12 else words.after_noon
    return f"{local.hour % 12 or 12}:{local.minute:02d}{NBSP}{half}"


def date_words(dt: datetime, tz: tzinfo | str | None = None, now: datetime | None = None) -> str:
    """«vie 18 dic»; with the year when it is not this one."""
    where = zone(tz)
    local, today = dt.astimezone(where), (now or clock.now()).astimezone(where)
    words = f"{weekday(local)} {local.day} {month(local)}"
    if local.year != today.year:
        words += f" {local.year}"
    return words.replace(" ", NBSP)


def day_words(dt: datetime, tz: tzinfo | str | None = None, now: datetime | None = None) -> str:
    """«hoy», «ayer», «mañana» or the date."""
    where = zone(tz)
    days = (dt.astimezone(where).date() - (now or clock.now()).astimezone(where).date()).days
    if days == 0:
        return gettext("hoy")
    if days == 1:
        return gettext("mañana")
    if days == -1:
        return gettext("ayer")
    return date_words(dt, where, now)


def local_words(dt: datetime, tz: tzinfo | str | None = None, now: datetime | None = None) -> str:
    """«hoy 4:00 p. m.», «ayer 16:00», «vie 18 dic»: the hour only when the day is near."""
    where = zone(tz)
    days = (dt.astimezone(where).date() - (now or clock.now()).astimezone(where).date()).days
    if abs(days) > 1:
        return date_words(dt, where, now)
    return f"{day_words(dt, where, now)}{NBSP}{hour_words(dt, where)}"


def exact_words(dt: datetime, tz: tzinfo | str | None = None) -> str:
    """Everything, for a tooltip: «vie 18 dic 2026, 4:00 p. m. (America/Bogota)»."""
    where = zone(tz)
    local = dt.astimezone(where)
    words = f"{weekday(local)} {local.day} {month(local)} {local.year}, {hour_words(local, where)} ({where})"
    return words.replace(" ", NBSP)


def ago_words(
    dt: datetime, now: datetime | None = None, tz: tzinfo | str | None = None, *, in_hours: bool = False
) -> str:
    """«ahora», «51 min», «3 h», «2 d», and from a week on the date. Never negative.

    ``in_hours``: hours for four days, as waits are told.
    """
    at = now or clock.now()
    seconds = max(0, int((at - dt).total_seconds()))
    if seconds < 60:
        return gettext("ahora")
    if seconds < 3600:
        return f"{seconds // 60}{NBSP}min"
    if seconds < (4 * 86_400 if in_hours else 86_400):
        return f"{seconds // 3600}{NBSP}h"
    if seconds < 7 * 86_400:
        return f"{seconds // 86_400}{NBSP}d"
    return date_words(dt, tz, at)


def iso(dt: datetime) -> str:
    """UTC to the second, as JavaScript and ``<time datetime>`` read it."""
    at = dt.astimezone(UTC)
    return f"{at.year:04d}-{at.month:02d}-{at.day:02d}T{at.hour:02d}:{at.minute:02d}:{at.second:02d}Z"


def ago(
    dt: datetime, now: datetime | None = None, tz: tzinfo | str | None = None, *, in_hours: bool = False
) -> SafeString:
    """``<time>`` with how long ago it was; the page keeps it true (behaviour ``ago``)."""
    words = escaped(ago_words(dt, now, tz, in_hours=in_hours))
    return SafeString(f'<time datetime="{iso(dt)}" data-ago{"=h" if in_hours else ""}>{words}</time>')


def local_dt(dt: datetime, tz: tzinfo | str | None = None, now: datetime | None = None) -> SafeString:
    """``<time>`` in people's words, everything else in its tooltip."""
    return _time(dt, local_words(dt, tz, now), tz)


def hour_of(dt: datetime, tz: tzinfo | str | None = None) -> SafeString:
    """``<time>`` with the hour only, for a message under its day; the date is in the tooltip."""
    return _time(dt, hour_words(dt, tz), tz)


def day_end(tz: tzinfo | str | None = None, now: datetime | None = None) -> datetime:
    """The instant at which «hoy» ends."""
    where = zone(tz)
    local = (now or clock.now()).astimezone(where)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return (midnight + timedelta(days=1)).astimezone(UTC)


@lru_cache(maxsize=64)
def _named(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _time(dt: datetime, words: str, tz: tzinfo | str | None) -> SafeString:
    title = escaped(exact_words(dt, tz))
    return SafeString(f'<time datetime="{iso(dt)}" title="{title}">{escaped(words)}</time>')
