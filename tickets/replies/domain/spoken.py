"""An answer that was spoken: on the phone, at the counter. Nothing leaves; what was said and when is written down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from channels_social.enums import ConversationKind, Network
from helpdesk import audit, clock
from helpdesk.secrets.cutting import cut_secrets
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Mode, Permission
from helpdesk.text import clean, excerpt
from tickets.cases.following import CaseSecret
from tickets.cases.models import Conversation, Message, Ticket
from tickets.cases.signature import sign
from tickets.clocks.domain import marks
from tickets.clocks.domain.doors import door_account
from tickets.commitments.domain.promising import NotPromised, Promise, commit
from tickets.enums import Direction
from tickets.replies.domain.promises import check_promises
from tickets.replies.domain.reply import Refused

SPOKEN_KINDS = (ConversationKind.PHONE, ConversationKind.OFFICE, ConversationKind.EMAIL_NOTED)


def has_page(ticket: Ticket) -> bool:
    """Whether the customer follows the case on the public site: what is written down there they read."""
    if ticket.channel != ConversationKind.WEB:
        return False
    return CaseSecret.objects.filter(organization_id=ticket.organization_id, ticket=ticket).exists()


def may_answer_on_page(by: Membership) -> bool:
    """Whether what they write there may be read by the customer without somebody else's eyes."""
    return by.can(Permission.REPLY_UNAPPROVED) and by.mode(Permission.REPLY_PRIVATE) != Mode.APPROVAL


@transaction.atomic
def record_answer(
    ticket: Ticket,
    *,
    by: Membership | None,
    text: str,
    at: datetime | None = None,
    token: str = "",
    promises: Sequence[Promise] = (),
) -> Message:
    """Write down what the customer was told; it counts as our answer from ``at``. The case must be locked.

    The same token is the same answer. ``promises`` are the dates it promised: the customer knows of them. Of a case
    that is followed on the public site it is read there at once. Raises :class:`Refused` with ``empty``, ``not_yet``
    for the future, ``page_unapproved`` for whose answers somebody else approves, or as ``reply`` does for promises.
    """
    words, now = cut_secrets(clean(text)).strip(), clock.now()
    when = at or now
    if by is not None and has_page(ticket) and not may_answer_on_page(by):
        raise Refused("page_unapproved")
    if not words:
        raise Refused("empty")
    if when > now:
        raise Refused("not_yet")
    _check_promises(ticket, promises, by)
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
    for promise in promises:
        commit(ticket, promise, by=by, message=message, told_at=when)
    marks.answered(ticket, when)
    if (
        thread.kind == ConversationKind.WEB
    ):  # it can be read there now: whoever asked to be told is (tickets.public)
        followed = CaseSecret.objects.filter(organization_id=ticket.organization_id, ticket=ticket)
        followed.filter(email__isnull=False).update(tell_at=now)
    audit.record(
        ticket.organization_id,
        "reply.spoken",
        actor_id=by.pk if by else None,
        ticket_id=ticket.pk,
        message=message.pk,
        channel=thread.kind,
    )
    return message


def _check_promises(ticket: Ticket, promises: Sequence[Promise], by: Membership | None) -> None:
    try:
        check_promises(ticket, promises, mode="spoken", targets={}, by=by)
    except NotPromised as refused:
        raise Refused(f"promise:{refused.code}") from None


def _thread(ticket: Ticket) -> Conversation:
    """The call, visit or page the case came by; a call of its own for a case that came by a network."""
    threads = Conversation.objects.filter(organization_id=ticket.organization_id, current_ticket=ticket)
    kinds = [ConversationKind.WEB] if has_page(ticket) else SPOKEN_KINDS
    found = threads.filter(kind__in=kinds).order_by("-last_customer_at", "-id").first()
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
