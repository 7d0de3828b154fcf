"""The watch: who is called when, and who stands in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.escalation.domain import watching as verbs
from tickets.escalation.models import OnCallShift, OnCallSwap
from tickets.escalation.rules.ladder import on_call
from tickets.settings.duty_forms import SwapForm, WatchForm
from tickets.settings.people_forms import WEEKDAYS
from tickets.settings.views.frame import page

GET_POST, POST = ("GET", "HEAD", "POST"), ("POST",)
PREVIEW_DAYS = 7


@for_members(Permission.MANAGE_DUTY, methods=GET_POST)
def rota(request: Any) -> HttpResponse:
    """The week, who stands in, what that makes of the next seven days; and putting somebody on call."""
    mates = _mates(request)
    form = WatchForm(request.POST if request.method == "POST" else None, mates=mates)
    if request.method == "POST" and form.is_valid():
        given, member = form.cleaned_data, form.mate("member")
        assert member is not None
        try:
            verbs.add_watch(
                member, weekdays=given["weekdays"], starts=given["starts"], ends=given["ends"],
                place=given["place"], by=request.member,
            )  # fmt: skip
        except verbs.WatchRefused:
            form.add_error("starts", _("Esa persona ya tiene guardia uno de esos días a esa hora."))
        else:
            messages.success(request, _("Guardado: mire abajo cómo queda la semana."))
            return redirect("on_call", request.org.slug)
    return _page(request, mates, form, SwapForm(mates=mates))


@for_members(Permission.MANAGE_DUTY, methods=POST)
def swap(request: Any) -> HttpResponse:
    """Somebody stands in for somebody."""
    mates = _mates(request)
    with timezone.override(request.org.timezone):
        form = SwapForm(request.POST, mates=mates)
        valid = form.is_valid()
    out, into = (form.mate("out"), form.mate("into")) if valid else (None, None)
    if out is not None and into is not None:
        given = form.cleaned_data
        try:
            verbs.add_swap(
                out=out, into=into, starts=given["starts"], ends=given["ends"], reason=given["reason"],
                by=request.member,
            )  # fmt: skip
        except verbs.WatchRefused:
            form.add_error("ends", _("Eso ya pasó: un reemplazo es para lo que viene."))
        else:
            messages.success(request, _("Guardado: %s está en su lugar.") % into.display_name)
            return redirect("on_call", request.org.slug)
    return _page(request, mates, WatchForm(mates=mates), form)


@for_members(Permission.MANAGE_DUTY, methods=POST)
def drop(request: Any, pk: int) -> HttpResponse:
    """Take somebody off the watch of a day."""
    found = OnCallShift.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    verbs.drop_watch(found, by=request.member)
    return redirect("on_call", request.org.slug)


@for_members(Permission.MANAGE_DUTY, methods=POST)
def drop_swap(request: Any, pk: int) -> HttpResponse:
    """Nobody stands in any more."""
    found = OnCallSwap.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    verbs.drop_swap(found, by=request.member)
    return redirect("on_call", request.org.slug)


def _mates(request: Any) -> list[Membership]:
    return list(Membership.objects.filter(organization=request.org).order_by("display_name"))


def _page(request: Any, mates: list[Membership], form: WatchForm, swap_form: SwapForm) -> HttpResponse:
    rows = list(OnCallShift.objects.select_related("member").order_by("weekday", "starts_at", "place", "id"))
    days = [(str(label), [row for row in rows if row.weekday == day]) for day, label in enumerate(WEEKDAYS)]
    now = clock.now()
    swaps = OnCallSwap.objects.filter(ends_at__gt=now)
    return page(
        request, "on_call.html", "on_call", status=422 if form.errors or swap_form.errors else 200,
        form=form, swap_form=swap_form, days=days, is_empty=not rows,
        swaps=swaps.select_related("out_member", "in_member").order_by("starts_at"),
        ahead=_ahead(request, {one.pk: one for one in mates}, now), now_called=verbs.called_at(request.org, now),
    )  # fmt: skip


def _ahead(request: Any, names: dict[int, Membership], now: datetime) -> list[dict[str, Any]]:
    """The next seven days, each with the stretches in which the same people are called, by the half hour."""
    watches, swaps, zone = verbs.watches_of(), verbs.swaps_of(now), request.org.timezone
    first = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    days = []
    for offset in range(PREVIEW_DAYS):
        day, spans = first + timedelta(days=offset), []
        for half in range(48):
            at = day + timedelta(minutes=30 * half)
            people = [
                names[pk] for pk in on_call(watches, swaps, at, zone) if pk in names and names[pk].is_active
            ]
            if spans and spans[-1]["people"] == people:
                spans[-1]["until"] = at + timedelta(minutes=30)
            else:
                spans.append({"from": at, "until": at + timedelta(minutes=30), "people": people})
        spans[-1]["ends_day"] = True
        days.append({"day": day, "spans": spans})
    return days
