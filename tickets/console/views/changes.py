"""What a colleague does to a case: each view loads with authority, calls one verb, renders one part."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages as toasts
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from channels_social.domain.doorbell import ring
from channels_social.enums import ActionState
from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.areas.domain import consulting
from tickets.areas.domain.seeing import owed_by
from tickets.areas.models import Consultation
from tickets.areas.sentences import sentence as area_sentence
from tickets.cases.access import Petition
from tickets.cases.domain.classifying import NotTypified
from tickets.cases.models import Message, Ticket
from tickets.console.attached import chosen_in
from tickets.console.case_page import case_context, ticket_for
from tickets.console.composer import composer_for, given_back
from tickets.console.message import message_html
from tickets.console.open_cases import stop_of
from tickets.console.promises import promises_in
from tickets.console.push import announce, announce_after, announce_rights
from tickets.console.queries.messages import Item, just_said, messages_by_id, with_files
from tickets.console.rows import case_url, queue_address
from tickets.console.typification import missing_sentence
from tickets.console.views.loading import locked_or_404
from tickets.enums import PqrKind
from tickets.guidance.domain.following import NotPossible
from tickets.guidance.sentences import sentence as guidance_sentence
from tickets.questions.domain.linking import note_links, unreadable
from tickets.replies.domain import approving, casework, handing, manners
from tickets.replies.domain.outbox import change_action, parts_of
from tickets.replies.domain.petitions import PetitionRefused, ask, decide, must_ask
from tickets.replies.domain.reply import Refused, reply
from tickets.replies.domain.spoken import record_answer
from tickets.replies.domain.targets import Target, targets_of
from tickets.replies.sentences import sentence

POST = ("POST",)


@for_members(Permission.SEE_CASES, methods=POST)
def answer(request: Any, number: int) -> HttpResponse:
    """Queue a public or private answer; on refusal the text comes back with the reason, nothing lost."""
    ticket = locked_or_404(number)
    mode, text = request.POST.get("mode", "public"), request.POST.get("text", "")
    needed = Permission.REPLY_PUBLIC if mode == "public" else Permission.REPLY_PRIVATE
    if not request.member.can(needed):
        raise PermissionDenied
    token = request.POST.get("client_token", "")
    if not token:
        return HttpResponse(_("Falta el identificador del envío: recargue la página."), status=400)
    targets = targets_of(ticket, now=clock.now())
    ticked, began_with = request.POST.getlist("promise"), request.POST.get("began_with", "")
    files = chosen_in(request.POST)
    if gone := unreadable(request.org, text):
        errors = [_("«%s» ya no está en el sitio: quite ese enlace o ponga otro.") % gone[0]]
        return _composer(
            request, ticket, status=422, mode=mode, text=text, errors=errors, token=token, files=files
        )
    try:
        messages = reply(
            ticket,
            by=request.member,
            text=text,
            mode=mode,
            client_token=token,
            in_thread=request.POST.get("split") == "1",
            goes_on=request.POST.get("goes_on") == "1",
            targets=targets,
            promises=promises_in(ticket, ticked, text),
            began_with=began_with,
            files=files,
        )
    except Refused as refused:
        if refused.code == "other_case_open":
            stop = stop_of(ticket, text, request.member, request.org.slug)
            return _composer(
                request, ticket, status=422, mode=mode, text=text, token=token, stop=stop, promised=ticked,
                began_with=began_with, files=files,
            )  # fmt: skip
        errors = [_refusal(refused)]
        return _composer(
            request, ticket, status=422, mode=mode, text=text, errors=errors, token=token, promised=ticked,
            began_with=began_with, asks=refused.code in ("asks_data", "asks_secret"),
            files=files,
        )  # fmt: skip
    note_links(request.org, messages, by=request.member)
    request.afterwards.append(lambda: ring("net"))
    _tell(request, ticket, [(ticket.pk, message.pk) for message in messages])
    if {message.conversation_id for message in messages} - {one.conversation.pk for one in targets.values()}:
        targets = targets_of(ticket, now=clock.now())  # the first words of a thread opened another way
    said = [
        just_said(one, one.conversation, request.member, targets[mode].account.name, request.org.slug)
        for one in messages
    ]
    if files:
        with_files(said, request.org)
    return _composer(request, ticket, sent=said, targets=targets, mode=mode)


@for_members(Permission.SEE_CASES, Permission.WRITE_NOTES, methods=POST)
def note(request: Any, number: int) -> HttpResponse:
    """Say something among colleagues."""
    ticket = locked_or_404(number)
    text = request.POST.get("text", "").strip()
    if not text:
        return _composer(request, ticket, status=422, mode="note", errors=[_("Escriba la nota.")])
    asked = owed_by(ticket, request.member)
    if asked is not None:
        return _area_answers(request, ticket, asked, text)
    casework.add_note(ticket, by=request.member, text=text)
    _tell(request, ticket, [])
    return _composer(request, ticket, mode="note", story=True)


def _area_answers(request: Any, ticket: Ticket, asked: Consultation, text: str) -> HttpResponse:
    """What an area's person says is its answer: it stays in the case, and they leave it."""
    asked.ticket = ticket
    try:
        with whole():
            consulting.answer(asked, text=text, via="desk", by=request.member)
    except consulting.Refused as refused:
        errors = [area_sentence(refused.code)]
        return _composer(request, ticket, status=422, mode="note", text=text, errors=errors)
    _tell(request, ticket, [])
    said = _("Su respuesta quedó en el caso %s. Con ella terminó la consulta: ya no lo ve.") % (
        ticket.radicado or ticket.number
    )
    toasts.success(request, said)
    return _to_queue(request)


