"""Weekly shifts as somebody types them, and who is on one now. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_SPAN = re.compile(r"^(\d{1,2})(?:[:.h](\d{2}))?\s*(?:-|–|a)\s*(\d{1,2})(?:[:.h](\d{2}))?$")
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one weekday (Monday is 0); one that ends before it starts ends the day after."""

    weekday: int
    starts: time
    ends: time

    @property
    def minutes(self) -> tuple[int, int]:
        """Its first and last minute, counted from that weekday's midnight."""
        first, last = self.starts.hour * 60 + self.starts.minute, self.ends.hour * 60 + self.ends.minute
        return first, last if last > first else last + DAY_MINUTES


class BadSpan(ValueError):
    """``code``: ``unreadable``, ``empty`` (it ends when it starts) or ``overlap``; ``text``: what was typed."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code, self.text = code, text


def read_day(weekday: int, text: str) -> list[Span]:
    """«8-12, 14:00-18:00» as spans of a day; nothing typed is a free day. Raises :class:`BadSpan`."""
    spans = [_read(weekday, part.strip()) for part in re.split(r"[,;]| y ", text) if part.strip()]
    ordered = sorted(spans)
    for one, other in zip(ordered, ordered[1:], strict=False):
        if one.minutes[1] > other.minutes[0]:
            raise BadSpan("overlap", text)
    return ordered


def _read(weekday: int, text: str) -> Span:
    found = _SPAN.match(text)
    if found is None:
        raise BadSpan("unreadable", text)
    first, first_m, last, last_m = (int(part or 0) for part in found.groups())
    try:
        starts, ends = time(first, first_m), time(0 if last == 24 else last, last_m)
    except ValueError:
        raise BadSpan("unreadable", text) from None
    if starts == ends:
        raise BadSpan("empty", text)
    return Span(weekday, starts, ends)


def write_day(spans: Iterable[Span]) -> str:
    """The inverse of :func:`read_day`: «8:00-12:00, 14:00-18:00»."""
    return ", ".join(
        f"{one.starts.hour}:{one.starts:%M}-{one.ends.hour or 24}:{one.ends:%M}" for one in sorted(spans)
    )


def is_within(spans: Sequence[Span], at: datetime, zone: str) -> bool:
    """Whether one of the spans covers the instant, by the wall clock of the zone."""
    local = at.astimezone(ZoneInfo(zone))
    yesterday = (local - timedelta(days=1)).weekday()
    minute = local.hour * 60 + local.minute
    return any(
        (span.weekday == local.weekday() and span.minutes[0] <= minute < span.minutes[1])
        or (span.weekday == yesterday and minute + DAY_MINUTES < span.minutes[1])
        for span in spans
    )


def is_on_duty(presence: str, spans: Sequence[Span], at: datetime, zone: str) -> bool:
    """Whether a colleague can be counted on now: whoever says so, whoever's shift it is, and whoever has no shifts
    (of them nothing is known)."""
    return presence != "offline" or not spans or is_within(spans, at, zone)
