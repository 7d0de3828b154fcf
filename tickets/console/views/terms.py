"""The legal term of a case: marking the definitive answer, certifying that it was notified, extending the term."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_social.domain.doorbell import ring
from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from helpdesk.text import excerpt
from tickets.cases.models import Message, Ticket
from tickets.clocks.domain.legal import legal_clock
from tickets.clocks.models import Clock, DefinitiveAnswer
from tickets.console.push import announce_after
from tickets.console.views.dialogs import asked, case_or_404, done
from tickets.replies.domain import casework
from tickets.replies.domain.definitive import give_constancy, mark_definitive, may_be_definitive, proves
from tickets.replies.domain.extending import check_extension, extend_term, most_days
from tickets.replies.domain.petitions import ask, must_ask
from tickets.replies.domain.reply import Refused
from tickets.replies.domain.targets import targets_of
from tickets.replies.sentences import sentence

GET_POST = ("GET", "HEAD", "POST")


class DefinitiveForm(forms.Form):
    """Which answer is the one on the merits."""

    message = forms.TypedChoiceField(
        label=gettext_lazy("La respuesta"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Elija la respuesta que resuelve lo que pidió.")},
    )

    def __init__(self, *args: Any, answers: list[Message], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["message"]
        field.choices = [(str(one.pk), _label(one)) for one in answers]


class ConstancyForm(forms.Form):
    """How a supervisor knows that the customer was notified."""

    constancy = forms.CharField(
        label=gettext_lazy("Cómo se le notificó"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Medio, guía o número, y qué lo prueba. Sin datos de la persona."),
    )
    at = forms.DateTimeField(
        label=gettext_lazy("Cuándo"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class ExtensionForm(forms.Form):
    """How much longer, why, and by what way the customer is told."""

    days = forms.IntegerField(label=gettext_lazy("Días más"), min_value=1, max_value=400)
    reason = forms.CharField(
        label=gettext_lazy("Motivo"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("El cliente lo lee: por qué no se le puede responder antes."),
    )
    mode = forms.ChoiceField(label=gettext_lazy("Cómo se le avisa"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, ways: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {"private": _("En privado"), "public": _("En público")}
        field: Any = self.fields["mode"]
        field.choices = [(way, names[way]) for way in ways] or [
            ("", _("Por fuera de aquí: ninguna vía está abierta"))
        ]
        self.fields["mode"].required = bool(ways)


@for_members(Permission.SEE_CASES, Permission.FILE_CASES, methods=GET_POST)
def definitive(request: Any, number: int) -> HttpResponse:
    """Mark the *respuesta de fondo*; or, a supervisor, certify how it was notified."""
    ticket = case_or_404(number)
    certifies = request.POST.get("step") == "constancy"
    if certifies and not request.member.can(Permission.APPROVE_REPLIES):
        raise PermissionDenied
    answers = may_be_definitive(ticket)
    posted = request.POST if request.method == "POST" else None
    form = DefinitiveForm(None if certifies else posted, answers=answers)
    constancy = ConstancyForm(posted if certifies else None)
    if posted is None or not (constancy if certifies else form).is_valid():
        return _definitive(request, ticket, form, constancy, status=200 if posted is None else 422)
    try:
        answer = _mark(request, ticket, form, constancy)
    except Refused as refused:
        (constancy if certifies else form).add_error(None, sentence(refused.code, refused.detail))
        return _definitive(request, ticket, form, constancy, status=422)
    announce_after(request, [ticket.pk])
    return done(request, number, _said(answer))


def _mark(request: Any, ticket: Ticket, form: DefinitiveForm, constancy: ConstancyForm) -> DefinitiveAnswer:
    locked = casework.lock(ticket.pk)
    if constancy.is_bound:
        told = constancy.cleaned_data
        at: datetime = told["at"]
        return give_constancy(locked, text=told["constancy"], at=at, by=request.member)
    return mark_definitive(locked, form.cleaned_data["message"], by=request.member)


def _said(answer: DefinitiveAnswer) -> str:
    if answer.notified_at is not None:
        return _("Quedó notificada: el término legal se detuvo.")
    return _("Marcada. El término sigue hasta que quede notificada: salga por un canal privado, o un supervisor deje "
             "constancia.")  # fmt: skip


def _label(message: Message) -> str:
    where = _("en privado") if proves(message) else _("en público: hará falta constancia")
    return f"{excerpt(message.text, 110)} · {where}"


def _definitive(
    request: Any, ticket: Ticket, form: DefinitiveForm, constancy: ConstancyForm, status: int
) -> HttpResponse:
    waiting = DefinitiveAnswer.objects.filter(ticket=ticket, notified_at=None).order_by("-id").first()
    return asked(
        request, "_definitive_form.html", ticket, status=status, form=form, constancy=constancy, waiting=waiting,
        term=legal_clock(ticket), may_certify=request.member.can(Permission.APPROVE_REPLIES),
        now=timezone.localtime(clock.now()),
    )  # fmt: skip


@for_members(Permission.SEE_CASES, methods=GET_POST)
def extension(request: Any, number: int) -> HttpResponse:
    """Extend the term, or ask a supervisor to."""
    asks = must_ask(request.member, Permission.EXTEND_TERM)
    if not (asks or request.member.can(Permission.EXTEND_TERM)):
        raise PermissionDenied
    ticket = case_or_404(number)
    running, ways = legal_clock(ticket), open_ways(ticket)
    most = most_days(running) if running is not None else 0
    form = ExtensionForm(
        request.POST if request.method == "POST" else None,
        ways=ways,
        initial={"days": most, "mode": (ways or [""])[0]},
    )
    if request.method != "POST" or not form.is_valid():
        return _extension(
            request, ticket, form, running, most, asks, 200 if request.method != "POST" else 422
        )
    given = form.cleaned_data
    try:
        locked = casework.lock(ticket.pk)
        if asks:
            check_extension(locked, days=given["days"], reason=given["reason"])
            ask(locked, action="extend", by=request.member, reason=given["reason"], days=given["days"],
                mode=given["mode"])  # fmt: skip
        else:
            extend_term(
                locked, days=given["days"], reason=given["reason"], mode=given["mode"], by=request.member
            )
    except Refused as refused:
        form.add_error(None, sentence(refused.code, refused.detail))
        return _extension(request, ticket, form, running, most, asks, 422)
    announce_after(request, [ticket.pk])
    request.afterwards.append(lambda: ring("net"))
    return done(
        request, number, _("Pedida a un supervisor.") if asks else _("Prorrogado, y avisado al cliente.")
    )


def open_ways(ticket: Ticket) -> list[str]:
    """The ways of telling the customer that are open now, private first."""
    targets = targets_of(ticket, now=clock.now())
    return [mode for mode in ("private", "public") if mode in targets and targets[mode].window.is_open]


def _extension(
    request: Any,
    ticket: Ticket,
    form: ExtensionForm,
    running: Clock | None,
    most: int,
    asks: bool,
    status: int,
) -> HttpResponse:
    return asked(
        request, "_extension_form.html", ticket, status=status, form=form, term=running, most=most, asks=asks
    )
