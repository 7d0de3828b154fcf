"""The clock of a legal term as plain data: dated from receipt, suspended and gone on. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from channels_social.enums import ConversationKind
from protocols.rules.legal import MORNING, LegalDays, Stood
from tickets.clocks.rows import ClockRow

# What Meta lets an agent answer in private: seven days from the person's last message, or from their comment.
SHUTS_AFTER = {
    ConversationKind.MESSENGER.value: timedelta(days=7),
    ConversationKind.FB_COMMENTS.value: timedelta(days=7),
}
# How long before it shuts we are reminded to ask for another channel.
REMINDS = timedelta(days=1)


def date_term(row: ClockRow, days: LegalDays) -> None:
    """Set when a term ends and warns, from its receipt, its suspensions and the business days as they are now."""
    why, stood = row.why, stood_of(row)
    count = why["days"] + why.get("extended", 0)
    row.due_at = days.due_at(row.started_at, count, why["unit"], stood)
    alarms = set(days.alarms(row.started_at, why["alarm_days"], why["unit"], stood))
    if why.get("extended"):
        alarms.add(eve_of(row.due_at))
    channel = why.get("channel", "")
    shuts_at = row.started_at + SHUTS_AFTER[channel] if channel in SHUTS_AFTER else row.due_at
    if shuts_at < row.due_at:
        alarms.add(shuts_at - REMINDS)
    row.alarms = tuple(sorted(alarms))
    internal = days.alarms(row.started_at, [why["internal_day"]], why["unit"], stood)[0]
    row.why = why | {"internal": internal.isoformat()}


def go_on(row: ClockRow, at: datetime, days: LegalDays) -> None:
    """What was missing came in: the term goes on the day after."""
    if row.paused_at is None:
        return
    former = [*row.why.get("suspended", ())]
    row.why = row.why | {
        "suspended": [*former, [row.paused_at.isoformat(), max(row.paused_at, at).isoformat()]]
    }
    date_term(row, days)
    row.warn_at = next((one for one in row.alarms[row.warned :]), None)
    row.paused_at, row.is_changed = None, True


def stood_of(row: ClockRow) -> list[Stood]:
    """From when until when a term was suspended."""
    spans = row.why.get("suspended", ())
    return [(datetime.fromisoformat(since), datetime.fromisoformat(until)) for since, until in spans]


def eve_of(due_at: datetime) -> datetime:
    """The morning of the day before the last one."""
    return datetime.combine(due_at.date() - timedelta(days=1), MORNING, due_at.tzinfo)
