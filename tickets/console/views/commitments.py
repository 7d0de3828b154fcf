"""Promised dates: found while one writes, written down by hand, kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.cases.models import Ticket
from tickets.commitments.domain.promising import NotPromised, Promise, keep, replaceable
from tickets.commitments.models import Commitment
from tickets.commitments.sentences import sentence
from tickets.console.promises import found_in, lines_of, when_words
from tickets.console.push import announce_after
from tickets.console.queries.head import promises_of
from tickets.console.views.dialogs import asked, case_or_404, done
from tickets.guidance.rules.asking import asked_data
from tickets.replies.domain import casework
from tickets.replies.domain.promises import promise_by_hand
from tickets.replies.domain.targets import targets_of

GET_POST, POST = ("GET", "HEAD", "POST"), ("POST",)
FORM, FOUND = "promises/_form.html", "tickets/console/promises/_found.html"


class PromiseForm(forms.Form):
    """A date the customer was told outside of an answer: on the phone, at the counter."""

    what = forms.CharField(
        label=gettext_lazy("Qué se le prometió"),
        max_length=200,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    due_at = forms.DateTimeField(
        label=gettext_lazy("Para cuándo"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    replaces = forms.ChoiceField(label=gettext_lazy("En lugar de"), required=False)

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(replaceable(ticket).exclude(told_at=None).order_by("due_at"))
        if not known:
            del self.fields["replaces"]
            return
        choice: Any = self.fields["replaces"]
        choice.choices = [
            ("", _("Ninguno: es otro compromiso")),
            *((str(one.pk), f"{when_words(one.due_at)}: {one.what[:60]}") for one in known),
        ]


@for_members(Permission.SEE_CASES, methods=POST)
def dates_found(request: Any, number: int) -> HttpResponse:
    """The dates and the vague words of what is being written, as findings of the composer."""
    ticket = case_or_404(number)
    mode = request.POST.get("mode", "public")
    with timezone.override(request.org.timezone):
        found = found_in(
            ticket,
            request.POST.get("text", ""),
            mode=mode,
            targets=targets_of(ticket, now=clock.now()) if mode == "private" else {},
            member=request.member,
            chosen=request.POST.getlist("promise"),
        )
        asked = asked_data(request.POST.get("text", "")) if mode in ("public", "private") else None
        is_wrong = asked is not None and (asked.is_secret or (mode == "public" and not asked.in_private))
        return render(request, FOUND, {"found": found, "asked": asked if is_wrong else None})


@for_members(Permission.SEE_CASES, Permission.MAKE_COMMITMENTS, methods=GET_POST)
def commitments(request: Any, number: int) -> HttpResponse:
    """The commitments of a case, and the form for one that was made by word of mouth."""
    ticket = case_or_404(number)
    with timezone.override(request.org.timezone):
        if request.method != "POST":
            return _show(request, ticket, PromiseForm(ticket=ticket, initial=_proposed(request)))
        form = PromiseForm(request.POST, ticket=ticket)
        if not form.is_valid():
            return _show(request, ticket, form, status=422)
        given = form.cleaned_data
        promise = Promise(given["due_at"], given["what"], int(given.get("replaces") or 0) or None)
        try:
            promise_by_hand(casework.lock(ticket.pk), promise, by=request.member)
        except NotPromised as refused:
            form.add_error(None, sentence(refused.code))
            return _show(request, ticket, form, status=422)
        announce_after(request, [ticket.pk])
        return done(request, number, _("Compromiso para %s.") % when_words(promise.due_at))


def _proposed(request: Any) -> dict[str, str]:
    """A protocol that says «devolver la llamada» opens the form with that."""
    return {"what": _("Devolverle la llamada")} if request.GET.get("what") == "llamada" else {}


@for_members(Permission.SEE_CASES, Permission.MAKE_COMMITMENTS, methods=POST)
def commitment_kept(request: Any, pk: int) -> HttpResponse:
    """What was promised is done; how is asked where no answer of ours shows it."""
    found = Commitment.objects.filter(pk=pk).only("ticket_id").first()
    if found is None:
        raise Http404
    ticket = casework.lock(found.ticket_id)
    commitment = Commitment.objects.select_for_update(of=("self",)).filter(pk=pk, ticket=ticket).first()
    if commitment is None:
        raise Http404
    commitment.ticket = ticket
    try:
        keep(commitment, by=request.member, proof=request.POST.get("proof", ""))
    except NotPromised as refused:
        with timezone.override(request.org.timezone):
            return _show(request, ticket, PromiseForm(ticket=ticket), asks=pk, error=sentence(refused.code))
    announce_after(request, [ticket.pk])
    return done(request, ticket.number, _("Compromiso cumplido."))


def _show(
    request: Any, ticket: Ticket, form: PromiseForm, *, status: int = 200, asks: int = 0, error: str = ""
) -> HttpResponse:
    known = lines_of(promises_of(ticket), request.member, request.org.slug)
    return asked(
        request,
        FORM,
        ticket,
        status=422 if error else status,
        form=form,
        promises=known,
        asks=asks,
        error=error,
    )
