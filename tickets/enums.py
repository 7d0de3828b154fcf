"""The words of the desk that every room shares."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from channels_social.enums import ConversationKind


class PqrKind(TextChoices):
    """What a customer brings, in the terms of Spanish-speaking law and practice."""

    PETICION = "peticion", _("Petición")
    QUEJA = "queja", _("Queja")
    RECLAMO = "reclamo", _("Reclamo")
    SUGERENCIA = "sugerencia", _("Sugerencia")
    FELICITACION = "felicitacion", _("Felicitación")
    DENUNCIA = "denuncia", _("Denuncia")
    INFORMACION = "informacion", _("Información")
    HABEAS_DATA = "habeas_data", _("Datos personales")


# Kinds that are filed by rule: a radicado told to the customer, a legal clock from receipt (care.md, finding 4).
FILED_KINDS = frozenset(
    {PqrKind.PETICION, PqrKind.QUEJA, PqrKind.RECLAMO, PqrKind.DENUNCIA, PqrKind.HABEAS_DATA}
)


class Priority(TextChoices):
    CRITICAL = "critical", _("Crítica")
    HIGH = "high", _("Alta")
    MEDIUM = "medium", _("Media")
    LOW = "low", _("Baja")


class TicketState(TextChoices):
    NEW = "new", _("Nuevo")
    OPEN = "open", _("Abierto")
    WAITING_CUSTOMER = "waiting_customer", _("Pendiente del cliente")
    WAITING_AREA = "waiting_area", _("En otra área")
    RESOLVED = "resolved", _("Resuelto")
    CLOSED = "closed", _("Cerrado")
    NO_MOTIVE = "no_motive", _("Sin motivo de atención")
    # Its words and numbers live on in another case, which answers for it.
    JOINED = "joined", _("Unido a otro caso")


OPEN_STATES = (
    TicketState.NEW,
    TicketState.OPEN,
    TicketState.WAITING_CUSTOMER,
    TicketState.WAITING_AREA,
)


class Direction(TextChoices):
    IN = "in", _("Del cliente")
    OUT = "out", _("Nuestro")


class Door(TextChoices):
    """Where a case written down by hand, or told by another system, came from."""

    PHONE = "phone", _("Llamada")
    OFFICE = "office", _("Oficina")
    EMAIL = "email", _("Correo")
    WEB = "web", _("Formulario web")

    @property
    def conversation(self) -> ConversationKind:
        return ConversationKind.EMAIL_NOTED if self is Door.EMAIL else ConversationKind(self.value)


class ClockKind(TextChoices):
    FIRST_RESPONSE = "first_response", _("Primera")
    NEXT_RESPONSE = "next_response", _("Siguiente")
    UPDATE = "update", _("Avance")
    RESOLUTION = "resolution", _("Solución")
    COMMITMENT = "commitment", _("Compromiso")
    LEGAL = "legal", _("Término legal")


class IdentityCheck(TextChoices):
    NONE = "none", _("sin validar")
    DECLARED = "declared", _("declarada")
    VERIFIED = "verified", _("verificada")


class IdentityKind(TextChoices):
    """Where an identity is from: a network's handle or id, or a datum of the person."""

    X = "x", "X"
    FACEBOOK = "facebook", "Facebook"
    EMAIL = "email", _("Correo")
    PHONE = "phone", _("Teléfono")
    WEB = "web", _("Web")
    DOCUMENT = "document", _("Documento")


# Kept sealed, looked up by a keyed digest, shown masked.
SENSITIVE = frozenset({IdentityKind.EMAIL, IdentityKind.PHONE, IdentityKind.DOCUMENT})


class CheckMeans(TextChoices):
    """By what means a person's identity was validated (care.md, finding 9)."""

    QUESTIONS = "questions", _("preguntas de seguridad")
    CALL_BACK = "call_back", _("llamada al teléfono registrado")
    CODE = "code", _("código enviado a un dato registrado")
    APP = "app", _("sesión iniciada en la app o la web")
    IN_PERSON = "in_person", _("en persona, con documento")
    SAID = "said", _("lo dijo la persona")


class UnificationState(TextChoices):
    """What became of the proposal that two customers are one person."""

    PENDING = "pending", _("Espera aprobación")
    DONE = "done", _("Unidos")
    REFUSED = "refused", _("No se aprobó")
    DISTINCT = "distinct", _("Son distintas personas")
    UNDO_PENDING = "undo_pending", _("Espera aprobación para deshacerse")
    UNDONE = "undone", _("Deshecha")
