"""What a batch of matters written down by hand will change: new cases set-wise, news of old ones each by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, Sum

from channels_social.enums import Network
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.text import excerpt
from tickets.cases.domain.filing import rulebook_of
from tickets.cases.models import Ticket
from tickets.clocks.domain.doors import door_account
from tickets.clocks.domain.terms import rules_by_account
from tickets.clocks.rules import TimeRules, promised
from tickets.commitments.domain.promising import elsewhere
from tickets.commitments.models import Commitment
from tickets.customers.models import Customer
from tickets.enums import OPEN_STATES, ClockKind, Direction, Priority, TicketState
from tickets.intake import again
from tickets.intake.asked import Asked, Opened, Ref
from tickets.intake.filing import mark_filings
from tickets.intake.judging import judge_told
from tickets.intake.plan import Case, Intake, Said, Thread
from tickets.intake.references import References
from tickets.intake.rules.kind import suggest_kind
from tickets.intake.rules.priority import History, suggest_priority
from tickets.intake.rules.refs import key_of
from tickets.intake.whom import People, Person
from tickets.intake.write import write


@dataclass(slots=True)
class Batch:
    """Collects, then writes. ``source`` is for the audit."""

    organization: Organization
    by: Membership | None
    source: str
    people: People
    references: References
    now: datetime
    intake: Intake = field(default_factory=Intake)
    _follow_ups: list[tuple[int, Asked, bool]] = field(default_factory=list)
    _promises: list[Commitment] = field(default_factory=list)
    _lines: list[AuditEvent] = field(default_factory=list)
    _fresh: dict[int, int] = field(default_factory=dict)
    _past: dict[int, tuple[int, int]] | None = None
    _tiers: dict[int, int] | None = None
    _accounts: dict[Network, int] = field(default_factory=dict)

    def news(self, asked: Asked, known: Opened | None) -> Opened | None:
        """What it says of a case that is there already, by its key or by a number; None when there is none."""
        ticket_id = known.ticket_id if known else self.references.case_of(asked.references)
        if ticket_id is None or (known is None and asked.ticket_id is not None):
            return None
        return self.tell(asked, ticket_id, known)

    def tell(self, asked: Asked, ticket_id: int, known: Opened | None = None) -> Opened:
        """What it says of that case: its numbers, their states and dates, and whether it is over."""
        news = self.references.note(asked.references, ticket_id)
        message_id, customer_id = (known.message_id, known.customer_id) if known else (None, 0)
        closes = asked.is_resolved and self._is_open(ticket_id)
        if not news and not closes:
            return Opened("known", ticket_id, message_id, customer_id)
        self._follow_ups.append((ticket_id, asked, False))
        return Opened("updated", ticket_id, message_id, customer_id)

    def take(self, asked: Asked, key: str) -> Opened:
        """A matter nobody told before: one more contact about an open case, or a new case."""
        person = self.people.of(asked.who, asked.door.conversation.network)
        thread = self._thread(asked, person, key)
        said = self._said(asked, thread)
        self.intake.threads.append(thread)
        self.intake.messages.append(said)
        if asked.ticket_id is None:
            ticket_id, what = self._new_case(asked, person, thread).id, "opened"
        else:
            again.must_be_there(self.organization, asked.ticket_id)
            ticket_id, what = asked.ticket_id, "joined"
        thread.ticket_id = said.ticket_id = ticket_id
        self.references.note(asked.references, ticket_id)
        if what == "joined" or asked.answer or asked.is_resolved:
            self._follow_ups.append((ticket_id, asked, what == "joined"))
        opened = Opened(what, ticket_id, said.id, person.customer_id, person.is_new)
        self._note(opened, asked)
        return opened

    def write(self) -> None:
        """Carry it out: cases and radicados in the same last statements as every other door's."""
        self.people.write()
        mark_filings(self.intake, rulebook_of(self.organization.pk))
        write(self.organization, self.intake, now=self.now)
        self.references.write()
        Commitment.objects.bulk_create(self._promises)
        for ticket_id, asked, is_said in self._follow_ups:
            again.follow_up(
                ticket_id,
                asked,
                by=self.by,
                is_said=is_said,
                source=source_of(asked.references),
                is_theirs=self.source.startswith("csv:"),
            )
        AuditEvent.objects.bulk_create(self._lines)

    def _is_open(self, ticket_id: int) -> bool:
        return Ticket.objects.filter(
            organization=self.organization, pk=ticket_id, state__in=OPEN_STATES
        ).exists()

    def _account(self, network: Network) -> int:
        if network not in self._accounts:
            self._accounts[network] = door_account(self.organization, network).pk
        return self._accounts[network]

    def _thread(self, asked: Asked, person: Person, key: str) -> Thread:
        kind = asked.door.conversation
        return Thread(
            id=self.people.ids.next("conversation"),
            account_id=self._account(Network(kind.network)),
            network=kind.network.value,
            kind=kind.value,
            thread_key=key,
            customer_id=person.customer_id,
            identity_id=person.identity_id,
            last_customer_at=asked.happened_at,
            last_external_id=key,
            is_new=True,
        )

    def _said(self, asked: Asked, thread: Thread) -> Said:
        return Said(
            id=self.people.ids.next("message"),
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
        verdict = judge_told(asked.text)
        suggested, reasons_of_kind = suggest_kind(verdict)
        kind = asked.kind or suggested
        case = Case(
            id=self.people.ids.next("ticket"),
            customer_id=person.customer_id,
            state=TicketState.NEW,
            opened_at=asked.happened_at,
            last_at=asked.happened_at,
            last_text=excerpt(asked.text, 160),
            channel=thread.kind,
            network=thread.network,
            kind=kind.value,
            suggested_kind=suggested.value,
            kind_reasons=reasons_of_kind,
            last_asked_at=asked.happened_at,
            unanswered_since=asked.happened_at,
            unanswered_count=1,
            tier_id=self._tier_of(person.customer_id),
            is_new=True,
        )
        priority, reasons = suggest_priority(verdict, kind, self._history(person))
        case.priority, case.priority_reasons = Priority(priority), tuple(reasons)
        rules = rules_by_account(self.organization.pk, [thread.account_id])
        self._start_clocks(case, asked, rules[thread.account_id])
        self._fresh[person.customer_id] = self._fresh.get(person.customer_id, 0) + 1
        self.intake.cases.append(case)
        return case

    def _start_clocks(self, case: Case, asked: Asked, rules: TimeRules) -> None:
        for kind in (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION):
            found = rules.start(kind, case.priority, asked.happened_at, case.about)
            if found is not None:
                case.clocks[kind] = found
        if asked.due_at is not None:
            source = source_of(asked.references)
            since = asked.happened_at
            case.clocks[ClockKind.COMMITMENT] = promised(asked.due_at, since=since, source=source)
            self._promises.append(
                elsewhere(
                    self.organization.pk, case.id, asked.due_at, since=since, by=self.by, source=source,
                    what=asked.answer,
                )
            )  # fmt: skip

    def _history(self, person: Person) -> History:
        if self._past is None:
            self._past = self._read_past()
        open_cases, reopened = self._past.get(person.customer_id, (0, 0))
        return History(open_cases=open_cases + self._fresh.get(person.customer_id, 0), reopened=reopened)

    def _tier_of(self, customer_id: int) -> int | None:
        """The level of a customer who was known before this batch. One query a batch."""
        if self._tiers is None:
            kept = Customer.objects.filter(organization=self.organization, pk__in=self.people.known)
            self._tiers = dict(kept.filter(tier__isnull=False).values_list("pk", "tier_id"))
        return self._tiers.get(customer_id)

    def _read_past(self) -> dict[int, tuple[int, int]]:
        """Of everybody of the batch who is known: how many open cases, how often reopened. One query."""
        found = (
            Ticket.objects.filter(organization=self.organization, customer_id__in=self.people.known)
            .values_list("customer_id")
            .annotate(open=Count("pk", filter=Q(state__in=OPEN_STATES)), reopened=Sum("reopened_count"))
        )
        return {customer: (count, reopened or 0) for customer, count, reopened in found}

    def _note(self, opened: Opened, asked: Asked) -> None:
        self._lines.append(
            AuditEvent(
                organization=self.organization,
                action="ticket.registered" if opened.what == "opened" else "ticket.contacted",
                actor=self.by,
                ticket_id=opened.ticket_id,
                data={"door": asked.door.value, "message": opened.message_id, "source": self.source[:40]},
            )
        )


def source_of(references: tuple[Ref, ...]) -> str:
    """What a promised date that came with these numbers is known by."""
    return ":".join(key_of(references[0])) if references else ""
