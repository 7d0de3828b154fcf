"""What the story shows of a mail beside its words, and what happened with areas. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.tenancy.models import Organization
from tickets.areas.sentences import sentence

AUTO: dict[str, str | Promise] = {
    "auto_reply": gettext_lazy("respuesta automática"),
    "bounce": gettext_lazy("aviso de entrega fallida"),
    "list": gettext_lazy("lista o boletín"),
    "own": gettext_lazy("dice venir de nuestra dirección"),
    "flood": gettext_lazy("avalancha"),
}
AREA_EVENTS = (
    "area.asked",
    "area.answered",
    "area.cancelled",
    "area.reminded",
    "area.overdue",
    "area.answer_refused",
    "area.bounced",
    "reply.bounced",
)


@dataclass(slots=True)
class LetterItem:
    """``marks``: (words, look, what it means)."""

    subject: str = ""
    rest: str = ""
    marks: list[tuple[str, str, str]] = field(default_factory=list)


# message, subject, the rest, where it asks to be answered, whose machine, forged, notice, whether it is the first
LetterRow = tuple[int, str, str, str, str, bool, str, bool]


def letters_of(organization: Organization, messages: Sequence[int]) -> list[LetterRow]:
    """What is known of these mails besides their words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT message_id, subject, rest, reply_to, auto, is_forged, notice, mail_references = '{}' "
            "FROM tickets_letter WHERE organization_id = %s AND message_id = ANY(%s)",
            [organization.pk, list(messages)],
        )
        return cursor.fetchall()


def letter_of(
    subject: str, rest: str, reply_to: str, auto: str, is_forged: bool, notice: str, is_first: bool
) -> LetterItem:
    """One of them, in the language that is active. The subject is shown once it differs."""
    return LetterItem("" if is_first else subject, rest, _marks(reply_to, auto, is_forged, notice))


def _marks(reply_to: str, auto: str, is_forged: bool, notice: str) -> list[tuple[str, str, str]]:
    marks = []
    if auto in AUTO:
        marks.append((str(AUTO[auto]), "line", _("Se muestra, pero no reabre el caso ni espera respuesta.")))
    if is_forged:
        marks.append(
            (_("remitente dudoso"), "warn", _("El servidor que lo recibió dice que no viene de quien dice."))
        )
    if notice == "too_large":
        marks.append(
            (_("pesa más de 25 MB"), "warn", _("Solo entró el texto; los archivos siguen en el buzón."))
        )
    if reply_to:
        marks.append(
            (
                _("pide respuesta en otra dirección"),
                "warn",
                _("Pide que le contesten a %s. La respuesta va a la dirección que escribió.") % reply_to,
            )
        )
    return marks


def area_event(action: str, author: str, facts: dict[str, Any]) -> SafeString:
    """What happened with an area, as a sentence of the story."""
    area, who = facts.get("area_name") or _("un área"), author or _("El sistema")
    match action:
        case "area.asked":
            text = _("%(who)s consultó a %(area)s") % {"who": who, "area": area}
        case "area.answered":
            text = _("%(area)s respondió") % {"area": area}
        case "area.cancelled":
            text = _("%(who)s canceló la consulta a %(area)s") % {"who": who, "area": area}
        case "area.bounced":
            text = _("El correo a %(area)s no se pudo entregar: revise su dirección en Ajustes, Áreas") % {
                "area": area
            }
        case "reply.bounced":
            text = _("El servidor del cliente devolvió una respuesta: no la ha leído")
        case "area.reminded":
            text = _("Se le recordó la consulta a %(area)s") % {"area": area}
        case "area.overdue":
            text = _("%(area)s no respondió a tiempo") % {"area": area}
        case _:
            text = _("No se aceptó un correo como respuesta de %(area)s: %(why)s") % {
                "area": area,
                "why": sentence(facts.get("reason", "")),
            }
    return SafeString(escape(text))
