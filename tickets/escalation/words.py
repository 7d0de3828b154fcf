"""Alarms and rules in words. Never a customer's name or words: an alarm leaves the house."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.tenancy.models import Organization
from tickets.enums import Priority
from tickets.escalation.domain.articles import article_of
from tickets.escalation.enums import AlarmKind, Receiver, Trigger, Whom
from tickets.escalation.models import Alarm, EscalationRule
from tickets.incidents.models import Incident


def headline(alarm: Alarm) -> str:
    """What it is about, in one line: «Caso crítico 1043 fuera de horario»."""
    number = _number(alarm)
    if alarm.kind == AlarmKind.CRITICAL:
        return _("Caso crítico %s fuera de horario") % number
    if alarm.kind == AlarmKind.SILENT:
        return _("No se lee nada de %s") % (alarm.account or "?")
    if alarm.kind == AlarmKind.APPROVAL:
        return _("Caso %s: una respuesta espera aprobación hace cinco minutos") % number
    if alarm.kind == AlarmKind.INCIDENT:
        return _incident(alarm)
    if (article := article_of(alarm)) is not None:
        return _("El artículo «%(title)s» vale hasta el %(day)s: renuévelo o retírelo") % {
            "title": article.title, "day": date_format(article.expires_on, "j b Y"),
        }  # fmt: skip
    happened = {
        Trigger.WARNED: _("Caso %s: un reloj está por vencer"),
        Trigger.BREACHED: _("Caso %s: venció un reloj"),
        Trigger.PROMISE_WARNED: _("Caso %s: se acerca una fecha comprometida"),
        Trigger.PROMISE_BROKEN: _("Caso %s: se incumplió una fecha comprometida"),
    }
    return (happened[Trigger(alarm.what)] if alarm.what in Trigger.values else _("Caso %s")) % number


def incident_number(alarm: Alarm) -> int | None:
    """The number of the incident an alarm is about; its key names the row."""
    if alarm.kind != AlarmKind.INCIDENT:
        return None
    pk = int(alarm.key.split(":")[1])
    return Incident.objects.filter(pk=pk).values_list("number", flat=True).first()


def _incident(alarm: Alarm) -> str:
    words = {
        "notice_due": _("Novedad %s: no salió el aviso prometido para esta hora"),
        "estimate_passed": _("Novedad %s: pasó la hora estimada y sigue abierta"),
        "notice_waits": _("Novedad %s: un aviso espera aprobación hace diez minutos"),
    }.get(alarm.what, _("Novedad %s"))
    return words % (incident_number(alarm) or "?")


def _number(alarm: Alarm) -> str:
    ticket = alarm.ticket
    return str(ticket.radicado or ticket.number) if ticket else "?"


def alarm_url(organization: Organization) -> str:
    """Where alarms are acknowledged."""
    return settings.BASE_URL + reverse("alarms", args=[organization.slug])


def rule_sentence(rule: EscalationRule) -> str:
    """What a rule does, as one sentence that an admin can say aloud."""
    when = {
        Trigger.WARNED: _("Cuando un reloj de %s avisa que se acaba"),
        Trigger.BREACHED: _("Cuando un reloj de %s vence"),
        Trigger.PROMISE_WARNED: _("Cuando se acerca una fecha comprometida de %s"),
        Trigger.PROMISE_BROKEN: _("Cuando se incumple una fecha comprometida de %s"),
    }[Trigger(rule.trigger)] % _cases(rule.priorities)
    does = [part for part in (_tells(rule), _moves(rule), _raises(rule)) if part]
    return f"{when}, {get_text_list(does, _('y'))}." if does else f"{when}, …"


def _cases(priorities: Sequence[str]) -> str:
    if not priorities or len(priorities) == len(Priority):
        return _("cualquier caso")
    labels = [str(Priority(one).label).lower() for one in Priority.values if one in priorities]
    return _("un caso de prioridad %s") % get_text_list(labels, _("o"))


def _tells(rule: EscalationRule) -> str:
    if rule.notifies == Whom.MEMBER:
        name = rule.notify_member.display_name if rule.notify_member else "…"
        return _("se avisa a %s") % name
    return {
        Whom.OWNER: _("se avisa a quien lo tiene (si nadie, a quienes supervisan)"),
        Whom.SUPERVISORS: _("se avisa a quienes supervisan"),
        Whom.ON_CALL: _("se avisa a la guardia"),
    }.get(Whom(rule.notifies), "")


def _moves(rule: EscalationRule) -> str:
    if rule.moves == Receiver.MEMBER:
        return _("el caso pasa a %s") % (rule.move_member.display_name if rule.move_member else "…")
    return {
        Receiver.QUEUE: _("el caso vuelve a la cola de todos"),
        Receiver.ON_CALL: _("el caso pasa a la guardia"),
    }.get(Receiver(rule.moves), "")


def _raises(rule: EscalationRule) -> str:
    return _("su prioridad sube un nivel") if rule.raises else ""


def digest_subject(organization: Organization, count: int) -> str:
    """Of many alarms that leave as one."""
    return ngettext("%(n)s alarma de %(org)s", "%(n)s alarmas de %(org)s", count) % {
        "n": count, "org": organization.name,
    }  # fmt: skip
