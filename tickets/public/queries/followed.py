"""What whoever follows a case reads of it: how far it is, what was promised, what they were told. Inside ``tenant``.

Never notes, never colleagues' questions, never what was said in a private channel of a network: who holds the number
and the secret may not be who reads that inbox.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from channels_social.enums import ActionState, ConversationKind, Network
from helpdesk.tenancy.context import whole
from tickets.cases.models import Attachment, Message, Ticket
from tickets.clocks.domain.legal import legal_clock
from tickets.commitments.enums import CommitmentState
from tickets.commitments.models import Commitment
from tickets.enums import Direction, TicketState
from tickets.privacy.rules.masking import mask

MOST = 50


@dataclass(frozen=True, slots=True)
class Step:
    """One station of the case; ``is_done``, or it is where the case is now, or still to come."""

    title: str
    at: datetime | None = None
    detail: str = ""
    is_done: bool = False
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """Something said: theirs, ours, or that we answered elsewhere (without what we said there)."""

    at: datetime
    is_ours: bool
    text: str
    where: str = ""
    files: int = 0


@dataclass(slots=True)
class Followed:
    """A case as its customer sees it."""

    number: str
    is_filed: bool
    kind: str
    state: str
    steps: list[Step] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    promised_at: datetime | None = None


def followed(ticket: Ticket) -> Followed:
    """Read it."""
    with whole():
        promised = (
            Commitment.objects.filter(
                organization_id=ticket.organization_id,
                ticket=ticket,
                state=CommitmentState.OPEN,
                told_at__isnull=False,
            )
            .order_by("due_at")
            .values_list("due_at", flat=True)
            .first()
        )
        return Followed(
            number=ticket.radicado or str(ticket.number),
            is_filed=ticket.radicado is not None,
            kind=ticket.get_kind_display() if ticket.kind else "",
            state=_state(ticket),
            steps=_steps(ticket, promised),
            words=_words(ticket),
            promised_at=promised,
        )


def _state(ticket: Ticket) -> str:
    match ticket.state:
        case TicketState.NEW:
            return _("Recibido: todavía no lo tiene nadie")
        case TicketState.OPEN:
            return _("En estudio")
        case TicketState.WAITING_CUSTOMER:
            return _("Falta una respuesta de quien abrió el caso")
        case TicketState.WAITING_AREA:
            return _("En estudio, con otra área")
        case TicketState.RESOLVED:
            return _("Resuelto")
    return _("Cerrado")


def _steps(ticket: Ticket, promised: datetime | None) -> list[Step]:
    is_over = not ticket.is_open
    steps = [Step(_("Recibido"), ticket.opened_at, is_done=True)]
    if ticket.assignee is not None:
        who = f"{ticket.assignee.display_name.split()[0]} ^{ticket.assignee.initials}"
        steps.append(
            Step(_("Lo tiene %(who)s") % {"who": who}, is_done=is_over, is_now=not is_over and not promised)
        )
    if promised is not None:
        steps.append(Step(_("Fecha prometida"), promised, is_now=not is_over, is_done=is_over))
    term = legal_clock(ticket)
    if is_over:
        steps.append(Step(_("Resuelto"), ticket.resolved_at, is_done=True))
    elif term is not None and term.due_at is not None:
        steps.append(Step(_("Respuesta definitiva"), term.due_at, _("a más tardar")))
    if not any(step.is_now for step in steps) and not is_over:
        steps.insert(1, Step(_("Por asignar"), is_now=True))
    return steps


def _words(ticket: Ticket) -> list[Word]:
    """What they wrote here, what we answered here or in public; of what we answered in private, only that we did."""
    theirs = Q(direction=Direction.IN, network=Network.WEB)
    ours = Q(direction=Direction.OUT, is_notice=False) & (Q(send_state=ActionState.SENT) | Q(is_native=True))
    rows = (
        Message.objects.filter(
            theirs | ours,
            organization_id=ticket.organization_id,
            ticket=ticket,
            conversation__customer_id=ticket.customer_id,
            deleted_at=None,
        )
        .select_related("conversation")
        .order_by("-occurred_at", "-id")[:MOST]
    )
    found = list(rows)
    files: dict[int, int] = {}
    for message_id in Attachment.objects.filter(message__in=found).values_list("message_id", flat=True):
        files[message_id] = files.get(message_id, 0) + 1
    return [_word(row, files.get(row.pk, 0)) for row in reversed(found)]


def _word(row: Message, files: int) -> Word:
    kind = ConversationKind(row.conversation.kind)
    if row.direction == Direction.IN:
        return Word(row.occurred_at, False, mask(row.text), files=files)
    if row.is_public or kind == ConversationKind.WEB:
        return Word(
            row.occurred_at,
            True,
            row.text if row.is_public else mask(row.text),
            str(kind.label) if row.is_public else "",
        )
    return Word(row.occurred_at, True, "", str(kind.label))
