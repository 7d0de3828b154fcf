"""What is said when an area cannot be asked, or an answer cannot be taken."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SENTENCES = {
    "case_closed": gettext_noop("El caso ya está cerrado: reábralo para consultar a un área."),
    "area_inactive": gettext_noop("Esa área ya no recibe consultas: elija otra."),
    "no_area": gettext_noop("Elija el área a la que consulta."),
    "no_question": gettext_noop("Escriba la pregunta para el área."),
    "no_promise": gettext_noop(
        "Diga para cuándo se le responde al cliente: sin una fecha comprometida el caso no pasa a otra área."
    ),
    "bad_date": gettext_noop("Esa fecha no se entiende: elija el día y la hora."),
    "no_sentence": gettext_noop(
        "Escriba lo que se le dice al cliente: con una fecha solo para nosotros no basta."
    ),
    "sentence_without_date": gettext_noop(
        "Lo que se le dice al cliente no lleva la fecha: deje {fecha_comprometida} donde deba ir."
    ),
    "no_mail_account": gettext_noop(
        "Para consultar a un área hace falta un correo conectado que pueda escribir: pídalo en Ajustes, Cuentas."
    ),
    "already_asked": gettext_noop("Esa área ya tiene una consulta abierta de este caso: espere o cancélela."),
    "no_answer": gettext_noop("Escriba la respuesta antes de enviarla."),
    "cancelled": gettext_noop("La consulta se canceló: ya no hace falta responder."),
    "expired": gettext_noop("El enlace venció. Pida a quien consulta que pregunte otra vez."),
    "wrong_sender": gettext_noop("trae el código de una consulta, pero no viene de la dirección del área"),
    "unknown_code": gettext_noop("trae un código de consulta que no existe"),
    "no_code": gettext_noop("viene de la dirección de un área, pero no trae el código de ninguna consulta"),
    "forged": gettext_noop("el servidor que lo recibió dice que el remitente es falso"),
}


def sentence(code: str) -> str:
    """The sentence of a code, in the language that is active."""
    words = SENTENCES.get(code)
    return _(words) if words else code
