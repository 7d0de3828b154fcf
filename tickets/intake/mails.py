"""Mails before anything is decided: areas' answers are taken out, each mail finds its thread, a flood is dammed.

``parse`` knows one mail and no other; here stands what takes a look at the database, so that ``decide`` stays
pure. Inside ``tenant``, in the transaction that takes the batch in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import connection

from channels_social.enums import Network
from channels_social.models import SocialAccount
from channels_social.networks.base import IncomingMessage
from channels_social.networks.email.letters import named_token
from helpdesk import audit
from tickets.areas.codes import is_area_token
from tickets.areas.domain.incoming import desk_for, judge
from tickets.intake.mail_threads import Places, places_for
from tickets.intake.plan import Arrival

# A person does not write so many mails in so short a time; beyond it they are shown and owed nothing.
FLOOD_AT, FLOOD_WITHIN = 20, timedelta(minutes=10)
RECENT = """
SELECT i.external_id, count(*) FROM tickets_identity i
JOIN tickets_conversation c ON c.organization_id = i.organization_id AND c.identity_id = i.id
JOIN tickets_message m ON m.organization_id = c.organization_id AND m.conversation_id = c.id
WHERE i.organization_id = %s AND i.network = 'email' AND i.scope = 'address' AND i.external_id = ANY(%s)
  AND m.direction = 'in' AND m.received_at > %s AND m.occurred_at > %s
GROUP BY 1
"""


@dataclass(slots=True)
class Sorted:
    """A batch without what is not for the desk."""

    arrivals: list[Arrival]
    # Mails that pretend to be an area's: event → why.
    refused: dict[int, str] = field(default_factory=dict)
    # Cases areas answered.
    tickets: set[int] = field(default_factory=set)


def sort_mails(organization_id: int, arrivals: Sequence[Arrival], *, now: datetime) -> Sorted:
    """The arrivals with every mail in its place. Nothing is asked of the database where there is no mail."""
    mails = {a.event_id: a.item for a in arrivals if _is_mail(a)}
    if not mails:
        return Sorted(list(arrivals))
    found = Sorted([])
    desk = desk_for(organization_id, list(mails.values()))
    rest: list[Arrival] = []
    for arrival in sorted(arrivals, key=_moment):
        mail = mails.get(arrival.event_id)
        if mail is None:
            found.arrivals.append(arrival)
        elif mail.is_ours:
            # What we write to an area, from here or from a mail program, is no word to a customer.
            to_area = mail.person is not None and mail.person.external_id in desk.addresses
            if not to_area and not is_area_token(named_token(mail.external_id)):
                rest.append(arrival)
        elif (verdict := judge(desk, mail)) is None:
            rest.append(arrival)
        else:
            if verdict.reason:
                found.refused[arrival.event_id] = verdict.reason
            if verdict.ticket_id is not None:
                found.tickets.add(verdict.ticket_id)
    if rest:
        places = places_for(organization_id, [a.item for a in rest if isinstance(a.item, IncomingMessage)])
        found.tickets |= _tell_bounces(organization_id, rest, places)
        dam = _Dam(organization_id, rest, places, now)
        found.arrivals += [dam.through(_placed(arrival, places)) for arrival in rest]
        dam.ring()
    return found


def _tell_bounces(organization_id: int, arrivals: Iterable[Arrival], places: Places) -> set[int]:
    """A letter of ours that came back is told in its case: the customer has not read it."""
    tickets: set[int] = set()
    for arrival in arrivals:
        mail = arrival.item
        if not isinstance(mail, IncomingMessage) or mail.letter is None or mail.letter.auto != "bounce":
            continue
        ticket_id = places.case_of_ours(mail.letter.references)
        if ticket_id is not None:
            audit.record(organization_id, "reply.bounced", ticket_id=ticket_id)
            tickets.add(ticket_id)
    return tickets


def _is_mail(arrival: Arrival) -> bool:
    return arrival.network == Network.EMAIL and isinstance(arrival.item, IncomingMessage)


def _moment(arrival: Arrival) -> float:
    return arrival.item.occurred_at.timestamp() if isinstance(arrival.item, IncomingMessage) else 0.0


def _placed(arrival: Arrival, places: Places) -> Arrival:
    mail = arrival.item
    assert isinstance(mail, IncomingMessage)
    thread_key, ticket_id = places.of(mail)
    return replace(arrival, item=replace(mail, thread_key=thread_key), ticket_id=ticket_id)


class _Dam:
    """The rate breaker: what one sender writes beyond measure joins one thread, quietly, and an alarm rings."""

    def __init__(
        self, organization_id: int, arrivals: Iterable[Arrival], places: Places, now: datetime
    ) -> None:
        self.organization_id, self.places, self.now = organization_id, places, now
        self.counts = self._recent({a.item.author.external_id for a in arrivals if _counts(a)})
        # Where a sender's flood runs: the thread of the last mail of theirs that was let through.
        self.beds: dict[str, str] = {}
        self.floods: dict[int, str] = {}

    def _recent(self, senders: set[str]) -> Counter[str]:
        since = self.now - FLOOD_WITHIN
        with connection.cursor() as cursor:
            cursor.execute(RECENT, [self.organization_id, sorted(senders), since, since])
            return Counter(dict(cursor.fetchall()))

    def through(self, arrival: Arrival) -> Arrival:
        """The arrival, or the same made quiet."""
        mail = arrival.item
        if not _counts(arrival) or not isinstance(mail, IncomingMessage) or mail.letter is None:
            return arrival
        if mail.occurred_at < self.now - FLOOD_WITHIN:
            return arrival  # read late: a mailbox of last week is no flood of today
        sender = mail.author.external_id
        self.counts[sender] += 1
        if self.counts[sender] <= FLOOD_AT:
            self.beds[sender] = mail.thread_key
            return arrival
        self.floods[arrival.account_id] = sender
        bed = self.beds.get(sender) or self.places.last_thread(sender) or mail.thread_key
        self.beds[sender] = bed
        letter = replace(mail.letter, auto=mail.letter.auto or "flood")
        quiet = replace(mail, thread_key=bed, is_quiet=True, letter=letter)
        return replace(arrival, item=quiet, ticket_id=None)

    def ring(self) -> None:
        """Say on the account that it is being flooded; once an hour in the audit."""
        for account_id, sender in self.floods.items():
            mine = SocialAccount.objects.filter(organization_id=self.organization_id, pk=account_id)
            hour_ago = self.now - timedelta(hours=1)
            is_news = not mine.filter(flooded_at__gt=hour_ago).exists()
            mine.update(flooded_at=self.now, flooded_by=sender)
            if is_news:
                audit.record(self.organization_id, "account.flooded", account=account_id)


def _counts(arrival: Arrival) -> bool:
    """Whether it is somebody's mail to us."""
    return isinstance(arrival.item, IncomingMessage) and not arrival.item.is_ours
