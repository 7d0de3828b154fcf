"""Tells customers their radicado by the channel they wrote in: once, and only where something may be said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection, transaction

from channels_social.enums import ActionState
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tickets.cases.domain.filing import rulebook_of
from tickets.cases.filings import FilingPolicy
from tickets.cases.models import Filing, Message, Telling, Ticket
from tickets.enums import Direction, PqrKind
from tickets.replies.domain.notices import queue_notice, refusal_of
from tickets.replies.domain.targets import PRIVATE_KINDS, Target, targets_of
from tickets.replies.filing_sentences import private_sentence, public_sentence

LIMIT = 200
# What was received longer ago than this when it was filed by itself came with a history (an account just
# connected): nobody is surprised with a number for last week's words. An agent may still say it.
OLD = {"receipt": timedelta(days=2), "same_day": timedelta(days=7)}


def tell_filings() -> dict[int, list[tuple[int, int]]]:
    """Queue the words for every filing that waits for them; ``(case, message)`` pairs by organization.

    As the worker, with no tenant. Each filing is a transaction of its own: the case locked first, as by every
    writer; one that somebody holds waits for the next round.
    """
    told: dict[int, list[tuple[int, int]]] = {}
    for organization_id, filing_id, ticket_id in _pending():
        with tenant(organization_id):
            ticket = _lock(ticket_id)
            if ticket is None:
                continue
            message = tell(Filing.objects.select_for_update().get(pk=filing_id), ticket)
        if message is not None:
            told.setdefault(organization_id, []).append((ticket_id, message.pk))
    return told


def tell(filing: Filing, ticket: Ticket) -> Message | None:
    """Queue the words of one filing, or say on it why there are none. The case is locked. Inside ``tenant``."""
    if filing.telling != Telling.PENDING or filing.told_at is not None:
        return None
    policy = rulebook_of(filing.organization_id).policy
    if not policy.tells:
        _settle(filing, Telling.OFF)
        return None
    if filing.cause in OLD and filing.received_at < clock.now() - OLD[filing.cause]:
        _settle(filing, Telling.NOT_TOLD, "too_old")
        return None
    already = _said_by_hand(filing, ticket)
    if already is not None:
        _said(filing, already)
        return None
    tried = {message.is_public for message in _tried(filing)}
    code = "no_target"
    for target in _ways(ticket):
        if (target.mode == "public") in tried:
            continue
        code = _refusal(target, policy)
        if not code:
            return _queue(filing, ticket, target, policy)
    _settle(filing, Telling.NOT_TOLD, code)
    return None


def _pending() -> list[tuple[int, int, int]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, id, ticket_id FROM tickets_filing WHERE telling = 'pending' "
            f"ORDER BY id LIMIT {LIMIT}"
        )
        return cursor.fetchall()


def _lock(ticket_id: int) -> Ticket | None:
    """The case, unless somebody holds it at the moment."""
    found = Ticket.objects.filter(pk=ticket_id).select_related("organization", "customer")
    return found.select_for_update(of=("self",), skip_locked=True).first()


def _ways(ticket: Ticket) -> Iterable[Target]:
    """Where it can be said, private ways first."""
    return sorted(targets_of(ticket, now=clock.now()).values(), key=lambda target: target.mode == "public")


def _refusal(target: Target, policy: FilingPolicy) -> str:
    code = refusal_of(target)
    if code:
        return code
    if target.mode == "public":
        return "" if policy.tells_in_public else "not_in_public"
    # Nobody is written to first in private unless the network says that they accept it.
    known = target.conversation.kind in PRIVATE_KINDS or target.conversation.identity.accepts_dm is True
    return "" if known or not target.conversation.is_public else "dm_not_allowed"


def _queue(filing: Filing, ticket: Ticket, target: Target, policy: FilingPolicy) -> Message | None:
    place = "publica" if target.mode == "public" else "privada"
    message = queue_notice(
        ticket, target, text=words(filing, ticket, target.mode, policy), token=f"radicado:{filing.pk}:{place}"
    )
    if message is None:
        return None
    filing.told_message = message
    _settle(filing, Telling.QUEUED)
    return message


def words(filing: Filing, ticket: Ticket, mode: str, policy: FilingPolicy) -> str:
    """The organization's sentence for this filing."""
    house = ticket.organization
    if mode == "public":
        return public_sentence(
            policy.public_sentence, sector=house.sector, country=house.country, radicado=filing.radicado
        )
    return private_sentence(
        policy.private_sentence,
        sector=house.sector,
        country=house.country,
        name=ticket.customer.name,
        radicado=filing.radicado,
        kind=str(PqrKind(filing.kind).label).lower(),
    )


def _said_by_hand(filing: Filing, ticket: Ticket) -> Message | None:
    """An agent's answer that already carries the number."""
    ours = Message.objects.filter(
        organization_id=filing.organization_id, ticket=ticket, direction=Direction.OUT, is_notice=False
    ).exclude(send_state__in=[ActionState.CANCELLED, ActionState.FAILED])
    return ours.filter(text__contains=filing.radicado).order_by("id").first()


def _said(filing: Filing, message: Message) -> None:
    filing.told_message = message
    if message.is_native or message.send_state == ActionState.SENT:
        filing.told_at = message.occurred_at
        _settle(filing, Telling.TOLD)
    else:
        _settle(filing, Telling.QUEUED)


def _tried(filing: Filing) -> list[Message]:
    tokens = [f"radicado:{filing.pk}:privada", f"radicado:{filing.pk}:publica"]
    return list(
        Message.objects.filter(organization_id=filing.organization_id, action__client_token__in=tokens)
    )


def _settle(filing: Filing, telling: Telling, code: str = "") -> None:
    filing.telling, filing.telling_code = telling, code
    filing.save(update_fields=["telling", "telling_code", "told_message", "told_at"])
