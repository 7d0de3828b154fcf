"""What customers are asked, in the voice the house has; and why a person is to ask, for the screen."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from tickets.aftercontact.models import Score
from tickets.replies.filing_sentences import first_name

# Formal, then by name.
_ASKS = {
    True: "hace unos días le respondimos sobre su caso {number}. ¿Quedó solucionado? Respóndanos sí o no",
    False: "hace unos días te respondimos sobre tu caso {number}. ¿Quedó solucionado? Respóndenos sí o no",
}
_SCORES = {
    Score.NONE: {True: ".", False: "."},
    Score.CSAT: {
        True: " y, si quiere, califique la atención de 1 (muy mala) a 5 (muy buena).",
        False: " y, si quieres, califica la atención de 1 (muy mala) a 5 (muy buena).",
    },
    Score.NPS: {
        True: " y, si quiere, díganos de 0 a 10 qué tanto nos recomendaría.",
        False: " y, si quieres, dinos de 0 a 10 qué tanto nos recomendarías.",
    },
}
# The end of each scale.
TOPS = {Score.NONE: 0, Score.CSAT: 5, Score.NPS: 10}
WHY_LISTED = {
    "no_target": gettext_noop("no hay conversación privada abierta con el cliente"),
    "window_closed": gettext_noop("la ventana de Messenger está cerrada para mensajes automáticos"),
    "window_never_opened": gettext_noop("el cliente no ha escrito por Messenger"),
    "private_reply_kept": gettext_noop("queda una sola respuesta privada, y es de un asesor"),
    "private_reply_used": gettext_noop("la única respuesta privada ya se usó, y no ha contestado"),
    "dm_not_allowed": gettext_noop("el cliente no recibe mensajes directos"),
    "read_only": gettext_noop("la cuenta solo lee"),
    "no_contact": gettext_noop("el cliente pidió que no lo contacten"),
    "reserved": gettext_noop("el caso es reservado"),
    "failed": gettext_noop("la pregunta no salió"),
}


def question(*, formal: bool, score: str, number: str, name: str = "") -> str:
    """The words of the question. ``name`` may be anything a profile says; only a first name is used."""
    words = _ASKS[formal].format(number=number) + _SCORES[Score(score)][formal]
    called = first_name(name)
    return f"{called}, {words}" if called else words[0].upper() + words[1:]
