"""A colleague's picture; where there is none, their initials."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string

from helpdesk.http import for_members
from helpdesk.tenancy.models import Membership
from tickets.team.models import MemberPhoto


@for_members()
def photo(request: Any, pk: int) -> HttpResponse:
    """The picture of a member of this organization, as a JPEG, or their initials drawn."""
    found = MemberPhoto.objects.filter(member_id=pk).first()
    if found is not None:
        answer = HttpResponse(bytes(found.body), content_type="image/jpeg")
    else:
        member = Membership.objects.filter(pk=pk).first()
        drawn = render_to_string(
            "tickets/team/initials.svg", {"initials": member.initials if member else "?"}
        )
        answer = HttpResponse(drawn, content_type="image/svg+xml")
    answer["Cache-Control"] = "private, max-age=86400"
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
