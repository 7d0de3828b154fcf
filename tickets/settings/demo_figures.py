"""What the demo's figures are made of: ten weeks of cases that are over, written as rows, the same every time.

On one Thursday the app was down from nine to twelve: twice the messages, answers late, dates not kept.
"""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from channels_social.enums import ConversationKind, Network
from channels_social.models import CreditSpend, SocialAccount
from helpdesk.tenancy.models import Membership, Organization
from protocols.models import Calendar
from protocols.typification.models import TreeNode, TreeVersion
from tickets.aftercontact.models import AfterContact
from tickets.areas.models import Area, Consultation
from tickets.cases.classification import Classification
from tickets.cases.models import Conversation, Counter, Message, Ticket
from tickets.clocks.models import Clock
from tickets.clocks.rules import FAR
from tickets.commitments.models import Commitment
from tickets.customers.models import Customer, Identity
from tickets.insights.domain.sweeping import sweep

WEEKS, A_DAY = 10, 9
# How much is written in each hour, and on each weekday.
HOURS = (1, 1, 0, 0, 0, 1, 2, 5, 9, 12, 12, 10, 8, 8, 9, 9, 8, 7, 6, 5, 4, 3, 2, 1)
WEEKDAYS = (1.2, 1.1, 1.0, 1.0, 1.1, 0.5, 0.25)
KINDS = ("queja", "reclamo", "informacion", "peticion", "felicitacion")
PRIORITIES = ("critical", "high", "medium", "medium", "medium", "low")
TARGETS = {"critical": 15, "high": 30, "medium": 120, "low": 480}
PEOPLE = ("Ana Milena Ruiz", "Jorge Cano", "Lucía Prada", "Óscar Duarte", "Inés Salas", "Tomás Vega", "Sara Quintana",
          "Iván Herrera", "Elena Mora", "Rubén Lara")  # fmt: skip
WORDS = "Buenos días, escribo por un problema que tengo desde ayer."
ANSWER = "Ya quedó resuelto. Gracias por escribirnos."


def plant_figures(organization: Organization, *, now: datetime) -> int:
    """Write them once, where the accounts are connected and nothing older is there; how many cases. Inside ``tenant``."""
    mine = {"organization": organization}
    accounts = list(SocialAccount.objects.filter(**mine, network__in=["x", "facebook"]).order_by("-network"))
    is_told = Ticket.objects.filter(**mine, opened_at__lt=now - timedelta(days=7)).exists()
    if len(accounts) < 2 or is_told or not TreeVersion.objects.filter(**mine).exists():
        return 0
    written = _Writer(organization, accounts, now).write()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # the planner still thinks the tables empty, and counts as one would then
    while (swept := sweep(organization, now=now)) is not None and swept.is_left:
        pass
    return written


