"""Why a file cannot go with an answer, and what to do. The text and the other files are still there."""

from __future__ import annotations

from django.utils.translation import gettext_noop

FILE_SENTENCES = {
    "file_empty": gettext_noop("«%(detail)s» está vacío."),
    "file_too_heavy": gettext_noop("«%(detail)s» pesa más de 10 MB. Mande uno más liviano."),
    "file_type": gettext_noop("«%(detail)s» no se puede enviar: van imágenes JPG o PNG y documentos PDF."),
    "file_broken": gettext_noop(
        "«%(detail)s» está dañado o incompleto. Ábralo, guárdelo de nuevo y vuelva a adjuntarlo."
    ),
    "file_pixels": gettext_noop("«%(detail)s» tiene demasiados píxeles. Achíquela y vuelva a adjuntarla."),
    "file_hostile": gettext_noop("«%(detail)s» lleva dentro algo que no es el documento, y no se envía."),
    "file_unread": gettext_noop(
        "«%(detail)s» no se pudo revisar por dentro. Guárdelo sin protección y vuelva a adjuntarlo."
    ),
    "file_waiting": gettext_noop("Ya hay 20 archivos sin enviar en este caso. Quite alguno."),
    "file_lost": gettext_noop(
        "Un archivo ya no está: se envió en otra respuesta, se quitó o pasó más de un día. Adjúntelo otra vez."
    ),
    "file_nowhere": gettext_noop("Por aquí no se pueden enviar archivos. Quítelos o elija otra forma de responder."),
    "file_not_here": gettext_noop("Por aquí no va «%(detail)s». Quítelo o elija otra forma de responder."),
    "file_heavy_here": gettext_noop("«%(detail)s» pesa más de lo que la red admite por aquí. Mande uno más liviano."),
    "file_too_many": gettext_noop(
        "Son más archivos de los que la red admite por aquí (%(detail)s). Quite los que sobren."
    ),
    "file_heavy_together": gettext_noop("Los archivos pesan juntos más de lo que se puede enviar. Quite alguno."),
    "media_not_granted": gettext_noop(
        "La cuenta se conectó sin permiso para imágenes: un administrador debe volver a conectarla en Ajustes, Cuentas."
    ),
    # What a network said of one.
    "file_gone": gettext_noop("El archivo ya no está guardado. Adjúntelo en una respuesta nueva."),
    "file_unsupported": gettext_noop("La red no aceptó el archivo. Mándelo en otro formato (JPG, PNG) o sin él."),
    "too_large": gettext_noop(
        "El servidor de correo dice que el mensaje es demasiado grande. Quite o achique los archivos."
    ),
    "file_too_large": gettext_noop("La red dice que el archivo es demasiado grande. Mande uno más liviano."),
    "file_expired": gettext_noop("La red ya no guardaba el archivo. Vuelva a intentarlo: se sube de nuevo."),
}  # fmt: skip
