"""The page an area answers on: signed, without log-in, good for one answer, and only what was shared is on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk import clock
from helpdesk.tenancy.context import tenant, whole
from tickets.areas.codes import opened
from tickets.areas.domain.consulting import Refused, answer
from tickets.areas.domain.standing import case_of
from tickets.areas.models import Consultation
from tickets.areas.news import announce_later
from tickets.areas.sentences import sentence
from tickets.areas.shared import shared_messages
from tickets.cases.models import Ticket

# Per minute: of one address, and on one link. A person opens, reads and answers.
FROM_ONE_ADDRESS, ON_ONE_LINK = 30, 20
View = Callable[..., HttpResponse]


def unseen(view: View) -> View:
    """Not for search engines, caches or the next page's referrer."""

    @wraps(view)
    def shown(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = view(request, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Cache-Control"] = "no-store"
        # Not no-referrer: the browser would then send `Origin: null` with the form, which is refused.
        response["Referrer-Policy"] = "same-origin"
        return response

    return shown


@unseen
@require_http_methods(["GET", "HEAD", "POST"])
def answer_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the question, or take the answer. Whoever has the link is the area: it came to its address."""
    if _is_too_often(f"ip:{request.META.get('REMOTE_ADDR', '')}", FROM_ONE_ADDRESS) or _is_too_often(
        f"link:{token[-43:]}", ON_ONE_LINK
    ):
        return _stop(
            request, _("Demasiados intentos seguidos: espere un minuto y vuelva a abrir el enlace."), 429
        )
    found = opened(token)
    if found is None:
        return _stop(request, _("El enlace no es válido: ábralo completo, tal como llegó en el correo."), 404)
    with tenant(found[0]), whole():  # the area was asked, also about a reserved case
        return _inside(request, *found[1:])


def _is_too_often(what: str, most: int) -> bool:
    key = f"area-page:{what}:{int(clock.now().timestamp()) // 60}"
    cache.add(key, 0, timeout=120)
    return cache.incr(key) > most


def _inside(request: HttpRequest, consultation_id: int, key: str) -> HttpResponse:
    consultation = _consultation(consultation_id, key, lock=request.method == "POST")
    if consultation is None:
        return _stop(request, _("El enlace no es válido: ábralo completo, tal como llegó en el correo."), 404)
    if why_not := _over(consultation):
        return _stop(request, why_not, 410)
    if request.method != "POST":
        return _show(request, consultation)
    text = request.POST.get("text", "")
    try:
        answer(consultation, text=text, via="page")
    except Refused as refused:
        return _show(request, consultation, error=sentence(refused.code), text=text, status=422)
    _tell(consultation)
    return render(request, "tickets/areas/thanks.html", {"consultation": consultation})


def _consultation(consultation_id: int, key: str, *, lock: bool) -> Consultation | None:
    found = Consultation.objects.filter(pk=consultation_id, link_key=key).first()
    if found is None:
        return None
    tickets = Ticket.objects.select_related("organization", "customer")
    consultations = Consultation.objects.select_related("area", "asked_by")
    if lock:  # the case first, as every writer
        tickets, consultations = (
            tickets.select_for_update(of=("self",)),
            consultations.select_for_update(of=("self",)),
        )
    ticket = tickets.get(pk=case_of(found))
    consultation = consultations.get(pk=found.pk)
    consultation.ticket = ticket
    return consultation


def _over(consultation: Consultation) -> str:
    """Why the page takes no answer any more; empty while it does."""
    if consultation.answered_at is not None:
        return _("Esta consulta ya se respondió. Si falta algo, responda al correo.")
    if consultation.cancelled_at is not None:
        return sentence("cancelled")
    return sentence("expired") if consultation.expires_at <= clock.now() else ""


def _show(
    request: HttpRequest, consultation: Consultation, *, error: str = "", text: str = "", status: int = 200
) -> HttpResponse:
    ticket = consultation.ticket
    context = {
        "consultation": consultation,
        "org_name": ticket.organization.name,
        "number": ticket.radicado or str(ticket.number),
        "customer": ticket.customer.name if consultation.shares_name else "",
        "messages_shared": shared_messages(consultation),
        "error": error,
        "text": text,
    }
    with timezone.override(ticket.organization.timezone):
        return render(request, "tickets/areas/answer.html", context, status=status)


def _stop(request: HttpRequest, words: str, status: int) -> HttpResponse:
    return render(request, "tickets/areas/stop.html", {"words": words}, status=status)


def _tell(consultation: Consultation) -> None:
    """The owner's console shows it at once, when it is committed."""
    transaction.on_commit(lambda: announce_later(consultation.organization_id, consultation.ticket_id))
