from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from helpdesk.http import for_members


@for_members()
def index(request: Any) -> HttpResponse:
    """What an admin can set."""
    return render(
        request,
        "tickets/settings/index.html",
        {"org": request.org, "me": request.member, "section": "settings"},
    )
