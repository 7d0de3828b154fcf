"""Which thread a mail belongs to: by what it answers, then by the radicado it names, else its own.

Message ids are told to everybody who is copied, and a radicado is printed on paper: neither lets a stranger
into somebody's case. Only the same address continues a thread, only the same customer joins a case.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from channels_social.networks.base import IncomingMessage
from channels_social.networks.email.letters import named_token
from tickets.intake.addresses import digests_of

RADICADO = re.compile(r"(?<![\d-])20\d{2}-\d{6,9}(?![\d-])")
KNOWN = """
SELECT l.mail_id, c.thread_key, CASE WHEN i.is_by_hand THEN i.digest ELSE i.external_id END,
       i.customer_id, c.current_ticket_id
FROM tickets_letter l
JOIN tickets_message m ON m.organization_id = l.organization_id AND m.id = l.message_id
JOIN tickets_conversation c ON c.organization_id = m.organization_id AND c.id = m.conversation_id
JOIN tickets_identity i ON i.organization_id = c.organization_id AND i.id = c.identity_id
WHERE l.organization_id = %(org)s AND l.mail_id <> '' AND l.mail_id = ANY(%(ids)s)
UNION ALL
SELECT a.client_token, c.thread_key, CASE WHEN i.is_by_hand THEN i.digest ELSE i.external_id END,
       i.customer_id, c.current_ticket_id
FROM channels_social_outboundaction a
JOIN tickets_message m ON m.organization_id = a.organization_id AND m.id = a.subject_id
JOIN tickets_conversation c ON c.organization_id = m.organization_id AND c.id = m.conversation_id
JOIN tickets_identity i ON i.organization_id = c.organization_id AND i.id = c.identity_id
WHERE a.organization_id = %(org)s AND a.client_token = ANY(%(tokens)s) AND c.network = 'email'
"""
PEOPLE = (
    "SELECT external_id, customer_id FROM tickets_identity "
    "WHERE organization_id = %(org)s AND network = 'email' AND scope = 'address' AND external_id = ANY(%(people)s) "
    # Noted by hand or at a door: known by its digest.
    "UNION ALL SELECT digest, customer_id FROM tickets_identity "
    "WHERE organization_id = %(org)s AND digest = ANY(%(digests)s) AND is_by_hand"
)
NAMED = (
    "SELECT radicado, id, customer_id FROM tickets_ticket WHERE organization_id = %s AND radicado = ANY(%s)"
)
LAST = """
SELECT c.thread_key FROM tickets_identity i
JOIN tickets_conversation c ON c.organization_id = i.organization_id AND c.identity_id = i.id
WHERE i.organization_id = %s AND i.network = 'email' AND i.scope = 'address' AND i.external_id = %s
ORDER BY c.last_customer_at DESC NULLS LAST LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A thread some mail is known to stand in. ``customer_id`` None: it came in this very batch."""

    thread_key: str
    address: str
    customer_id: int | None = None
    ticket_id: int | None = None


@dataclass(slots=True)
class Places:
    """What is known of the mails a batch refers to."""

    organization_id: int
    # Digest → address, of everybody who writes here.
    digests: dict[str, str]
    # By message id, or by the token of a letter of ours.
    known: dict[str, list[Place]] = field(default_factory=dict)
    customers: dict[str, set[int]] = field(default_factory=dict)
    radicados: dict[str, tuple[int, int]] = field(default_factory=dict)

    def of(self, mail: IncomingMessage) -> tuple[str, int | None]:
        """(thread key, the case it names) of a mail; mails are asked about oldest first."""
        letter = mail.letter
        if letter is None or (letter.is_forged and not mail.is_ours):
            return mail.thread_key, None
        person = mail.person if mail.is_ours else mail.author
        address = person.external_id if person else ""
        thread_key, ticket_id = self._place(mail, address)
        if letter.message_id:
            self.known.setdefault(letter.message_id, []).append(Place(thread_key, address))
        return thread_key, ticket_id

    def _place(self, mail: IncomingMessage, address: str) -> tuple[str, int | None]:
        letter = mail.letter
        assert letter is not None
        own = [letter.message_id] if mail.is_ours else []
        found = [place for one in (*own, *letter.references) for place in self._at(one)]
        for place in found:
            if self.digests.get(place.address, place.address) == address:
                return place.thread_key, None
        mine = self.customers.get(address, set())
        for place in found:
            if place.customer_id in mine and place.ticket_id is not None:
                return mail.thread_key, place.ticket_id
        for radicado in RADICADO.findall(letter.subject):
            ticket_id, customer_id = self.radicados.get(radicado, (0, 0))
            if customer_id in mine:
                return mail.thread_key, ticket_id
        return mail.thread_key, None

    def _at(self, reference: str) -> list[Place]:
        return self.known.get(reference) or self.known.get(named_token(reference) or reference, [])

    def case_of_ours(self, references: Sequence[str]) -> int | None:
        """The case of the letter of ours that is referred to, if one is."""
        found = (place for one in references if named_token(one) for place in self._at(one))
        return next((place.ticket_id for place in found if place.ticket_id is not None), None)

    def last_thread(self, address: str) -> str:
        """The thread this address wrote in last; empty when it never did."""
        with connection.cursor() as cursor:
            cursor.execute(LAST, [self.organization_id, address])
            row = cursor.fetchone()
        return row[0] if row else ""


def places_for(organization_id: int, mails: Sequence[IncomingMessage]) -> Places:
    """Look up everything these mails refer to, in three queries."""
    people = sorted({p.external_id for mail in mails for p in (mail.author, mail.person) if p})
    places = Places(organization_id, digests_of(organization_id, people))
    letters = [mail.letter for mail in mails if mail.letter]
    ids = sorted({one for letter in letters for one in (letter.message_id, *letter.references) if one})
    tokens = sorted({token for one in ids if (token := named_token(one))})
    radicados = sorted({one for letter in letters for one in RADICADO.findall(letter.subject)})
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"org": organization_id, "ids": ids, "tokens": tokens})
        for key, *place in cursor.fetchall():
            places.known.setdefault(key, []).append(Place(*place))
        cursor.execute(PEOPLE, {"org": organization_id, "people": people, "digests": list(places.digests)})
        for address, customer_id in cursor.fetchall():
            places.customers.setdefault(places.digests.get(address, address), set()).add(customer_id)
        if radicados:
            cursor.execute(NAMED, [organization_id, radicados])
            places.radicados = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    return places
