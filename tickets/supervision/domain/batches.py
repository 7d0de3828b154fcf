"""The same answer to many cases of an incident: reviewed, queued in the lane of what goes to many, stopped.

Making a batch writes rows; the worker hands them to the outbox one by one, each as an answer in the customer's own
conversation. What was not sent yet can be stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet

from channels_social.enums import ConversationKind, Lane, Network
from helpdesk import audit, clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from helpdesk.text import clean
from tickets.cases.models import Ticket
from tickets.console.queries.wordings import day_in_words
from tickets.customers.domain.names import NAMELESS
from tickets.enums import Priority, TicketState
from tickets.incidents.enums import AnswerStage
from tickets.incidents.models import AnswerBatch, BatchedAnswer, Incident, IncidentCase
from tickets.incidents.rules.bulk import MOST, NotSaid, check_text, personal
from tickets.replies.domain.reply import Refused, reply
from tickets.replies.domain.targets import Target, targets_of

TURN = 50
Told = dict[int, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Draft:
    """One line of the list that is reviewed. ``why_not``: a code for which it comes unticked; ``is_barred``: it
    cannot be ticked."""

    ticket: Ticket
    text: str
    why_not: str = ""
    is_barred: bool = False


def drafts_of(incident: Incident, text: str, *, by: Membership) -> list[Draft]:
    """What each case that hangs from it would be told, and which are better left out. Raises :class:`NotSaid`."""
    check_text(text)
    taken = set(
        BatchedAnswer.objects.filter(
            batch__incident=incident, stage__in=[AnswerStage.WAITING, AnswerStage.QUEUED]
        ).values_list("ticket_id", flat=True)
    )
    return [_draft(ticket, text, by, taken) for ticket in _tickets(incident)]


def _tickets(incident: Incident) -> QuerySet[Ticket]:
    linked = IncidentCase.objects.filter(incident=incident).order_by("id").values("ticket_id")[:MOST]
    found = Ticket.objects.filter(pk__in=linked)
    return found.select_related("customer", "account", "organization").order_by("opened_at", "id")


def _draft(ticket: Ticket, text: str, by: Membership, taken: set[int]) -> Draft:
    said, left = personal(text, _values(ticket, by))
    if ticket.pk in taken:
        return Draft(ticket, said, "twice", is_barred=True)
    if not ticket.is_open:
        return Draft(ticket, said, "not_a_case", is_barred=True)
    if left:
        return Draft(ticket, said, "nameless", is_barred=True)
    return Draft(ticket, said, "critical" if ticket.priority == Priority.CRITICAL else "")


def _values(ticket: Ticket, by: Membership) -> dict[str, str]:
    name = "" if ticket.customer.name == NAMELESS else ticket.customer.name
    account = ticket.account
    network = account.network if account is not None else ConversationKind(ticket.channel).network
    return {
        "nombre": name.split()[0] if name.split() else "",
        "caso": ticket.radicado or str(ticket.number),
        "radicado": ticket.radicado or "",
        "fecha_apertura": day_in_words(ticket.opened_at, ticket.organization.timezone),
        "canal": str(Network(network).label),
        "cuenta": str(account) if account is not None else "",
        "empresa": ticket.organization.name,
        "agente": by.display_name,
        "iniciales": by.initials,
    }


@transaction.atomic
def queue_batch(
    incident: Incident, ticket_ids: Sequence[int], *, text: str, by: Membership, token: str
) -> AnswerBatch:
    """Write the batch down: what was ticked and can be answered. The same token is the same batch.

    Raises :class:`NotSaid`: what ``check_text`` does, ``nobody``, ``too_many``.
    """
    known = AnswerBatch.objects.filter(organization_id=incident.organization_id, token=token[:48]).first()
    if known is not None:
        return known
    if len(ticket_ids) > MOST:
        raise NotSaid("too_many")
    ticked = set(ticket_ids)
    chosen = [
        one.ticket.pk
        for one in drafts_of(incident, text, by=by)
        if one.ticket.pk in ticked and not one.is_barred
    ]
    if not chosen:
        raise NotSaid("nobody")
    batch = AnswerBatch.objects.create(
        organization_id=incident.organization_id, incident=incident, text=clean(text).strip(), made_by=by,
        token=token[:48],
    )  # fmt: skip
    BatchedAnswer.objects.bulk_create(
        BatchedAnswer(organization_id=incident.organization_id, batch=batch, ticket_id=key) for key in chosen
    )
    audit.record(
        incident.organization_id, "incident.batch_queued", actor_id=by.pk, incident=incident.pk, batch=batch.pk,
        number=incident.number, cases=len(chosen),
    )  # fmt: skip
    return batch


def work_batches() -> Told:
    """Hand what waits to the outbox; ``(case, message)`` pairs by organization. As the worker, with no tenant.

    Each is a transaction of its own: the case first, as every writer locks it, then its row; what somebody holds
    waits for the next turn.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT organization_id, id, ticket_id FROM tickets_batchedanswer WHERE stage = 'waiting' "
            f"ORDER BY id LIMIT {TURN}"
        )
        rows = cursor.fetchall()
    told: Told = {}
    for organization_id, row_id, ticket_id in rows:
        with tenant(organization_id):
            pair = _hand_over(row_id, ticket_id)
        if pair is not None:
            told.setdefault(organization_id, []).append(pair)
    return told


def _hand_over(row_id: int, ticket_id: int) -> tuple[int, int] | None:
    found = Ticket.objects.filter(pk=ticket_id).select_related("organization", "customer", "account")
    ticket = found.select_for_update(of=("self",), skip_locked=True).first()
    rows = BatchedAnswer.objects.filter(pk=row_id, stage=AnswerStage.WAITING)
    row = rows.select_for_update(of=("self",), skip_locked=True).first() if ticket else None
    if ticket is None or row is None:
        return None
    row.batch = AnswerBatch.objects.select_related("made_by", "made_by__organization").get(pk=row.batch_id)
    try:
        row.message_id = _say(ticket, row.batch, row.batch.made_by)
        row.stage = AnswerStage.QUEUED
    except Refused as refused:
        row.stage, row.code = AnswerStage.LEFT_OUT, refused.code[:40]
    row.save(update_fields=["stage", "code", "message"])
    return (ticket.pk, row.message_id) if row.message_id else None


def _say(ticket: Ticket, batch: AnswerBatch, by: Membership) -> int:
    """Queue the answer of one case; the key of its message. Raises :class:`Refused` with the reason it is left out."""
    if not by.can(Permission.REPLY_PRIVATE):
        raise Refused("author_left")
    if not ticket.is_open or ticket.state == TicketState.JOINED:
        raise Refused("not_a_case")
    if ticket.last_sent_at is not None and ticket.last_sent_at > batch.made_at:
        raise Refused("answered")
    mode, targets = _mode(ticket)
    text, _left = personal(batch.text, _values(ticket, by))
    messages = reply(
        ticket, by=by, text=text, mode=mode, client_token=f"lote{batch.pk}x{ticket.pk}", is_template=True,
        lane=Lane.BULK, targets=targets,
    )  # fmt: skip
    return messages[-1].pk


def _mode(ticket: Ticket) -> tuple[str, dict[str, Target]]:
    """Where they spoke last, when that can be answered; else the other way."""
    targets = targets_of(ticket, now=clock.now())
    wanted = "public" if ConversationKind(ticket.channel).is_public else "private"
    mode = wanted if wanted in targets else next(iter(targets), "")
    if not mode:
        raise Refused("no_way")
    return mode, targets
