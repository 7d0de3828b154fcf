"""What a visitor is told, by code."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from protocols.rules.legal import BUSINESS, MONTHS


def term_words(count: int, unit: str) -> str:
    """«15 días hábiles», «30 días», «3 meses»."""
    if unit == BUSINESS:
        return ngettext("%(n)s día hábil", "%(n)s días hábiles", count) % {"n": count}
    if unit == MONTHS:
        return ngettext("%(n)s mes", "%(n)s meses", count) % {"n": count}
    return ngettext("%(n)s día", "%(n)s días", count) % {"n": count}


def file_sentence(code: str, name: str = "") -> str:
    """Why a file was not taken, and what to do."""
    shown = name if len(name) <= 40 else f"{name[:36]}…"
    match code:
        case "together":
            return _(
                "Los archivos pesan demasiado: cada uno puede pesar hasta 10 MB, y todos juntos hasta 20 MB."
            )
        case "many":
            return _("Son demasiados archivos: caben cinco.")
        case "too_heavy":
            return _("«%(name)s» pesa más de 10 MB.") % {"name": shown}
        case "empty":
            return _("«%(name)s» está vacío.") % {"name": shown}
        case "type":
            return _("«%(name)s» no es una foto JPG o PNG ni un PDF, aunque su nombre lo diga.") % {
                "name": shown
            }
        case "too_large":
            return _("«%(name)s» tiene demasiados puntos para ser una foto.") % {"name": shown}
        case "hostile":
            return _("«%(name)s» trae dentro algo que no es una foto ni un documento, y no se guardó.") % {
                "name": shown
            }
        case "unread":
            return _(
                "«%(name)s» no se puede revisar por dentro: sirve una foto, o el PDF guardado sin contraseña."
            ) % {"name": shown}
    return _("«%(name)s» está dañado o incompleto.") % {"name": shown}
