"""Asking an area from a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_social.domain.doorbell import ring
from channels_social.enums import AccountMode, ActionState, ConversationKind
from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.areas.domain.consulting import Refused, check, standing
from tickets.areas.domain.consulting import cancel as call_off
from tickets.areas.domain.consulting import consult as ask
from tickets.areas.models import Area, Consultation
from tickets.areas.sentences import sentence
from tickets.areas.shared import shareable
from tickets.cases.models import Ticket
from tickets.commitments.models import Commitment
from tickets.commitments.rules.dates import find_dates
from tickets.console.case_page import ticket_for
from tickets.console.promises import hours_of
from tickets.console.push import announce_after
from tickets.console.rows import case_url
from tickets.console.views.pages import queue_context
from tickets.privacy.rules.masking import mask
from tickets.replies.domain import casework
from tickets.replies.domain.reply import Refused as NotSent
from tickets.replies.domain.reply import new_token
from tickets.replies.domain.targets import targets_of
from tickets.replies.domain.transfer import DATE, proposed_sentence, tell_transfer
from tickets.replies.sentences import sentence as why_not_sent


@for_members(Permission.SEE_CASES, Permission.TRANSFER_CASES, methods=("GET", "HEAD", "POST"))
def consult(request: Any, number: int) -> HttpResponse:
    """The form: which area, what is asked, what of the case it may see."""
    ticket = ticket_for(number)
    if ticket is None:
        raise Http404
    if request.method != "POST":
        return _show(request, ticket)
    ticket = casework.lock(ticket.pk)
    try:
        with transaction.atomic():  # what the customer is told and what the area is asked are one thing
            _ask(request, ticket)
    except Refused as refused:
        return _show(request, ticket, error=sentence(refused.code), status=422)
    except NotSent as refused:
        return _show(request, ticket, error=why_not_sent(refused.code, refused.detail), status=422)
    return _gone(request, ticket)


def _ask(request: Any, ticket: Ticket) -> None:
    posted = request.POST
    wanted, question = posted.get("area", ""), posted.get("question", "")
    area = Area.objects.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    if area is None:
        raise Refused("no_area")
    check(ticket, area, question)
    ask(
        ticket,
        area=area,
        question=question,
        by=request.member,
        shares_name=posted.get("shares_name") == "1",
        messages=[int(one) for one in posted.getlist("messages") if one.isdecimal()],
        commitment=_promise(request, ticket),
    )


def _promise(request: Any, ticket: Ticket) -> Commitment | None:
    """The date the customer is told now; None leaves it to one that stands already."""
    posted = request.POST
    if not posted.get("due_at", ""):
        return None
    with timezone.override(request.org.timezone):
        try:
            due_at = forms.DateTimeField().clean(posted["due_at"])
        except forms.ValidationError:
            raise Refused("bad_date") from None
    said = posted.get("sentence", "").strip()
    if not said:
        raise Refused("no_sentence")
    if DATE not in said and not find_dates(said, now=clock.now(), hours=hours_of(ticket)):
        raise Refused("sentence_without_date")
    return tell_transfer(
        ticket, by=request.member, due_at=due_at, text=said, mode=posted.get("mode", "private"),
        client_token=posted.get("client_token", "") or new_token(),
    )  # fmt: skip


@for_members(Permission.SEE_CASES, Permission.TRANSFER_CASES, methods=("POST",))
def cancel(request: Any, number: int, pk: int) -> HttpResponse:
    """The answer is not needed any more."""
    ticket = ticket_for(number)
    found = Consultation.objects.filter(pk=pk, ticket=ticket).first() if ticket else None
    if found is None:
        raise Http404
    ticket = casework.lock(found.ticket_id)
    consultation = Consultation.objects.select_for_update(of=("self",)).get(pk=found.pk)
    consultation.ticket = ticket
    call_off(consultation, by=request.member)
    return _gone(request, ticket)


def _gone(request: Any, ticket: Ticket) -> HttpResponse:
    announce_after(request, [ticket.pk])
    request.afterwards.append(lambda: ring("net"))
    return redirect(case_url(request.org.slug, ticket.number))


def _show(request: Any, ticket: Ticket, *, error: str = "", status: int = 200) -> HttpResponse:
    messages = shareable(ticket.pk, ticket.organization_id)
    is_post = request.method == "POST"
    chosen = set(request.POST.getlist("messages")) if is_post else {str(one.pk) for one in messages}
    if not request.member.sees_data:
        for one in messages:
            one.text = mask(one.text)
    context = queue_context(request, ticket.pk) | {
        "case_template": "tickets/console/_consult.html",
        "case": ticket,
        "case_url": case_url(request.org.slug, ticket.number),
        "who_url": reverse("customer", args=[request.org.slug, ticket.number]),
        "areas": Area.objects.filter(is_active=True).order_by("name"),
        "chosen_area": request.POST.get("area", "") or request.GET.get("area", ""),
        "question": request.POST.get("question", ""),
        "shares_name": request.POST.get("shares_name") == "1",
        "messages_to_share": [(one, str(one.pk) in chosen) for one in messages],
        "stands": standing(ticket),
        "modes": _modes(request, ticket),
        "chosen_mode": request.POST.get("mode", ""),
        "due_at": request.POST.get("due_at", ""),
        "sentence": request.POST.get("sentence", "") or proposed_sentence(ticket),
        "client_token": request.POST.get("client_token", "") or new_token(),
        "open_ones": [_open(one) for one in _open_consultations(ticket)],
        "error": error,
    }
    with timezone.override(request.org.timezone):
        return render(request, "tickets/console/page.html", context, status=status)


def _modes(request: Any, ticket: Ticket) -> list[tuple[str, str]]:
    """The ways this member may tell the customer, where they last spoke first."""
    member = request.member
    labels = {"private": _("En privado"), "public": _("En público")}
    needed = {"private": Permission.REPLY_PRIVATE, "public": Permission.REPLY_PUBLIC}
    found = targets_of(ticket, now=clock.now())
    usable = [
        (mode, f"{labels[mode]} · {one.account}")
        for mode, one in found.items()
        if one.window.is_open and one.account.mode != AccountMode.READ_ONLY and member.can(needed[mode])
    ]
    first = "public" if ConversationKind(ticket.channel).is_public else "private"
    usable.sort(key=lambda mode: mode[0] != first)
    return [*usable, ("spoken", _("De viva voz: ya se lo dije"))]


def _open_consultations(ticket: Ticket) -> list[Consultation]:
    found = Consultation.objects.filter(ticket=ticket, answered_at=None, cancelled_at=None)
    return list(found.select_related("area", "action", "asked_by").order_by("due_at"))


def _open(consultation: Consultation) -> dict[str, Any]:
    state = consultation.action.state if consultation.action else ""
    return {
        "it": consultation,
        "mail": ActionState(state).label if state else "",
        "is_stuck": state == "failed",
    }
