"""Opens a case by hand: a call, a visit, a letter, or what another system tells. One verb for every door.

The case is the same as a tweet's: clocks from when it happened, filed by rule of its kind, secrets cut, audited.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from django.db import transaction
from django.db.models import Count, Q, Sum

from channels_social.enums import Network
from helpdesk import audit, clock
from helpdesk.secrets.cutting import cut_secrets
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.text import clean, excerpt
from tickets.cases.models import Message, Ticket
from tickets.clocks.domain.doors import door_account
from tickets.clocks.domain.terms import rules_by_account
from tickets.clocks.rules import TimeRules, promised
from tickets.enums import FILED_KINDS, OPEN_STATES, ClockKind, Direction, Door, Priority, TicketState
from tickets.intake import again, inbox
from tickets.intake.asked import Asked, Opened
from tickets.intake.plan import Case, Intake, Said, Thread
from tickets.intake.rules.kind import suggest_kind
from tickets.intake.rules.priority import History, suggest_priority
from tickets.intake.whom import People, Person, next_id
from tickets.intake.write import write

LONGEST_KEY = 100


@transaction.atomic
def open_case(organization: Organization, asked: Asked, *, by: Membership | None, source: str) -> Opened:
    """Write one matter down: a new case, or one more message in an open one. Inside ``tenant``.

    ``by`` is the colleague who writes it down, None for another system; ``source`` (``console``, ``hook:3``,
    ``csv:SAC``) is where ``asked.key`` is unique. Raises ``ValueError`` for a case that is not there.
    """
    return open_cases(organization, [asked], by=by, source=source)[0]


@transaction.atomic
def open_cases(
    organization: Organization, asked: Sequence[Asked], *, by: Membership | None, source: str
) -> list[Opened]:
    """Write many matters down, in their order, with few statements. Inside ``tenant``."""
    inbox.be_the_only_one(organization.pk)
    cut = [_cut(one) for one in asked]
    known = _already(organization, [message_key(source, one.key) for one in cut if one.key])
    people = People(organization, [one.who for one in cut], by)
    batch = _Batch(organization, by, source)
    opened = [known.get(message_key(source, one.key)) or batch.take(one, people, known) for one in cut]
    people.write()
    batch.write()
    return opened


def message_key(source: str, key: str) -> str:
    """The id a message of that source and key has here: what makes telling it twice telling it once."""
    if not key:
        return f"by-hand:{uuid.uuid4().hex}"
    whole = f"{source}:{key}"
    return f"by-hand:{whole if len(whole) <= LONGEST_KEY else sha256(whole.encode()).hexdigest()}"


def _cut(asked: Asked) -> Asked:
    """Without what must never be stored, and without what a database cannot hold."""
    who = replace(asked.who, name=cut_secrets(clean(asked.who.name)))
    text, answer = (cut_secrets(clean(words)).strip() for words in (asked.text, asked.answer))
    return replace(asked, who=who, text=text, answer=answer)


def _already(organization: Organization, keys: Sequence[str]) -> dict[str, Opened]:
    networks = [door.conversation.network for door in Door]
    rows = Message.objects.filter(
        organization=organization, network__in=networks, external_id__in=keys
    ).values_list("external_id", "ticket_id", "pk", "conversation__customer_id")
    return {key: Opened("known", ticket, pk, customer) for key, ticket, pk, customer in rows}


class _Batch:
    """What a batch will write: new cases set-wise, more words in old ones each by itself."""

    def __init__(self, organization: Organization, by: Membership | None, source: str) -> None:
        self.organization, self.by, self.source = organization, by, source
        self.now = clock.now()
        self.intake = Intake()
        self.answers: list[tuple[int, Asked]] = []
        self.lines: list[tuple[str, int, dict[str, object]]] = []
        self._fresh: dict[int, list[Case]] = {}

    def take(self, asked: Asked, people: People, known: dict[str, Opened]) -> Opened:
        person = people.of(asked.who, asked.door.conversation.network)
        thread = self._thread(asked, person)
        said = self._said(asked, thread)
        self.intake.threads.append(thread)
        self.intake.messages.append(said)
        if asked.ticket_id is None:
            case = self._new_case(asked, person, thread)
            opened = Opened("opened", case.id, said.id, person.customer_id, person.is_new)
        else:
            again.must_be_there(self.organization, asked.ticket_id)
            opened = Opened("joined", asked.ticket_id, said.id, person.customer_id, person.is_new)
        thread.ticket_id = said.ticket_id = opened.ticket_id
        self._note(opened, asked)
        known[said.external_id] = replace(opened, what="known")
        return opened

    def write(self) -> None:
        """Carry it out: cases and radicados in the same last statements as every other door's."""
        write(self.organization, self.intake, now=self.now)
        for ticket_id, asked in self.answers:
            again.follow_up(ticket_id, asked, by=self.by)
        for action, ticket_id, data in self.lines:
            audit.record(
                self.organization.pk,
                action,
                actor_id=self.by.pk if self.by else None,
                ticket_id=ticket_id,
                source=self.source[:40],
                **data,
            )

    def _thread(self, asked: Asked, person: Person) -> Thread:
        kind = asked.door.conversation
        return Thread(
            id=next_id("conversation"),
            account_id=door_account(self.organization, Network(kind.network)).pk,
            network=kind.network.value,
            kind=kind.value,
            thread_key=message_key(self.source, asked.key),
            customer_id=person.customer_id,
            identity_id=person.identity_id,
            last_customer_at=asked.happened_at,
            is_new=True,
        )

    def _said(self, asked: Asked, thread: Thread) -> Said:
        thread.last_external_id = thread.thread_key
        return Said(
            id=next_id("message"),
            thread_id=thread.id,
            network=thread.network,
            external_id=thread.thread_key,
            direction=Direction.IN,
            is_public=False,
            text=asked.text,
            occurred_at=asked.happened_at,
            account_id=thread.account_id,
            is_new=True,
        )

    def _new_case(self, asked: Asked, person: Person, thread: Thread) -> Case:
        suggested = suggest_kind(asked.text)
        kind = asked.kind or suggested.kind
        case = Case(
            id=next_id("ticket"),
            customer_id=person.customer_id,
            state=TicketState.NEW,
            opened_at=asked.happened_at,
            last_at=asked.happened_at,
            last_text=excerpt(asked.text, 160),
            channel=thread.kind,
            network=thread.network,
            kind=kind.value,
            suggested_kind=suggested.kind.value,
            kind_reasons=tuple(suggested.reasons),
            last_asked_at=asked.happened_at,
            unanswered_since=asked.happened_at,
            unanswered_count=1,
            is_new=True,
            is_to_be_filed=kind in FILED_KINDS,
        )
        priority, reasons = suggest_priority(asked.text, kind, self._history(person))
        case.priority, case.priority_reasons = Priority(priority), tuple(reasons)
        self._start_clocks(
            case, asked, rules_by_account(self.organization.pk, [thread.account_id])[thread.account_id]
        )
        self._fresh.setdefault(person.customer_id, []).append(case)
        self.intake.cases.append(case)
        return case

    def _start_clocks(self, case: Case, asked: Asked, rules: TimeRules) -> None:
        for kind in (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION):
            found = rules.start(kind, case.priority, asked.happened_at)
            if found is not None:
                case.clocks[kind] = found
        if asked.due_at is not None:
            case.clocks[ClockKind.COMMITMENT] = promised(asked.due_at, since=asked.happened_at)

    def _history(self, person: Person) -> History:
        fresh = len(self._fresh.get(person.customer_id, ()))
        if person.is_new:
            return History(open_cases=fresh)
        open_states = Q(state__in=OPEN_STATES)
        found = Ticket.objects.filter(
            organization=self.organization, customer_id=person.customer_id
        ).aggregate(open=Count("pk", filter=open_states), reopened=Sum("reopened_count"))
        return History(open_cases=found["open"] + fresh, reopened=found["reopened"] or 0)

    def _note(self, opened: Opened, asked: Asked) -> None:
        action = "ticket.registered" if opened.what == "opened" else "ticket.contacted"
        self.lines.append(
            (action, opened.ticket_id, {"door": asked.door.value, "message": opened.message_id})
        )
        if opened.what == "joined" or asked.answer or asked.is_resolved:
            self.answers.append((opened.ticket_id, asked))
