"""«Seguir un caso»: number and secret; a wrong one of either is the same answer."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from helpdesk.site.limits import address_of, count
from helpdesk.site.visitors import for_visitors
from tickets.cases.models import Ticket
from tickets.console.push import announce
from tickets.public.domain.following import add_words, case_of
from tickets.public.forms import ACCEPTED, AddForm
from tickets.public.queries.followed import followed

# Wrong attempts: of one address in ten minutes, about one number from anywhere in an hour; words added in ten minutes.
WRONG_STRETCH, WRONG_FROM_ADDRESS = 600, 10
NUMBER_STRETCH, WRONG_ABOUT_NUMBER = 3600, 20
ADD_STRETCH, ADDED = 600, 10


@for_visitors("GET", "HEAD", "POST")
def status(request: Any) -> HttpResponse:
    """Ask for both; show the case; take what is added. Nothing is kept in the browser: both come with each step."""
    if request.method != "POST":
        return _ask(request)
    number, secret = request.POST.get("number", "")[:60], request.POST.get("secret", "")[:60]
    counters = (
        (f"wrong:{request.org.pk}:{address_of(request)}", WRONG_STRETCH, WRONG_FROM_ADDRESS),
        (f"wrong-number:{request.org.pk}:{_folded(number)}", NUMBER_STRETCH, WRONG_ABOUT_NUMBER),
    )
    if any(count(what, seconds=stretch, step=0) >= most for what, stretch, most in counters):
        return _ask(
            request, number=number, status=429,
            error=_("Demasiados intentos seguidos: hay que esperar unos minutos y volver a probar."),
        )  # fmt: skip
    ticket = case_of(request.org, number=number, secret=secret)
    if ticket is None:
        for what, stretch, _most in counters:
            count(what, seconds=stretch)
        return _ask(
            request, number=number, status=422,
            error=_("El número o la clave no coinciden. La clave tiene doce letras y cifras."),
        )  # fmt: skip
    return _show(request, ticket, number, secret)


def _show(request: Any, ticket: Ticket, number: str, secret: str) -> HttpResponse:
    is_added, status = False, 200
    is_too_much = bool(request.META.get("circunflejo.too_large"))
    form = AddForm(initial={"token": secrets.token_urlsafe(24)})
    if request.POST.get("step") == "add":
        files = [] if is_too_much else request.FILES.getlist("files")
        form = AddForm(request.POST, files=files, is_too_much=is_too_much)
        if form.is_valid() and _too_often(request, ticket):
            form.add_error(
                "text", _("Llegaron muchos mensajes seguidos: en diez minutos se puede enviar otro.")
            )
        if form.is_valid():
            opened = add_words(
                request.org, ticket, text=form.cleaned_data["text"], token=form.cleaned_data["token"],
                uploads=form.uploads,
            )  # fmt: skip
            pairs = [(ticket.pk, opened.message_id)]
            transaction.on_commit(lambda: announce(request.org.pk, [ticket.pk], pairs))  # type: ignore[arg-type]
            ticket = case_of(request.org, number=number, secret=secret) or ticket
            is_added, form = True, AddForm(initial={"token": secrets.token_urlsafe(24)})
        else:
            status = 413 if is_too_much else 422
    context = {
        "case": followed(ticket), "number": number, "secret": secret, "form": form, "is_added": is_added,
        "accepted": ACCEPTED,
    }  # fmt: skip
    return render(request, "public/status_case.html", context, status=status)


def _ask(request: Any, *, number: str = "", error: str = "", status: int = 200) -> HttpResponse:
    return render(request, "public/status.html", {"number": number, "error": error}, status=status)


def _too_often(request: Any, ticket: Ticket) -> bool:
    return count(f"add:{request.org.pk}:{ticket.pk}", seconds=ADD_STRETCH) > ADDED


def _folded(number: str) -> str:
    return "".join(sign for sign in number.upper() if sign.isalnum())[:40]
