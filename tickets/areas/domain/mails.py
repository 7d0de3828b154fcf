"""The mails of a consultation: the question and its reminders, through the outbox like everything that leaves."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from channels_social.enums import AccountMode, AccountState, ActionKind, ActionState, Lane, Network
from channels_social.models import OutboundAction, SocialAccount
from channels_social.networks.email.letters import message_id
from helpdesk import clock
from helpdesk.ui.dates import date_words, hour_words
from tickets.areas.codes import link, mail_token, tag
from tickets.areas.models import Consultation
from tickets.areas.shared import shared_words
from tickets.cases.models import Conversation, Ticket

LANGUAGE = "es"


def account_for(ticket: Ticket) -> SocialAccount | None:
    """The support address that asks: the case's own, else the first that may write."""
    usable = SocialAccount.objects.filter(
        organization_id=ticket.organization_id,
        network=Network.EMAIL,
        mode=AccountMode.FULL,
        credentials__isnull=False,
    ).exclude(state=AccountState.DISCONNECTED)
    own = Conversation.objects.filter(
        organization_id=ticket.organization_id, current_ticket=ticket, network=Network.EMAIL
    ).values_list("account_id", flat=True)
    return usable.filter(pk__in=list(own)).order_by("id").first() or usable.order_by("id").first()


def queue_mail(consultation: Consultation, *, number: int) -> OutboundAction:
    """Queue the question (0) or its n-th reminder; the same one again is the same row. Inside ``tenant``."""
    account, address = consultation.account, consultation.area.address
    with translation.override(LANGUAGE), timezone.override(consultation.ticket.organization.timezone):
        subject, text = _subject(consultation, number), _text(consultation, number)
    first = message_id(mail_token(consultation.code, 0), account.external_id)
    action, _is_new = OutboundAction.objects.get_or_create(
        organization_id=consultation.organization_id,
        client_token=mail_token(consultation.code, number),
        defaults={
            "account": account,
            "kind": ActionKind.DIRECT_MESSAGE,
            "state": ActionState.QUEUED if account.is_live else ActionState.HELD,
            "lane": Lane.COMMITMENT,
            "thread_key": f"area:{consultation.pk}",
            "target_id": address[:120],
            "text": text,
            "options": {
                "mail": {
                    "to": address,
                    "subject": subject,
                    "references": [first] if number else [],
                    "automatic": bool(number),
                }
            },
            "created_by": consultation.asked_by,
        },
    )
    return action


def _subject(consultation: Consultation, number: int) -> str:
    ticket = consultation.ticket
    about = _("caso %s") % (ticket.radicado or ticket.number)
    words = _("Recordatorio: consulta sobre el %s") if number else _("Consulta sobre el %s")
    return f"{words % about} {tag(consultation.code)}"


def _text(consultation: Consultation, number: int) -> str:
    ticket, now = consultation.ticket, clock.now()
    parts = [_greeting(consultation, now) if number else _("Hola, %s:") % consultation.area.name]
    parts += [consultation.question, *shared_words(consultation)]
    parts.append(_("La respuesta se necesita antes de: %s") % _when(consultation.due_at))
    parts.append(
        _("Responda a este correo, o en esta página, sin clave: %s")
        % link(consultation.organization_id, consultation.pk, consultation.link_key)
    )
    parts.append(
        _("Lo que conteste lo lee solo el equipo de servicio, nunca el cliente. No reenvíe este correo.")
    )
    parts.append(f"{consultation.asked_by.display_name} · {ticket.organization.name}")
    return "\n\n".join(parts)


def _when(due_at: datetime) -> str:
    """Day and hour, whatever the day: an area plans by it."""
    return f"{date_words(due_at)}, {hour_words(due_at)}"


def _greeting(consultation: Consultation, now: datetime) -> str:
    if consultation.due_at <= now:
        return _("Esta consulta venció y sigue sin respuesta; el cliente espera por ella.")
    return _("Esta consulta sigue sin respuesta y vence pronto.")
