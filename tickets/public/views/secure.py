"""The form behind a one-time link: what a colleague asked for, and nothing of the case."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from helpdesk.site.limits import address_of, count
from helpdesk.site.visitors import for_visitors
from tickets.console.push import announce
from tickets.public.domain.asking import LONGEST_VALUE, Refused, give, link_of, why_over
from tickets.public.models import SecureLink

# Of one address in a minute: a person opens it, reads and answers.
FROM_ONE_ADDRESS = 30


@for_visitors("GET", "HEAD", "POST")
def secure(request: Any, token: str) -> HttpResponse:
    """Ask, take once, and be dead."""
    answer = _answer(request, token)
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "same-origin"
    return answer


def _answer(request: Any, token: str) -> HttpResponse:
    if count(f"secure:{request.org.pk}:{address_of(request)}", seconds=60) > FROM_ONE_ADDRESS:
        return _over(request, _("Demasiados intentos seguidos: hay que esperar un minuto."), 429)
    link = link_of(request.org, token, lock=request.method == "POST")
    if link is None:
        return _over(request, _("Este enlace no es válido: hay que abrirlo completo, tal como llegó."), 404)
    if over := why_over(link):
        return _over(request, _words(over), 410)
    if request.method != "POST":
        return _form(request, link, [""] * len(link.labels))
    values = [request.POST.get(f"v{place}", "") for place in range(len(link.labels))]
    if any(len(value) > LONGEST_VALUE for value in values):
        return _form(request, link, values, _("Un dato es demasiado largo: caben quinientas letras."))
    try:
        give(request.org, link, values=values)
    except Refused:
        return _form(request, link, values, _("Falta escribir los datos."))
    pairs = [(link.ticket_id, link.message_id)]
    announce(request.org.pk, [link.ticket_id], pairs)
    return render(request, "public/secure_done.html", {"link": link})


def _form(request: Any, link: SecureLink, values: list[str], error: str = "") -> HttpResponse:
    context = {"link": link, "asked": list(zip(link.labels, values, strict=True)), "error": error}
    return render(request, "public/secure.html", context, status=422 if error else 200)


def _over(request: Any, words: str, status: int) -> HttpResponse:
    return render(request, "public/over.html", {"words": words}, status=status)


def _words(over: str) -> str:
    if over == "answered":
        return _("Este enlace ya se usó. Si falta algo, basta con responder al mensaje donde llegó.")
    if over == "revoked":
        return _("Este enlace ya no vale: quien lo envió lo retiró.")
    return _("Este enlace venció. Si hace falta, se puede pedir otro por el mismo medio.")
