"""What we do on a network besides answering: follow who wrote, hide what must not stand there."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction

from channels_social.enums import ActionKind, Lane, Network
from channels_social.models import OutboundAction
from helpdesk import audit
from helpdesk.tenancy.models import Membership
from tickets.cases.models import Message, Ticket
from tickets.replies.domain.reply import Refused
from tickets.replies.domain.targets import first_public


@transaction.atomic
def follow(ticket: Ticket, *, by: Membership) -> OutboundAction:
    """Follow the customer on X, so that they can write in private, where the account's tier still allows it.

    Raises :class:`Refused` ``follow_not_allowed`` where it does not: the list is then followed by hand.
    """
    thread = first_public(ticket)
    if thread is None or thread.network != Network.X or not thread.account.capabilities.get("follow"):
        raise Refused("follow_not_allowed")
    action, is_new = OutboundAction.objects.get_or_create(
        organization_id=ticket.organization_id,
        client_token=f"follow:{thread.account_id}:{thread.identity.external_id}",
        defaults={
            "account": thread.account,
            "kind": ActionKind.FOLLOW,
            "lane": Lane.COURTESY,
            "thread_key": f"follow:{thread.identity.external_id}",
            "target_id": thread.identity.external_id,
            "created_by": by,
        },
    )
    if is_new:
        audit.record(ticket.organization_id, "customer.followed", actor_id=by.pk, ticket_id=ticket.pk)
    return action


@transaction.atomic
def hide(message: Message, *, hidden: bool, reason: str, by: Membership) -> OutboundAction:
    """Hide (or show again) a customer's public message on the network; never deletes it.

    An exception that needs a reason: it is kept in the audit as given by the supervisor (design 5.5).
    """
    check_hiding(message, reason=reason if hidden else "-")
    thread = message.conversation
    action = OutboundAction.objects.create(
        organization_id=message.organization_id,
        account_id=thread.account_id,
        kind=ActionKind.HIDE,
        lane=Lane.INDIVIDUAL,
        thread_key=f"hide:{message.external_id}",
        target_id=message.external_id,
        options={"hidden": hidden},
        client_token=uuid4().hex,
        created_by=by,
    )
    audit.record(
        message.organization_id,
        "message.hidden" if hidden else "message.shown",
        actor_id=by.pk,
        ticket_id=message.ticket_id,
        message=message.pk,
        reason=reason.strip()[:200],
    )
    return action


def check_hiding(message: Message, *, reason: str) -> None:
    """Raises :class:`Refused` ``hide_not_possible`` or ``hide_needs_reason`` where a message cannot be hidden."""
    if not message.is_public or message.external_id is None or message.deleted_at is not None:
        raise Refused("hide_not_possible")
    if not reason.strip():
        raise Refused("hide_needs_reason")
