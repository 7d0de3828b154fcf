"""Alarms on the screen: who has which, taking one, passing it on; and how one wants to be called."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from channels_social.domain.doorbell import ring
from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.console.rows import case_url
from tickets.escalation.domain import alarms as verbs
from tickets.escalation.domain.articles import article_of
from tickets.escalation.domain.pushing import public_key, subscribe
from tickets.escalation.domain.watching import called_at
from tickets.escalation.models import Alarm, PushSubscription
from tickets.escalation.preferences import PreferenceForm, preference_of, save_preference
from tickets.escalation.words import headline, incident_number

POST = ("POST",)
SHOWN = 100


@for_members(Permission.SEE_CASES)
def alarms(request: Any) -> HttpResponse:
    """What sounds now, what was attended lately, and how one is called oneself."""
    return _page(request, PreferenceForm(preference_of(request.member)))


def _page(request: Any, form: PreferenceForm, status: int = 200) -> HttpResponse:
    rows = Alarm.objects.filter(organization=request.org).select_related("ticket", "account", "acked_by")
    sounding = rows.filter(acked_at=None, ended_at=None).order_by("-is_urgent", "id")[:SHOWN]
    lately = rows.exclude(acked_at=None, ended_at=None).order_by("-id")[:20]
    names = {member.pk: member for member in Membership.objects.filter(organization=request.org)}
    browsers = PushSubscription.objects.filter(member=request.member, gone_at=None).count()
    context = {
        "org": request.org, "me": request.member, "section": "alarms", "form": form, "browsers": browsers,
        "sounding": [_line(request, row, names) for row in sounding],
        "lately": [_line(request, row, names) for row in lately],
        "ladder": called_at(request.org, clock.now()), "vapid": public_key(),
    }  # fmt: skip
    with timezone.override(request.org.timezone):
        return render(request, "tickets/escalation/alarms.html", context, status=status)


def _line(request: Any, alarm: Alarm, names: dict[int, Membership]) -> dict[str, Any]:
    holder = names.get(alarm.called[-1]) if alarm.called else None
    return {
        "alarm": alarm,
        "headline": headline(alarm),
        "holder": holder,
        "mine": holder is not None and holder.pk == request.member.pk,
        "case_url": _about(request.org.slug, alarm),
        "url": reverse("alarm", args=[request.org.slug, alarm.pk]),
    }


def _about(slug: str, alarm: Alarm) -> str:
    """The page of what it is about: a case, an article, an incident, or nothing."""
    if alarm.ticket is not None:
        return case_url(slug, alarm.ticket.number)
    if (article := article_of(alarm)) is not None:
        return reverse("article", args=[slug, article.pk])
    number = incident_number(alarm)
    return reverse("incident", args=[slug, number]) if number is not None else ""


@for_members(Permission.SEE_CASES, methods=POST)
def alarm(request: Any, pk: int) -> HttpResponse:
    """Take it, or pass it on to the next one of the watch."""
    found = Alarm.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    if request.POST.get("decision") == "pass":
        to = verbs.pass_on(found, by=request.member)
        if to is None:
            toasts.error(request, _("No se pudo pasar: no suena para usted, o nadie más está de guardia."))
        else:
            toasts.success(request, _("La alarma pasó a %s.") % to.display_name)
            request.afterwards.append(lambda: ring("alarms"))
    elif verbs.acknowledge(found, by=request.member):
        toasts.success(request, _("La tiene usted: no llamará a nadie más."))
    else:
        toasts.error(request, _("Otra persona ya la atendió, o ya terminó."))
    return redirect("alarms", request.org.slug)


@for_members(Permission.SEE_CASES, methods=POST)
def preferences(request: Any) -> HttpResponse:
    """How one is reached and in which hours only for what is urgent."""
    form = PreferenceForm(preference_of(request.member), request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    save_preference(request.member, form)
    toasts.success(request, _("Guardado."))
    return redirect("alarms", request.org.slug)


@for_members(Permission.SEE_CASES, methods=POST)
def browser(request: Any) -> HttpResponse:
    """This browser may be written to, or no longer."""
    given = request.POST
    if given.get("off"):
        gone = PushSubscription.objects.filter(member=request.member, gone_at=None)
        gone.update(gone_at=clock.now())
        return HttpResponse(status=204)
    try:
        subscribe(
            request.member, endpoint=given.get("endpoint", ""), p256dh=given.get("p256dh", ""),
            auth=given.get("auth", ""),
        )  # fmt: skip
    except ValueError:
        return HttpResponse(_("Este navegador no dio una dirección a la que se le pueda avisar."), status=400)
    return HttpResponse(status=204)


@never_cache
@require_safe
def push_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows alarms; at the root, because a service worker sees no further up than its own folder."""
    return render(request, "tickets/escalation/push-worker.js", content_type="text/javascript")
