"""What heads a letter of ours: whom to, about what, in answer to what. Inside ``tenant``."""

from __future__ import annotations

import re
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from channels_social.networks.email.letters import message_id
from tickets.cases.letters import Letter
from tickets.cases.models import Conversation, Message, Ticket
from tickets.customers.domain.identities import address_of
from tickets.enums import Direction

# Subjects collect these on their way; one is enough.
_PREFIXES = re.compile(r"^(?:(?:re|rv|fw|fwd|aw|enc|tr)\s*(?:\[\d+\])?\s*:\s*)+", re.I)
MOST_REFERENCES = 20


def letterhead(ticket: Ticket, thread: Conversation) -> dict[str, Any]:
    """``options["mail"]`` of an answer: every program that threads will hang it where the customer wrote."""
    letters = list(
        Letter.objects.filter(
            organization_id=ticket.organization_id,
            message__conversation=thread,
            message__direction=Direction.IN,
        )
        .exclude(mail_id="")
        .order_by("-message__occurred_at", "-id")[:MOST_REFERENCES]
    )
    last = letters[0] if letters else None
    references = [*reversed(last.mail_references), last.mail_id] if last else _own(thread)
    return {
        "to": address_of(thread.identity),
        "subject": _subject(ticket, last.subject if last else "", is_answer=bool(last)),
        "references": list(dict.fromkeys(references))[-MOST_REFERENCES:],
    }


def _own(thread: Conversation) -> list[str]:
    """The letters of ours that began a thread nobody has answered yet."""
    sent = Message.objects.filter(
        organization_id=thread.organization_id, conversation=thread, action__isnull=False
    ).order_by("id")
    own = thread.account.external_id
    return [
        message_id(one.action.client_token, own) for one in sent.select_related("action")[:MOST_REFERENCES]
    ]


def _subject(ticket: Ticket, former: str, *, is_answer: bool) -> str:
    """The customer's subject with the radicado in it, once: an answer finds its case by it."""
    with translation.override("es"):  # the customer's language, whatever the agent reads in
        words = _PREFIXES.sub("", former).strip() or _("Su caso con %s") % ticket.organization.name
    if ticket.radicado and ticket.radicado not in words:
        words = f"{words[:200]} [{ticket.radicado}]"
    return f"Re: {words}" if is_answer else words
