"""What whoever follows a case reads of it: how far it is, what was promised, what they were told. Inside ``tenant``.

Never notes, never colleagues' questions, never what was said in a private channel of a network: who holds the number
and the secret may not be who reads that inbox. Of a case that took others in they read what they wrote with this
secret and what they were answered there, and what is written for the page since it is one case: who filed one of the
two need not be who filed the other, whatever address they gave.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from channels_social.enums import ActionState, ConversationKind, Network
from helpdesk.tenancy.context import whole
from tickets.cases.following import CaseSecret
from tickets.cases.models import Attachment, Message, Ticket
from tickets.cases.moves import CaseMove, MoveKind
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


def followed(ticket: Ticket, secret: CaseSecret, number: str) -> Followed:
    """Read it as whoever has this secret may; ``number`` is how they know it."""
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
            number=number,
            is_filed=number != str(ticket.number),
            kind=ticket.get_kind_display() if ticket.kind else "",
            state=_state(ticket),
            steps=_steps(ticket, promised),
            words=_words(ticket, secret),
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
    if ticket.last_sent_at is not None and not is_over:
        steps.append(Step(_("Respondido"), ticket.last_sent_at, is_done=True))
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
        title = _("Por asignar") if ticket.last_sent_at is None else _("En estudio")
        steps.insert(len(steps) - bool(term and term.due_at), Step(title, is_now=True))
    return steps


def _words(ticket: Ticket, secret: CaseSecret) -> list[Word]:
    """What they wrote here, what we answered here or in public; of what we answered in private, only that we did."""
    since = joined_at(ticket)
    own = Q(conversation__in=secret.threads)
    theirs = Q(direction=Direction.IN, network=Network.WEB)
    ours = Q(direction=Direction.OUT, is_notice=False) & (Q(send_state=ActionState.SENT) | Q(is_native=True))
    if since is not None:
        theirs, ours = theirs & own, ours & (own | Q(occurred_at__gte=since))
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
    return [_word(row, files.get(row.pk, 0), is_joined=since is not None) for row in reversed(found)]


def joined_at(ticket: Ticket) -> datetime | None:
    """Since when the case is one with others; None for one that took none in."""
    joins = CaseMove.objects.filter(
        organization_id=ticket.organization_id, kept=ticket, kind=MoveKind.JOIN, undone_at=None
    )
    return joins.order_by("-at").values_list("at", flat=True).first()


def _word(row: Message, files: int, *, is_joined: bool) -> Word:
    """One of them; of a joined case, an answer in public may be in the other's conversation: only that it is there."""
    kind = ConversationKind(row.conversation.kind)
    if row.direction == Direction.IN:
        return Word(row.occurred_at, False, mask(row.text), files=files)
    if kind == ConversationKind.WEB:
        return Word(row.occurred_at, True, mask(row.text))
    is_told = row.is_public and not is_joined
    return Word(row.occurred_at, True, row.text if is_told else "", str(kind.label))
