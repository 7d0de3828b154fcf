from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IncidentState(TextChoices):
    """Where a *novedad del servicio* is."""

    PROPOSED = "proposed", _("Propuesta")
    OPEN = "open", _("Abierta")
    CLOSED = "closed", _("Cerrada")
    # Proposed and not one, or declared by mistake.
    DISMISSED = "dismissed", _("Descartada")


class NoticeStage(TextChoices):
    """How far the public notice of an incident is."""

    PENDING = "pending", _("Espera aprobación")
    PUBLISHED = "published", _("Publicado")
    REFUSED = "refused", _("No aprobado")
    # A later one took its place, or somebody took it back.
    REPLACED = "replaced", _("Reemplazado")
    WITHDRAWN = "withdrawn", _("Retirado")


class LinkCause(TextChoices):
    """How a case came to hang from an incident."""

    HAND = "hand", _("A mano")
    LIKENESS = "likeness", _("Por parecido")


class AnswerStage(TextChoices):
    """Where one answer of a batch is before the outbox has it."""

    WAITING = "waiting", _("Por encolar")
    QUEUED = "queued", _("En la cola de salida")
    # Not queued after all, and why.
    LEFT_OUT = "left_out", _("No se envió")
    CANCELLED = "cancelled", _("Detenida")
