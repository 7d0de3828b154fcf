"""What an organization starts with: service levels by priority and hours by sector (care.md 5). Data."""

from protocols.rules.deadlines import Policy

_HOUR = 60
_DAY = 24 * _HOUR
# A working day as business time. Hours differ by sector (12 h at a bank, 17 h at an airline); twelve hours
# make "one working day" end at the same hour of the next one at a bank, and earlier elsewhere.
_WORKING_DAY = 12 * _HOUR

#: Minutes owed by priority. Critical counts around the clock, the rest while the calendar is open.
SLA_BY_PRIORITY: dict[str, Policy] = {
    "critical": Policy("critical", False, 15, 15, 2 * _HOUR, _DAY),
    "high": Policy("high", True, 30, _HOUR, 4 * _HOUR, _WORKING_DAY),
    "medium": Policy("medium", True, 2 * _HOUR, 2 * _HOUR, _WORKING_DAY, 3 * _WORKING_DAY),
    "low": Policy("low", True, 8 * _HOUR, 8 * _HOUR, None, 5 * _WORKING_DAY),
}

_BANK = tuple((day, "08:00", "20:00") for day in range(5)) + ((5, "08:00", "14:00"),)
_EVERY_DAY = tuple((day, "06:00", "23:00") for day in range(7))

#: Weekday (0 is Monday), opens, closes.
HOURS_BY_SECTOR: dict[str, tuple[tuple[int, str, str], ...]] = {
    "bank": _BANK,
    "airline": _EVERY_DAY,
    "telecom": _EVERY_DAY,
}

#: 24 and 31 December close at one; proposed to the admin, never applied silently (month, day, from).
PROPOSED_EARLY_CLOSINGS = ((12, 24, "13:00"), (12, 31, "13:00"))
