"""X's ids carry their time: ``id >> 22`` is milliseconds since X's own epoch (docs.x.com, "X IDs")."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH_MS = 1_288_834_974_657
# Ids before November 2010 were plain numbers.
FIRST_SNOWFLAKE = 1 << 35


def moment_of(post_id: str) -> datetime:
    """When a post or message was made. Raises ``ValueError`` for an id without a time."""
    number = int(post_id)
    if number < FIRST_SNOWFLAKE:
        raise ValueError("an id without a time")
    return datetime.fromtimestamp(((number >> 22) + EPOCH_MS) / 1000, UTC)


def id_at(moment: datetime) -> str:
    """The smallest id of that millisecond."""
    return str(max(int(moment.timestamp() * 1000) - EPOCH_MS, 0) << 22)


def earlier(post_id: str, by: timedelta) -> str:
    """An id made ``by`` before this one; the id itself when it carries no time."""
    number = int(post_id)
    if number < FIRST_SNOWFLAKE:
        return post_id
    return str(max((number >> 22) - int(by.total_seconds() * 1000), 0) << 22)
