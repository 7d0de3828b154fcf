"""What every page of articles has around it, and what their views share."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from faq.rules.rights import may_publish, may_read, may_write


def page(request: Any, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of articles, in the organization's time."""
    frame = {
        "org": request.org,
        "me": request.member,
        "section": "articles",
        "may_write": may_write(request.member),
        "may_publish": may_publish(request.member),
        "sees_questions": may_read(request.member) and request.member.can("see_cases"),
    }
    with timezone.override(request.org.timezone):
        return render(request, f"faq/{template}", frame | context, status=status)


def must(is_allowed: bool) -> None:
    """Raise ``PermissionDenied`` unless it is."""
    if not is_allowed:
        raise PermissionDenied
