"""What came in and could not be taken in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from channels_social.domain.doorbell import ring
from helpdesk import audit
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.areas.sentences import sentence as area_sentence
from tickets.intake.inbox import replay
from tickets.settings.queries.entries import AT_ONCE, counts_of, quarantined
from tickets.settings.sentences import entry_words
from tickets.settings.views.frame import page


@for_members(Permission.MANAGE_ACCOUNTS)
def entries(request: Any) -> HttpResponse:
    """How many wait, and which are in quarantine; never their words."""
    asked = request.GET.get("antes", "")
    found = quarantined(request.org, before=int(asked) if asked.isdecimal() else None)
    for event in found:
        event.kind = entry_words(event.kind)
        if event.reason.startswith("area:"):
            event.reason = area_sentence(event.reason.removeprefix("area:"))
    address = reverse("entries", args=[request.org.slug])
    return page(
        request,
        "entries.html",
        "entries",
        counts=counts_of(request.org),
        events=found[:AT_ONCE],
        next_url=f"{address}?antes={found[AT_ONCE - 1].pk}" if len(found) > AT_ONCE else "",
    )


@for_members(Permission.MANAGE_ACCOUNTS, methods=("POST",))
def retry(request: Any, pk: int) -> HttpResponse:
    """Put one back in line."""
    if replay(request.org.pk, pk):
        audit.record(request.org.pk, "entry.replayed", actor_id=request.member.pk, event=pk)
        transaction.on_commit(lambda: ring("inbox"))
        messages.success(request, _("Se procesa otra vez. Si vuelve a fallar, vuelve a esta lista."))
    else:
        messages.info(request, _("Esa entrada ya no está en cuarentena."))
    return redirect("entries", request.org.slug)
