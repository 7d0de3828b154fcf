"""Answers that wait for another person: who may decide, until when they should, with or without a change.

Inside ``tenant``. The signature stays the author's; the audit names both (care.md, finding 20 and story 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from channels_social.enums import ActionState, ConversationKind
from channels_social.models import OutboundAction
from channels_social.networks import registry
from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership, Organization, Presence
from helpdesk.text import clean
from tickets.cases.models import Message
from tickets.cases.signature import parse_signature, sign
from tickets.replies.domain.casework import add_note
from tickets.replies.domain.outbox import change_action, tokens_of
from tickets.replies.domain.reply import Refused
from tickets.team.rules import approval

MOST = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer that waits, as who decides sees it. ``why_not``: ``own``, ``first`` or nothing."""

    message: Message
    author: Membership | None
    words: str
    due_at: datetime
    clock_due: datetime | None
    opens_at: datetime
    why_not: str
    parts: int
    # Of all its parts.
    tokens: tuple[str, ...] = ()


def waiting_for(organization: Organization, by: Membership) -> list[Waiting]:
    """What waits among the cases this member sees, first due first."""
    actions = (
        OutboundAction.objects.filter(organization=organization, state=ActionState.AWAITING_APPROVAL)
        .exclude(client_token__contains=":")
        .select_related("created_by", "created_by__supervisor")
        .order_by("id")[:MOST]
    )
    by_message = {action.subject_id: action for action in actions}
    said = Message.objects.filter(
        organization=organization, pk__in=list(by_message), ticket__isnull=False
    ).select_related("ticket", "ticket__customer", "conversation")
    now = clock.now()
    found = [_waiting(message, by_message[message.pk], by, now) for message in said]
    return sorted(found, key=lambda one: (one.due_at, one.message.pk))


def standing(message: Message, by: Membership) -> Waiting | None:
    """One answer of which somebody may have to decide; None when it waits for nobody (any more)."""
    action = (
        OutboundAction.objects.filter(pk=message.action_id, state=ActionState.AWAITING_APPROVAL)
        .select_related("created_by", "created_by__supervisor")
        .first()
    )
    return _waiting(message, action, by, clock.now()) if action is not None else None


def _waiting(message: Message, action: OutboundAction, by: Membership, now: datetime) -> Waiting:
    author = action.created_by
    first = author.supervisor if author else None
    opens_at = approval.open_to_all_at(
        action.created_at,
        supervisor=first.pk if first else None,
        is_supervisor_here=first is not None
        and first.is_active
        and first.presence in (Presence.AVAILABLE, Presence.BUSY),
    )
    clock_due = message.ticket.next_deadline_at if message.ticket else None
    return Waiting(
        message=message,
        author=author,
        words=parse_signature(message.text)[0] if author else message.text,
        due_at=approval.due_at(action.created_at, clock_due),
        clock_due=clock_due,
        opens_at=opens_at,
        why_not=approval.why_not(
            author=action.created_by_id, by=by.pk, supervisor=first.pk if first else None,
            opens_at=opens_at, now=now,
        ),
        parts=action.options.get("parts", 1),
        tokens=tuple(tokens_of(action)),
    )  # fmt: skip


@transaction.atomic
def approve(message: Message, *, by: Membership, text: str | None = None) -> None:
    """Let it leave, with other words when ``text`` differs. Lock its case first.

    Raises :class:`Refused`: ``approval_gone``, ``approval_own``, ``approval_first``, ``approval_parts`` (a thread
    is sent back, not edited), ``empty``, ``too_long``.
    """
    found = _decided_by(message, by)
    changed = text is not None and clean(text).strip() != found.words
    if changed:
        _edit(message, found, clean(text or "").strip())
    if not change_action(message, to="approve", by=by, edited=changed):
        raise Refused("approval_gone")


@transaction.atomic
def send_back(message: Message, *, by: Membership, reason: str) -> None:
    """It does not leave; its author reads why in a note of the case. Lock its case first.

    Raises :class:`Refused` as :func:`approve` does, and ``approval_reason`` without one.
    """
    found = _decided_by(message, by)
    words = clean(reason).strip()
    if not words:
        raise Refused("approval_reason")
    if not change_action(message, to="cancel", by=by, cause="returned"):
        raise Refused("approval_gone")
    name = f"{found.author.display_name} ^{found.author.initials}" if found.author else ""
    add_note(message.ticket, by=by, text=f"{name}: {words}\n«{found.words}»" if name else words)
    audit.record(
        message.organization_id, "reply.returned", actor_id=by.pk, ticket_id=message.ticket_id,
        message=message.pk, member=found.author.pk if found.author else None,
    )  # fmt: skip


def _decided_by(message: Message, by: Membership) -> Waiting:
    OutboundAction.objects.select_for_update().filter(pk=message.action_id).first()
    found = standing(message, by)
    if found is None:
        raise Refused("approval_gone")
    if found.why_not:
        raise Refused(f"approval_{found.why_not}")
    return found


def _edit(message: Message, found: Waiting, words: str) -> None:
    if found.parts > 1:
        raise Refused("approval_parts")
    if not words:
        raise Refused("empty")
    signed = sign(words, found.author.initials) if found.author else words
    action = message.action
    network = registry.get(message.network)
    limit, counted = network.limit_for(
        ConversationKind(message.conversation.kind), action.account.capabilities
    )
    length = network.length(signed) if counted == "weighted" else len(signed.encode("utf-16-le")) // 2
    if limit and length > limit:
        raise Refused("too_long", f"{length}/{limit}")
    message.text = signed
    message.save(update_fields=["text"])
    options = {key: value for key, value in action.options.items() if key != "written"}
    OutboundAction.objects.filter(pk=action.pk).update(text=signed, options=options)


def approved_unchanged(member: Membership) -> int:
    """How many answers of a member another person let leave as they were, since the last training was noted."""
    rows = OutboundAction.objects.filter(
        organization_id=member.organization_id, created_by=member, approved_by__isnull=False
    ).exclude(Q(options__has_key="edited") | Q(client_token__contains=":"))
    if member.trained_on is not None:
        rows = rows.filter(created_at__date__gte=member.trained_on)
    return rows.count()
