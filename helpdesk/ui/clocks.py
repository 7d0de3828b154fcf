"""Clocks: ring (how much is gone), words, hue and weight, in that order. Never colour alone.

The server writes the words; the page counts down from ``data-due``, an instant, so that a laptop
that slept or a slow network never shows a wrong time.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from helpdesk import clock as watch
from helpdesk.ui.dates import NBSP, day_words, exact_words, iso, local_words
from helpdesk.ui.icons import icon
from helpdesk.ui.text import escaped

KINDS = ("first_response", "next_response", "update", "resolution", "legal", "commitment")
STATES = ("calm", "soon", "due", "overdue", "paused", "met", "broken")
SOON_SECONDS = 30 * 60
DUE_SECONDS = 10 * 60
TICKING_SECONDS = 24 * 3600

# How full the ring is drawn when nobody says when the clock began.
_GONE = {"calm": 16, "soon": 50, "due": 85, "paused": 60}


def state_of(due_at: datetime, now: datetime | None = None) -> str:
    """The state of a running clock: overdue, due (10 min), soon (30 min) or calm."""
    left = (due_at - (now or watch.now())).total_seconds()
    if left < 0:
        return "overdue"
    if left <= DUE_SECONDS:
        return "due"
    return "soon" if left <= SOON_SECONDS else "calm"


def left_words(seconds: float) -> str:
    """«03:12», «3 h 05», «−18:24», «−2 d». ``countdown.js`` writes the same words; a test compares them."""
    late, total = seconds < 0, abs(int(seconds))
    sign = "−" if late else ""
    if total >= 2 * 86_400:
        return f"{sign}{total // 86_400}{NBSP}d"
    if total >= 3600:
        return f"{sign}{total // 3600}{NBSP}h{NBSP}{total // 60 % 60:02d}"
    return f"{sign}{total // 60:02d}:{total % 60:02d}"


def clock(
    due_at: datetime | None,
    kind: str = "next_response",
    state: str = "",
    text: str = "",
    why: str = "",
    started_at: datetime | None = None,
    now: datetime | None = None,
    tz: tzinfo | str | None = None,
) -> SafeString:
    """One clock. ``text`` replaces our words (and then nothing counts down); ``why`` is the tooltip.

    Without ``state`` it follows from ``due_at``. Raises ``ValueError`` for kinds and states not ours.
    """
    at = now or watch.now()
    state = state or (state_of(due_at, at) if due_at else "paused")
    _check(kind, state)
    ticking = bool(due_at) and not text and state not in ("paused", "met", "broken")
    by_date = kind in ("legal", "commitment")
    words = text or _words(due_at, kind, state, at, tz)
    data = ""
    if due_at is not None:
        title = why or f"{_('Vence')} {exact_words(due_at, tz)}"
        data = f' data-due="{iso(due_at)}" title="{escaped(title)}"'
        if started_at is not None:
            data += f' data-start="{iso(started_at)}"'
        if ticking and not by_date:
            data += " data-ticks"
    elif why:
        data = f' title="{escaped(why)}"'
    spoken = f'<span class="sr">{_spoken(state)} </span>' if ticking else ""
    return SafeString(
        f'<span class="clock{_look(kind, state)}"{data}>{_drawing(kind, state, due_at, started_at, at)}'
        f'{spoken}<span class="left">{escaped(words)}</span></span>'
    )


def _check(kind: str, state: str) -> None:
    if kind not in KINDS:
        raise ValueError(f"no clock is called {kind!r}; there are {KINDS}")
    if state not in STATES:
        raise ValueError(f"a clock is one of {STATES}, not {state!r}")


def _look(kind: str, state: str) -> str:
    if kind == "commitment":
        return {"overdue": " clock-broken", "broken": " clock-broken", "met": " clock-met"}.get(
            state, " clock-promise"
        )
    if kind == "legal" and state in ("calm", "soon", "paused"):
        return " clock-legal"
    return "" if state == "calm" else f" clock-{state}"


def _drawing(
    kind: str, state: str, due_at: datetime | None, started_at: datetime | None, now: datetime
) -> SafeString:
    if state == "met":
        return icon("check", 12)
    if kind == "commitment":
        return icon("flag", 12)
    if state in ("overdue", "broken"):
        return icon("alert", 12)
    if kind == "legal":
        return icon("legal", 12)
    return ring(_gone(state, due_at, started_at, now))


def ring(percent: int) -> SafeString:
    """A ring of which this much is gone."""
    return SafeString(
        '<svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="8"/>'
        f'<circle cx="10" cy="10" r="8" pathLength="100" stroke-dasharray="{percent} 100"/></svg>'
    )


def _gone(state: str, due_at: datetime | None, started_at: datetime | None, now: datetime) -> int:
    if due_at is None or started_at is None or due_at <= started_at:
        return _GONE.get(state, 50)
    return max(1, min(100, round(100 * ((now - started_at) / (due_at - started_at)))))


def _words(due_at: datetime | None, kind: str, state: str, now: datetime, tz: tzinfo | str | None) -> str:
    if state == "paused":
        return _("en pausa")
    if state == "met":
        return _("a tiempo")
    if due_at is None:
        return _("sin reloj")
    if kind == "commitment" and state in ("overdue", "broken"):
        return _("compromiso de %(day)s") % {"day": day_words(due_at, tz, now)}
    left = (due_at - now).total_seconds()
    if kind in ("legal", "commitment") or left >= TICKING_SECONDS:
        return local_words(due_at, tz, now)
    return left_words(left) if state != "broken" else _("incumplido")


def _spoken(state: str) -> str:
    return _("Vencido hace") if state == "overdue" else _("Vence en")
