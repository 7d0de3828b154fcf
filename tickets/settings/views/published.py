"""What an account publishes of its hours, and the notice it gives out of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from channels_social.domain.doorbell import ring
from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from protocols.calendars.rows import hours_of
from protocols.rules.published import FACEBOOK_INTRO, X_BIO, bio, description
from tickets.settings.domain.published import mark_published, save_account_hours
from tickets.settings.models import AccountPolicy, Notices
from tickets.settings.notice_page import example_of
from tickets.settings.published_forms import AccountHoursForm
from tickets.settings.published_words import text_for
from tickets.settings.views.frame import page


@for_members(Permission.MANAGE_TIME, methods=("GET", "HEAD", "POST"))
def account(request: Any, pk: int) -> HttpResponse:
    """One account: its calendar, the texts to copy, and what was published."""
    policy = (
        AccountPolicy.objects.filter(organization=request.org, pk=pk)
        .select_related("account", "calendar", "organization")
        .first()
    )
    if policy is None:
        raise Http404
    if request.method == "POST" and "published" in request.POST:
        hours = hours_of([policy.calendar])[policy.calendar_id]
        mark_published(policy, text_for(policy, hours), by=request.member)
        messages.success(request, _("Anotado: eso es lo que dice el perfil desde hoy."))
        return redirect("account_hours", request.org.slug, pk)
    form = AccountHoursForm(
        request.POST if request.method == "POST" else None,
        organization_id=request.org.pk,
        initial={
            "calendar": policy.calendar_id,
            "phone": policy.contact_phone,
            "email": policy.contact_email,
            "notices": policy.notices,
        },
    )
    if request.method == "POST" and form.is_valid():
        _save(request, policy, form.cleaned_data)
        return redirect("account_hours", request.org.slug, pk)
    return page(
        request,
        "account_hours.html",
        "hours",
        status=422 if request.method == "POST" else 200,
        form=form,
        policy=policy,
        **_texts(policy),
    )


def _save(request: Any, policy: AccountPolicy, told: dict[str, Any]) -> None:
    is_changed = save_account_hours(
        policy,
        calendar=told["calendar"],
        phone=told["phone"].strip(),
        email=told["email"],
        notices=Notices(told["notices"]),
        by=request.member,
    )
    if is_changed:
        request.afterwards.append(lambda: ring("recount"))
        messages.success(request, _("Guardado."))
    else:
        messages.info(request, _("No había nada que guardar."))


def _texts(policy: AccountPolicy) -> dict[str, Any]:
    """What to copy, where it goes and how long it may be; and the notice as a customer would read it."""
    hours = hours_of([policy.calendar])[policy.calendar_id]
    contact = {"phone": policy.contact_phone, "email": policy.contact_email}
    texts = [
        {
            "key": "x",
            "title": _("Texto para la biografía de X"),
            "text": bio(hours, **contact),
            "most": X_BIO,
        },
        {
            "key": "facebook",
            "title": _("Texto para la descripción de Facebook"),
            "text": description(hours, **contact),
            "most": FACEBOOK_INTRO,
        },
    ]
    here = next((one for one in texts if one["key"] == policy.account.network), texts[1])
    return {
        "texts": [one | {"length": len(one["text"])} for one in (here, *(t for t in texts if t is not here))],
        "is_outdated": bool(policy.published_at) and policy.published_text != text_for(policy, hours),
        "example": example_of(policy, hours, now=clock.now()),
    }
