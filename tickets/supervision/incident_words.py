"""Lines of the audit about incidents, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.audit.models import AuditEvent


def event_words(event: AuditEvent) -> str:
    """What was done, as its actor would say it."""
    cases = int(event.data.get("cases") or 0)
    known = {
        "incident.proposed": _("la propuso"),
        "incident.declared": _("la declaró"),
        "incident.changed": _("cambió lo que dice"),
        "incident.closed": _("la cerró"),
        "incident.reopened": _("la reabrió"),
        "incident.dismissed": _("la descartó"),
        "incident.notice_written": _("pidió publicar un aviso"),
        "incident.notice_published": _("aprobó el aviso: quedó publicado"),
        "incident.notice_refused": _("no aprobó el aviso"),
        "incident.notice_withdrawn": _("retiró el aviso"),
        "incident.batch_queued": ngettext(
            "respondió a %s caso en lote", "respondió a %s casos en lote", cases
        ),
        "incident.batch_stopped": ngettext("detuvo %s respuesta", "detuvo %s respuestas", cases),
    }
    said = known.get(event.action, event.action)
    return said % cases if "%s" in said else said
