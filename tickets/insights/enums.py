"""What figures are taken apart by, and in which edition they stand."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Cut(TextChoices):
    """By what the cases of a day are counted apart; beside it always by account."""

    ALL = "all", _("Todo")
    KIND = "kind", _("Tipo")
    MOTIVE = "motive", _("Motivo")
    AREA = "area", _("Área")
    AGENT = "agent", _("Asesor")
    PRIORITY = "priority", _("Prioridad")


class Edition(IntegerChoices):
    """The figures in force; and, of a day in a closed month, what they would be with what came later."""

    IN_FORCE = 0, _("En vigor")
    ADJUSTED = 1, _("Con lo que llegó después")
