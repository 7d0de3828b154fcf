"""How a page of the public site learns whose it is: the organization is in the path, nobody logs in.

Unknown, not published and closed are told apart only where it harms nobody: a closed organization says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation

from helpdesk.site.models import Site
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Organization

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the door may keep of an answer: of which site, in which version, until when."""

    slug: str
    version: int
    until: datetime | None


def for_visitors(*methods: str, keeps: bool = False) -> Callable[[View], View]:
    """Decorate ``view(request, **kwargs)`` of ``/ayuda/<org>/…``: one transaction, the tenant set, nobody asks.

    The view finds ``request.org``, ``.site``, ``.site_url`` and ``.canonical`` (for search engines and for who shares
    the page), and says in ``.holds_until`` how long what it tells of the time is true, where it is not for ever.

    ``keeps`` is for pages that are the same for everybody (no form of ours, no cookie read): the door keeps them
    until what they show changes. Everything else is never kept by anybody. Methods: GET and HEAD unless given.
    """
    allowed = methods or ("GET", "HEAD")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, org: str, **kwargs: Any) -> HttpResponse:
            with translation.override(_language(request)):
                if (chosen := request.GET.get("idioma", "")) in dict(settings.LANGUAGES):
                    return _speak(request, chosen)
                answer = _answer(request, org, view, kwargs, allowed)
                if keeps and answer.status_code == 200 and not request.GET and hasattr(request, "site"):
                    answer.kept = Kept(org, request.site.version, request.holds_until)  # type: ignore[attr-defined]
                    answer["Cache-Control"] = "public, max-age=0, must-revalidate"
                elif "Cache-Control" not in answer:
                    answer["Cache-Control"] = "private, no-store"
                answer["Content-Language"] = translation.get_language() or "es"
                return answer

        return guarded

    return decorate


def site_of(organization: Organization) -> Site | None:
    """The site of an organization, if it has one. Inside ``tenant``."""
    return Site.objects.filter(organization=organization).defer("logo").first()


def base_url(slug: str) -> str:
    """The address the organization's site has: its own domain where the operator gave it one, else the house's."""
    own = next((host for host, owner in settings.PUBLIC_DOMAINS.items() if owner == slug), "")
    return f"{'https' if settings.SECURE else 'http'}://{own}" if own else settings.BASE_URL


def stop(request: HttpRequest, words: str, status: int, detail: str = "") -> HttpResponse:
    """A page that says why there is nothing here, with nothing of anybody's on it."""
    context = {"words": words, "detail": detail}
    return render(request, "public/stop.html", context, status=status)


def _language(request: HttpRequest) -> str:
    """What the visitor chose here; else Spanish, in which the site is written, whatever their telephone says."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else "es"


def _speak(request: HttpRequest, language: str) -> HttpResponse:
    answer = HttpResponseRedirect(request.path)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=31_536_000, samesite="Lax", secure=settings.SECURE
    )
    return answer


def _answer(
    request: Any, slug: str, view: View, kwargs: dict[str, Any], allowed: tuple[str, ...]
) -> HttpResponse:
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        return _nothing(request)
    with tenant(organization.pk), timezone.override(organization.timezone):
        site = site_of(organization)
        if site is None or not site.is_on:
            return _nothing(request)
        if organization.closed_at is not None:
            return stop(request, translation.gettext("Este sitio de ayuda ya no atiende."), 410)
        if request.method not in allowed:
            return HttpResponseNotAllowed(allowed)
        request.org, request.site, request.holds_until = organization, site, None
        request.site_url = base_url(slug)
        request.canonical = request.site_url + request.path
        return view(request, **kwargs)


def _nothing(request: HttpRequest) -> HttpResponse:
    return stop(
        request,
        translation.gettext("Aquí no hay un sitio de ayuda."),
        404,
        translation.gettext("Puede que la dirección esté mal escrita o que el sitio no esté publicado."),
    )
