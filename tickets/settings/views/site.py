"""«Sitio público»: what customers see, with the colours as they will look before they are saved."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.http import for_members
from helpdesk.site.colour import BadColour, palette
from helpdesk.site.visitors import base_url
from helpdesk.tenancy.permissions import Permission
from tickets.settings.domain.site import save_site, site_for
from tickets.settings.site_form import SiteForm, colour_words
from tickets.settings.views.frame import page


@for_members(Permission.MANAGE_ACCOUNTS, methods=("GET", "HEAD", "POST"))
def site(request: Any) -> HttpResponse:
    """The decision and its preview; a colour that cannot be read is corrected, and the page says how."""
    kept = site_for(request.org)
    previews = request.POST.get("preview") == "1"
    form = SiteForm(*((request.POST, request.FILES) if request.method == "POST" else (None,)), site=kept)
    if request.method == "POST" and form.is_valid() and not previews:
        given = form.cleaned_data
        changed = save_site(given, logo=form.clean_picture, drops_logo=given["drops_logo"], by=request.member)
        messages.success(request, _("Guardado.") if changed else _("Nada cambió."))
        return redirect("site_settings", request.org.slug)
    try:
        colours = palette(str(form["colour"].value() or kept.colour).lower())
    except BadColour:
        colours = kept.palette
    return page(
        request, "site.html", "site_settings", form=form, site=kept, colours=colours, said=colour_words(colours),
        url=base_url(request.org.slug) + reverse("public:home", args=[request.org.slug]),
        status=422 if form.errors and not previews else 200,
    )  # fmt: skip
