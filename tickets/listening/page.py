"""«Escucha» as its template needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from channels_social.domain.budgets import purse_of
from channels_social.enums import FindingState, Network, Use
from channels_social.models import Finding, SavedSearch, SocialAccount
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from helpdesk.ui.text import text_with_links
from tickets.cases.models import Message
from tickets.listening.queries.findings import VIEWS, page_of
from tickets.privacy.rules.masking import mask


@dataclass(frozen=True, slots=True)
class Line:
    """One finding."""

    finding: Finding
    html: SafeString
    post_url: str
    case_number: int | None

    @property
    def is_new(self) -> bool:
        return self.finding.state == FindingState.NEW

    @property
    def is_dismissed(self) -> bool:
        return self.finding.state == FindingState.DISMISSED

    @property
    def can_answer(self) -> bool:
        """Whether it may still be answered in X: nobody did, or a case of it is open."""
        return self.finding.state in (FindingState.NEW, FindingState.OPENED)


def post_url(handle: str, external_id: str) -> str:
    """Where a post is seen; X finds it by its number whoever the address says wrote it."""
    return f"https://x.com/{handle or 'i'}/status/{external_id}"


def listening_context(request: Any) -> dict[str, Any]:
    """The page: its views, its searches, its lines and what the budgets say."""
    asked = request.GET
    view = asked.get("view", "") if asked.get("view", "") in VIEWS else "nuevos"
    words, search, before = asked.get("q", "").strip(), _number(asked, "search"), _number(asked, "before")
    found = page_of(VIEWS[view], words=words, search_id=search or None, before=before)
    address = reverse("listening", args=[request.org.slug])
    kept = "".join(f"&{key}={asked[key]}" for key in ("search",) if search and key in asked)
    return {
        "org": request.org, "me": request.member, "section": "listening", "view": view, "words": words,
        "search_id": search, "address": address,
        "views": [
            {"key": key, "label": label, "url": f"{address}?view={key}{kept}", "current": key == view}
            for key, label in _labels().items()
        ],
        "searches": list(SavedSearch.objects.order_by("name")),
        "lines": lines_of(found.rows, request.member), "after": found.after,
        "may_open": request.member.can(Permission.TAKE_CASES),
        "may_dismiss": request.member.can(Permission.RESOLVE_CASES),
        "may_answer": may_answer(request.member),
        "may_set": request.member.can(Permission.MANAGE_ACCOUNTS),
        "stopped": stopped(request.org.pk),
    }  # fmt: skip


def may_answer(member: Membership) -> bool:
    """An answer given in X left without anybody's approval: who needs one does not give it."""
    return member.can(Permission.REPLY_PUBLIC) and member.can(Permission.REPLY_UNAPPROVED)


def stopped(organization_id: int) -> list[SocialAccount]:
    """Accounts whose searches wait for next month."""
    accounts = SocialAccount.objects.filter(organization_id=organization_id, network=Network.X)
    return [one for one in accounts if not purse_of(one).allows(Use.SEARCH)]


def lines_of(rows: list[Finding], member: Membership) -> list[Line]:
    """Findings with their case, personal data hidden from who may not see it."""
    ids = [one.message_id for one in rows if one.message_id]
    numbers = dict(
        Message.objects.filter(pk__in=ids, ticket__isnull=False).values_list("pk", "ticket__number")
        if ids else []
    )  # fmt: skip
    hides = not member.sees_data
    return [
        Line(
            one,
            text_with_links(mask(one.text) if hides else one.text),
            post_url(one.author_handle, one.external_id),
            numbers.get(one.message_id or 0),
        )
        for one in rows
    ]


def _labels() -> dict[str, str]:
    return {
        "nuevos": _("Por mirar"),
        "con-caso": _("Con caso"),
        "respondidos": _("Respondidos en X"),
        "descartados": _("No requieren atención"),
    }


def _number(asked: Any, name: str) -> int:
    value = asked.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else 0
