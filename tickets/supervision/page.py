"""The board as its templates show it: words, places on the strip of the hour, addresses. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.tenancy.models import Membership, Organization, Presence
from helpdesk.tenancy.permissions import Permission
from helpdesk.ui.dates import hour_words
from tickets.commitments.enums import CommitmentState
from tickets.console.rows import QueueRow, case_url, queue_address
from tickets.incidents.domain.queries.live import live_incidents
from tickets.privacy.rules.masking import mask
from tickets.supervision.queries.board import Board, DueLine, board_of
from tickets.supervision.queries.cases import AHEAD, SOON
from tickets.supervision.queries.channels import Channel
from tickets.supervision.queries.people import Person
from tickets.supervision.words import (
    channel_facts,
    channel_state,
    forecast_words,
    lane_words,
    pace_words,
    stuck_words,
    waited,
)

# So many rows answer to a key.
KEYS = 9
# The strip of the hour, in units of its drawing.
LEFT, WIDTH = 20, 940


def board_context(organization: Organization, member: Membership, now: datetime) -> dict[str, Any]:
    """Everything the board shows this member."""
    board = board_of(organization, member, now)
    slug, masked = organization.slug, not member.sees_data
    lines = [_due(line, place, member, slug, masked) for place, line in enumerate(board.due, 1)]
    return {
        "org": organization,
        "me": member,
        "section": "board",
        "board_tab": "now",
        "now": now,
        "board": board,
        "total": board.counts.total,
        "sentence": _sentence(board, slug),
        "strip": _strip(board, lines, now) if board.hour else None,
        "due": lines,
        "stale": [
            {"row": one.row, "said": _said(one.row, masked), "waits": waited(one.waits, one.business)}
            for one in board.stale
        ],
        "queue": f"{queue_address(slug)}?view=",
        "people": [_person(one) for one in board.people],
        # The longest bar is whole; a short day does not look like a full one.
        "load_scale": max([10, *(one.held.load for one in board.people)]),
        "promises": _promises(board, slug),
        "terms": [
            {"clock": one, "url": case_url(slug, one.ticket.number)}
            for one in (board.today.terms if board.today else ())
        ],
        "channels": [_channel(one, board, now) for one in board.channels],
        "troubled": sum(bool(channel_state(one, now)[0]) for one in board.channels),
        "forecast": forecast_words(board.forecast, now) if board.forecast else "",
        "pace": pace_words(board.forecast) if board.forecast else "",
        "incidents": live_incidents(organization.pk) if member.can(Permission.SEE_CASES) else [],
        "declare_url": reverse("incident_new", args=[slug]) if _may_declare(member) else "",
        "declare_label": _("Declarar novedad")
        if member.can(Permission.DECLARE_INCIDENTS)
        else _("Proponer novedad"),
    }


def _may_declare(member: Membership) -> bool:
    asks = member.can(Permission.DECLARE_INCIDENTS) or member.asks(Permission.DECLARE_INCIDENTS)
    return asks and member.can(Permission.SEE_CASES)


def _said(row: QueueRow, masked: bool) -> str:
    return mask(row.last_text) if masked else row.last_text


def _due(line: DueLine, place: int, member: Membership, slug: str, masked: bool) -> dict[str, Any]:
    may = member.can(Permission.ASSIGN_CASES)
    return {
        "row": line.row,
        "said": _said(line.row, masked),
        "to": line.to,
        "key": place if may and place <= KEYS else "",
        "url": reverse("board_pass", args=[slug, line.row.case_number]) if may else "",
    }


def _sentence(board: Board, slug: str) -> list[dict[str, str]]:
    """What to know first, in one breath; each part says how loud it is."""
    total, parts = board.counts.total, []
    if board.sees == "own":
        held = board.people[0].held if board.people else None
        overdue, open_ = (held.late, held.mine) if held else (0, 0)
    else:
        overdue, open_ = total.overdue, total.open
    if overdue:
        said = ngettext("%s caso vencido", "%s casos vencidos", overdue) % overdue
        parts.append({"look": "red", "said": said})
    if board.soon:
        said = ngettext("%s vence en 30 minutos", "%s vencen en 30 minutos", board.soon) % board.soon
        parts.append({"look": "orange", "said": said})
    if not parts:
        parts.append({"look": "", "said": _("Nada vencido ni por vencer en 30 minutos")})
    parts.append({"look": "", "said": ngettext("%s caso abierto", "%s casos abiertos", open_) % open_})
    if board.sees != "own" and total.waiting:
        parts.append(
            {
                "look": "",
                "said": ngettext("%s espera a otros", "%s esperan a otros", total.waiting) % total.waiting,
            }
        )
    if board.today and board.today.broken:
        said = ngettext("%s compromiso incumplido", "%s compromisos incumplidos", board.today.broken)
        parts.append({"look": "red", "said": said % board.today.broken})
    return parts


def _strip(board: Board, lines: list[dict[str, Any]], now: datetime) -> SimpleNamespace:
    """The coming hour: a caret where each case falls due, names over the first ones."""
    marks = list(_marks(board, now))
    ticks = [
        {
            "x": _place(now + timedelta(minutes=m), now),
            "hour": hour_words(now + timedelta(minutes=m)) if m else _("ahora"),
            "anchor": {0: "start", 60: "end"}.get(m, "middle"),
        }
        for m in range(0, 61, 10)
    ]
    said = ngettext("%(n)s caso vence en la próxima hora; %(soon)s, en los primeros 30 minutos",
                    "%(n)s casos vencen en la próxima hora; %(soon)s, en los primeros 30 minutos",
                    len(board.hour)) % {"n": len(board.hour), "soon": board.soon}  # fmt: skip
    return SimpleNamespace(marks=marks, ticks=ticks, said=said, soon_width=WIDTH * SOON / AHEAD)


def _marks(board: Board, now: datetime) -> Iterator[dict[str, Any]]:
    for at, _whose in board.hour:
        left = at - now
        look = "late" if left <= timedelta(minutes=10) else "soonc" if left <= SOON else "h3"
        yield {"x": _place(at, now), "look": look}


def _place(at: datetime, now: datetime) -> str:
    # A number of a drawing, never of a language.
    return f"{LEFT + WIDTH * ((at - now) / AHEAD):.1f}"


def _person(one: Person) -> dict[str, Any]:
    held = one.held
    late, soon = min(held.late, held.load), min(one.soon, max(held.load - held.late, 0))
    return {
        "member": one.member,
        "held": held,
        "load": held.load,
        "calm": max(held.load - late - soon, 0),
        "soon": soon,
        "late": late,
        "presence": str(Presence(one.member.presence).label),
        "is_connected": one.is_connected,
        "duty": _("de turno") if one.has_shift else "",
        "off": not one.is_connected and not one.is_on_duty,
        "missing": bool(one.has_shift) and not one.is_connected,
    }


def _promises(board: Board, slug: str) -> list[dict[str, Any]]:
    today = board.today
    return [
        {
            "one": one,
            "url": case_url(slug, one.ticket.number),
            "state": "broken" if one.state == CommitmentState.BROKEN else "",
        }
        for one in (today.promises if today else ())
    ]


def _channel(one: Channel, board: Board, now: datetime) -> dict[str, Any]:
    look, state = channel_state(one, now)
    account = one.health.account
    return {
        "account": account,
        "tally": board.counts.accounts.get(account.pk),
        "look": look,
        "state": state,
        "facts": " · ".join(channel_facts(one, now)),
        "lanes": [lane_words(line) for line in one.lanes],
        "stuck": stuck_words(one),
        "icon": {"x": "x", "facebook": "facebook", "email": "mail"}.get(account.network, "web"),
    }
