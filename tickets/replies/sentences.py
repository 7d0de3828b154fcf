"""Why something did not leave, in the words of the person who wrote it, with what to do next."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tickets.commitments.sentences import sentence as promise_sentence
from tickets.replies.case_sentences import CASE_SENTENCES
from tickets.replies.file_sentences import FILE_SENTENCES

SENTENCES = CASE_SENTENCES | {
    "not_mentioned": gettext_noop(
        "X no deja responder aquí: la persona no mencionó a la cuenta. Ábralo en X y responda allí."
    ),
    "blocked": gettext_noop("La persona bloqueó a la cuenta. Use otro canal de su ficha."),
    "replies_limited": gettext_noop("El autor limitó quién puede responder. Escríbale en privado."),
    "dm_not_allowed": gettext_noop(
        "La persona no recibe mensajes privados de la cuenta. Pídale en público que le escriba primero."
    ),
    "gone": gettext_noop("El mensaje al que responde ya no existe. Responda a otro o escriba en privado."),
    "duplicate": gettext_noop(
        "La red no acepta dos textos iguales. Cambie la redacción y vuelva a enviarla."
    ),
    "too_long": gettext_noop("El texto supera el límite de la red. Acórtelo o divídalo en un hilo."),
    "window_closed": gettext_noop(
        "La ventana para escribirle en privado se cerró. Respóndale en público o por otro canal."
    ),
    "window_never_opened": gettext_noop(
        "La persona aún no ha escrito en privado: no se le puede escribir primero."
    ),
    "private_reply_used": gettext_noop(
        "Facebook permite una sola respuesta privada por comentario y ya se usó. Espere a que conteste."
    ),
    "follow_not_allowed": gettext_noop(
        "X ya no permite seguir desde aquí con este plan: sígala desde X si hace falta."
    ),
    "hide_not_possible": gettext_noop("Solo se puede ocultar un comentario público que siga en la red."),
    "hide_needs_reason": gettext_noop("Diga por qué se oculta: queda en la bitácora."),
    "part_failed": gettext_noop("No salió la parte anterior del hilo: esta espera a que la resuelva."),
    "page_unapproved": gettext_noop(
        "Lo que escribe en la página del caso lo lee el cliente enseguida, y sus respuestas las aprueba otra persona."
    ),
    "read_only": gettext_noop("La cuenta está en solo lectura: nada sale de aquí."),
    "person_unavailable": gettext_noop("La red dice que esta persona no está disponible. Use otro canal."),
    "permission": gettext_noop("La cuenta ya no tiene permiso para esto. Avise al administrador."),
    "unknown_twice": gettext_noop(
        "No sabemos si salió: mire en la red y marque «sí salió» o «enviar otra vez»."
    ),
    "joined": gettext_noop("Este caso se unió a otro mientras escribía: ábralo y responda allí."),
    "other_case_open": gettext_noop(
        "Ya tiene un caso abierto: no le pida que escriba otra vez. Cítelo, únalos o continúe."
    ),
    "cannot_tell": gettext_noop(
        "El servidor de correo no contestó y no guarda copia de lo que envía: nadie sabe si salió. Pregúntele al "
        "cliente, o marque «sí salió» o «enviar otra vez»."
    ),
    "address_refused": gettext_noop(
        "El servidor no acepta esa dirección de correo: revise que esté bien escrita o use otro canal."
    ),
    "sender_refused": gettext_noop(
        "El servidor de correo no deja escribir con esta dirección. Avise al administrador."
    ),
    "content_refused": gettext_noop(
        "El servidor de correo no aceptó el contenido. Cambie la redacción y vuelva a enviarla."
    ),
    "not_encrypted": gettext_noop(
        "El servidor de correo no cifra: el administrador debe corregir la cuenta."
    ),
    "no_support_account": gettext_noop(
        "Este caso no está en una cuenta de marca que entregue a otra: elija la cuenta de servicio en Ajustes, Cuentas."
    ),
    "asks_data": gettext_noop(
        "Está pidiendo «%(detail)s» donde lo lee cualquiera: los datos personales se piden en privado."
    ),
    "asks_secret": gettext_noop(
        "Está pidiendo «%(detail)s»: claves, códigos y números completos de tarjeta no se piden nunca."
    ),
    "unfilled": gettext_noop("Falta completar %(detail)s: la plantilla no sabe qué poner ahí."),
    "answered_meanwhile": gettext_noop("Ya le contestó un asesor: la respuesta en lote no salió."),
    "rate_limited": gettext_noop("La red pide esperar."),
    "": gettext_noop("La red no lo aceptó."),
}


def sentence(code: str, detail: str = "") -> str:
    """The sentence of a failure code; the network's own words follow when we have none."""
    if code.startswith("promise:"):
        return promise_sentence(code.removeprefix("promise:"))
    known = SENTENCES.get(code) or FILE_SENTENCES.get(code)
    if known is not None:
        return _(known) % {"detail": detail} if "%(detail)s" in known else _(known)
    return f"{_(SENTENCES[''])} {detail}".strip()
