"""An answer that was spoken: on the phone, at the counter. Nothing leaves; what was said and when is written down."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from channels_social.enums import ConversationKind, Network
from helpdesk import audit, clock
from helpdesk.secrets.cutting import cut_secrets
from helpdesk.tenancy.models import Membership
from helpdesk.text import clean, excerpt
from tickets.cases.models import Conversation, Message, Ticket
from tickets.cases.signature import sign
from tickets.clocks.domain import marks
from tickets.clocks.domain.doors import door_account
from tickets.enums import Direction
from tickets.replies.domain.reply import Refused

SPOKEN_KINDS = (ConversationKind.PHONE, ConversationKind.OFFICE, ConversationKind.EMAIL_NOTED)


@transaction.atomic
def record_answer(
    ticket: Ticket, *, by: Membership | None, text: str, at: datetime | None = None, token: str = ""
) -> Message:
    """Write down what the customer was told; it counts as our answer from ``at``. The case must be locked.

    The same token is the same answer. Raises :class:`Refused` with ``empty``, or ``not_yet`` for the future.
    """
    words, now = cut_secrets(clean(text)).strip(), clock.now()
    when = at or now
    if not words:
        raise Refused("empty")
    if when > now:
        raise Refused("not_yet")
    thread = _thread(ticket)
    key = f"spoken:{token[:80]}" if token else None
    if key:
        former = Message.objects.filter(
            organization_id=ticket.organization_id, network=thread.network, external_id=key
        ).first()
        if former is not None:
            return former
    message = Message.objects.create(
        organization_id=ticket.organization_id,
        conversation=thread,
        ticket=ticket,
        network=thread.network,
        external_id=key,
        direction=Direction.OUT,
        is_public=False,
        text=sign(words, by.initials) if by else words,
        occurred_at=when,
        author=by,
        is_native=True,
        needs_attention=False,
    )
    if when >= ticket.last_at:
        ticket.last_at, ticket.last_text, ticket.channel = when, excerpt(message.text, 160), thread.kind
    Conversation.objects.filter(pk=thread.pk, organization_id=ticket.organization_id).update(
        last_sent_at=when
    )
    marks.answered(ticket, when)
    audit.record(
        ticket.organization_id,
        "reply.spoken",
        actor_id=by.pk if by else None,
        ticket_id=ticket.pk,
        message=message.pk,
        channel=thread.kind,
    )
    return message


def _thread(ticket: Ticket) -> Conversation:
    """The call or visit the case came by; a call of its own for a case that came by a network."""
    threads = Conversation.objects.filter(organization_id=ticket.organization_id, current_ticket=ticket)
    found = threads.filter(kind__in=SPOKEN_KINDS).order_by("-last_customer_at", "-id").first()
    if found is not None:
        return found
    near = threads.order_by("-last_customer_at", "-id").first()
    if near is None:
        raise Refused("no_target")
    return Conversation.objects.create(
        organization_id=ticket.organization_id,
        account=door_account(ticket.organization, Network.PHONE),
        network=Network.PHONE,
        kind=ConversationKind.PHONE,
        thread_key=f"by-hand:ticket:{ticket.pk}",
        customer_id=ticket.customer_id,
        identity_id=near.identity_id,
        current_ticket=ticket,
    )
