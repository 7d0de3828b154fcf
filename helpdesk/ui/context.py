"""What every page may show."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def sandbox(request: HttpRequest) -> dict[str, str]:
    """The address of the local X and Facebook, while they are on."""
    return {"sandbox_url": settings.SANDBOX_URL}
