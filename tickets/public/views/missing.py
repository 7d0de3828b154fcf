"""What is not there, in the site's own layout: where a customer goes on from."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from helpdesk.site.visitors import for_visitors


@for_visitors("GET", "HEAD", "POST")
def missing(request: Any, rest: str) -> HttpResponse:
    """An address nobody gave out; one that only lacks its last slash is led there."""
    if request.method != "POST" and not rest.endswith("/") and "." not in rest:
        return HttpResponseRedirect(f"{request.path}/")
    return render(request, "public/over.html", {"words": _("Esta página no está aquí.")}, status=404)
