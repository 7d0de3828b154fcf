"""Protocols and templates as their pages list them. Inside ``tenant``; every read is bounded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from helpdesk.tenancy.models import Membership
from helpdesk.text import fold
from protocols.guides.domain.queries.pages import live_motives
from protocols.models import AnswerTemplate, Protocol, ProtocolVersion, TemplateVersion
from protocols.versions.models import PageState
from tickets.cases.models import Message
from tickets.enums import OPEN_STATES
from tickets.guidance.models import CaseProtocol

VERSIONS, DEPARTURES = 12, 8


@dataclass(frozen=True, slots=True)
class Line:
    """One page in its list."""

    page: Any
    motives: str
    is_due: bool
    has_draft: bool
    # Cases that follow it now; answers that began with it, and of these the untouched ones.
    used: int
    untouched: int = 0


def protocol_lines(organization_id: int, words: str, today: date) -> list[Line]:
    """Every protocol, those that must be looked at first."""
    rows = _pages(Protocol, organization_id)
    follow = CaseProtocol.objects.filter(
        organization_id=organization_id, left_at__isnull=True, ticket__state__in=OPEN_STATES
    )
    used = dict(follow.values_list("version__page").annotate(Count("pk")))
    names = live_motives(organization_id)
    return _lines(rows, names, words, today, used, {})


def template_lines(organization_id: int, words: str, today: date) -> list[Line]:
    """Every template with how often it is used, and how often just as it stands."""
    rows = _pages(AnswerTemplate, organization_id)
    said = Message.objects.filter(organization_id=organization_id, template__isnull=False)
    counts = said.values("template__page").annotate(
        n=Count("pk"), same=Count("pk", filter=Q(is_unedited=True))
    )
    used = {one["template__page"]: one["n"] for one in counts}
    untouched = {one["template__page"]: one["same"] for one in counts}
    return _lines(rows, live_motives(organization_id), words, today, used, untouched)


def _pages(model: Any, organization_id: int) -> list[Any]:
    rows = model.objects.filter(organization_id=organization_id).select_related(
        "version", "owner", "saved_by"
    )
    return list(rows.order_by("name", "pk")[:400])


def _lines(
    rows: list[Any], names: dict[str, str], words: str, today: date, used: dict[int, int],
    untouched: dict[int, int],
) -> list[Line]:  # fmt: skip
    found = [
        Line(
            page=row,
            motives=", ".join(names.get(key, key) for key in row.motives),
            is_due=row.review_on is not None and row.review_on <= today and row.state == PageState.PUBLISHED,
            has_draft=row.draft is not None,
            used=used.get(row.pk, 0),
            untouched=untouched.get(row.pk, 0),
        )
        for row in rows
    ]
    asked = fold(words).split()
    kept = [one for one in found if all(word in fold(f"{one.page.name} {one.motives}") for word in asked)]
    return sorted(
        kept, key=lambda one: (one.page.state == PageState.RETIRED, not one.has_draft, not one.is_due)
    )


def versions_of(page: Any) -> list[Any]:
    """The last versions, newest first."""
    model: Any = ProtocolVersion if isinstance(page, Protocol) else TemplateVersion
    rows = model.objects.filter(organization_id=page.organization_id, page=page)
    return list(rows.select_related("published_by").order_by("-number")[:VERSIONS])


def departures_of(page: Protocol) -> list[CaseProtocol]:
    """The last times it was left for a reason: good ones belong in the protocol (care.md, finding 25)."""
    rows = CaseProtocol.objects.filter(
        organization_id=page.organization_id, version__page=page, left_code="reason"
    )
    return list(rows.select_related("ticket", "left_by").order_by("-left_at")[:DEPARTURES])


def owners(organization_id: int) -> list[Membership]:
    """Who may answer for a page."""
    rows = Membership.objects.filter(organization_id=organization_id, is_active=True)
    return list(rows.order_by("display_name"))
