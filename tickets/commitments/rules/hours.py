"""The hour of a promise: «a las 10», «antes de las 5 p. m.», «en la tarde», «al mediodía». Pure."""

from __future__ import annotations

from datetime import time

from tickets.commitments.rules.atoms import Atom
from tickets.commitments.rules.moments import Today
from tickets.commitments.rules.tokens import Tokens, word_set

# Until when «en la mañana», «en la tarde» and «en la noche» are kept.
PARTS = {"manana": time(12), "tarde": time(18), "noche": time(21)}
BEFORE = word_set("a hasta sobre para hacia y")
UNITS = word_set("horas hora dias dia minutos semanas personas")


def hour_at(tokens: Tokens, at: int, today: Today) -> Atom | None:
    """The hour or part of the day that begins at this token."""
    word = tokens.word(at)
    if word in ("las", "la") and (tokens.number(at + 1) is not None or ":" in tokens.word(at + 1)):
        return _after_article(tokens, at)
    if word == "mediodia" and tokens.word(at - 1) in ("a", "al", "del"):
        return Atom(at, at + 1, hour=time(12))
    if word in ("en", "por", "esta"):
        return _part(tokens, at, today)
    return _bare(tokens, at)


def _after_article(tokens: Tokens, at: int) -> Atom | None:
    before = tokens.word(at - 1)
    until = before == "de" and tokens.word(at - 2) in ("antes", "tardar")
    if not (until or before in BEFORE):
        return None
    found = _clock(tokens, at + 1)
    if found is None:
        return None
    hour, last, is_open = found
    if tokens.word(last) in UNITS:
        if tokens.word(last) != "horas" or before != "a":
            return None
        last += 1
    is_range = before in ("a", "y") and _has_range(tokens, at)
    return Atom(at, last, hour=hour, is_open=is_open, needs_day=is_range)


def _has_range(tokens: Tokens, at: int) -> bool:
    """Whether «de las 8» or «entre las 2» stands before «a las 18»."""
    before = tokens.words(at - 9, at - 1)
    return any(
        one in ("de", "desde", "entre") and before[place + 1 : place + 2] == ["las"]
        and before[max(place - 1, 0) : place] != ["antes"]
        for place, one in enumerate(before)
    )  # fmt: skip


def _bare(tokens: Tokens, at: int) -> Atom | None:
    """«5 p. m.», «17:30»: an hour only beside a day."""
    if tokens.word(at - 1) in ("las", "la"):
        return None
    found = _clock(tokens, at)
    if found is None or (found[2] and ":" not in tokens.word(at)):
        return None
    return Atom(at, found[1], hour=found[0], is_open=found[2], needs_day=True)


def _clock(tokens: Tokens, at: int) -> tuple[time, int, bool] | None:
    """The hour written there, the place after it, and whether its half of the day is left open."""
    digits, _colon, past = tokens.word(at).partition(":")
    number = tokens.number(at) if not past else int(digits) if digits.isascii() and len(digits) <= 2 else None
    if number is None or not 0 <= number <= 23:
        return None
    minutes, last = int(past or 0), at + 1
    if minutes > 59:
        return None
    if tokens.word(last) == "y" and tokens.word(last + 1) in ("media", "cuarto"):
        minutes, last = (30 if tokens.word(last + 1) == "media" else 15), last + 2
    half, last = _half(tokens, last)
    if half == "pm" and number < 12:
        number += 12
    elif half == "am" and number == 12:
        number = 0
    return time(number, minutes), last, not half and 1 <= number <= 11


def _half(tokens: Tokens, at: int) -> tuple[str, int]:
    """«a. m.», «pm», «de la tarde»: the half of the day, and the place after it."""
    word = tokens.word(at)
    if word in ("am", "pm"):
        return word, at + 1
    if word in ("a", "p"):
        second = at + 1 + (tokens.word(at + 1) == ".")
        if tokens.word(second) == "m":
            return f"{word}m", second + 1 + (tokens.word(second + 1) == ".")
    if tokens.follows(at, "de", "la"):
        part = tokens.word(at + 2)
        if part in ("manana", "madrugada"):
            return "am", at + 3
        if part in ("tarde", "noche"):
            return "pm", at + 3
    return "", at


def _part(tokens: Tokens, at: int, today: Today) -> Atom | None:
    """«esta tarde» is today's; «en la tarde» is of the day beside it, else today's; «por la tarde» needs a day."""
    word, place = tokens.word(at), at + 1
    if word == "esta":
        hour = PARTS.get(tokens.word(place))
        return Atom(at, place + 1, day=today.date, hour=hour) if hour else None
    if tokens.follows(place, "horas", "de"):
        place += 2
    hour = PARTS.get(tokens.word(place + 1)) if tokens.word(place) == "la" else None
    if hour is None or tokens.word(place + 2) in ("anterior", "pasada"):
        return None
    return Atom(at, place + 2, hour=hour, needs_day=word == "por")
