"""What of a case an area is shown: what its asker chose, as it stands today. Inside ``tenant``."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tickets.areas.models import Consultation
from tickets.cases.models import Message
from tickets.enums import Direction

MOST = 50


def shareable(ticket_id: int, organization_id: int) -> list[Message]:
    """What the customer said in the case and has not taken back, oldest first; the newest fifty."""
    found = Message.objects.filter(
        organization_id=organization_id, ticket_id=ticket_id, direction=Direction.IN, deleted_at=None
    ).exclude(text="")
    return list(found.order_by("-occurred_at", "-id")[:MOST])[::-1]


def shared_messages(consultation: Consultation) -> list[Message]:
    """The chosen messages; one the customer deleted since is not shown any more."""
    mine = list(consultation.shared_messages)
    found = Message.objects.filter(
        organization_id=consultation.organization_id,
        ticket_id=consultation.ticket_id,
        pk__in=mine,
        direction=Direction.IN,
        deleted_at=None,
    )
    return list(found.order_by("occurred_at", "id"))


def shared_words(consultation: Consultation) -> list[str]:
    """The same as paragraphs of a mail."""
    parts = []
    if consultation.shares_name:
        parts.append(_("Cliente: %s") % consultation.ticket.customer.name)
    said = shared_messages(consultation)
    if said:
        parts.append(_("Lo que escribió el cliente:"))
        parts += ["> " + message.text.replace("\n", "\n> ") for message in said]
    return parts
