"""The organization's colours as a style sheet, and its logo: files of ours, so that no page needs inline styles."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from helpdesk.site.models import Site
from helpdesk.site.visitors import for_visitors

A_YEAR = "public, max-age=31536000, immutable"


@for_visitors(keeps=True)
def colours(request: Any) -> HttpResponse:
    """The five roles of the colour in both themes."""
    return render(request, "public/brand.css", {"palette": request.site.palette}, content_type="text/css")


@for_visitors(keeps=True)
def logo(request: Any) -> HttpResponse:
    """The picture as it was cleaned when it was taken in."""
    body = Site.objects.filter(pk=request.site.pk).values_list("logo", flat=True).get()
    if body is None:
        raise Http404
    answer = HttpResponse(bytes(body), content_type=request.site.logo_type)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
