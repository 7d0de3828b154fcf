"""Templates as a case is offered them: filled with what is known of it, its motive's first. Inside ``tenant``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats, translation

from channels_social.enums import Network
from channels_social.models import SocialAccount
from helpdesk.tenancy.models import Membership
from helpdesk.text import fold
from protocols.answers.domain.queries.pages import rank, templates_for
from protocols.answers.rules.variables import fill, gaps, unfilled
from protocols.answers.rules.wording import wording_of
from tickets.areas.models import Consultation
from tickets.cases.models import Ticket
from tickets.commitments.enums import CommitmentState
from tickets.commitments.models import Commitment
from tickets.customers.domain.names import NAMELESS
from tickets.guidance.domain.queries.guidance import motive_of
from tickets.guidance.rules.sealing import seal
from tickets.replies.domain.transfer import date_in_words
from tickets.settings.models import AccountPolicy


@dataclass(frozen=True, slots=True)
class Offer:
    """A template as one case would be answered with it."""

    name: str
    text: str
    # The treatment it is in, and whether that is another one than was asked for.
    voice: str
    is_borrowed: bool
    # It is about the motive of the case.
    is_suggested: bool
    # What is still to be filled in by whoever answers.
    open_words: tuple[str, ...]
    place: str
    seal: str
    # What it is found by.
    find: str


def offers_for(
    ticket: Ticket, account: SocialAccount | None, *, by: Membership, voice: str, now: datetime
) -> list[Offer]:
    """Every published template, filled for this case."""
    key, name = motive_of(ticket)
    values = values_of(ticket, account, by=by, motive=name, now=now)
    offers = []
    for page in templates_for(ticket.organization_id, key):
        wording = wording_of(page.version.document)
        words, said_in = wording.text(voice)
        text = fill(words, values)
        left = (unfilled(text),) if unfilled(text) else ()
        offers.append(
            Offer(
                name=page.name,
                text=text,
                voice=said_in,
                is_borrowed=said_in != voice,
                is_suggested=rank(page.motives, key) == 0,
                open_words=(*left, *gaps(text)),
                place=wording.place,
                seal=seal(page.version_id, ticket.pk, text),
                find=fold(f"{page.name} {text}"),
            )  # fmt: skip
        )
    return offers


def values_of(
    ticket: Ticket, account: SocialAccount | None, *, by: Membership, motive: str = "", now: datetime
) -> dict[str, str]:
    """What each variable is in this case; what is not known is empty, and then the variable stays."""
    due = (
        Commitment.objects.filter(
            organization_id=ticket.organization_id, ticket=ticket, state=CommitmentState.OPEN, due_at__gt=now
        )
        .order_by("due_at")
        .first()
    )
    name = "" if ticket.customer.name == NAMELESS else ticket.customer.name
    handle = f"@{account.handle}" if account and account.handle else account.name if account else ""
    return {
        "nombre": name.split()[0] if name.split() else "",
        "radicado": ticket.radicado or "",
        "caso": ticket.radicado or str(ticket.number),
        "motivo": motive.lower(),
        "fecha_apertura": day_in_words(ticket.opened_at, ticket.organization.timezone),
        "fecha_comprometida": date_in_words(due.due_at, ticket.organization.timezone) if due else "",
        "area": _area(ticket),
        "canal": str(Network(account.network).label) if account else "",
        "agente": by.display_name,
        "iniciales": by.initials,
        "empresa": ticket.organization.name,
        "cuenta": handle,
    }


def day_in_words(at: datetime, zone: str) -> str:
    """«20 de noviembre»: the customer reads it, so it is Spanish in whatever language the screen is."""
    with translation.override("es"):
        return formats.date_format(at.astimezone(ZoneInfo(zone)), r"j \d\e F")


def voice_of(ticket: Ticket) -> str:
    """How this customer is spoken to: as they are known to want it, else as the account does."""
    if ticket.customer.voice:
        return ticket.customer.voice
    policy = AccountPolicy.objects.filter(
        organization_id=ticket.organization_id, account_id=ticket.account_id
    ).first()
    return policy.voice if policy else "usted"


def _area(ticket: Ticket) -> str:
    """The area that owes an answer about the case."""
    asked = (
        Consultation.objects.filter(
            organization_id=ticket.organization_id,
            ticket=ticket,
            answered_at__isnull=True,
            cancelled_at__isnull=True,
        )
        .select_related("area")
        .order_by("-pk")
        .first()
    )
    return asked.area.name if asked else ""
