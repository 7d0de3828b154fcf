"""The legal term stands still while the customer completes what they asked, or thinks about our offer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_social.domain.doorbell import ring
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from protocols.models import Suspension
from tickets.cases.models import Ticket
from tickets.clocks.domain.legal import legal_clock
from tickets.console.push import announce_after
from tickets.console.views.dialogs import asked, case_or_404, done
from tickets.console.views.terms import GET_POST, open_ways
from tickets.replies.domain import casework
from tickets.replies.domain.reply import Refused
from tickets.replies.domain.suspending import suspend_term, suspended_by
from tickets.replies.sentences import sentence


class SuspensionForm(forms.Form):
    """What is missing or offered, in words the customer reads, and by what way they are told."""

    reason = forms.CharField(
        label=gettext_lazy("Qué le falta, o qué se le propone"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("El cliente lo lee. Pida los datos personales solo en privado."),
    )
    mode = forms.ChoiceField(label=gettext_lazy("Cómo se le avisa"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, ways: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {"private": _("En privado"), "public": _("En público")}
        field: Any = self.fields["mode"]
        field.choices = [(way, names[way]) for way in ways]


@for_members(Permission.SEE_CASES, Permission.FILE_CASES, methods=GET_POST)
def suspension(request: Any, number: int) -> HttpResponse:
    """Ask for what is missing, or offer a settlement, and suspend the term."""
    ticket = case_or_404(number)
    ways = open_ways(ticket)
    posted = request.POST if request.method == "POST" else None
    form = SuspensionForm(posted, ways=ways, initial={"mode": (ways or [""])[0]})
    if posted is None or not form.is_valid():
        return _page(request, ticket, form, 200 if posted is None else 422)
    given = form.cleaned_data
    try:
        suspend_term(casework.lock(ticket.pk), reason=given["reason"], mode=given["mode"], by=request.member)
    except Refused as refused:
        form.add_error(None, sentence(refused.code, refused.detail))
        return _page(request, ticket, form, 422)
    announce_after(request, [ticket.pk])
    request.afterwards.append(lambda: ring("net"))
    return done(request, number, _("Avisado: el término queda suspendido hasta que responda."))


def _page(request: Any, ticket: Ticket, form: SuspensionForm, status: int) -> HttpResponse:
    running = legal_clock(ticket)
    by_law = suspended_by(running) if running is not None else Suspension.NOTHING.value
    return asked(
        request, "_suspension_form.html", ticket, status=status, form=form, term=running, by_law=by_law
    )
