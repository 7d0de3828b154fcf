"""The words of protocols. Kinds of identity check and means are the desk's; a test holds both lists together."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DestinationKind(TextChoices):
    """Where a protocol leads the customer, or the case."""

    WEBSITE = "website", _("Página web")
    PRIVATE = "private", _("Canal privado")
    FORM = "form", _("Formulario seguro")
    CALL_BACK = "call_back", _("Devolver la llamada")
    AREA = "area", _("Consulta a un área")

    @property
    def needs_address(self) -> bool:
        return self in (DestinationKind.WEBSITE, DestinationKind.FORM)


# How far the person's identity must be proven before a step; empty asks for nothing.
CHECKS = ("", "declared", "verified")
MEANS = ("questions", "call_back", "code", "app", "in_person")
# Roles that may be given an attribution: who answers customers (care.md 5, 6).
GRANTING_ROLES = ("agent", "supervisor")
