"""The case a consultation is about today. Inside ``tenant``."""

from __future__ import annotations

from tickets.areas.models import Consultation
from tickets.cases.models import Ticket


def case_of(consultation: Consultation) -> int:
    """Its own case, or the one that took that in: both had asked one area, and the answer is for both."""
    joined = Ticket.objects.values_list("joined_into_id", flat=True).get(pk=consultation.ticket_id)
    return joined or consultation.ticket_id
