"""The link in every letter about an answer: whoever got it ends them, without number or secret."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from helpdesk.site.visitors import for_visitors, stop
from tickets.public.domain.telling import row_of, stop_telling


@for_visitors("GET", "HEAD", "POST")
def told(request: Any, token: str) -> HttpResponse:
    """Ask, since mail programs open links by themselves; and end them. Of the case it says nothing."""
    row = row_of(request.org, token)
    if row is None:
        return stop(request, _("Este enlace no es válido: hay que abrirlo completo, tal como llegó."), 404)
    if request.method == "POST":
        stop_telling(row)
        row.email = None
    answer = render(request, "public/told.html", {"is_over": row.email is None})
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
