"""Hours: seen by everybody, kept by who may; previewed before they are saved."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_social.domain.doorbell import ring
from helpdesk import clock
from helpdesk.http import for_members, holds
from helpdesk.tenancy.permissions import Permission
from helpdesk.ui.dates import zone
from protocols.calendars.draft import CalendarDraft, Reading, read_draft
from protocols.models import Calendar
from tickets.settings.calendar_form import COUNTRIES, change, early_closings, posted, regions
from tickets.settings.calendar_page import lines_of, zones
from tickets.settings.calendar_words import impact_words, recount_words
from tickets.settings.domain.calendars import InUse, Outdated, add_calendar, drop_calendar, save_calendar
from tickets.settings.published_words import hours_told
from tickets.settings.queries.calendars import (
    calendars_of,
    draft_of,
    impact_of,
    last_recount,
    policies_with_accounts,
)
from tickets.settings.queries.hours import week_of
from tickets.settings.timetable import timetable
from tickets.settings.views.frame import page

GET_POST = ("GET", "HEAD", "POST")


@for_members()
def hours(request: Any) -> HttpResponse:
    """The organization's first calendar; who may change it gets its form."""
    return _shown(request, next(iter(calendars_of(request.org.pk)), None))


@for_members(Permission.MANAGE_TIME, methods=GET_POST)
def calendar(request: Any, pk: int) -> HttpResponse:
    """One calendar: shown, previewed, changed by a button of its form, or saved."""
    found = next((one for one in calendars_of(request.org.pk) if one.pk == pk), None)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _shown(request, found)
    draft, now = posted(request.POST), clock.now()
    # First, because htmx sends the button that has the focus along with what changed.
    if request.POST.get("preview"):
        return _shown(request, found, draft)
    if "do" in request.POST:
        draft, brought = change(
            draft, request.POST["do"], request.POST, year=now.astimezone(zone(found.timezone)).year
        )
        return _shown(request, found, draft, said=_brought(brought))
    return _save(request, found, draft, now)


@for_members(Permission.MANAGE_TIME, methods=("POST",))
def add(request: Any) -> HttpResponse:
    """Another calendar, like one that is there."""
    known = calendars_of(request.org.pk)
    like = next((one for one in known if str(one.pk) == request.POST.get("like")), None)
    name = " ".join(request.POST.get("name", "").split())[:80]
    if like is None or not name or any(one.name == name for one in known):
        messages.error(request, _("Póngale al horario nuevo un nombre que no tenga otro."))
        return redirect("hours", request.org.slug)
    made = add_calendar(request.org, like=like, name=name, by=request.member)
    messages.success(request, _("Ahí está «%s»: cámbielo y diga qué cuentas atienden con él.") % made.name)
    return redirect("calendar", request.org.slug, made.pk)


@for_members(Permission.MANAGE_TIME, methods=("POST",))
def drop(request: Any, pk: int) -> HttpResponse:
    """Take a calendar away that nobody attends by."""
    found = Calendar.objects.filter(organization=request.org, pk=pk).first()
    if found is None:
        raise Http404
    try:
        drop_calendar(found, by=request.member)
    except InUse:
        messages.error(
            request, _("No se puede quitar: hay cuentas que atienden con él. Déles antes otro horario.")
        )
        return redirect("calendar", request.org.slug, pk)
    messages.success(request, _("Se quitó el horario."))
    return redirect("hours", request.org.slug)


