"""When we attend, in the words of a profile: the bio on X, the description of a page, the data of a public page. Pure.

What customers read is Spanish, whatever language an admin's screens speak.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from protocols.rules.business_time import BusinessTime
from protocols.rules.calendar import MINUTES_A_DAY, WeekHours
from protocols.rules.zones import city_of

# X: 160 characters of bio. Facebook: «Información», 255 (channels.md has no number: Meta's own form stops there).
X_BIO, FACEBOOK_INTRO = 160, 255
DAYS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")
LONG_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
# A week without holidays, on which the pattern is read.
_MONDAY = date(2024, 1, 1)
_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Stretches = tuple[tuple[int, int], ...]


def pattern(hours: WeekHours) -> list[Stretches]:
    """The open stretches of Monday to Sunday, in minutes of the wall clock, whatever single days say."""
    plain = WeekHours(hours.timezone, hours.intervals, always_open=hours.always_open)
    return [tuple(plain.minutes_of(_MONDAY + timedelta(days=day))) for day in range(7)]


def week_words(hours: WeekHours) -> str:
    """«lun a vie 8:00–12:30 y 14:00–18:00, sáb 9:00–13:00»; «24 horas, todos los días»."""
    week = pattern(hours)
    if all(day == ((0, MINUTES_A_DAY),) for day in week):
        return "24 horas, todos los días"
    groups: list[tuple[int, int, Stretches]] = []
    for day, stretches in enumerate(week):
        if groups and groups[-1][1] == day - 1 and groups[-1][2] == stretches:
            groups[-1] = (groups[-1][0], day, stretches)
        else:
            groups.append((day, day, stretches))
    open_ones = [(first, last, stretches) for first, last, stretches in groups if stretches]
    if not open_ones:
        return "solo los días que se anuncian"
    return ", ".join(f"{_days(first, last)} {_spans(stretches)}" for first, last, stretches in open_ones)


def bio(hours: WeekHours, *, phone: str = "", email: str = "") -> str:
    """The text for a profile of X: hours, then how else to reach us. It may be longer than X takes: `X_BIO`."""
    return " ".join(_sentences(hours, phone, email, is_short=True))


def description(hours: WeekHours, *, phone: str = "", email: str = "") -> str:
    """The text for the description of a Facebook page; it says the zone and the holidays too."""
    return " ".join(_sentences(hours, phone, email, is_short=False))


def public_hours(hours: WeekHours, *, now: datetime) -> dict[str, Any]:
    """Hours as data for a public page, shaped as schema.org's ``openingHoursSpecification`` wants them."""
    week = [
        {"dayOfWeek": _ENGLISH[day], "opens": _time(begin), "closes": _closing(end)}
        for day, stretches in enumerate(pattern(hours))
        for begin, end in stretches
    ]
    today = now.astimezone(hours.zone).date()
    special = []
    for offset in range(60):
        day = today + timedelta(days=offset)
        stretches = hours.minutes_of(day)
        if tuple(stretches) != pattern(hours)[day.weekday()]:
            special += [
                {
                    "validFrom": f"{day}",
                    "validThrough": f"{day}",
                    "opens": _time(a),
                    "closes": _closing(b),
                }
                for a, b in stretches or [(0, 0)]
            ]
    return {
        "timezone": hours.timezone,
        "words": week_words(hours),
        "openingHoursSpecification": week,
        "specialOpeningHoursSpecification": special,
        "isOpen": BusinessTime(hours).is_open(now),
    }


def opening_words(at: datetime, hours: WeekHours, *, now: datetime) -> str:
    """«hoy a las 14:00», «mañana a las 8:00», «el lunes 30 a las 8:00»: when we attend again, on the wall there."""
    local, today = at.astimezone(hours.zone), now.astimezone(hours.zone).date()
    days = (local.date() - today).days
    hour = f"a las {local.hour}:{local.minute:02d}"
    if days == 0:
        return f"hoy {hour}"
    if days == 1:
        return f"mañana {hour}"
    return f"el {LONG_DAYS[local.weekday()]} {local.day} {hour}"


def closed_since(hours: WeekHours, at: datetime) -> datetime | None:
    """The instant of the last closing before `at`; None when it is open then, or was not open for a month."""
    times, at = BusinessTime(hours), at.astimezone(UTC)
    if hours.always_open or times.is_open(at):
        return None
    today = at.astimezone(hours.zone).date()
    for offset in range(32):
        ends = [end for _begin, end in hours.spans_of(today - timedelta(days=offset)) if end <= at]
        if ends:
            return max(ends)
    return None


def _sentences(hours: WeekHours, phone: str, email: str, *, is_short: bool) -> list[str]:
    said = f"Atendemos {week_words(hours)}"
    is_always = week_words(hours).startswith("24")
    if not is_short and not is_always:
        said += f", hora de {city_of(hours.timezone)}"
        if hours.holidays:
            said += "; festivos cerrado"
    said += "."
    if phone:
        said += f" Tel. {phone}."
    return [said, *([email] if email else [])]


def _days(first: int, last: int) -> str:
    if first == last:
        return DAYS[first]
    return f"{DAYS[first]} {'y' if last == first + 1 else 'a'} {DAYS[last]}"


def _spans(stretches: Stretches) -> str:
    return " y ".join(f"{clock_words(a)}–{clock_words(b)}" for a, b in stretches)


def clock_words(minute: int) -> str:
    """«8:00», «24:00»."""
    return f"{minute // 60}:{minute % 60:02d}"


def _closing(minute: int) -> str:
    return "23:59" if minute == MINUTES_A_DAY else _time(minute)


def _time(minute: int) -> str:
    """«08:00»: schema.org's Time has two figures for the hour (ISO 8601)."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