def _to_queue(request: Any) -> HttpResponse:
    """For who may no longer see the case."""
    address = queue_address(request.org.slug)
    return HttpResponse(headers={"HX-Redirect": address}) if request.htmx else redirect(address)


@for_members(Permission.SEE_CASES, Permission.REPLY_PRIVATE, methods=POST)
def spoken(request: Any, number: int) -> HttpResponse:
    """«Contestado por teléfono»: write down what the customer was told. Nothing leaves."""
    ticket = locked_or_404(number)
    text, token = request.POST.get("text", ""), request.POST.get("client_token", "")
    try:
        promises = promises_in(ticket, request.POST.getlist("promise"), text)
        message = record_answer(ticket, by=request.member, text=text, token=token, promises=promises)
    except Refused as refused:
        errors = [_refusal(refused)]
        return _composer(request, ticket, status=422, mode="spoken", text=text, errors=errors, token=token)
    _tell(request, ticket, [(ticket.pk, message.pk)])
    return _composer(request, ticket, mode="spoken", story=True)


@for_members(Permission.SEE_CASES, methods=POST)
def assign(request: Any, number: int) -> HttpResponse:
    """Take a case, give it, or leave it to everybody."""
    ticket, asked = locked_or_404(number), request.POST.get("assignee", "")
    to = Membership.objects.filter(pk=asked, is_active=True).first() if asked.isdecimal() else None
    if asked and to is None:
        raise Http404
    takes = to is not None and to.pk == request.member.pk
    needed = Permission.TAKE_CASES if takes else Permission.ASSIGN_CASES
    gives_back = to is None and ticket.assignee_id in (None, request.member.pk)
    if not (request.member.can(needed) or gives_back):
        raise PermissionDenied
    try:
        casework.assign(ticket, to=to, by=request.member, note=request.POST.get("note", ""))
    except Refused as refused:
        return _not_done(request, ticket, _refusal(refused))
    return _head(request, ticket)


@for_members(Permission.SEE_CASES, Permission.CHANGE_KIND, methods=POST)
def kind(request: Any, number: int) -> HttpResponse:
    """Correct the kind."""
    value = request.POST.get("kind", "")
    if value not in PqrKind.values:
        return HttpResponse(_("Ese tipo no existe: elija uno de la lista."), status=400)
    ticket = locked_or_404(number)
    if ticket.radicado is not None and not request.member.can(Permission.CHANGE_FILED_KIND):
        raise PermissionDenied
    reason = request.POST.get("reason", "")
    try:
        casework.change_kind(ticket, kind=PqrKind(value), by=request.member, reason=reason)
    except Refused as refused:
        return _not_done(request, ticket, _refusal(refused))
    return _head(request, ticket)


def _step(verb: Callable[..., bool], action: str) -> Any:
    @for_members(Permission.SEE_CASES, methods=POST)
    def view(request: Any, number: int) -> HttpResponse:
        ticket = locked_or_404(number)
        if must_ask(request.member, Permission.RESOLVE_CASES):
            ask(ticket, action=action, by=request.member)
        elif request.member.can(Permission.RESOLVE_CASES):
            verb(ticket, by=request.member)
        else:
            raise PermissionDenied
        return _head(request, ticket)

    return view


