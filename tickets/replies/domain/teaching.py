"""What a colleague does to a case that says what its first words were: kept as a correction of their verdict."""

from __future__ import annotations

from helpdesk.tenancy.models import Membership
from helpdesk.text import fold_handle
from tickets.cases.models import Message, Ticket
from tickets.enums import Direction, PqrKind, Priority
from tickets.triage.domain.corrections import correct, withdraw
from tickets.triage.engine import Context
from tickets.triage.labels import Kind, Urgency
from tickets.triage.local import KIND, URGENCY

# Kinds as readers of messages call them; personal data is a right of the law and no kind of theirs.
LABEL_OF = {
    PqrKind.RECLAMO: Kind.RECLAMO,
    PqrKind.QUEJA: Kind.QUEJA,
    PqrKind.PETICION: Kind.PETICION,
    PqrKind.INFORMACION: Kind.INFORMACION,
    PqrKind.DENUNCIA: Kind.DENUNCIA,
    PqrKind.FELICITACION: Kind.FELICITACION,
    PqrKind.SUGERENCIA: Kind.SUGERENCIA,
}
URGENCY_OF = {
    Priority.CRITICAL: Urgency.ALTA,
    Priority.HIGH: Urgency.ALTA,
    Priority.MEDIUM: Urgency.MEDIA,
    Priority.LOW: Urgency.BAJA,
}


def first_said(ticket: Ticket) -> Message | None:
    """The words a case began with."""
    return (
        Message.objects.select_related("conversation__account")
        .filter(ticket=ticket, direction=Direction.IN, is_courtesy=False, deleted_at__isnull=True)
        .order_by("occurred_at", "pk")
        .first()
    )


def keep_correction(message: Message, *, aspect: str, judged: str, said: str, by: Membership) -> None:
    """Keep what a message is said to be; where it is what the verdict said, nothing is corrected any more."""
    if judged == said:
        withdraw(message_id=message.pk, aspect=aspect, by=by)
        return
    account = message.conversation.account
    is_to_us = message.network != "x" or not message.is_public
    correct(
        message_id=message.pk,
        text=message.text,
        context=Context(frozenset({fold_handle(account.handle)}), is_to_us=is_to_us),
        aspect=aspect,
        judged=judged,
        said=said,
        by=by,
    )


def teach_kind(ticket: Ticket, kind: PqrKind, *, by: Membership | None) -> None:
    """The kind a colleague gives a case, beside the one its words were judged to be.

    A reiteration teaches nothing: its kind is that of the case it follows, which nobody disputes.
    """
    message = first_said(ticket) if by is not None and kind in LABEL_OF else None
    if by is None or message is None or not message.verdict:
        return
    if message.verdict.get("kind") == Kind.SEGUIMIENTO or ticket.suggested_kind not in PqrKind.values:
        return
    judged = LABEL_OF.get(PqrKind(ticket.suggested_kind), "")
    keep_correction(message, aspect=KIND, judged=judged, said=LABEL_OF[kind], by=by)


def teach_urgency(ticket: Ticket, priority: Priority, *, by: Membership | None) -> None:
    """The priority a colleague gives a case, beside the urgency its words were judged to have."""
    message = first_said(ticket) if by is not None else None
    if by is None or message is None or not message.verdict:
        return
    judged = message.verdict.get("urgency", "")
    keep_correction(message, aspect=URGENCY, judged=judged, said=URGENCY_OF[priority], by=by)
