"""The pieces a promised date is written with: a day, an hour, a span of time. Pure; each looks a bounded way around."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tickets.commitments.rules.moments import Today
from tickets.commitments.rules.tokens import Tokens, numbered, word_set

WEEKDAYS = {
    name: day - 1 for name, day in numbered("lunes|martes|miercoles|jueves|viernes|sabado|domingo").items()
}
MONTHS = numbered(
    "enero ene|febrero feb|marzo|abril abr|mayo|junio jun|julio jul|agosto ago|septiembre setiembre sept sep|"
    "octubre oct|noviembre nov|diciembre dic"
)
# What makes of a count of days a promise, and what makes of it a past.
AHEAD = word_set(
    "en dentro maximo plazo hasta tardara tarda tardan tardaremos toma tomara demora demorara proximas proximos "
    "siguientes"
)
BEHIND = word_set("hace hacia lleva llevas llevo llevan desde tras despues cada ultimos ultimas pasados")
BETWEEN = word_set(
    "un una unos unas el la los las de del a mas tardar entre menos aproximadamente aprox como"
)
BUSINESS = word_set("habil habiles laborable laborables laboral laborales")
OF_THEM = word_set("mensaje correo publicacion comentario llamada tuit tweet post reclamo solicitud carta")
LOOK_BACK = 6


@dataclass(frozen=True, slots=True)
class Atom:
    """One piece: the tokens it takes, and a day, an hour of the wall clock or an instant."""

    first: int
    last: int
    day: date | None = None
    hour: time | None = None
    # «a las 5» says neither morning nor afternoon.
    is_open: bool = False
    due_at: datetime | None = None
    # Says nothing of its own: «de las 8 a las 18» are opening hours unless a day stands beside it.
    needs_day: bool = False


def day_at(tokens: Tokens, at: int, today: Today) -> Atom | None:
    """The day that begins at this token."""
    word = tokens.word(at)
    if word in ("hoy", "manana", "pasado"):
        return _near_day(tokens, at, today)
    if word in ("final", "fin", "finalizar", "terminar") and tokens.word(at + 2) == "dia":
        return Atom(at, at + 3, day=today.date) if tokens.word(at + 1) in ("del", "el") else None
    if word in WEEKDAYS:
        return _weekday(tokens, at, today)
    if word == "dia" and tokens.word(at - 1) == "el" and tokens.word(at + 2) != "de":
        return _day_of_month(tokens, at, today)
    return _date(tokens, at, today)


def _near_day(tokens: Tokens, at: int, today: Today) -> Atom | None:
    word, before = tokens.word(at), tokens.word(at - 1)
    if before == "desde" or (before == "de" and tokens.word(at - 2) in OF_THEM):
        return None
    if word == "pasado":
        found = Atom(at, at + 2, day=today.date + timedelta(days=2))
        return found if tokens.word(at + 1) == "manana" else None
    if word == "manana":
        known = before in ("la", "esta", "misma", "pasado")
        return None if known else Atom(at, at + 1, day=today.date + timedelta(days=1))
    return Atom(at, at + 1, day=today.date)


def _weekday(tokens: Tokens, at: int, today: Today) -> Atom | None:
    dated = at + 1 + (tokens.word(at + 1) == ",")
    whole = _date(tokens, dated, today, is_named=True)
    if whole is not None:
        return Atom(at, whole.last, day=whole.day)
    before = tokens.word(at - 1)
    if before not in ("el", "del", "este", "proximo") or tokens.word(at + 1) in ("pasado", "anterior"):
        return None
    if before == "proximo" and tokens.word(at - 2) not in ("el", "este", "del"):
        return None
    ahead = (WEEKDAYS[tokens.word(at)] - today.date.weekday()) % 7 or 7
    if tokens.word(at + 1) == "de" and "semana" in tokens.words(at + 2, at + 5):
        # «el jueves de la próxima semana»: of the week that begins next Monday.
        ahead = 7 - today.date.weekday() + WEEKDAYS[tokens.word(at)]
        return Atom(at, at + 5, day=today.date + timedelta(days=ahead))
    last = at + 3 if tokens.follows(at + 1, "que", "viene") else at + 1
    return Atom(at, last, day=today.date + timedelta(days=ahead))


def _day_of_month(tokens: Tokens, at: int, today: Today) -> Atom | None:
    number = tokens.number(at + 1)
    if number is None:
        return None
    this = _valid(today.date.year, today.date.month, number)
    after = (today.date.replace(day=1) + timedelta(days=32)).replace(day=1)
    day = this if this and this > today.date else _valid(after.year, after.month, number)
    return Atom(at, at + 2, day=day) if day else None


def _date(tokens: Tokens, at: int, today: Today, *, is_named: bool = False) -> Atom | None:
    """«15 de diciembre [de 2026]», «15/12[/2026]» after «el» or a weekday."""
    number = tokens.number(at)
    if number is None or not 1 <= number <= 31:
        return None
    month = MONTHS.get(tokens.word(at + 2)) if tokens.word(at + 1) == "de" else None
    if month:
        named = tokens.word(at + 3) in ("de", "del")
        year = tokens.number(at + 4) if named else None
        has_year = year is not None and 2000 <= year <= 2999
        return _dated(at, at + (5 if has_year else 3), number, month, year if has_year else None, today)
    slashed = tokens.word(at + 1) == "/" and (is_named or tokens.word(at - 1) in ("el", "dia", "del", "al"))
    month = tokens.number(at + 2) if slashed else None
    if month is None:
        return None
    year = tokens.number(at + 4) if tokens.word(at + 3) == "/" else None
    return _dated(at, at + (3 if year is None else 5), number, month, year, today)


def _dated(at: int, last: int, number: int, month: int, year: int | None, today: Today) -> Atom | None:
    """A date without a year is this year's, or next year's when it is long past; else it tells of the past."""
    if year is not None and year < 100:
        year += 2000
    day = _valid(year or today.date.year, month, number)
    if day is not None and year is None and (today.date - day).days > 180:
        day = _valid(today.date.year + 1, month, number)
    return Atom(at, last, day=day) if day else None


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 2000 <= year <= 2999 else None
    except ValueError:
        return None


def span_at(tokens: Tokens, at: int, today: Today) -> Atom | None:
    """«en 3 días hábiles», «dentro de 2 horas», «máximo 24 horas»: a count of time from now."""
    if tokens.follows(at, "media", "hora"):
        return Atom(at, at + 2, due_at=today.now + timedelta(minutes=30)) if _is_ahead(tokens, at) else None
    number, last = _count(tokens, at)
    if number is None or not _is_ahead(tokens, at):
        return None
    unit, after = tokens.word(last), tokens.word(last + 1)
    is_business = after in BUSINESS
    end = last + (2 if is_business or after in ("calendario", "corridos", "naturales") else 1)
    due_at = _after(number, unit, today, is_business=is_business)
    return Atom(at, end, due_at=due_at) if due_at else None


def _count(tokens: Tokens, at: int) -> tuple[int | None, int]:
    """A number, of a range the greater, and the place after it."""
    number = tokens.number(at)
    if number is not None and tokens.word(at + 1) in ("a", "o", "y", "-", "–"):
        other = tokens.number(at + 2)
        if other is not None:
            return max(number, other), at + 3
    return number, at + 1


def _is_ahead(tokens: Tokens, at: int) -> bool:
    for place in range(at - 1, max(at - 1 - LOOK_BACK, -1), -1):
        word = tokens.word(place)
        if word in BEHIND:
            return False
        if word in AHEAD:
            return not any(one in BEHIND for one in tokens.words(place - 2, place))
        if word not in BETWEEN and tokens.number(place) is None:
            return False
    return False


def _after(number: int, unit: str, today: Today, *, is_business: bool) -> datetime | None:
    if unit in ("minuto", "minutos", "min") and number <= 1440:
        return today.now + timedelta(minutes=number)
    if unit in ("hora", "horas", "h", "hrs") and number <= 720:
        return today.now + timedelta(hours=number)
    if unit in ("dia", "dias") and number <= 90:
        day = today.business_day(number) if is_business else today.date + timedelta(days=number)
        return today.close_of(day)
    if unit in ("semana", "semanas") and number <= 26:
        return today.close_of(today.date + timedelta(weeks=number))
    return None
