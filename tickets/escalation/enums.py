from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Trigger(TextChoices):
    """What a rule waits for."""

    WARNED = "warned", _("Un reloj avisa que se acaba")
    BREACHED = "breached", _("Un reloj vence")
    PROMISE_WARNED = "promise_warned", _("Un compromiso avisa que se acerca")
    PROMISE_BROKEN = "promise_broken", _("Un compromiso se incumple")


class Whom(TextChoices):
    """Whom a rule tells, or gives the case to."""

    NOBODY = "", _("A nadie")
    OWNER = "owner", _("A quien tiene el caso")
    SUPERVISORS = "supervisors", _("A quienes supervisan")
    ON_CALL = "on_call", _("A la guardia")
    MEMBER = "member", _("A una persona")


class Receiver(TextChoices):
    """Where a rule moves the case."""

    STAYS = "", _("Se queda donde está")
    QUEUE = "queue", _("Vuelve a la cola de todos")
    ON_CALL = "on_call", _("Pasa a la guardia")
    MEMBER = "member", _("Pasa a una persona")


class AlarmKind(TextChoices):
    """What an alarm is about."""

    CRITICAL = "critical", _("Caso crítico fuera de horario")
    SILENT = "silent", _("Canal callado")
    RULE = "rule", _("Escalamiento")
    APPROVAL = "approval", _("Respuesta sin aprobar")
    INCIDENT = "incident", _("Novedad del servicio")


class Outlet(TextChoices):
    """How an alarm reaches a person."""

    EMAIL = "email", _("Correo")
    PUSH = "push", _("Aviso en el navegador")


class NoticeState(TextChoices):
    QUEUED = "queued", _("Por salir")
    SENDING = "sending", _("Saliendo")
    SENT = "sent", _("Enviado")
    FAILED = "failed", _("No salió")
    # The alarm was over before it left.
    NEEDLESS = "needless", _("Ya no hacía falta")