reopen = _step(casework.reopen, "reopen")
wait = _step(casework.wait_for_customer, "wait")
unwait = _step(casework.stop_waiting, "unwait")


@for_members(Permission.SEE_CASES, methods=POST)
def message_change(request: Any, pk: int, what: str) -> HttpResponse:
    """Cancel, retry, approve or settle one answer."""
    message = Message.objects.filter(pk=pk, action__isnull=False).select_related("ticket").first()
    if message is None or message.ticket_id is None:
        raise Http404
    needed = Permission.APPROVE_REPLIES if what == "approve" else Permission.REPLY_PRIVATE
    if not request.member.can(needed):
        raise PermissionDenied
    ticket = casework.lock(message.ticket_id)
    if ticket.joined_into_id is not None:
        ticket = casework.lock(ticket.joined_into_id)
        message.refresh_from_db()
    done, why, before = True, "", message.send_state
    try:
        if what == "approve":
            approving.approve(message, by=request.member)
        else:
            done = change_action(message, to=what, by=request.member)
    except Refused as refused:
        done, why = False, _refusal(refused)
    _tell(request, ticket, [(ticket.pk, part) for part in parts_of(message)])
    request.afterwards.append(lambda: ring("net"))
    if not request.htmx:
        return redirect(case_url(request.org.slug, ticket.number))
    with timezone.override(request.org.timezone):
        item = messages_by_id(request.org, [pk], is_masked=not request.member.sees_data)[0]
        item.failure = why or item.failure
        if done and what == "cancel" and before != ActionState.FAILED:
            item.undone = given_back(message, request.member)
        return HttpResponse(message_html(item), status=200 if done else 409)


@for_members(Permission.SEE_CASES, Permission.REPLY_PUBLIC, methods=POST)
def follow(request: Any, number: int) -> HttpResponse:
    """Follow the customer on X, where the account may."""
    ticket = locked_or_404(number)
    try:
        manners.follow(ticket, by=request.member)
    except Refused as refused:
        return HttpResponse(_refusal(refused), status=422)
    request.afterwards.append(lambda: ring("net"))
    return _head(request, ticket)


@for_members(Permission.SEE_CASES, methods=POST)
def hide(request: Any, pk: int) -> HttpResponse:
    """Hide a comment, which takes two people and a reason, or show it again."""
    message = Message.objects.select_related("conversation", "ticket").filter(pk=pk).first()
    if message is None or message.ticket is None:
        raise Http404
    hidden, reason = request.POST.get("hidden", "1") == "1", request.POST.get("reason", "")
    try:
        if hidden and must_ask(request.member, Permission.HIDE_COMMENTS):
            manners.check_hiding(message, reason=reason)
            ask(message.ticket, action="hide", by=request.member, reason=reason, message=message.pk)
        elif request.member.can(Permission.HIDE_COMMENTS):
            manners.hide(message, hidden=hidden, reason=reason, by=request.member)
        else:
            raise PermissionDenied
    except Refused as refused:
        return HttpResponse(_refusal(refused), status=422)
    _tell(request, message.ticket, [])
    request.afterwards.append(lambda: ring("net"))
    return redirect(case_url(request.org.slug, message.ticket.number))


@for_members(Permission.SEE_CASES, methods=POST)
def petition(request: Any, number: int, pk: int) -> HttpResponse:
    """Do what a colleague asked for, or say no."""
    ticket = locked_or_404(number)
    asked = Petition.objects.filter(pk=pk, ticket=ticket).first()
    if asked is None:
        raise Http404
    try:
        decide(asked, approve=request.POST.get("decision") == "approve", by=request.member)
    except PetitionRefused as refused:
        if refused.code != "gone":
            raise PermissionDenied from None
    except Refused as refused:
        return _not_done(request, ticket, _refusal(refused))
    except NotTypified as refused:  # reopened and classified anew since it was asked for
        return _not_done(request, ticket, missing_sentence(refused.missing))
    except NotPossible as refused:  # resolved since, or its protocol no longer grants it
        return _not_done(request, ticket, guidance_sentence(refused.code, refused.detail))
    request.afterwards.append(lambda: ring("net"))
    return _head(request, ticket)


