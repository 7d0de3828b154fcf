"""Random histories of a desk, and what their figures are, counted one by one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from channels_social.models import CreditSpend, SocialAccount
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.models import Membership, Organization
from protocols.calendars.rows import hours_of
from protocols.models import Calendar
from protocols.rules.business_time import BusinessTime
from protocols.typification.models import TreeNode, TreeVersion
from tickets.aftercontact.models import AfterContact
from tickets.areas.models import Area, Consultation
from tickets.cases.classification import Classification
from tickets.cases.models import Conversation, Message, Ticket
from tickets.clocks.models import Clock
from tickets.clocks.rules import FAR
from tickets.commitments.models import Commitment
from tickets.customers.models import Customer, Identity
from tickets.insights.rules.histogram import LANE, bucket_of

# Around it the clocks of Madrid go back (25 October 2026) and a month ends.
START = datetime(2026, 10, 23, 20, tzinfo=UTC)
KINDS, PRIORITIES = ("", "queja", "reclamo"), ("critical", "high", "low")
CLOCKS = ("first_response", "next_response", "resolution", "legal")
NAMES = {"first_response": "first", "next_response": "next", "resolution": "solved", "legal": "legal"}


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


@dataclass
class Desk:
    """The rows of one organization that histories are made of."""

    organization: Organization
    accounts: list[SocialAccount]
    members: list[Membership]
    areas: list[Area]
    calendar: Calendar
    motives: list[TreeNode]
    version: TreeVersion
    threads: list[Conversation] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    promises: list[Commitment] = field(default_factory=list)
    contacts: list[AfterContact] = field(default_factory=list)
    lines: list[AuditEvent] = field(default_factory=list)
    spends: list[CreditSpend] = field(default_factory=list)
    consultations: list[Consultation] = field(default_factory=list)
    said: dict[int, int] = field(default_factory=dict)
    numbers: Any = field(default_factory=count)

    @property
    def org(self) -> dict[str, Any]:
        return {"organization": self.organization}

    def again(self) -> Desk:
        """The same desk before anything happened."""
        return Desk(self.organization, self.accounts, self.members, self.areas, self.calendar, self.motives,
                    self.version, self.threads)  # fmt: skip

    # — What happens

    def begin(self) -> None:
        customer = Customer.objects.create(**self.org, name="Ana")
        identity = Identity.objects.create(
            **self.org, customer=customer, network="x", external_id="1", handle_key="a"
        )
        self.threads = [
            Conversation.objects.create(
                **self.org, account=account, network=account.network, kind="x_dm", thread_key=f"t{account.pk}",
                customer=customer, identity=identity,
            )
            for account in self.accounts
        ]  # fmt: skip

    def open(self, when: int, what: int) -> None:
        self.tickets.append(
            Ticket.objects.create(
                **self.org, number=len(self.tickets) + 1, customer=self.threads[0].customer, kind=KINDS[what % 3],
                priority=PRIORITIES[what // 3 % 3], account=self.accounts[what % 2], opened_at=at(when),
                last_at=at(when), channel="x_dm", queue_at=FAR,
                assignee=self.members[what % 3] if what % 3 < len(self.members) else None,
            )
        )  # fmt: skip

    def say(self, when: int, what: int) -> None:
        ticket = self.tickets[what % len(self.tickets)] if self.tickets and what % 4 else None
        self.messages.append(
            Message.objects.create(
                **self.org, conversation=self.threads[what % 2], ticket=ticket, network="x", direction="in",
                external_id=f"m{next(self.numbers)}", is_public=False, occurred_at=at(when),
                needs_attention=what % 3 != 0, is_courtesy=what % 5 == 0,
                verdict={"kind": "seguimiento"} if what % 2 else None,
            )
        )  # fmt: skip

    def hang(self, when: int, what: int) -> None:
        """A message goes to another case, or its time turns out to be another."""
        if not (self.messages and self.tickets):
            return
        message = self.messages[what % len(self.messages)]
        message.ticket = self.tickets[what % len(self.tickets)]
        if what % 2:
            message.occurred_at = at(when)
        message.save()

    def clock(self, when: int, what: int) -> None:
        if not self.tickets:
            return
        started, due = at(when), at(when + 30 + what % 400)
        met = at(when + what % 3000) if what % 3 else None
        ticket, kind = self.tickets[what % len(self.tickets)], CLOCKS[what % 4]
        running = [
            one for one in self.clocks if (one.ticket_id, one.kind) == (ticket.pk, kind) and not one.met_at
        ]
        if met is None and any(one.cancelled_at is None for one in running):
            return
        why = {"calendar": self.calendar.pk, "wall": what % 7 == 0} | (
            {"waited": 120} if what % 5 == 0 else {}
        )
        self.clocks.append(
            Clock.objects.create(
                **self.org, ticket=ticket, kind=kind, started_at=started, due_at=due, met_at=met, why=why
            )
        )
        if met and what % 2:
            author = self.members[what % len(self.members)]
            Message.objects.create(
                **self.org, conversation=self.threads[0], ticket=ticket, network="x", direction="out",
                is_public=False, occurred_at=met, author=author,
            )  # fmt: skip

    def turn(self, when: int, what: int) -> None:
        """A clock is met, past, dated anew or called off."""
        if not self.clocks:
            return
        one = self.clocks[what % len(self.clocks)]
        match what % 4:
            case 0:
                one.met_at = one.met_at or one.started_at + timedelta(minutes=what % 900)
            case 1:
                one.breached_at = one.due_at
            case 2:
                one.due_at, one.breached_at = at(when), None
            case _:
                one.cancelled_at = at(when)
        one.save()

    def become(self, _when: int, what: int) -> None:
        """A case is of another kind, priority, colleague, account, or joined into another."""
        if not self.tickets:
            return
        one = self.tickets[what % len(self.tickets)]
        match what % 5:
            case 0:
                one.kind = KINDS[what % 3]
            case 1:
                one.priority = PRIORITIES[what % 3]
            case 2:
                one.assignee = self.members[what % len(self.members)]
            case 3:
                one.account = self.accounts[what // 5 % 2]
            case _:
                one.state = "joined" if what % 2 else "open"
        one.save()

    def call(self, _when: int, what: int) -> None:
        """A case is typified."""
        if self.tickets:
            one = self.tickets[what % len(self.tickets)]
            Classification.objects.filter(ticket=one, is_current=True).update(is_current=False)
            motive = self.motives[what % len(self.motives)]
            Classification.objects.create(**self.org, ticket=one, version=self.version, motive=motive)
            self.said[one.pk] = motive.pk

    def ask(self, when: int, what: int) -> None:
        """An area is asked, perhaps with a date for the customer."""
        if not self.tickets:
            return
        promise = self.promises[what % len(self.promises)] if self.promises and what % 2 else None
        ticket = promise.ticket if promise else self.tickets[what % len(self.tickets)]
        n = len(self.consultations)
        self.consultations.append(
            Consultation.objects.create(
                **self.org, ticket=ticket, area=self.areas[what % 2], account=self.accounts[0],
                asked_by=self.members[0], question="¿?", code=f"c{n}", link_key=f"k{n}", expires_at=FAR,
                due_at=at(when), remind_at=at(when), answered_at=at(when), commitment=promise,
            )
        )  # fmt: skip

    def promise(self, when: int, what: int) -> None:
        if self.tickets:
            ticket, owner = self.tickets[what % len(self.tickets)], self.members[what % len(self.members)]
            self.promises.append(
                Commitment.objects.create(**self.org, ticket=ticket, what="", due_at=at(when), owner=owner)
            )

    def settle(self, _when: int, what: int) -> None:
        found = [one for one in self.promises if one.state == "open"]
        if found:
            one = found[what % len(found)]
            one.state = ("kept", "broken", "renegotiated", "withdrawn")[what % 4]
            one.settled_at = one.due_at + timedelta(minutes=1) if one.state == "broken" else one.due_at
            one.save()

    def contact(self, when: int, what: int) -> None:
        """The after-contact of a case: asked, then perhaps scored."""
        free = [one for one in self.tickets if one.pk not in {c.ticket_id for c in self.contacts}]
        if free:
            self.contacts.append(
                AfterContact.objects.create(
                    **self.org, ticket=free[what % len(free)], state="asked", answered_since=at(when), due_at=at(when),
                    expires_at=FAR, scale="csat" if what % 3 else "nps", asked_at=at(when),
                )
            )  # fmt: skip
        elif self.contacts:
            one = self.contacts[what % len(self.contacts)]
            one.score, one.answered_at, one.state = what % 6, at(when), "yes"
            one.save()

    def line(self, when: int, what: int) -> None:
        if self.tickets:
            action, data = [
                ("ticket.reopened", {}),
                ("ticket.assigned", {"former": 1, "to": 2}),
                ("ticket.assigned", {"former": None, "to": 2}),
                ("ticket.assigned", {"former": 2, "to": 2}),
            ][what % 4]
            ticket = self.tickets[what % len(self.tickets)]
            self.lines.append(
                AuditEvent.objects.create(
                    **self.org, at=at(when), action=action, ticket_id=ticket.pk, data=data
                )
            )

    def spend(self, when: int, what: int) -> None:
        one, is_new = CreditSpend.objects.get_or_create(
            **self.org, account=self.accounts[what % 2], day=at(when).date(), kind="post_read",
            defaults={"micros": what},
        )  # fmt: skip
        if is_new:
            self.spends.append(one)
        else:
            one = next(known for known in self.spends if known.pk == one.pk)
            one.micros += what
            one.save()

    def forget(self, _when: int, what: int) -> None:
        """A message is erased."""
        if self.messages:
            self.messages.pop(what % len(self.messages)).delete()

    # — What it comes to

    def figures(self) -> dict[tuple[str, date, int, str], dict[str, int]]:
        """Everything counted, row by row, in Python: (cut, day, account, key) to measures."""
        zone = ZoneInfo(self.organization.timezone)
        hours = BusinessTime(hours_of([self.calendar])[self.calendar.pk])
        found: dict[tuple[str, date, int, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        cases = {one.pk: one for one in self.tickets}
        areas = {one.ticket_id: one.area_id for one in self.consultations}

        def add(when: datetime, ticket: int | None, account: int | None = None, agent: int | None = None,
                area: int | None = None, **measures: int) -> None:  # fmt: skip
            case = cases.get(ticket) if ticket else None
            keys = {
                "all": "",
                "kind": case.kind if case else "",
                "priority": case.priority if case else "",
                "motive": str(self.said.get(ticket, "")) if ticket else "",
                "area": str(area or (areas.get(ticket, "") if ticket else "")),
                "agent": str(agent or (case.assignee_id if case and case.assignee_id else "")),
            }
            place = (case.account_id if case else account) or 0
            for cut, key in keys.items():
                for measure, many in measures.items():
                    found[cut, when.astimezone(zone).date(), place, key][measure] += many

        for one in self.messages:
            is_noise = one.ticket_id is None and not one.needs_attention
            again = one.ticket_id is not None and not one.is_courtesy and bool(one.verdict)
            hour = LANE ** one.occurred_at.astimezone(zone).hour
            add(one.occurred_at, one.ticket_id, one.conversation.account_id, messages=1, noise=int(is_noise),
                reiterations=int(again), hours=hour)  # fmt: skip
        for one in self.tickets:
            if one.state != "joined":
                add(one.opened_at, one.pk, opened=1)
        for one in self.clocks:
            self._time(one, hours, add)
        for one in self.promises:
            if one.state in ("kept", "broken", "renegotiated"):
                asked = [c.area_id for c in self.consultations if c.commitment_id == one.pk]
                add(
                    one.settled_at,
                    one.ticket_id,
                    agent=one.owner_id,
                    area=asked[-1] if asked else None,
                    **{one.state: 1},
                )
        for one in self.contacts:
            if one.scale == "csat":
                add(one.asked_at, one.ticket_id, asked=1)
                if one.score is not None:
                    add(one.answered_at, one.ticket_id, scored=1, satisfied=int(one.score >= 4))
        for one in self.lines:
            if one.action == "ticket.reopened":
                add(one.at, one.ticket_id, reopened=1)
            elif one.data["former"] is not None and one.data["former"] != one.data["to"]:
                add(one.at, one.ticket_id, transfers=1)
        for one in self.spends:
            for cut in ("all", "kind", "priority", "motive", "area", "agent"):
                found[cut, one.day, one.account_id, ""]["micros"] += one.micros
        return {
            key: {name: many for name, many in row.items() if many}
            for key, row in found.items()
            if any(row.values())
        }

    def _time(self, clock: Clock, hours: BusinessTime, add: Any) -> None:
        name = NAMES[clock.kind]
        agent = None
        if clock.met_at and name in ("first", "next"):
            ours = Message.objects.filter(ticket=clock.ticket_id, direction="out", occurred_at=clock.met_at)
            agent = ours.order_by("id").values_list("author_id", flat=True).first()
        is_late = clock.met_at > clock.due_at if clock.met_at else clock.breached_at is not None
        if is_late:
            add(clock.due_at, clock.ticket_id, agent=agent, **{f"{name}_late": 1})
        if clock.met_at is None or clock.cancelled_at is not None:
            return
        measures = {f"{name}_met": int(clock.met_at <= clock.due_at)}
        if name != "legal":
            wall = max(0, (clock.met_at - clock.started_at).total_seconds())
            worked = wall
            if not clock.why["wall"]:
                worked = hours.between(clock.started_at, clock.met_at).total_seconds()
            worked = max(0, worked - clock.why.get("waited", 0))
            measures |= {
                f"{name}_wall": LANE ** bucket_of(int(wall)),
                f"{name}_open": LANE ** bucket_of(int(worked)),
            }
        add(clock.met_at, clock.ticket_id, agent=agent, **measures)


EVENTS = ("open", "say", "hang", "clock", "turn", "become", "call", "ask", "promise", "settle", "contact", "line",
          "spend", "forget")  # fmt: skip
