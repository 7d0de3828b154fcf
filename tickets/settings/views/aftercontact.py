"""«Contacto posterior»: whether customers are asked if it stayed solved, when, and for which score."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.aftercontact.domain.planning import policy_of
from tickets.aftercontact.sentences import question
from tickets.replies.filing_sentences import is_formal
from tickets.settings.aftercontact_form import AfterContactForm, what_it_does
from tickets.settings.domain.aftercontact import FIELDS, save_after_contact
from tickets.settings.views.frame import page

EXAMPLE = "2026-000123"


@for_members(Permission.MANAGE_TIME, methods=("GET", "HEAD", "POST"))
def after_contact(request: Any) -> HttpResponse:
    """The decision with what it does and what a customer reads; shown before it is saved."""
    policy = policy_of(request.org.pk)
    form = AfterContactForm(request.POST if request.method == "POST" else None, policy=policy)
    previews = request.POST.get("preview") == "1"
    if request.method == "POST" and form.is_valid() and not previews:
        changed = save_after_contact(form.cleaned_data, by=request.member)
        messages.success(request, _("Guardado.") if changed else _("Nada cambió."))
        return redirect("after_contact_settings", request.org.slug)
    says = heard = ""
    if not form.is_bound or form.is_valid():
        given = form.cleaned_data if form.is_bound else {name: getattr(policy, name) for name in FIELDS}
        says = what_it_does(given)
        if given["is_on"]:
            heard = question(
                formal=is_formal(request.org.sector), score=given["score"], number=EXAMPLE, name="Diana Rojas"
            )
    return page(
        request, "after_contact.html", "after_contact_settings", form=form, says=says, heard=heard,
        status=422 if form.errors and not previews else 200,
    )  # fmt: skip
