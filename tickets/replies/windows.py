"""Until when a person may be written to in private, by network (channels C2). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# Meta: standard messaging 24 hours from the person's last message; with HUMAN_AGENT, seven days.
STANDARD = timedelta(hours=24)
HUMAN_AGENT = timedelta(days=7)
# Meta: one private reply per comment, within seven days of it.
PRIVATE_REPLY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Window:
    """Whether private words may leave now. ``closes_at`` None: no limit."""

    is_open: bool
    closes_at: datetime | None = None
    needs_human_agent: bool = False
    code: str = ""


def messenger_window(last_customer_at: datetime | None, now: datetime, *, human_agent: bool = True) -> Window:
    """The window of a Messenger thread, from the provider's time of the person's last message.

    ``human_agent``: whether Meta has given the page the seven days of that name.
    """
    if last_customer_at is None:
        return Window(False, code="window_never_opened")
    if now < last_customer_at + STANDARD:
        return Window(True, last_customer_at + STANDARD)
    if not human_agent:
        return Window(False, last_customer_at + STANDARD, code="window_closed")
    if now < last_customer_at + HUMAN_AGENT:
        return Window(True, last_customer_at + HUMAN_AGENT, needs_human_agent=True)
    return Window(False, last_customer_at + HUMAN_AGENT, code="window_closed")


def messenger_limit(last_customer_at: datetime, *, human_agent: bool) -> datetime:
    """The last instant at which this person can be written to if they say nothing more."""
    return last_customer_at + (HUMAN_AGENT if human_agent else STANDARD)


def private_reply_window(commented_at: datetime, *, already_used: bool, now: datetime) -> Window:
    """The single private reply to a comment."""
    if already_used:
        return Window(False, code="private_reply_used")
    closes_at = commented_at + PRIVATE_REPLY
    return Window(now < closes_at, closes_at, code="" if now < closes_at else "window_closed")
