"""What was asked after a case was answered, and what they said, as the story tells it."""

from __future__ import annotations

from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tickets.aftercontact.models import Contact
from tickets.aftercontact.sentences import WHY_LISTED

AFTER_EVENTS = (
    "aftercontact.asked", "aftercontact.listed", "aftercontact.answered", "aftercontact.dropped",
    "customer.no_contact", "customer.contact_again",
)  # fmt: skip


def after_event(action: str, author: str, facts: dict[str, Any]) -> SafeString:
    """The sentence of one of these events, escaped."""
    match action:
        case "aftercontact.asked":
            said = _("%s le preguntó al cliente si quedó solucionado") % (author or _("El sistema"))
        case "aftercontact.listed":
            why = _(WHY_LISTED.get(str(facts.get("code")), WHY_LISTED["no_target"]))
            said = _("No se preguntó si quedó solucionado: %s") % why
        case "aftercontact.dropped":
            said = _("%s decidió no preguntar si quedó solucionado") % (author or _("El sistema"))
        case "customer.no_contact":
            said = _("%s marcó al cliente «no contactar»") % (author or _("El sistema"))
        case "customer.contact_again":
            said = _("%s quitó «no contactar» del cliente") % (author or _("El sistema"))
        case _:
            said = _answered(author, facts)
    return SafeString(escape(said))


def _answered(author: str, facts: dict[str, Any]) -> str:
    said = {
        Contact.YES.value: _("El cliente dijo que quedó solucionado"),
        Contact.NO.value: _("El cliente dijo que no quedó solucionado"),
    }.get(str(facts.get("outcome")), _("No se entendió si quedó solucionado: lea lo que escribió"))
    if facts.get("score") is not None:
        said += " · " + _("calificó con %s") % facts["score"]
    return said + (f" · {_('lo anotó %s') % author}" if author else "")
