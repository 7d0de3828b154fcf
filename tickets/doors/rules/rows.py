"""A row of somebody's table as a matter, or what is wrong with each of its cells. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpdesk.text import fold
from tickets.customers.rules.data import Unrecognised, recognise
from tickets.doors.rules.tables import UNREADABLE
from tickets.enums import Door, PqrKind
from tickets.intake.asked import Asked, Ref, Who
from tickets.intake.rules.refs import normalised

LONGEST = {"text": 20_000, "answer": 20_000, "number": 60, "state": 60, "system": 40, "name": 160}
OLDEST = timedelta(days=3650)
SLACK = timedelta(minutes=5)
DOORS = {
    Door.PHONE: (
        "phone",
        "llamada",
        "telefono",
        "telefonico",
        "call",
        "call center",
        "contact center",
        "linea",
    ),
    Door.OFFICE: ("office", "oficina", "sucursal", "presencial", "agencia", "mostrador", "visita"),
    Door.EMAIL: ("email", "correo", "carta", "mail", "escrito", "correo electronico"),
    Door.WEB: ("web", "formulario", "formulario web", "pagina web", "portal", "sitio web"),
}
KINDS = {
    PqrKind.PETICION: ("peticion", "p", "solicitud", "requerimiento"),
    PqrKind.QUEJA: ("queja", "q"),
    PqrKind.RECLAMO: ("reclamo", "r", "reclamacion"),
    PqrKind.SUGERENCIA: ("sugerencia", "s"),
    PqrKind.FELICITACION: ("felicitacion", "f", "agradecimiento"),
    PqrKind.DENUNCIA: ("denuncia", "d", "reporte de fraude", "fraude"),
    PqrKind.INFORMACION: ("informacion", "i", "consulta"),
    PqrKind.HABEAS_DATA: ("habeas data", "h", "datos personales"),
}
_DOOR_OF = {word: door for door, words in DOORS.items() for word in words}
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}
_YES = {"si", "s", "x", "1", "true", "verdadero", "yes", "cerrado", "resuelto"}
_NO = {"", "no", "n", "0", "false", "falso", "abierto"}
# 2026-11-20, 20/11/2026, 20.11.26, each with or without an hour; one pattern, as strptime costs a millisecond a row.
_WHEN = re.compile(
    r"(?:(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
    r"|(?P<day_first>\d{1,2})[-/.](?P<month_mid>\d{1,2})[-/.](?P<year_last>\d{4}|\d{2}))"
    r"(?:[ T](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?: ?(?P<half>[AP])M)?)?"
)
# «3:04 p. m.», as Spanish spreadsheets write it.
_HALF = re.compile(r"\b([AP])\.? ?M\b\.?")

Problem = tuple[str, str]


@dataclass(frozen=True, slots=True)
class House:
    """What reading a row depends on besides the row."""

    country: str
    zone: ZoneInfo
    now: datetime
    system: str
    # When the house closes on a day: what «by that day» means.
    closes: Callable[[date], datetime]


@dataclass(frozen=True, slots=True)
class Row:
    """A row, read: the matter, or its problems as ``(column, code)``."""

    line: int
    asked: Asked | None
    problems: list[Problem]


class _Bad(Exception):
    pass


def read_row(line: int, cells: dict[str, str], house: House) -> Row:
    """A row as the verb takes it. ``cells`` are by our field names."""
    problems: list[Problem] = []

    def get(name: str) -> str:
        return cells.get(name, "").strip()

    def take(name: str, read: Callable[[str], object], default: object = None) -> object:
        try:
            return read(get(name)) if get(name) else default
        except _Bad as bad:
            problems.append((name, str(bad)))
            return default

    for name in ("number", "text"):
        if not get(name):
            problems.append((name, "missing"))
    problems += [(name, "too_long") for name, most in LONGEST.items() if len(get(name)) > most]
    problems += [(name, "unreadable") for name, cell in cells.items() if name and UNREADABLE in cell]
    take("number", lambda said: _number(get("system") or house.system, said))
    problems += _people_problems(get, house.country)
    happened = take("happened", lambda said: _happened(said, house), house.now)
    due = take("due", lambda said: _due(said, house))
    door = take("door", lambda said: _word(said, _DOOR_OF), Door.PHONE)
    kind = take("kind", lambda said: _word(said, _KIND_OF))
    resolved = take("resolved", _flag, False)
    if isinstance(due, datetime) and isinstance(happened, datetime) and due <= happened:
        problems.append(("due", "due_before"))
    if problems:
        return Row(line, None, problems)
    asked = Asked(
        door=door, text=get("text"), happened_at=happened, due_at=due, kind=kind, answer=get("answer"),
        is_resolved=resolved, references=(Ref(get("system") or house.system, get("number"), get("state")),),
        who=Who(get("name"), get("handle"), get("phone"), get("email"), get("document")),
    )  # fmt: skip
    return Row(line, asked, [])


def _people_problems(get: Callable[[str], str], country: str) -> list[Problem]:
    problems = []
    for name in ("phone", "email", "document", "handle"):
        if get(name):
            try:
                recognise(get(name), country, name)
            except Unrecognised as error:
                problems.append((name, error.code))
    return problems


def _number(system: str, said: str) -> None:
    try:
        normalised(Ref(system, said))
    except ValueError as error:
        raise _Bad(str(error)) from None


def _word(said: str, words: dict[str, object]) -> object:
    found = words.get(" ".join(fold(said).split()))
    if found is None:
        raise _Bad("not_one_of")
    return found


def _flag(said: str) -> bool:
    word = fold(said)
    if word not in _YES | _NO:
        raise _Bad("not_a_flag")
    return word in _YES


def _moment(said: str, zone: ZoneInfo) -> tuple[datetime, bool]:
    """The instant of a day with or without its hour, and whether it had one."""
    plain = _HALF.sub(r"\1M", " ".join(said.upper().split()))
    try:
        whole = datetime.fromisoformat(plain)
        return (whole if whole.tzinfo else whole.replace(tzinfo=zone)), len(plain) > 10
    except ValueError:
        pass
    found = _WHEN.fullmatch(plain)
    if found is None:
        raise _Bad("not_a_day")
    try:
        return _instant(found, zone), found["hour"] is not None
    except ValueError:
        raise _Bad("not_a_day") from None


def _instant(found: re.Match[str], zone: ZoneInfo) -> datetime:
    year = int(found["year"] or found["year_last"])
    hour, half = int(found["hour"] or 0), found["half"]
    if half is not None:
        if not 1 <= hour <= 12:
            raise ValueError("hour")
        hour = hour % 12 + (12 if half == "P" else 0)
    return datetime(
        year + 2000 if year < 100 else year,
        int(found["month"] or found["month_mid"]),
        int(found["day"] or found["day_first"]),
        hour,
        int(found["minute"] or 0),
        int(found["second"] or 0),
        tzinfo=zone,
    )


def _happened(said: str, house: House) -> datetime:
    at, _has_hour = _moment(said, house.zone)
    if at > house.now + SLACK:
        raise _Bad("in_the_future")
    if at < house.now - OLDEST:
        raise _Bad("too_old")
    return min(at, house.now)


def _due(said: str, house: House) -> datetime:
    at, has_hour = _moment(said, house.zone)
    return at if has_hour else house.closes(at.date())


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The end of a day, for houses that do not open on it."""
    return datetime.combine(day, time(23, 59), zone)
