"""What happens by itself when a clock or a promised date warns or is past."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from helpdesk.http import for_members
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.escalation.models import EscalationRule
from tickets.escalation.words import rule_sentence
from tickets.settings.domain import escalation as verbs
from tickets.settings.duty_forms import RuleForm
from tickets.settings.views.frame import page

GET_POST = ("GET", "HEAD", "POST")


@for_members(Permission.MANAGE_TIME, methods=GET_POST)
def rules(request: Any) -> HttpResponse:
    """Every rule as a sentence, and one more."""
    form = RuleForm(request.POST if request.method == "POST" else None, mates=_mates(request))
    if request.method == "POST" and form.is_valid():
        rule = form.as_rule(EscalationRule(organization=request.org))
        try:
            verbs.save_rule(rule, read=None, by=request.member)
        except verbs.RuleRefused as refused:
            form.add_error(None, _why(refused.code))
        else:
            messages.success(request, rule_sentence(rule))
            return redirect("escalation", request.org.slug)
    return _page(request, form)


@for_members(Permission.MANAGE_TIME, methods=GET_POST)
def rule(request: Any, pk: int) -> HttpResponse:
    """One rule: changed, switched off or on, dropped."""
    found = EscalationRule.objects.select_related("notify_member", "move_member").filter(pk=pk).first()
    if found is None:
        raise Http404
    what = request.POST.get("what", "")
    if what in ("on", "off", "drop"):
        if what == "drop":
            verbs.drop_rule(found, by=request.member)
        else:
            verbs.switch_rule(found, on=what == "on", by=request.member)
        return redirect("escalation", request.org.slug)
    form = RuleForm(request.POST if request.method == "POST" else None, rule=found, mates=_mates(request))
    if request.method == "POST" and form.is_valid():
        try:
            verbs.save_rule(form.as_rule(found), read=form.cleaned_data["version"], by=request.member)
        except verbs.RuleRefused as refused:
            form.add_error(None, _why(refused.code))
            return _page(request, form, found, status=409)
        messages.success(request, rule_sentence(found))
        return redirect("escalation", request.org.slug)
    return _page(request, form, found)


@for_members(Permission.MANAGE_TIME)
def preview(request: Any) -> HttpResponse:
    """The sentence of what is being typed."""
    if not request.member.can(Permission.MANAGE_TIME):
        raise PermissionDenied
    form = RuleForm(request.GET, mates=_mates(request))
    form.is_valid()
    said = rule_sentence(form.as_rule(EscalationRule(organization=request.org)))
    return render(request, "tickets/settings/_rule_preview.html", {"said": said})


def _mates(request: Any) -> list[Membership]:
    return list(Membership.objects.filter(organization=request.org).order_by("display_name"))


def _page(
    request: Any, form: RuleForm, rule: EscalationRule | None = None, *, status: int = 200
) -> HttpResponse:
    rows = EscalationRule.objects.filter(organization=request.org).select_related(
        "notify_member", "move_member"
    )
    shown = rule
    if form.is_bound:
        shown = form.as_rule(EscalationRule(organization=request.org))
    return page(
        request, "escalation.html", "escalation", status=422 if form.errors and status == 200 else status,
        form=form, rule=rule, lines=[(one, rule_sentence(one)) for one in rows.order_by("-is_active", "id")],
        said=rule_sentence(shown or EscalationRule(trigger="warned", priorities=[], notifies="")),
        may_edit=request.member.can(Permission.MANAGE_TIME),
    )  # fmt: skip


def _why(code: str) -> str:
    return {
        "changed": _("Otra persona cambió esta regla mientras usted la editaba. Lo que escribió está aquí: "
                     "mire cómo quedó y guarde otra vez."),
        "too_many": _("Ya son cuarenta reglas: quite alguna antes de añadir otra."),
    }[code]  # fmt: skip
