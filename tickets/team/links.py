"""The link of an invitation: signed, naming its row and which sending of it; nothing of it is stored."""

from __future__ import annotations

import re

from django.conf import settings
from django.core import signing
from django.urls import reverse

from tickets.team.models import Invitation

SALT = "tickets.team.invitation"
_NAMED = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})\.([0-9]{1,9})")


def url_of(invitation: Invitation) -> str:
    """Where a person accepts."""
    named = f"{invitation.organization_id}.{invitation.pk}.{invitation.version}"
    token = signing.Signer(salt=SALT).sign(named).replace(":", "~")
    return settings.BASE_URL + reverse("invitation", args=[token])


def opened(token: str) -> tuple[int, int, int] | None:
    """``(organization, invitation, version)`` of a link that we signed; None for any other."""
    try:
        named = signing.Signer(salt=SALT).unsign(token.replace("~", ":"))
    except signing.BadSignature:
        return None
    found = _NAMED.fullmatch(named)
    return tuple(map(int, found.groups())) if found else None  # type: ignore[return-value]