class _Writer:
    """Rows of one organization, gathered and written table by table."""

    def __init__(self, organization: Organization, accounts: list[SocialAccount], now: datetime) -> None:
        self.organization, self.accounts, self.now = organization, accounts, now
        self.mine: dict[str, Any] = {"organization": organization}
        self.dice = random.Random(organization.slug)
        self.zone = ZoneInfo(organization.timezone)
        self.agents = list(
            Membership.objects.filter(**self.mine, role__in=["agent", "supervisor"]).order_by("pk")
        )
        self.areas = list(Area.objects.filter(**self.mine).order_by("pk"))
        motives = TreeNode.objects.filter(**self.mine, axis="motive", parent__isnull=False, is_retired=False)
        self.motives = [one for one in motives.order_by("position", "pk") if not one.is_reserved][:14]
        app = [
            one
            for one in self.motives
            if "app" in one.name.lower() or one.name.lower().startswith("cancelado")
        ]
        self.outage = (app or self.motives)[0]
        self.version = TreeVersion.objects.filter(**self.mine).order_by("-number")[0]
        self.calendar = Calendar.objects.filter(**self.mine).order_by("pk")[0]

    def write(self) -> int:
        people = self._people()
        counter, _made = Counter.objects.get_or_create(**self.mine, year=0)
        tickets = [self._ticket(at, is_bad, people) for at, is_bad in self._moments()]
        for ticket in tickets:
            counter.n += 1
            ticket.number = counter.n
        Ticket.objects.bulk_create(tickets)
        counter.save()
        self._talk(tickets, people)
        self._clocks(tickets)
        self._classify(tickets)
        self._promise(tickets)
        self._ask(tickets)
        self._spend()
        return len(tickets)

    def _moments(self) -> list[tuple[datetime, bool]]:
        """When each case began, and whether the app was down then."""
        today = self.now.astimezone(self.zone).date()
        bad = today - timedelta(days=(today.weekday() - 3) % 7 or 7)
        found = []
        for back in range(7 * WEEKS, 0, -1):
            day = today - timedelta(days=back)
            many = round(A_DAY * WEEKDAYS[day.weekday()] + self.dice.uniform(-2, 2))
            hours = self.dice.choices(range(24), HOURS, k=max(0, many))
            hours += [9 + place % 3 for place in range(16)] if day == bad else []
            for place, hour in enumerate(hours):
                minute = timedelta(minutes=self.dice.randrange(60), seconds=self.dice.randrange(60))
                found.append(
                    (datetime.combine(day, time(hour), self.zone) + minute, day == bad and place >= many)
                )
        return found

    def _people(self) -> list[Identity]:
        rows = Customer.objects.bulk_create([Customer(**self.mine, name=name) for name in PEOPLE])
        return Identity.objects.bulk_create(
            [
                Identity(
                    **self.mine, customer=one, network="x", scope="user", external_id=f"88000{place}",
                    handle=f"persona{place}", handle_key=f"persona{place}", name=one.name,
                )
                for place, one in enumerate(rows)
            ]
        )  # fmt: skip

    def _ticket(self, at: datetime, is_bad: bool, people: list[Identity]) -> Ticket:
        who = self.dice.choice(people)
        priority = "high" if is_bad else self.dice.choice(PRIORITIES)
        ticket = Ticket(
            **self.mine, customer_id=who.customer_id, state="closed", kind="reclamo" if is_bad else self.dice.choice(KINDS),
            priority=priority, account=self.accounts[0 if is_bad or self.dice.random() < 0.65 else 1],
            assignee=self.dice.choice(self.agents), opened_at=at, last_at=at, channel=ConversationKind.X_DM,
            last_text=WORDS, queue_at=FAR,
        )  # fmt: skip
        slow = 6.0 if is_bad else 1.0
        took = min(self.dice.lognormvariate(2.4, 0.8) * slow * (2 if priority == "low" else 1), 60 * 30)
        ticket.first_sent_at = ticket.last_sent_at = ticket.answered_until = min(
            at + timedelta(minutes=took), self.now
        )
        solved = ticket.first_sent_at + timedelta(hours=self.dice.lognormvariate(1.6, 0.9) * min(slow, 3))
        ticket.resolved_at = min(solved, self.now)
        ticket.is_down = is_bad  # type: ignore[attr-defined]
        return ticket

    def _talk(self, tickets: list[Ticket], people: list[Identity]) -> None:
        by_customer = {one.customer_id: one for one in people}
        threads = Conversation.objects.bulk_create(
            [
                Conversation(
                    **self.mine, account_id=one.account_id, network=Network.X, kind=ConversationKind.X_DM,
                    thread_key=f"historia:{one.number}", customer_id=one.customer_id,
                    identity=by_customer[one.customer_id], last_customer_at=one.opened_at,
                )
                for one in tickets
            ]
        )  # fmt: skip
        said = []
        for ticket, thread in zip(tickets, threads, strict=True):
            said.append(self._message(thread, ticket, ticket.opened_at, "in"))
            said.append(self._message(thread, ticket, ticket.first_sent_at, "out"))
            if self.dice.random() < 0.25:
                said.append(self._message(thread, None, ticket.opened_at + timedelta(minutes=3), "in"))
            if ticket.is_down and self.dice.random() < 0.5:  # type: ignore[attr-defined]
                again = self._message(thread, ticket, ticket.opened_at + timedelta(minutes=25), "in")
                again.verdict = {"kind": "seguimiento"}
                said.append(again)
        Message.objects.bulk_create(said)

    def _message(self, thread: Conversation, ticket: Ticket | None, at: Any, direction: str) -> Message:
        is_ours = direction == "out"
        return Message(
            **self.mine, conversation=thread, ticket=ticket, network=Network.X, direction=direction, is_public=False,
            text=ANSWER if is_ours else WORDS, occurred_at=at, received_at=at, is_native=is_ours,
            author_id=ticket.assignee_id if is_ours and ticket else None, needs_attention=ticket is not None and not is_ours,
        )  # fmt: skip

    def _clocks(self, tickets: list[Ticket]) -> None:
        rows = []
        for one in tickets:
            minutes = TARGETS[one.priority]
            why = {
                "wall": one.priority == "critical",
                "minutes": minutes,
                "calendar": self.calendar.pk,
                "priority": one.priority,
            }
            for kind, met, much in (
                ("first_response", one.first_sent_at, 1),
                ("resolution", one.resolved_at, 24),
            ):
                due = one.opened_at + timedelta(minutes=minutes * much)
                rows.append(
                    Clock(**self.mine, ticket=one, kind=kind, started_at=one.opened_at, due_at=due, met_at=met, why=why,
                          breached_at=due if met > due else None)
                )  # fmt: skip
        Clock.objects.bulk_create(rows)

    def _classify(self, tickets: list[Ticket]) -> None:
        weights = [1 / (place + 2) for place in range(len(self.motives))]
        Classification.objects.bulk_create(
            [
                Classification(
                    **self.mine, ticket=one, version=self.version, at=one.opened_at,
                    motive=self.outage if one.is_down else self.dice.choices(self.motives, weights)[0],  # type: ignore[attr-defined]
                )
                for one in tickets
            ]
        )  # fmt: skip

    def _promise(self, tickets: list[Ticket]) -> None:
        """One case in four had a date, half of those with an area."""
        chosen = [
            one
            for one in tickets
            if self.dice.random() < 0.25 and one.opened_at < self.now - timedelta(days=2)
        ]
        rows = []
        for one in chosen:
            due = one.opened_at + timedelta(hours=26)
            state = self.dice.choices(("kept", "renegotiated", "broken"), (8, 1, 5 if one.is_down else 1))[0]  # type: ignore[attr-defined]
            settled = due + timedelta(minutes=1) if state == "broken" else due - timedelta(hours=2)
            rows.append(
                Commitment(**self.mine, ticket=one, what="Respuesta", due_at=due, owner_id=one.assignee_id, state=state,
                           made_at=one.opened_at, told_at=one.opened_at, settled_at=settled, made_good_at=settled)
            )  # fmt: skip
        made = Commitment.objects.bulk_create(rows)
        if not self.areas:
            return
        Consultation.objects.bulk_create(
            [
                Consultation(
                    **self.mine, ticket_id=one.ticket_id, area=self.dice.choice(self.areas), account=self.accounts[0],
                    asked_by=self.agents[0], question="¿Nos confirman?", code=f"H{one.pk}", link_key=f"historia-{one.pk}",
                    expires_at=one.due_at, asked_at=one.made_at, due_at=one.due_at, remind_at=one.due_at,
                    answered_at=one.settled_at, answered_via="mail", commitment=one,
                )
                for one in made if self.dice.random() < 0.6
            ]
        )  # fmt: skip

    def _ask(self, tickets: list[Ticket]) -> None:
        rows = []
        for one in tickets:
            asked = one.resolved_at + timedelta(days=3)  # type: ignore[operator]
            if asked > self.now or self.dice.random() < 0.4:
                continue
            answers = self.dice.random() < 0.45
            score = self.dice.choices((1, 2, 3, 4, 5), (1, 1, 2, 6, 9))[0]
            rows.append(
                AfterContact(
                    **self.mine, ticket=one, state="yes" if answers else "expired", answered_since=one.resolved_at,
                    due_at=asked, expires_at=asked, scale="csat", asked_at=asked, score=score if answers else None,
                    answered_at=min(asked + timedelta(hours=5), self.now) if answers else None,
                )
            )  # fmt: skip
        AfterContact.objects.bulk_create(rows)

    def _spend(self) -> None:
        today = self.now.date()
        CreditSpend.objects.bulk_create(
            [
                CreditSpend(**self.mine, account=self.accounts[0], day=today - timedelta(days=back), kind="history",
                            count=40, micros=self.dice.randrange(120_000, 420_000))
                for back in range(1, 7 * WEEKS)
            ]
        )  # fmt: skip
