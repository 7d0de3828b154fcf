"""The audit, to be read."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Mode, Permission
from tickets.settings.queries.audit import page_of
from tickets.settings.views.frame import page


@for_members(Permission.SEE_AUDIT)
def audit(request: Any) -> HttpResponse:
    """Who changed what. Lines about cases are for who may see cases (care.md 6)."""
    asked = request.GET.get("antes", "")
    with_cases = request.member.can(Permission.SEE_CASES)
    before = int(asked) if asked.isdecimal() else None
    own = request.member if request.member.mode(Permission.SEE_AUDIT) == Mode.OWN else None
    lines, after = page_of(request.org, before=before, with_cases=with_cases, own=own)
    address = reverse("audit", args=[request.org.slug])
    return page(
        request,
        "audit.html",
        "audit",
        lines=lines,
        with_cases=with_cases,
        next_url=f"{address}?antes={after}" if after else "",
    )
