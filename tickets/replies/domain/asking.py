"""Personal data an answer asks for: refused in public and, for secrets, everywhere; the first private request carries
the privacy notice of the country (care.md, finding 29). Inside ``tenant``; nothing is asked of texts that ask nothing.
"""

from __future__ import annotations

from channels_social.enums import ActionState
from helpdesk import clock
from helpdesk.tenancy.context import whole
from protocols.guides.seeds import note_of
from tickets.cases.models import Conversation, Message, Ticket
from tickets.guidance.models import CaseProtocol, PrivacyNotice
from tickets.guidance.rules.asking import asked_data
from tickets.replies.domain.targets import Target

# Undone, or refused by the network: nobody read the notice that was in it.
NEVER_LEFT = (ActionState.CANCELLED, ActionState.FAILED)


class AsksForData(Exception):
    """The text may not be sent like this: ``asks_secret`` or ``asks_data``, with the words that ask."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code)
        self.code, self.words = code, words


def check_asking(text: str, mode: str) -> bool:
    """Whether the text asks for personal data in private. Raises :class:`AsksForData`. Pure."""
    asked = asked_data(text)
    if asked is None:
        return False
    if asked.is_secret:
        raise AsksForData("asks_secret", asked.words)
    if mode == "public" and not asked.in_private:
        raise AsksForData("asks_data", asked.words)
    return mode == "private"


def notice_for(ticket: Ticket, target: Target) -> str:
    """The notice that goes with the first request in this thread; empty when it was given or the country has none."""
    if was_given(target.conversation):
        return ""
    return notice_words(ticket)


def was_given(thread: Conversation) -> bool:
    """Whether this thread was given the notice. One that is not there yet was not, nor one whose notice never left."""
    if thread.pk is None:
        return False
    with whole():  # it may have been given in a case that who answers now does not see
        return (
            PrivacyNotice.objects.filter(organization_id=thread.organization_id, conversation=thread)
            .exclude(message__send_state__in=NEVER_LEFT)
            .exists()
        )


def notice_words(ticket: Ticket) -> str:
    """The notice of the protocol the case follows, else the one we ship for the country."""
    organization = ticket.organization
    document = (
        CaseProtocol.objects.filter(
            organization_id=ticket.organization_id, ticket=ticket, left_at__isnull=True
        )
        .values_list("version__document", flat=True)
        .first()
    )
    notes = document["notes"] if document else ()
    said = next((one["privacy"] for one in notes if one["country"] == organization.country), "")
    said = said or note_of(organization.country, organization.sector).privacy
    return said.replace("{empresa}", organization.name)


def record_notice(message: Message, country: str) -> None:
    """Remember with which message a thread was given the notice."""
    with whole():
        PrivacyNotice.objects.update_or_create(
            organization_id=message.organization_id,
            conversation_id=message.conversation_id,
            defaults={"message": message, "country": country, "at": clock.now()},
        )
