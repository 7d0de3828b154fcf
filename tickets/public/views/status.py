"""«Seguir un caso»: number and secret; a wrong one of either is the same answer.

Who is locked out is an address, never a case. A secret is sixty bits nobody chose, so what keeps it from being
guessed is its length: a million addresses that try as much as each is let (a thousand million a week) would need two
million years. A lock on the number would add nothing to that and let anybody who knows a number, which is counted up,
keep its owner from the page for ever. So wrong attempts are counted by address and number together, ten in ten minutes,
which stops a person or a script that tries one case; and by address alone, sixty, which stops one that walks through
the numbers: whoever shares an address with it (a company, a mobile network) waits minutes and can ask from elsewhere.
Every attempt costs the same one indexed question, whatever was typed, and while locked none.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from helpdesk.site.limits import address_of, count
from helpdesk.site.visitors import for_visitors
from tickets.cases.models import Ticket
from tickets.console.push import announce
from tickets.public.domain.filing import tell_at_address
from tickets.public.domain.following import Found, add_words, case_of
from tickets.public.domain.telling import sends_mail, stop_telling, told_where
from tickets.public.forms import ACCEPTED, AddForm, TellMeForm
from tickets.public.queries.followed import followed

# Wrong attempts of one address in ten minutes: about one number, and about any; words added in ten minutes.
WRONG_STRETCH, WRONG_ABOUT_NUMBER, WRONG_FROM_ADDRESS = 600, 10, 60
ADD_STRETCH, ADDED = 600, 10


@for_visitors("GET", "HEAD", "POST")
def status(request: Any) -> HttpResponse:
    """Ask for both; show the case; take what is added. Nothing is kept in the browser: both come with each step."""
    if request.method != "POST":
        return _ask(request)
    number, secret = request.POST.get("number", "")[:60], request.POST.get("secret", "")[:60]
    mine = f"wrong:{request.org.pk}:{address_of(request)}"
    counters = ((mine, WRONG_FROM_ADDRESS), (f"{mine}:{_folded(number)}", WRONG_ABOUT_NUMBER))
    if any(count(what, seconds=WRONG_STRETCH, step=0) >= most for what, most in counters):
        return _ask(
            request, number=number, status=429,
            error=_("Demasiados intentos seguidos: hay que esperar unos minutos y volver a probar."),
        )  # fmt: skip
    found = case_of(request.org, number=number, secret=secret)
    if found is None:
        for what, _most in counters:
            count(what, seconds=WRONG_STRETCH)
        return _ask(
            request, number=number, status=422,
            error=_("El número o la clave no coinciden. La clave tiene doce letras y cifras."),
        )  # fmt: skip
    return _show(request, found, secret)


def _show(request: Any, found: Found, secret: str) -> HttpResponse:
    said, status = "", 200
    step = request.POST.get("step", "")
    form, tell = (
        AddForm(initial={"token": secrets.token_urlsafe(24)}),
        TellMeForm(country=request.org.country),
    )
    if step == "add":
        form, status = _add(request, found)
        if status == 200:
            said = "added"
    elif step == "tell":
        tell = TellMeForm(request.POST, country=request.org.country)
        said = _tell(request, found, tell)
        status = 200 if said else 422
    elif step == "quiet":
        stop_telling(found.secret)
        said = "quiet"
    found = case_of(request.org, number=found.number, secret=secret) or found
    context = {
        "case": followed(found.ticket, found.secret, found.number), "secret": secret, "form": form, "tell": tell,
        "said": said, "accepted": ACCEPTED, "told_at": told_where(found.secret, request.org.country),
        "sends_mail": sends_mail(),
    }  # fmt: skip
    return render(request, "public/status_case.html", context, status=status)


def _add(request: Any, found: Found) -> tuple[AddForm, int]:
    """Take what the customer adds; the form to show next, and how it went."""
    is_too_much = bool(request.META.get("circunflejo.too_large"))
    files = [] if is_too_much else request.FILES.getlist("files")
    form = AddForm(request.POST, files=files, is_too_much=is_too_much)
    if form.is_valid() and _too_often(request, found.ticket):
        form.add_error("text", _("Llegaron muchos mensajes seguidos: en diez minutos se puede enviar otro."))
    if not form.is_valid():
        return form, 413 if is_too_much else 422
    opened = add_words(
        request.org, found, text=form.cleaned_data["text"], token=form.cleaned_data["token"], uploads=form.uploads
    )  # fmt: skip
    pairs = [(found.ticket.pk, opened.message_id)]
    announce(request.org.pk, [found.ticket.pk], pairs)  # type: ignore[arg-type]
    return AddForm(initial={"token": secrets.token_urlsafe(24)}), 200


def _tell(request: Any, found: Found, form: TellMeForm) -> str:
    """Keep the address for letters about answers, where it is one; what to say of it."""
    if not sends_mail() or not form.is_valid():
        return ""
    tell_at_address(found.secret, form.cleaned_data["email"])
    return "tell"


def _ask(request: Any, *, number: str = "", error: str = "", status: int = 200) -> HttpResponse:
    return render(request, "public/status.html", {"number": number, "error": error}, status=status)


def _too_often(request: Any, ticket: Ticket) -> bool:
    return count(f"add:{request.org.pk}:{ticket.pk}", seconds=ADD_STRETCH) > ADDED


def _folded(number: str) -> str:
    return "".join(sign for sign in number.upper() if sign.isalnum())[:40]
