"""«Cifras»: any period against the one before; what each figure means; the cases behind it; and files of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.enums import PqrKind, TicketState
from tickets.insights import words
from tickets.insights.asking import Question, read_question
from tickets.insights.definitions import RULES, definitions
from tickets.insights.enums import Cut
from tickets.insights.export import Source, csv_lines, xlsx_file
from tickets.insights.page import page_context
from tickets.insights.parts import Parts
from tickets.insights.queries.behind import WHAT, cases_behind
from tickets.insights.queries.names import names_of

CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@for_members(Permission.SEE_DASHBOARDS)
def figures(request: Any) -> HttpResponse:
    """Figures of a period, beside those of the one before."""
    question = read_question(request.org, request.member, request.GET)
    context = _frame(request, question) | page_context(request.org.slug, question, request.member)
    return render(request, "tickets/insights/figures.html", context)


@for_members(Permission.SEE_DASHBOARDS)
def parts(request: Any) -> HttpResponse:
    """Figures of whom and of what: into the page, or a page of their own where no script runs."""
    question = read_question(request.org, request.member, request.GET)
    context = Parts(request.org.slug, question).context()
    if request.htmx:
        return render(request, "tickets/insights/_parts.html", context | {"org": request.org})
    return render(request, "tickets/insights/parts.html", _frame(request, question) | context)


@for_members(Permission.SEE_DASHBOARDS)
def meanings(request: Any) -> HttpResponse:
    """What every figure means."""
    question = read_question(request.org, request.member, request.GET)
    context = _frame(request, question) | {"definitions": definitions().values(), "rules": RULES}
    return render(request, "tickets/insights/meanings.html", context)


@for_members(Permission.SEE_DASHBOARDS, Permission.SEE_CASES)
def cases(request: Any, what: str) -> HttpResponse:
    """The cases behind a figure, newest first."""
    if what not in WHAT:
        raise Http404
    question = read_question(request.org, request.member, request.GET)
    hour, weekday = _whole(request.GET.get("hora"), 23), _whole(request.GET.get("dia"), 7)
    rows, further = cases_behind(
        request.org,
        question.asked,
        what,
        weekday=weekday,
        hour=hour,
        after=_after(request.GET.get("sigue", "")),
    )
    here = reverse("board_figures_cases", args=[request.org.slug, what])
    more = {"hora": hour, "dia": weekday}
    context = _frame(request, question) | {
        "title": titles()[what],
        "filters": _filters(question, weekday, hour),
        "rows": [_row(request.org.slug, row) for row in rows],
        "next_url": question.url(here, **more, sigue=f"{further[0].isoformat()},{further[1]}")
        if further
        else "",
        "span": words.span(question.asked.period.first, question.asked.period.last, question.today),
    }
    with timezone.override(request.org.timezone):
        return render(request, "tickets/insights/cases.html", context)


@for_members(Permission.SEE_DASHBOARDS)
def export(request: Any, form: str) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """The days of the period, a line for each day and group, as a file."""
    question = read_question(request.org, request.member, request.GET)
    asked = question.asked
    source = Source(request.org, request.member, asked)
    name = f"cifras-{request.org.slug}-{asked.period.first}-{asked.period.last}.{form}"
    if form == "csv":
        answer: Any = StreamingHttpResponse(csv_lines(source), content_type=CSV)
    else:
        answer = FileResponse(xlsx_file(source), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _frame(request: Any, question: Question) -> dict[str, Any]:
    path = reverse("board_figures", args=[request.org.slug])
    asked = question.asked
    is_custom = not question.preset
    return {
        "org": request.org, "me": request.member, "section": "board", "board_tab": "figures", "asked": asked,
        "notes": question.notes, "reach": question.reach,
        "accounts": question.accounts if len(question.accounts) > 1 else [],
        "presets": [(code, label, question.preset == code) for code, label in presets()],
        "is_custom": is_custom, "back_url": question.url(path), "bys": [
            (by, str(Cut(by).label), by == asked.by) for by in question.reach.bys],
        "hidden": {"cut": asked.cut, "key": asked.key} if asked.cut != Cut.ALL and not question.reach.is_own else {},
        "csv_url": question.url(reverse("board_figures_file", args=[request.org.slug, "csv"])),
        "xlsx_url": question.url(reverse("board_figures_file", args=[request.org.slug, "xlsx"])),
        "meanings_url": reverse("board_figures_meanings", args=[request.org.slug]),
    }  # fmt: skip


def presets() -> list[tuple[str, str]]:
    """Periods one chooses by name."""
    return [
        ("1", _("Hoy")), ("7", _("Últimos 7 días")), ("28", _("Últimas 4 semanas")), ("90", _("Últimos 90 días")),
        ("365", _("Último año")), ("month", _("Este mes")), ("last_month", _("El mes pasado")),
    ]  # fmt: skip


def titles() -> dict[str, str]:
    """What a list of cases is of."""
    return {
        "message": _("Casos en los que escribieron clientes"), "again": _("Reiteraciones"),
        "opened": _("Casos nuevos"), "first_response": _("Primeras respuestas"),
        "next_response": _("Siguientes respuestas"), "resolution": _("Soluciones"),
        "first_response_late": _("Primeras respuestas vencidas"),
        "next_response_late": _("Siguientes respuestas vencidas"), "resolution_late": _("Soluciones vencidas"),
        "legal_late": _("Términos legales vencidos"), "late": _("Plazos vencidos"), "kept": _("Compromisos cumplidos"),
        "broken": _("Compromisos incumplidos"), "renegotiated": _("Compromisos renegociados"),
        "asked": _("Contactos posteriores"), "scored": _("Calificaciones"), "reopened": _("Reaperturas"),
        "transfer": _("Traslados"),
    }  # fmt: skip


def _filters(question: Question, weekday: int | None, hour: int | None) -> list[str]:
    asked, found = question.asked, []
    if asked.account is not None:
        found += [str(one) for one in question.accounts if one.pk == asked.account]
    if asked.cut != Cut.ALL:
        found.append(f"{Cut(asked.cut).label}: {names_of(asked.cut, [asked.key]).get(asked.key, '')}")
    if weekday is not None:
        found.append(words.weekday(weekday - 1))
    if hour is not None:
        found.append(_("de %(from)s a %(to)s") % {"from": f"{hour}:00", "to": f"{hour + 1}:00"})
    return found


def _row(slug: str, row: dict[str, Any]) -> dict[str, Any]:
    took = ""
    if row["started_at"] is not None:
        took = words.duration(max(0, (row["at"] - row["started_at"]).total_seconds()))
    return row | {
        "url": reverse("case", args=[slug, row["number"]]),
        "kind_words": str(PqrKind(row["kind"]).label) if row["kind"] else "",
        "state_words": str(TicketState(row["state"]).label),
        "took": took,
    }


def _whole(text: str | None, most: int) -> int | None:
    return (
        int(text)
        if text and text.isascii() and text.isdigit() and len(text) < 3 and int(text) <= most
        else None
    )


def _after(text: str) -> tuple[datetime, int] | None:
    at, _comma, pk = text.partition(",")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, int(pk)) if moment.tzinfo is not None and len(pk) < 19 else None
    except ValueError:
        return None
