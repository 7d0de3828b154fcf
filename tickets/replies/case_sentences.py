"""Why a case was not filed, joined, split or put back, in the words of the person who asked for it."""

from __future__ import annotations

from django.utils.translation import gettext_noop

TERM_SENTENCES = {
    "term_none": gettext_noop(
        "Este caso no tiene un término legal corriendo: no fue radicado, o ya quedó notificado."
    ),
    "definitive_gone": gettext_noop("Esa respuesta ya no está en el caso, o es anterior a él: elija otra."),
    "definitive_holds": gettext_noop(
        "Esa respuesta dice que se está revisando: no detiene el término. Márquelo en la que resuelva lo que pidió."
    ),
    "definitive_already": gettext_noop("Esa respuesta ya está marcada; falta que quede notificada."),
    "constancy_empty": gettext_noop("Escriba cómo se le notificó: por qué medio, a quién y con qué prueba."),
    "constancy_time": gettext_noop("La hora de la notificación va entre el recibo del caso y este momento."),
    "extension_reason": gettext_noop("Escriba el motivo: el cliente lo va a leer."),
    "extension_late": gettext_noop("El término ya venció: una prórroga se da y se avisa antes."),
    "extension_twice": gettext_noop("Este término ya se prorrogó: solo se puede una vez."),
    "extension_never": gettext_noop("La norma de este término no permite prórroga."),
    "suspend_reason": gettext_noop("Escriba qué le falta o qué se le propone: el cliente lo va a leer."),
    "suspend_never": gettext_noop("La norma de este término no permite suspenderlo."),
    "suspend_already": gettext_noop("Este término ya está suspendido: sigue cuando el cliente responda."),
    "suspend_late": gettext_noop(
        "Ya pasó el momento de suspenderlo: completar una petición se pide en los diez días hábiles que siguen al "
        "recibo."
    ),
    "extension_days": gettext_noop("La norma no permite tantos días: escriba entre 1 y el máximo."),
}
CASE_SENTENCES = TERM_SENTENCES | {
    "approval_gone": gettext_noop("Esa respuesta ya no espera aprobación: mire cómo quedó en el caso."),
    "approval_own": gettext_noop("Nadie aprueba lo que escribió: la aprueba otra persona."),
    "approval_first": gettext_noop(
        "Los primeros cinco minutos le tocan a su supervisor asignado; después la aprueba cualquiera."
    ),
    "approval_parts": gettext_noop(
        "Es un hilo de varias partes: apruébelo como está o devuélvalo con motivo."
    ),
    "approval_reason": gettext_noop("Diga por qué la devuelve: su autor lo lee en una nota del caso."),
    "transfer_needs_note": gettext_noop(
        "El caso pasa de una persona a otra: escriba en la nota qué falta, para que no empiece de cero."
    ),
    "changed": gettext_noop("El caso cambió mientras usted elegía: mire lo nuevo y hágalo otra vez."),
    "join_same": gettext_noop("Es el mismo caso: elija otro."),
    "join_gone": gettext_noop(
        "Ese caso ya está unido a otro: búsquelo por su número y una el que responde hoy."
    ),
    "join_customers": gettext_noop(
        "Ese caso es de otro cliente. Si son la misma persona, unifique primero a los clientes."
    ),
    "join_closed": gettext_noop("Solo se une a un caso abierto, y solo se trae uno abierto o resuelto."),
    "join_not_found": gettext_noop("No hay ningún caso con ese número, radicado o referencia."),
    "join_many": gettext_noop("Hay varios casos con ese número: escriba el número de caso."),
    "split_closed": gettext_noop("Solo se separa un caso abierto: reábralo antes."),
    "split_gone": gettext_noop("Alguno de esos mensajes ya no está en este caso: elija otra vez."),
    "split_nothing": gettext_noop(
        "Elija al menos un mensaje del cliente que no sea solo un saludo o unas gracias."
    ),
    "split_all": gettext_noop("Deje en este caso al menos un mensaje del cliente."),
    "undone": gettext_noop("Ya se había deshecho."),
    "later_move": gettext_noop(
        "Uno de los dos casos se unió o se separó después: deshaga primero lo más reciente."
    ),
    "since_message": gettext_noop(
        "El cliente escribió después, y no sabemos de cuál de los dos habla. Use «Separar mensajes»."
    ),
    "since_answer": gettext_noop("Ya salió una respuesta después. Use «Separar mensajes»."),
    "since_state": gettext_noop("El caso cambió de estado después. Use «Separar mensajes»."),
    "since_kind": gettext_noop("El tipo del caso cambió después. Use «Separar mensajes»."),
    "since_filed": gettext_noop(
        "El caso se radicó después, y un radicado no se deshace. Use «Separar mensajes»."
    ),
    "since_reserved": gettext_noop("Después cambió quién puede ver el caso. Use «Separar mensajes»."),
    "join_reserved": gettext_noop(
        "Uno de los dos casos es reservado y usted no está entre las personas nombradas en él."
    ),
    "since_joined": gettext_noop("El caso se unió a otro después: deshaga primero esa unión."),
    "filed_already": gettext_noop("Este caso ya tiene radicado."),
    "filing_joined": gettext_noop("Este caso está unido a otro: radique el que responde hoy."),
    "filing_needs_kind": gettext_noop("Elija qué es: petición, queja, reclamo…"),
    "filing_never": gettext_noop("Los ajustes de la empresa dicen que ese tipo no se radica."),
    "filing_needs_number": gettext_noop("Escriba el número que dio el sistema de PQR de la empresa."),
    "filing_own_numbers": gettext_noop(
        "Aquí el radicado lo damos nosotros. El número de otro sistema se añade como referencia."
    ),
    "filing_number_form": gettext_noop(
        "Ese número no sirve: hasta 40 letras y cifras, y sin la forma de los nuestros (2026-000123)."
    ),
    "filing_number_taken": gettext_noop("Ese número ya es el radicado de otro caso."),
    "kind_needs_reason": gettext_noop(
        "El caso ya está radicado: diga por qué cambia el tipo. Queda en la bitácora."
    ),
    "reference_system": gettext_noop("Elija de qué sistema es el número."),
    "reference_number": gettext_noop("Escriba el número, de hasta 60 letras y cifras."),
    "reference_taken": gettext_noop("Ese número ya es del caso %(detail)s. Si son el mismo asunto, únalos."),
}
# Why a customer was not told their radicado: the end of «Sin avisar: …».
NOT_TOLD = {
    "read_only": gettext_noop("la cuenta es de solo lectura"),
    "not_in_public": gettext_noop("no hay canal privado y en público no se avisa"),
    "dm_not_allowed": gettext_noop("no recibe mensajes privados"),
    "window_closed": gettext_noop("la ventana para escribirle se cerró"),
    "window_never_opened": gettext_noop("no ha escrito en privado"),
    "private_reply_kept": gettext_noop("la única respuesta privada se deja para el asesor"),
    "private_reply_used": gettext_noop("la única respuesta privada ya se usó, y no ha contestado"),
    "too_old": gettext_noop("escribió hace días; si conviene, dígaselo al responder"),
    "no_target": gettext_noop("no hay por dónde escribirle"),
    "cancelled": gettext_noop("alguien detuvo el aviso"),
}
