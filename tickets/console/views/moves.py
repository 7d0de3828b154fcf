"""Joining cases, splitting one, and taking either back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from channels_social.domain.doorbell import ring
from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.permissions import Permission
from tickets.areas.domain.seeing import settle_sight
from tickets.cases.models import Message, Ticket
from tickets.cases.moves import CaseMove, MoveKind
from tickets.console.push import announce_after
from tickets.console.queries.messages import messages_where
from tickets.console.queries.queue import by_number
from tickets.console.rows import fetch
from tickets.console.views.dialogs import asked, case_or_404, done
from tickets.enums import PqrKind
from tickets.privacy.rules.masking import mask
from tickets.replies.domain import joining, splitting
from tickets.replies.domain.following import tell_joined
from tickets.replies.domain.reply import Refused
from tickets.replies.sentences import sentence

GET_POST, POST = ("GET", "HEAD", "POST"), ("POST",)
OFFERED = 8


@for_members(Permission.SEE_CASES, Permission.JOIN_CASES, methods=GET_POST)
def join(request: Any, number: int) -> HttpResponse:
    """Choose the case that comes into this one: the customer's others first, or any by its number."""
    ticket = case_or_404(number)
    if request.method != "POST":
        return _join(request, ticket)
    try:
        move = joining.join_cases(
            into=ticket,
            other=_named(request, ticket),
            by=request.member,
            reason=request.POST.get("reason", ""),
            version=_version(request),
        )
    except Refused as refused:
        return _join(request, ticket, error=sentence(refused.code, refused.detail))
    messages: list[tuple[int, int]] = []
    if request.POST.get("tell") == "1":
        messages = [(ticket.pk, message.pk) for message in tell_joined(move)]
        request.afterwards.append(lambda: ring("net"))
    _announce(request, move, messages)
    said = _("Los casos quedaron unidos. Vale el plazo más estricto y los dos números.")
    return done(request, number, _with_undo(said))


@for_members(Permission.SEE_CASES, Permission.JOIN_CASES, methods=GET_POST)
def split(request: Any, number: int) -> HttpResponse:
    """Choose the messages that are another matter."""
    ticket = case_or_404(number)
    if request.method != "POST":
        return _split(request, ticket)
    kind = request.POST.get("kind", "")
    chosen = [int(pk) for pk in request.POST.getlist("message") if pk.isdecimal()]
    try:
        move = splitting.split_case(
            ticket=ticket,
            messages=chosen,
            by=request.member,
            kind=kind if kind in PqrKind.values else "",
            version=_version(request),
        )
    except Refused as refused:
        return _split(request, ticket, chosen=chosen, error=sentence(refused.code, refused.detail))
    _announce(request, move, [])
    new = Ticket.objects.get(pk=move.other_id)
    return done(request, number, _with_undo(_("Los mensajes quedaron en el caso %s.") % new.number))


@for_members(Permission.SEE_CASES, Permission.JOIN_CASES, methods=POST)
def move_undo(request: Any, pk: int) -> HttpResponse:
    """Put everything back as it was, or say what stands in the way."""
    move = CaseMove.objects.filter(pk=pk).select_related("kept").first()
    if move is None:
        raise Http404
    verb = joining.undo_join if move.kind == MoveKind.JOIN else splitting.undo_split
    try:
        verb(move, by=request.member)
    except Refused as refused:
        said = _("No se puede deshacer. %s") % sentence(refused.code, refused.detail)
        return done(request, move.kept.number, said)
    with whole():  # an area may have answered about either while they were one
        for ticket in Ticket.objects.filter(pk__in=[move.kept_id, move.other_id]).order_by("pk"):
            settle_sight(ticket)
    _announce(request, move, [])
    return done(request, move.kept.number, _("Quedó como estaba."))


def _join(request: Any, ticket: Ticket, error: str = "") -> HttpResponse:
    beside = fetch(
        request.org,
        "t.customer_id = %s AND t.id <> %s AND t.state IN ('new', 'open', 'waiting_customer', 'waiting_area')",
        [ticket.customer_id, ticket.pk],
        f"ORDER BY t.id DESC LIMIT {OFFERED}",
        clock.now(),
    )
    if not request.member.sees_data:
        beside = [replace(row, last_text=mask(row.last_text)) for row in beside]
    return asked(
        request, "_join_form.html", ticket, status=422 if error else 200, error=error, others=beside,
        typed=request.POST.get("other", "") if request.method == "POST" else "",
    )  # fmt: skip


def _named(request: Any, ticket: Ticket) -> Ticket:
    """The case that was typed, or else chosen from the list. Raises :class:`Refused` when there is none, or two."""
    typed, choice = request.POST.get("other", "").strip(), request.POST.get("choice", "")
    if not typed and choice.isdecimal():
        chosen = Ticket.objects.filter(pk=int(choice), customer_id=ticket.customer_id).first()
        if chosen is not None:
            return chosen
    found = by_number(request.org, typed)
    if len(found) != 1:
        raise Refused("join_many" if found else "join_not_found")
    return Ticket.objects.get(pk=found[0])


def _split(request: Any, ticket: Ticket, *, chosen: list[int] | None = None, error: str = "") -> HttpResponse:
    ids = Message.objects.filter(ticket=ticket, is_notice=False).values_list("pk", flat=True)
    items = messages_where(request.org, "m.id = ANY(%s)", [list(ids)], is_masked=not request.member.sees_data)
    return asked(
        request, "_split_form.html", ticket, status=422 if error else 200, error=error,
        items=sorted(items, key=lambda item: (item.at, int(item.id))),
        chosen={str(pk) for pk in chosen or []},
        kinds=[(kind.value, kind.label) for kind in PqrKind],
    )  # fmt: skip


def _version(request: Any) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _with_undo(said: str) -> str:
    """The notice, with the button of the form that stands in the head of the case."""
    return format_html(
        '{} <button class="btn btn-sm" type="submit" form="undo-move" data-key="z">{}</button>',
        said,
        _("Deshacer"),
    )


def _announce(request: Any, move: CaseMove, messages: list[tuple[int, int]]) -> None:
    tickets = [move.kept_id, move.other_id]
    announce_after(request, tickets, messages)
