"""«Radicar» and the numbers a case has elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_social.domain.doorbell import ring
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.cases.domain.filing import Rulebook, rulebook_of
from tickets.cases.filings import Numbers, Reference, System
from tickets.cases.models import Ticket
from tickets.cases.rules import FilingWhen
from tickets.console.push import announce_after
from tickets.console.views.dialogs import asked, case_or_404, done
from tickets.enums import PqrKind
from tickets.replies.domain import casework
from tickets.replies.domain.filing import file_ticket
from tickets.replies.domain.references import add_reference, remove_reference
from tickets.replies.domain.reply import Refused
from tickets.replies.sentences import sentence

GET_POST, POST = ("GET", "HEAD", "POST"), ("POST",)


class FilingForm(forms.Form):
    """What is filed, and its number where another system gives it."""

    kind = forms.ChoiceField(label=gettext_lazy("Tipo"))
    number = forms.CharField(label=gettext_lazy("Número del sistema de PQR"), max_length=40, required=False)

    def __init__(self, *args: Any, rulebook: Rulebook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        filed = [kind for kind in PqrKind if rulebook.when[kind] != FilingWhen.NEVER]
        choice: Any = self.fields["kind"]
        choice.choices = [("", _("Elija el tipo")), *((kind.value, kind.label) for kind in filed)]
        if rulebook.policy.numbers == Numbers.OURS:
            del self.fields["number"]


class ReferenceForm(forms.Form):
    """A number of another system."""

    system = forms.ChoiceField(
        label=gettext_lazy("Sistema"), choices=System, widget=forms.Select(attrs={"autofocus": True})
    )
    number = forms.CharField(label=gettext_lazy("Número"), max_length=60)
    state = forms.CharField(label=gettext_lazy("Estado allá"), max_length=60, required=False)
    due_on = forms.DateField(
        label=gettext_lazy("Vence"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


@for_members(Permission.SEE_CASES, Permission.FILE_CASES, methods=GET_POST)
def file_case(request: Any, number: int) -> HttpResponse:
    """Give a case its radicado; it counts from the receipt of its first message."""
    ticket, rulebook = case_or_404(number), rulebook_of(request.org.pk)
    if request.method != "POST":
        form = FilingForm(initial={"kind": ticket.kind}, rulebook=rulebook)
        return _filing(request, ticket, form, rulebook)
    form = FilingForm(request.POST, rulebook=rulebook)
    if not form.is_valid():
        return _filing(request, ticket, form, rulebook, status=422)
    given = form.cleaned_data
    try:
        filing = file_ticket(
            casework.lock(ticket.pk), by=request.member, kind=given["kind"], number=given.get("number", "")
        )
    except Refused as refused:
        form.add_error(None, sentence(refused.code, refused.detail))
        return _filing(request, ticket, form, rulebook, status=422)
    announce_after(request, [ticket.pk])
    request.afterwards.append(lambda: ring("net"))
    return done(request, number, _("Radicado %s.") % filing.radicado)


def _filing(
    request: Any, ticket: Ticket, form: FilingForm, rulebook: Rulebook, status: int = 200
) -> HttpResponse:
    return asked(request, "_filing_form.html", ticket, status=status, form=form, tells=rulebook.policy.tells)


@for_members(Permission.SEE_CASES, Permission.WRITE_NOTES, methods=GET_POST)
def references(request: Any, number: int) -> HttpResponse:
    """The numbers of a case in other systems, and the form for one more."""
    ticket = case_or_404(number)
    if request.method != "POST":
        return _references(request, ticket, ReferenceForm())
    form = ReferenceForm(request.POST)
    if not form.is_valid():
        return _references(request, ticket, form, status=422)
    try:
        reference = add_reference(casework.lock(ticket.pk), by=request.member, **form.cleaned_data)
    except Refused as refused:
        form.add_error("number", sentence(refused.code, refused.detail))
        return _references(request, ticket, form, status=422)
    announce_after(request, [ticket.pk])
    return done(request, number, _("%s quedó en el caso.") % reference.number)


@for_members(Permission.SEE_CASES, Permission.WRITE_NOTES, methods=POST)
def reference_remove(request: Any, pk: int) -> HttpResponse:
    """Take a number away."""
    found = Reference.objects.filter(pk=pk).only("ticket_id").first()
    if found is None:
        raise Http404
    ticket = casework.lock(found.ticket_id)
    reference = Reference.objects.filter(pk=pk, ticket=ticket).select_related("ticket").first()
    if reference is None:
        raise Http404
    number = reference.number
    remove_reference(reference, by=request.member)
    announce_after(request, [ticket.pk])
    return done(request, ticket.number, _("%s se quitó del caso.") % number)


def _references(request: Any, ticket: Ticket, form: ReferenceForm, status: int = 200) -> HttpResponse:
    known = Reference.objects.filter(ticket=ticket).order_by("pk")
    return asked(request, "_references_form.html", ticket, status=status, form=form, references=known)
