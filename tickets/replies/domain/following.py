"""After a join the answer goes by one channel: the other conversations can be told so, in one line each."""

from __future__ import annotations

from django.db import transaction

from helpdesk import clock
from tickets.cases.domain.filing import rulebook_of
from tickets.cases.models import Conversation, Message, Ticket
from tickets.cases.moves import CaseMove
from tickets.replies.domain.notices import queue_notice, refusal_of
from tickets.replies.domain.targets import target_in, targets_of
from tickets.replies.filing_sentences import joined_sentence


def threads_beside(ticket: Ticket, move: CaseMove) -> list[Conversation]:
    """The threads that came with the joined case and by which the answer will not go."""
    ways = {target.conversation.pk for target in targets_of(ticket, now=clock.now()).values()}
    threads = Conversation.objects.filter(
        organization_id=ticket.organization_id, pk__in=move.moved["conversations"], current_ticket=ticket
    )
    return [one for one in threads.select_related("account", "identity").order_by("pk") if one.pk not in ways]


@transaction.atomic
def tell_joined(move: CaseMove) -> list[Message]:
    """Queue the line in each of those threads where something may be said now; once per join. In ``tenant``."""
    ticket = Ticket.objects.select_related("organization").get(pk=move.kept_id)
    policy, house = rulebook_of(ticket.organization_id).policy, ticket.organization
    number = ticket.radicado or str(ticket.number)
    text = joined_sentence(
        policy.joined_sentence, sector=house.sector, country=house.country, radicado=number
    )
    said = []
    for thread in threads_beside(ticket, move):
        target = target_in(thread, now=clock.now())
        if not refusal_of(target):
            said.append(queue_notice(ticket, target, text=text, token=f"union:{move.pk}:{thread.pk}"))
    return [message for message in said if message is not None]