@for_members(Permission.SEE_CASES, Permission.HAND_OVER, methods=POST)
def hand_over(request: Any, number: int) -> HttpResponse:
    """From the brand account to the support account, with the sentence that says so. One key, one answer."""
    ticket = locked_or_404(number)
    token = request.POST.get("client_token", "") or f"handover{ticket.pk}"
    try:
        messages = handing.hand_over(ticket, by=request.member, client_token=token)
    except Refused as refused:
        return _not_done(request, None, _refusal(refused))
    organization_id, pairs = request.org.pk, [(ticket.pk, message.pk) for message in messages]

    def tell() -> None:
        announce_rights(organization_id)
        announce(organization_id, [ticket.pk], pairs)
        ring("net")

    request.afterwards.append(tell)
    toasts.success(
        request,
        _("El caso de %(who)s pasó a servicio, con la frase que lo dice.") % {"who": ticket.customer.name},
    )
    return _to_queue(request)


def _refusal(refused: Refused) -> str:
    if refused.code == "empty":
        return _("Escriba la respuesta antes de enviarla.")
    if refused.code == "no_target":
        return _("No hay cómo responder así a esta persona: elija otra forma.")
    if refused.code == "too_long":
        return f"{sentence('too_long')} ({refused.detail})"
    return sentence(refused.code, refused.detail)


def _tell(request: Any, ticket: Ticket, messages: list[tuple[int, int]]) -> None:
    announce_after(request, [ticket.pk], messages)


def _head(request: Any, ticket: Ticket) -> HttpResponse:
    _tell(request, ticket, [])
    if not request.htmx:
        return redirect(case_url(request.org.slug, ticket.number))
    return _part(request, ticket, "tickets/console/_case_head.html")


def _not_done(request: Any, ticket: Ticket | None, said: str) -> HttpResponse:
    """A refusal: the head as it is now, where one asked from it, and a notice that says why and stays."""
    if not request.htmx:
        return HttpResponse(said, status=422)
    answer = _part(request, ticket, "tickets/console/_case_head.html") if ticket else HttpResponse()
    answer.status_code = 422
    answer["HX-Trigger"] = json.dumps({"toast": {"value": said, "bad": True}})
    if ticket is None:
        answer["HX-Reswap"] = "none"
    return answer


def _composer(
    request: Any,
    ticket: Ticket,
    *,
    status: int = 200,
    sent: list[Item] | None = None,
    targets: dict[str, Target] | None = None,
    story: bool = False,
    **composer: Any,
) -> HttpResponse:
    if not request.htmx and status == 200:
        return redirect(case_url(request.org.slug, ticket.number))
    with timezone.override(request.org.timezone):
        extra: dict[str, Any] = {"sent": SafeString("".join(map(message_html, sent)))} if sent else {}
        if not request.htmx or story or status != 200:
            fresh = ticket_for(ticket.number)
            assert fresh is not None
            context = case_context(request, fresh, now=clock.now(), **composer) | {"with_story": story}
            name = "composer_part" if request.htmx else "page"
            return render(request, f"tickets/console/{name}.html", context | extra, status=status)
        context = _light(request, ticket, targets, composer) | extra
        return render(request, "tickets/console/composer_part.html", context, status=status)


def _light(
    request: Any, ticket: Ticket, targets: dict[str, Target] | None, composer: dict[str, Any]
) -> dict[str, Any]:
    """Only what the composer needs, so that accepting an answer stays cheap."""
    targets = targets_of(ticket, now=clock.now()) if targets is None else targets
    return {
        "case": {"id": ticket.pk, "version": ticket.version},
        "composer": composer_for(ticket, targets, request.member, request.org.slug, **composer),
        "actions": {
            "note_url": reverse("note", args=[request.org.slug, ticket.number]),
            "spoken_url": reverse("spoken", args=[request.org.slug, ticket.number]),
        },
    }


def _part(request: Any, ticket: Ticket, template: str) -> HttpResponse:
    fresh = ticket_for(ticket.number)
    if fresh is None:  # who gave it away no longer sees it
        return HttpResponse(headers={"HX-Redirect": queue_address(request.org.slug)})
    with timezone.override(request.org.timezone):
        return render(request, template, case_context(request, fresh, now=clock.now()))
