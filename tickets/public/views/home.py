"""The first page: search, what is asked most, hours and who attends."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from helpdesk.site.visitors import for_visitors


@for_visitors(keeps=True)
def home(request: Any) -> HttpResponse:
    """The home of the site."""
    return render(request, "public/home.html")
