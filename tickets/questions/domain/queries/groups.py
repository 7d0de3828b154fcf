"""The groups of a week as their page shows them. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from channels_social.models import SocialAccount
from helpdesk.tenancy.models import Organization
from tickets.privacy.rules.anonymous import anonymous
from tickets.questions.domain.grouping import is_running
from tickets.questions.marks import marked
from tickets.questions.models import GroupState, QuestionGroup, QuestionMember, QuestionWeek

# Of each group, what is read at once.
SHOWN = 4
WEEKS = 12


@dataclass(slots=True)
class Line:
    """A group with some of its messages: their words without who wrote them, and what they share marked."""

    group: QuestionGroup
    why: list[tuple[str, int]]
    said: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """A week: what is to be looked at, what an article answers already, what was decided."""

    look: QuestionWeek | None
    weeks: Sequence[QuestionWeek]
    fresh: list[Line]
    covered: list[Line]
    decided: list[Line]
    # Somebody asked for the last seven days: they are being grouped; or were, and it broke down.
    is_running: bool = False
    is_broken: bool = False


def page_of(organization: Organization, week: str = "") -> Page:
    """A week by its Monday (``2026-11-16``), else the newest."""
    rows = QuestionWeek.objects.filter(organization=organization).select_related("made_by")
    weeks = list(rows.order_by("-week")[:WEEKS])
    look = next((one for one in weeks if str(one.week) == week), weeks[0] if weeks else None)
    groups = QuestionGroup.objects.filter(week=look).select_related("article", "covered_by", "decided_by")
    ordered = list(groups.order_by("-people", "-size", "pk")) if look else []
    lines = [_line(one) for one in ordered]
    _add_words(organization, lines)
    running = any(map(is_running, weeks))
    # While they are made anew, those that stand may be gone at any moment: nobody decides upon them.
    new = [one for one in lines if one.group.state == GroupState.NEW and not running]
    return Page(
        look, weeks,
        fresh=[one for one in new if one.group.covered_by is None],
        covered=[one for one in new if one.group.covered_by is not None],
        decided=[one for one in lines if one.group.state != GroupState.NEW],
        is_running=running,
        is_broken=any(one.asked_at is not None and not is_running(one) for one in weeks),
    )  # fmt: skip


def _line(group: QuestionGroup) -> Line:
    return Line(group, [(word, round(share * 100)) for _stem, word, share in group.terms])


def _add_words(organization: Organization, lines: list[Line]) -> None:
    """The nearest messages of each group that the reader may see, one of each wording."""
    handles = SocialAccount.objects.filter(organization=organization).exclude(handle="")
    ours = list(handles.values_list("handle", flat=True))
    for line in lines:
        rows = (
            QuestionMember.objects.filter(group=line.group, message__deleted_at=None)
            .exclude(message__ticket__is_reserved=True)
            .select_related("message__conversation__customer", "message__ticket")
            .order_by("-likeness", "pk")[: SHOWN * 4]
        )
        seen: set[str] = set()
        for one in rows:
            text = anonymous(one.message.text, [one.message.conversation.customer.name], ours)
            if text in seen or len(seen) == SHOWN:
                continue
            seen.add(text)
            line.said.append(_said(one, text))


def _said(member: QuestionMember, text: str) -> dict[str, Any]:
    ticket = member.message.ticket
    html: SafeString = marked(text, set(member.shared))
    return {
        "html": html, "number": ticket.number if ticket else None, "at": member.message.occurred_at,
        "likeness": round(member.likeness * 100),
    }  # fmt: skip
