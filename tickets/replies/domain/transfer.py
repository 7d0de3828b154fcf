"""What a customer is told when their case waits in another area: the sentence with the date, and its commitment."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats, translation

from helpdesk.tenancy.models import Membership
from helpdesk.ui.dates import hour_words
from tickets.cases.models import Ticket
from tickets.commitments.domain.promising import Promise
from tickets.commitments.models import Commitment
from tickets.replies.domain.reply import reply
from tickets.replies.domain.spoken import record_answer
from tickets.settings.models import AccountPolicy

# The date stands here in the words of the sentence.
DATE = "{fecha_comprometida}"
# Ours, after domain.md 8 (T3); the customer reads them, so they are Spanish in whatever language the screen is.
SENTENCES = {
    "usted": (
        "Su caso necesita la revisión de otra área. Le respondemos a más tardar {fecha_comprometida}, aunque aún no "
        "haya solución."
    ),
    "tu": (
        "Tu caso necesita la revisión de otra área. Te respondemos a más tardar {fecha_comprometida}, aunque aún no "
        "haya solución."
    ),
    "vos": (
        "Tu caso necesita la revisión de otra área. Te respondemos a más tardar {fecha_comprometida}, aunque todavía "
        "no haya solución."
    ),
}


def proposed_sentence(ticket: Ticket) -> str:
    """The sentence to begin with, as the account speaks to its customers."""
    policy = AccountPolicy.objects.filter(
        organization_id=ticket.organization_id, account_id=ticket.account_id
    ).first()
    return SENTENCES[policy.voice if policy else "usted"]


def date_in_words(due_at: datetime, zone: str) -> str:
    """«el jueves 26 de noviembre a las 4:00 p. m.»: for the customer, nothing is left to guess."""
    with translation.override("es"):
        local = due_at.astimezone(ZoneInfo(zone))
        day = formats.date_format(local, r"l j \d\e F")
        return f"el {day} a las {hour_words(due_at, zone)}".replace("\u00a0", " ")


def tell_transfer(
    ticket: Ticket, *, by: Membership, due_at: datetime, text: str, mode: str, client_token: str
) -> Commitment:
    """Tell the customer until when another area looks into it; the commitment that this makes.

    ``mode``: as ``reply`` takes it, or ``spoken`` when they were told already. Raises :class:`Refused` as
    ``reply`` does; the case must be locked.
    """
    words = text.replace(DATE, date_in_words(due_at, ticket.organization.timezone))
    promise = Promise(due_at, words)
    if mode == "spoken":
        message = record_answer(ticket, by=by, text=words, token=client_token, promises=[promise])
    else:
        message = reply(
            ticket, by=by, text=words, mode=mode, client_token=client_token, promises=[promise], goes_on=True
        )[-1]
    return Commitment.objects.get(organization_id=ticket.organization_id, message=message)
