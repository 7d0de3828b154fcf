"""The first page, who attends and when, and the notices that stand: the same for everybody, so the door keeps them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from faq.structured import faq_page
from helpdesk.site.visitors import for_visitors
from helpdesk.tenancy.models import Membership
from tickets.incidents.domain.queries.published import OVER_FOR, PublishedNotice, published_notices
from tickets.public.queries import articles
from tickets.public.queries.attending import Attending, attending, colleagues, official_accounts
from tickets.public.structured import organization_page
from tickets.team.models import MemberPhoto


@for_visitors(keeps=True)
def home(request: Any) -> HttpResponse:
    """Search, notices, what is asked, hours and who attends."""
    first = articles.first_articles(request.org)
    context = _who(request) | {
        "notices": _notices(request),
        "first": articles.shown(request.org, first),
        "themes": articles.themes(request.org),
        "questions": faq_page(request.org, first),
    }
    return render(request, "public/home.html", context)


@for_visitors(keeps=True)
def who(request: Any) -> HttpResponse:
    """When, by which accounts, and who signs."""
    return render(request, "public/who.html", _who(request))


@for_visitors(keeps=True)
def notices(request: Any) -> HttpResponse:
    """Every notice that stands, whole."""
    return render(request, "public/notices.html", {"notices": _notices(request)})


@for_visitors(keeps=True)
def photo(request: Any, pk: int) -> HttpResponse:
    """The picture of a colleague who agreed that customers see it; of nobody else."""
    agrees = Membership.objects.filter(pk=pk, is_active=True, photo_public_at__isnull=False)
    found = MemberPhoto.objects.filter(member__in=agrees).first() if request.site.shows_team else None
    if found is None:
        raise Http404
    answer = HttpResponse(bytes(found.body), content_type="image/jpeg")
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _who(request: Any) -> dict[str, Any]:
    hours: Attending | None = attending(request.org)
    accounts = official_accounts(request.org)
    if hours is not None:
        request.holds_until = hours.holds_until
    return {
        "hours": hours,
        "accounts": accounts,
        "team": colleagues(request.org) if request.site.shows_team else [],
        "structured": organization_page(request.org, _home(request), hours, accounts),
    }


def _home(request: Any) -> str:
    """The first page, where search engines find the organization: the house's own is everybody's."""
    return f"{request.site_url}{reverse('public:home', args=[request.org.slug])}"


def _notices(request: Any) -> list[PublishedNotice]:
    """What stands; one that is over goes a day later, whoever is looking then."""
    found = published_notices(request.org)
    ends = [one.over_at + OVER_FOR for one in found if one.over_at is not None]
    if request.holds_until is not None:
        ends.append(request.holds_until)
    request.holds_until = min(ends, default=None)
    return found
