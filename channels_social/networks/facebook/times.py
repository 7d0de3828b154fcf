"""Graph writes times as ISO 8601 without a colon in the zone, as seconds and as milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

# Seconds of the year 5138, milliseconds of 1973: nothing of Facebook's lies between.
MILLISECONDS_FROM = 100_000_000_000


def instant(value: Any) -> datetime:
    """An aware instant. Raises ``ValueError``."""
    if isinstance(value, str) and not value.isdigit():
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    try:
        number = int(value)
    except (TypeError, ValueError):
        raise ValueError("not a time") from None
    return datetime.fromtimestamp(number / 1000 if number >= MILLISECONDS_FROM else number, UTC)
