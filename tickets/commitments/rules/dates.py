"""Finds the dates a text promises, in Spanish, in one pass: each with its words and the instant it falls due. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from protocols.rules.calendar import WeekHours
from tickets.commitments.rules.atoms import Atom, day_at, span_at
from tickets.commitments.rules.hours import hour_at
from tickets.commitments.rules.moments import FARTHEST, Today
from tickets.commitments.rules.tokens import Tokens, word_set

# More dates than these in one answer are a timetable.
MOST = 5
# Words that may stand between a day and its hour: «mañana, antes de las 5», «a las 10 del jueves».
JOINS = word_set(", a de del el en por antes mas tardar hasta para sobre al ( - entre y las la")
MOST_JOINS = 4
# What is shown with a date as its words: «antes de las 5», «en 3 días».
LEADS = word_set("el en antes de dentro a mas tardar hasta para las la")


@dataclass(frozen=True, slots=True)
class Promised:
    """A date in a text: where it stands, in what words, and when it falls due (UTC)."""

    start: int
    end: int
    words: str
    due_at: datetime


def find_dates(text: str, *, now: datetime, hours: WeekHours) -> list[Promised]:
    """The dates still to come that a text promises, first written first; at most five, each instant once.

    A day without an hour is due when the account stops attending; business days are the calendar's. What is
    asked («¿… mañana?») and what tells of the past is left out. Linear in the length of the text.
    """
    tokens, today = Tokens(text), Today(now, hours)
    found: dict[datetime, Promised] = {}
    for atom in _joined(_atoms(tokens, today), tokens):
        due_at = _due(atom, today)
        if due_at is None or not now < due_at <= now + FARTHEST or due_at in found:
            continue
        start, end = tokens.all[_led(tokens, atom.first)].start, tokens.all[atom.last - 1].end
        found[due_at] = Promised(start, end, " ".join(text[start:end].split()), due_at)
        if len(found) == MOST:
            break
    return list(found.values())


def _atoms(tokens: Tokens, today: Today) -> Iterator[Atom]:
    at = 0
    while at < len(tokens):
        if tokens.asked[at]:
            at += 1
            continue
        atom = day_at(tokens, at, today) or span_at(tokens, at, today) or hour_at(tokens, at, today)
        if atom is not None:
            yield replace(atom, last=min(atom.last, len(tokens)))
        at = max(atom.last, at + 1) if atom else at + 1


def _joined(atoms: Iterator[Atom], tokens: Tokens) -> Iterator[Atom]:
    """A day and the hour beside it are one date, whichever comes first."""
    held: Atom | None = None
    for atom in atoms:
        if held is not None and _belong(held, atom, tokens):
            held = _one(held, atom)
            continue
        if held is not None:
            yield held
        held = atom
    if held is not None:
        yield held


def _led(tokens: Tokens, first: int) -> int:
    for _guard in range(MOST_JOINS):
        if tokens.word(first - 1) not in LEADS:
            break
        first -= 1
    return first


def _belong(one: Atom, other: Atom, tokens: Tokens) -> bool:
    between = tokens.words(one.last, other.first)
    if len(between) > MOST_JOINS or not all(word in JOINS or word.isdigit() for word in between):
        return False
    return (one.day is None) != (other.day is None) and (one.hour is None) != (other.hour is None)


def _one(one: Atom, other: Atom) -> Atom:
    return Atom(
        one.first, other.last, day=one.day or other.day, hour=one.hour or other.hour,
        is_open=one.is_open or other.is_open,
    )  # fmt: skip


def _due(atom: Atom, today: Today) -> datetime | None:
    if atom.due_at is not None:
        return atom.due_at
    if atom.hour is None:
        return today.close_of(atom.day) if atom.day else None
    if atom.day is not None:
        return _at(atom, today, atom.hour)
    if atom.needs_day:
        return None
    return _next(atom, today)


def _at(atom: Atom, today: Today, hour: time) -> datetime:
    """«a las 5» is in the afternoon, «a las 9» in the morning unless that is past."""
    assert atom.day is not None
    due_at = today.instant(atom.day, hour)
    if atom.is_open and (hour.hour <= 6 or due_at <= today.now):
        return today.instant(atom.day, hour.replace(hour=hour.hour + 12))
    return due_at


def _next(atom: Atom, today: Today) -> datetime | None:
    """An hour without a day is today's, else tomorrow's."""
    for days in (0, 1):
        due_at = _at(replace(atom, day=today.date + timedelta(days=days)), today, atom.hour)  # type: ignore[arg-type]
        if due_at > today.now:
            return due_at
    return None