def _save(request: Any, found: Calendar, draft: CalendarDraft, now: datetime) -> HttpResponse:
    reading = read_draft(draft, now=now)
    taken = any(one.pk != found.pk and one.name == draft.name.strip() for one in calendars_of(request.org.pk))
    if reading.mistakes or taken:
        why = _("Ya hay otro horario con ese nombre.") if taken else ""
        return _shown(request, found, draft, status=422, problem=why)
    version = request.POST.get("version", "")
    try:
        is_changed = save_calendar(
            found, draft, reading, version=int(version) if version.isdecimal() else 0, by=request.member
        )
    except Outdated as newer:
        return _shown(request, newer.calendar, draft, status=409, problem=_meanwhile(newer.calendar))
    if not is_changed:
        messages.info(request, _("No había nada que guardar."))
    else:
        request.afterwards.append(lambda: ring("recount"))
        messages.success(request, _("Guardado. Los relojes abiertos se revisan ahora mismo."))
    return redirect("calendar", request.org.slug, found.pk)


def _meanwhile(newer: Calendar) -> str:
    who = newer.saved_by.display_name if newer.saved_by else _("Otra persona")
    return _(
        "%(who)s guardó este horario mientras usted escribía. Lo suyo sigue aquí y no se ha guardado: compárelo con el "
        "que está en uso y, si es lo que quiere, guárdelo otra vez."
    ) % {"who": who}


def _brought(count: int | None) -> str:
    if count is None:
        return ""
    if not count:
        return _("No había festivos de ese lugar que no estuvieran ya.")
    return ngettext(
        "Se trajo %(n)s festivo: revíselo y guarde.", "Se trajeron %(n)s festivos: revíselos y guarde.", count
    ) % {"n": count}


def _shown(
    request: Any,
    found: Calendar | None,
    draft: CalendarDraft | None = None,
    *,
    status: int = 200,
    problem: str = "",
    said: str = "",
) -> HttpResponse:
    """The page of a calendar, with what is written in its form when that is not what is stored."""
    common = {"now": clock.now()}
    if found is None:
        return page(request, "hours.html", "hours", calendar=None, **common)
    kept = draft_of(found)
    return page(
        request,
        "hours.html",
        "hours",
        status=status,
        problem=problem,
        said=said,
        **common,
        **_context(request, found, draft or kept, is_touched=draft is not None),
    )


def _context(request: Any, found: Calendar, draft: CalendarDraft, *, is_touched: bool) -> dict[str, Any]:
    now = clock.now()
    reading = read_draft(draft, now=now)
    impact = (
        impact_of(found, reading.hours, now=now)
        if is_touched and reading.hours and not reading.mistakes
        else None
    )
    recount, told = last_recount(found, now=now), hours_told(request.org.pk)
    return {
        "calendar": found,
        "calendars": calendars_of(request.org.pk),
        "draft": draft,
        "is_touched": is_touched,
        "editable": request.member.can(Permission.MANAGE_TIME),
        "may_look": holds(request.member, Permission.MANAGE_TIME, "GET"),
        "lines": lines_of(draft, reading.mistakes, today=now.astimezone(zone(found.timezone)).date()),
        "week": _week(reading, now),
        "impact": impact_words(impact) if impact else None,
        "recount": recount,
        "recount_words": recount_words(recount) if recount else "",
        "zones": zones(draft.timezone, now),
        "countries": COUNTRIES,
        "country": request.POST.get("country", request.org.country),
        "regions": regions(request.POST.get("country", request.org.country)),
        "region": request.POST.get("region", ""),
        "accounts": [
            {"it": one, "told": told.get(one.account_id)} for one in policies_with_accounts(request.org.pk)
        ],
        "early": early_closings(draft, now.astimezone(zone(found.timezone)).year),
        "fresh": _added(request.POST.get("do", "")),
    }


def _added(what: str) -> int | None:
    """The weekday that has just got a stretch: writing goes on there."""
    verb, _colon, day = what.partition(":")
    return int(day) if verb == "add" and day.isdecimal() else None


def _week(reading: Reading, now: datetime) -> dict[str, Any] | None:
    """The picture of what is written; none while it cannot be read."""
    if reading.hours is None:
        return None
    names: dict[date, str] = dict(reading.holidays) | {
        day: name for day, *_rest, name in reading.one_offs if name
    }
    return timetable(week_of(reading.hours, names, now=now))
