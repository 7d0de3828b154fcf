"""Promised dates on the screen: found in what is being written, owed in the head, all of them in the right pane."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk import clock
from helpdesk.tenancy.models import Membership
from helpdesk.ui.addresses import address
from helpdesk.ui.dates import date_words, day_words, hour_words
from protocols.rules.business_time import BusinessTime
from protocols.rules.calendar import WeekHours
from tickets.cases.models import Ticket
from tickets.clocks.domain.marks import rules_for
from tickets.commitments.domain.promising import Promise, replaceable
from tickets.commitments.enums import CommitmentState
from tickets.commitments.models import Commitment
from tickets.commitments.rules.dates import find_dates
from tickets.commitments.rules.vague import find_vague
from tickets.commitments.rules.what import sentence_of
from tickets.commitments.sentences import sentence
from tickets.replies.domain.promises import may_promise, unreachable
from tickets.replies.domain.targets import Target

# At most two findings at once (care.md, finding 24).
SHOWN = 2
# «en 2 horas» is some seconds later when it is sent than when it was offered.
NEAR = timedelta(minutes=2)
LONGEST = 20_000
ICONS = {CommitmentState.OPEN: "flag", CommitmentState.KEPT: "check", CommitmentState.BROKEN: "alert",
         CommitmentState.RENEGOTIATED: "undo", CommitmentState.WITHDRAWN: "close"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """A date found in the text: what pressing its key promises, or why it cannot be promised."""

    n: int
    words: str
    when: str
    value: str
    is_chosen: bool
    problem: str = ""
    # The open commitment it may take the place of.
    instead: str = ""
    instead_value: str = ""
    is_instead: bool = False


def when_words(due_at: datetime) -> str:
    """Day and hour, always both: a promise is for an hour."""
    near = abs((due_at - clock.now()).days) <= 1
    return f"{day_words(due_at) if near else date_words(due_at)} {hour_words(due_at)}"


def hours_of(ticket: Ticket) -> WeekHours:
    """The calendar of the account the case came in by."""
    calendar = rules_for(ticket).calendar
    assert isinstance(calendar, BusinessTime)
    return calendar.hours


def found_in(
    ticket: Ticket,
    text: str,
    *,
    mode: str,
    targets: Mapping[str, Target],
    member: Membership,
    chosen: Iterable[str],
) -> dict[str, Any]:
    """What ``promises/_found.html`` shows of a text: dates to promise, and vague words nobody can keep."""
    text = text[:LONGEST]
    if mode == "note" or not may_promise(member):
        return {"offers": [], "vague": []}
    dates = find_dates(text, now=clock.now(), hours=hours_of(ticket))[:SHOWN]
    open_ones = list(replaceable(ticket).exclude(told_at=None).order_by("due_at", "id")) if dates else []
    picked = [one for value in chosen if (one := _picked(value)) is not None]
    offers = []
    for n, one in enumerate(dates, start=1):
        if any(abs(one.due_at - known.due_at) < NEAR for known in open_ones):
            continue
        code = "" if mode == "spoken" else unreachable(ticket, one.due_at, mode=mode, targets=targets)
        former = open_ones[0] if open_ones else None
        mine = [replaces for due_at, replaces in picked if abs(due_at - one.due_at) < NEAR]
        value = one.due_at.isoformat()
        offers.append(
            Offer(
                n=n,
                words=one.words,
                when=when_words(one.due_at),
                value=value,
                is_chosen=None in mine,
                problem=sentence(code) if code else "",
                instead=when_words(former.due_at) if former else "",
                instead_value=f"{value}@{former.pk}" if former else "",
                is_instead=any(mine),
            )
        )
    return {"offers": offers, "vague": find_vague(text)[: SHOWN - len(offers)]}


def promises_in(ticket: Ticket, values: Iterable[str], text: str) -> list[Promise]:
    """What was ticked in the composer, each with the sentence of the text that says it."""
    picked = {}
    for value in values:
        one = _picked(value)
        if one is not None:
            picked[one[0]] = one[1]
    if not picked:
        return []
    dates = find_dates(text[:LONGEST], now=clock.now(), hours=hours_of(ticket))
    promises = []
    for due_at, replaces in picked.items():
        said = next((one for one in dates if abs(one.due_at - due_at) < NEAR), None)
        what = sentence_of(text, said.start, said.end) if said else text
        promises.append(Promise(due_at, what, replaces))
    return promises


def _picked(value: str) -> tuple[datetime, int | None] | None:
    """«2026-11-25T15:00:00+00:00», with «@12» when it takes the place of commitment 12."""
    moment, _at, former = value.partition("@")
    try:
        due_at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    if due_at.tzinfo is None:
        return None
    return due_at, int(former) if former.isdecimal() else None


def lines_of(rows: list[Commitment], member: Membership, slug: str) -> dict[str, Any]:
    """Every commitment of a case as a line, what is owed first; and how many were kept."""
    lines = [_line(one, member, slug) for one in rows]
    settled = [one for one in rows if one.state in (CommitmentState.KEPT, CommitmentState.BROKEN)]
    kept = sum(one.state == CommitmentState.KEPT for one in settled)
    return {
        "lines": sorted(lines, key=lambda line: not line["is_owed"]),
        "owed": [line for line in lines if line["is_owed"]],
        "kept": ngettext("%(kept)s de %(n)s cumplido", "%(kept)s de %(n)s cumplidos", len(settled))
        % {"kept": kept, "n": len(settled)}
        if settled
        else "",
    }


def _line(one: Commitment, member: Membership, slug: str) -> dict[str, Any]:
    state = CommitmentState(one.state)
    is_owed = one.made_good_at is None and state in (CommitmentState.OPEN, CommitmentState.BROKEN)
    return {
        "id": one.pk,
        "what": one.what,
        "due_at": one.due_at,
        "when": when_words(one.due_at),
        "state": state.value,
        "label": _state_words(one, state),
        "icon": ICONS[state],
        "clock": {"kept": "met", "broken": "broken", "open": ""}.get(state.value, "paused"),
        "owner": one.owner,
        "is_owed": is_owed,
        "is_told": one.told_at is not None,
        "warned": _warned(one) if state == CommitmentState.OPEN else "",
        "keep_url": address("commitment_kept", slug, one.pk)
        if is_owed and one.told_at and may_promise(member)
        else "",
        "proof": one.proof,
    }


def _state_words(one: Commitment, state: CommitmentState) -> str:
    if state == CommitmentState.OPEN and one.told_at is None:
        return _("Sale con la respuesta")
    if state == CommitmentState.BROKEN and one.made_good_at is not None:
        return _("Incumplido; se hizo tarde")
    return str(state.label)


def _warned(one: Commitment) -> str:
    if one.warned is None:
        return ""
    return {1440: _("vence en menos de un día"), 60: _("vence en menos de una hora"),
            15: _("vence en menos de 15 minutos")}.get(one.warned, "")  # fmt: skip
