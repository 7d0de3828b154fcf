"""The pages of the console: the queue, a case, who it is about."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy import SIGNED_ON
from helpdesk.tenancy.context import acting_user
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Mode, Permission
from tickets.cases.domain.access import is_open_to
from tickets.cases.models import Ticket
from tickets.console.case_page import case_context, ticket_for, who_context
from tickets.console.queries.noise import may_review, samples_waiting
from tickets.console.queries.queue import VIEWS, counts_of, groups_of, page_of, search
from tickets.console.rows import case_url, list_html, queue_address


def home(request: HttpRequest) -> HttpResponse:
    """The way in: the first organization of whoever is logged in, one that is open before one that is closed."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    # Whom an organization's provider let in is let into that organization.
    entered = request.session.get(SIGNED_ON)
    only = {"organization_id": entered["organization"]} if entered else {}
    with acting_user(request.user.pk):
        member = (
            Membership.objects.select_related("organization")
            .filter(user_id=request.user.pk, is_active=True, **only)
            .order_by(F("organization__closed_at").asc(nulls_first=True), "pk")
            .first()
        )
    if member is None:
        return render(request, "tickets/console/nowhere.html", status=403)
    name = "queue" if member.can(Permission.SEE_CASES) else "settings"
    return redirect(name, member.organization.slug)


@for_members(Permission.SEE_CASES)
def queue(request: Any) -> HttpResponse:
    """The queue alone, or a search in it."""
    with timezone.override(request.org.timezone):
        return render(request, "tickets/console/page.html", queue_context(request))


@for_members(Permission.SEE_CASES)
def case(request: Any, number: int) -> HttpResponse:
    """One case beside the queue; only the case when the page asks for a part of itself."""
    ticket = ticket_for(number)
    if must_say_why(request, ticket):
        return redirect("case_open", request.org.slug, number)
    if ticket is None:
        raise Http404
    if ticket.joined_into_id is not None:
        return survivor(request, ticket)
    with timezone.override(request.org.timezone):
        context = case_context(request, ticket, now=clock.now())
        if request.htmx and not request.htmx.history_restore_request:
            return render(request, "tickets/console/case_part.html", context)
        return render(request, "tickets/console/page.html", queue_context(request, ticket.pk) | context)


def survivor(request: Any, ticket: Ticket) -> HttpResponse:
    """The case that answers for one that was joined into it."""
    kept = Ticket.objects.filter(pk=ticket.joined_into_id).first()
    if kept is None:  # it is reserved since: nobody else is told
        raise Http404
    url = case_url(request.org.slug, kept.number)
    return HttpResponse(headers={"HX-Redirect": url}) if request.htmx else redirect(url)


@for_members(Permission.SEE_CASES)
def customer(request: Any, number: int) -> HttpResponse:
    """The right pane."""
    ticket = ticket_for(number)
    if ticket is None or must_say_why(request, ticket):
        raise Http404
    with timezone.override(request.org.timezone):
        return render(request, "tickets/console/_who.html", who_context(request, ticket))


def must_say_why(request: Any, ticket: Ticket | None) -> bool:
    """Whether this reader opens cases by saying why and has not said it of this one, which may be a reserved one."""
    if request.member.mode(Permission.SEE_CASES) != Mode.READ:
        return False
    return ticket is None or not is_open_to(ticket, request.member, now=clock.now())


def queue_context(request: Any, selected: int | None = None) -> dict[str, Any]:
    """The left pane, for the page and for its next page."""
    now = clock.now()
    words, hides = request.GET.get("q", "").strip(), not request.member.sees_data
    view = request.GET.get("view", "open")
    view = view if view in VIEWS else "open"
    address = queue_address(request.org.slug)
    if words:
        rows, after = search(request.org, words, now=now, member=request.member), ""
        groups = [("found", _("Resultados"), False, rows)]
    else:
        page = page_of(request.org, view, member=request.member, after=request.GET.get("after", ""), now=now)
        groups, after = groups_of(page.rows, request.org, now), page.after
    views = _views(view, counts_of(request.org, request.member), address)
    return {
        "org": request.org,
        "me": request.member,
        "section": "console",
        "view": view,
        "views": views,
        # All that the head of the queue shows of them, for what is kept of it.
        "views_key": tuple(tuple(one.values()) for one in views),
        "groups": [
            {
                "key": key,
                "label": label,
                "late": late,
                "n": len(rows),
                "html": list_html(rows, request.org, now, is_masked=hides),
            }
            for key, label, late, rows in groups
        ],
        "next_url": f"{address}?view={view}&after={after}" if after else "",
        "search": words,
        # Not beside a case, which asks enough already.
        "samples": samples_waiting(request.org, request.member)
        if selected is None and may_review(request.member)
        else 0,
        "selected": selected,
    }


def _views(current: str, counts: dict[str, int], address: str) -> list[dict[str, Any]]:
    labels = {
        "open": _("Por vencer"),
        "mine": _("Míos"),
        "unanswered": _("Sin responder"),
        "overdue": _("Vencidos"),
        "resolved": _("Resueltos"),
    }
    return [
        {
            "key": key,
            "label": label,
            "count": counts.get(key, 0),
            "url": f"{address}?view={key}",
            "current": key == current,
            "late": key == "overdue",
        }
        for key, label in labels.items()
    ]
