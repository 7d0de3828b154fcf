"""What became of a promised date."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CommitmentState(TextChoices):
    OPEN = "open", _("Pendiente")
    KEPT = "kept", _("Cumplido")
    BROKEN = "broken", _("Incumplido")
    # The customer was told another date before this one fell due.
    RENEGOTIATED = "renegotiated", _("Renegociado")
    # The answer that promised it never left.
    WITHDRAWN = "withdrawn", _("No se envió")
