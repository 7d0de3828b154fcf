"""What is said to other systems and to whoever imports, by code. In Spanish: the people who read it are here."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SENTENCES = {
    "signature": gettext_noop("La firma no coincide, o falta una de sus cabeceras."),
    "stale": gettext_noop("La hora de la firma está a más de cinco minutos de la nuestra."),
    "method": gettext_noop("Aquí solo se recibe con POST."),
    "too_large": gettext_noop("El envío es demasiado grande."),
    "compressed": gettext_noop("El envío no puede venir comprimido."),
    "too_many": gettext_noop("Demasiadas llamadas seguidas: espere un minuto."),
    "not_json": gettext_noop("Está firmado, pero no es un objeto JSON."),
    "nonce_reused": gettext_noop("Ese identificador ya se usó con otro contenido: use uno nuevo."),
    "missing": gettext_noop("Falta este dato."),
    "unknown": gettext_noop("Este campo no existe: revise cómo se escribe."),
    "not_text": gettext_noop("Tiene que ser un texto."),
    "too_long": gettext_noop("Es demasiado largo."),
    "not_one_of": gettext_noop("No es ninguno de los valores posibles."),
    "not_a_moment": gettext_noop("No es una fecha con hora (2026-11-20T15:04:05-05:00)."),
    "no_zone": gettext_noop("A la hora le falta su zona (Z o -05:00)."),
    "not_a_day": gettext_noop(
        "No es una fecha: escríbala así, 2026-11-20 o 20/11/2026, con hora o sin ella."
    ),
    "not_a_flag": gettext_noop("Tiene que ser sí o no."),
    "not_an_object": gettext_noop("Tiene que ser un objeto."),
    "not_a_list": gettext_noop("Tiene que ser una lista de hasta veinte."),
    "in_the_future": gettext_noop("Eso todavía no ha pasado."),
    "too_old": gettext_noop("Es de hace más de diez años."),
    "due_before": gettext_noop("Lo prometido es para después del contacto."),
    "answer_needed": gettext_noop("Si quedó resuelto, hay que decir qué se le contestó."),
    "number": gettext_noop("Ese número no tiene letras ni cifras, o es demasiado largo."),
    "no_case": gettext_noop("No hay un caso con ese número."),
    "no_reference": gettext_noop("Ningún caso tiene ese número: ábralo primero."),
    "taken": gettext_noop("Ese número ya es de otro caso."),
    "phone": gettext_noop("No es un teléfono de su país: escríbalo con indicativo (+57…)."),
    "email": gettext_noop("No es un correo."),
    "document": gettext_noop("No es un documento de su país."),
    "check_digit": gettext_noop("El dígito de control del documento no coincide."),
    "handle": gettext_noop("No es un usuario de una red."),
    "unreadable": gettext_noop("Tiene letras que no se pueden leer: guarde el archivo como UTF-8."),
    "failed": gettext_noop("No se pudo guardar: vuelva a subir esta fila sola."),
    "empty_file": gettext_noop("El archivo no tiene filas."),
    "no_header": gettext_noop("La primera fila tiene que nombrar las columnas, al menos «Número» y «Texto»."),
    "not_a_table": gettext_noop("Eso no es una tabla CSV: guárdela como CSV y vuelva a subirla."),
    "unclosed_quote": gettext_noop("Hay unas comillas que se abren en la línea %(line)s y no se cierran."),
    "too_many_rows": gettext_noop("Son demasiadas filas para un archivo: pártalo en varios de 200.000."),
    "line": gettext_noop("Línea"),
    "wrong": gettext_noop("Qué está mal"),
    "empty": gettext_noop("Está vacío."),
}


def sentence(code: str) -> str:
    """The sentence of a code."""
    return _(SENTENCES[code]) if code in SENTENCES else code
