"""«Criterio»: what verdicts have learnt of this organization's corrections, and the switch."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.settings.lines import ASPECTS
from tickets.settings.queries.criterion import criterion_of
from tickets.settings.views.frame import page
from tickets.triage.domain.corrections import switch


@for_members(Permission.MANAGE_TIME, methods=("GET", "HEAD", "POST"))
def criterion(request: Any) -> HttpResponse:
    """The page, or one click on its switch."""
    if request.method == "POST":
        on = request.POST.get("on") == "1"
        switch(on=on, by=request.member)
        messages.success(
            request,
            _("El criterio aprende de su equipo.") if on else _("Juzga el criterio de fábrica, solo."),
        )
        return redirect("criterion", request.org.slug)
    facts = criterion_of(request.org)
    corrections = [(_(words), facts.corrections.get(aspect, 0)) for aspect, words in ASPECTS.items()]
    may_switch = request.member.can(Permission.MANAGE_TIME)
    return page(
        request, "criterion.html", "criterion", facts=facts, corrections=corrections, may_switch=may_switch
    )
