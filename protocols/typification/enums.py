"""The words of typification. Kinds and priorities are the desk's; a test holds both lists together."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Axis(TextChoices):
    """What is said of a case: three questions and how it ended."""

    PRODUCT = "product", _("Producto")
    MOTIVE = "motive", _("Motivo")
    CAUSE = "cause", _("Causa raíz")
    RESULT = "result", _("Resultado")


KINDS = (
    "peticion",
    "queja",
    "reclamo",
    "sugerencia",
    "felicitacion",
    "denuncia",
    "informacion",
    "habeas_data",
)
PRIORITIES = ("critical", "high", "medium", "low")
