"""Following a case with its number and its secret. Inside ``tenant``; nobody is logged in.

One question finds it, whatever was typed: by the digest of the secret alone. A number that is not there and a secret
that is wrong are the same empty answer, in the same time; only then the number is compared with the case's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from helpdesk import audit, clock
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Organization
from tickets.cases.following import CaseSecret
from tickets.cases.models import Filing, Message, Ticket
from tickets.enums import Door, TicketState
from tickets.intake.asked import Asked, Opened, Who
from tickets.intake.by_hand import open_case
from tickets.public.domain.filing import SOURCE, Upload, attach, digest_of_secret

LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Found:
    """What number and secret open: the row of the secret, its case, and the number as the case is really called."""

    secret: CaseSecret
    ticket: Ticket
    number: str


def case_of(organization: Organization, *, number: str, secret: str) -> Found | None:
    """The case, when both are right; what it went on in, when it was joined to another."""
    digest = digest_of_secret(organization.pk, secret)
    with whole():
        kept = (
            CaseSecret.objects.filter(organization=organization, digest=digest)
            .select_related("ticket__customer", "ticket__assignee", "ticket__organization")
            .first()
        )
        name = _name_of(kept.ticket, _plain(number)) if kept is not None else ""
        if kept is None or not name:
            return None
        CaseSecret.objects.filter(pk=kept.pk).update(used_at=clock.now())
        return Found(kept, kept.ticket, name)


@transaction.atomic
def add_words(
    organization: Organization, found: Found, *, text: str, token: str, uploads: Sequence[Upload] = ()
) -> Opened:
    """What the customer adds to their case: a message like any other, in its queue and clocks.

    The same token is the same message. Raises ``ValueError`` for a case that is no longer there.
    """
    ticket = found.ticket
    asked = Asked(
        door=Door.WEB,
        text=text,
        happened_at=clock.now(),
        who=Who(customer_id=ticket.customer_id),
        key=token,
        ticket_id=ticket.pk,
    )
    with whole():
        opened = open_case(organization, asked, by=None, source=SOURCE)
        attach(organization, opened, uploads)
        own_thread(found.secret, opened)
        audit.record(organization.pk, "site.words_added", ticket_id=ticket.pk, message=opened.message_id)
    return opened


def own_thread(secret: CaseSecret, opened: Opened) -> None:
    """The conversation this message began is of who has the secret; once, however often it is told."""
    thread = Message.objects.values_list("conversation_id", flat=True).get(pk=opened.message_id)
    row = CaseSecret.objects.select_for_update().get(pk=secret.pk)
    if thread not in row.threads:
        row.threads.append(thread)
        row.save(update_fields=["threads"])


def _name_of(ticket: Ticket, typed: str) -> str:
    """What the case is, or was, called when it is called what was typed; else nothing."""
    theirs = Q(pk=ticket.pk) | Q(joined_into=ticket, state=TicketState.JOINED)
    names = [
        str(name)
        for row in Ticket.objects.filter(theirs, organization_id=ticket.organization_id).values_list(
            "radicado", "number"
        )
        for name in row
        if name
    ]
    filed = Filing.objects.filter(organization_id=ticket.organization_id, ticket=ticket)
    names += filed.values_list("radicado", flat=True)
    return next((name for name in names if _plain(name) == typed), "")


def _plain(number: str) -> str:
    return "".join(sign for sign in number.upper()[:LONGEST_NUMBER] if sign.isalnum())
