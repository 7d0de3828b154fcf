"""Whatever two cases have been through: joined and put apart, split and put together, the rows are the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tests.tickets.filing.people import messenger, rows, two_cases
from tickets.cases.domain.counts import recount
from tickets.cases.models import Message, Ticket
from tickets.cases.moves import CaseMove
from tickets.clocks.domain import marks
from tickets.clocks.models import Clock
from tickets.enums import PqrKind
from tickets.replies.domain import casework
from tickets.replies.domain.joining import join_cases, undo_join
from tickets.replies.domain.outbox import OutboxDesk
from tickets.replies.domain.references import add_reference
from tickets.replies.domain.reply import Refused, reply
from tickets.replies.domain.splitting import split_case, undo_split

TEXTS = [
    "@FrailejonAyuda ¿a qué hora abren?",
    "me cobraron dos veces",
    "URGENTE me robaron la tarjeta",
    "gracias",
]


class Life:
    """Things that happen to a case, each through the product's own verbs."""

    def __init__(self, cast, now: list[datetime], chance: random.Random) -> None:
        self.cast, self.now, self.chance = cast, now, chance
        self.number = 100

    def steps(self) -> list[Callable[[Ticket], None]]:
        return [self.say, self.say, self.answer, self.answer, self.note, self.give, self.wait, self.go_on,
                self.call_it, self.add, self.pass_time, self.resolve]  # fmt: skip

    def fresh(self, ticket: Ticket) -> Ticket:
        return casework.lock(ticket.pk)

    def say(self, ticket: Ticket) -> None:
        self.number += 1
        text = self.chance.choice(TEXTS)
        if ticket.channel == "messenger":
            hear(self.cast, messenger(text, number=self.number, at=self.now[0]), account=self.cast.bank_page)
        else:
            hear(
                self.cast,
                mention(text, number=self.number, at=self.now[0], conversation="1900000000000000001"),
            )

    def answer(self, ticket: Ticket) -> None:
        mode = "private" if ticket.channel == "messenger" else "public"
        try:
            queued = reply(self.fresh(ticket), by=self.cast.juan, text="Lo vemos.", mode=mode,
                           client_token=f"t{self.chance.random()}"[:40])  # fmt: skip
        except Refused:
            return
        if self.chance.random() < 0.7:
            action = queued[0].action
            action.state, action.sent_at = "sent", self.now[0]
            action.external_id = f"e{self.chance.random()}"
            action.save()
            OutboxDesk().told(action, None)

    def note(self, ticket: Ticket) -> None:
        casework.add_note(self.fresh(ticket), by=self.cast.juan, text="nota")

    def give(self, ticket: Ticket) -> None:
        casework.assign(self.fresh(ticket), to=self.chance.choice([self.cast.juan, None]), by=self.cast.paola)

    def wait(self, ticket: Ticket) -> None:
        casework.wait_for_customer(self.fresh(ticket), by=self.cast.juan)

    def go_on(self, ticket: Ticket) -> None:
        casework.stop_waiting(self.fresh(ticket), by=self.cast.juan)

    def call_it(self, ticket: Ticket) -> None:
        kind = self.chance.choice([PqrKind.QUEJA, PqrKind.INFORMACION])
        casework.change_kind(self.fresh(ticket), kind=kind, by=self.cast.juan, reason="mejor así")

    def add(self, ticket: Ticket) -> None:
        self.number += 1
        add_reference(self.fresh(ticket), system="sac", number=f"SAC-{self.number}", by=self.cast.juan)

    def pass_time(self, ticket: Ticket) -> None:
        self.now[0] += timedelta(
            minutes=self.chance.randint(1, 400), microseconds=self.chance.randint(0, 999_999)
        )
        late = Clock.objects.filter(ticket=ticket, met_at=None, cancelled_at=None, paused_at=None)
        if late.filter(due_at__lt=self.now[0]).update(breached_at=self.now[0]):
            again = self.fresh(ticket)
            marks.place_in_queue(again)
            again.save()

    def resolve(self, ticket: Ticket) -> None:
        if self.chance.random() < 0.2:
            casework.resolve(self.fresh(ticket), by=self.cast.juan)


def attempt(verb: Callable[[], CaseMove]) -> CaseMove | str:
    """The move, or the code of the refusal."""
    try:
        return verb()
    except Refused as refused:
        return refused.code


@pytest.fixture(params=range(30))
def lived(request, cast, now):
    """Two open cases of one person after a dozen things have happened to them; and the dice."""
    chance = random.Random(request.param)
    pair = two_cases(cast, first=now[0] - timedelta(hours=1), second=now[0])
    life = Life(cast, now, chance)
    with tenant(cast.bank.pk):
        for _step in range(12):
            chance.choice(life.steps())(chance.choice(pair))
        yield cast, chance, [casework.lock(ticket.pk) for ticket in pair]


def test_joining_and_undoing_restores_the_same_rows(lived):
    cast, chance, pair = lived
    chance.shuffle(pair)
    before = rows()
    move = attempt(lambda: join_cases(into=pair[0], other=pair[1], by=cast.juan))
    if isinstance(move, str):
        assert move == "join_closed"
        assert not pair[0].is_open
        assert rows() == before
        return

    kept = casework.lock(pair[0].pk)
    assert kept.opened_at == min(ticket.opened_at for ticket in pair)
    assert not Clock.objects.filter(ticket=pair[1], met_at=None, cancelled_at=None).exists()
    assert recount(cast.bank.pk) == {}
    undo_join(move, by=cast.juan)

    assert rows() == before
    assert recount(cast.bank.pk) == {}


def test_splitting_and_undoing_restores_the_same_rows(lived):
    cast, chance, pair = lived
    ticket = pair[0]
    said = list(Message.objects.filter(ticket=ticket).values_list("pk", flat=True))
    chosen = [pk for pk in said if chance.random() < 0.5]
    before = rows()
    move = attempt(lambda: split_case(ticket=ticket, messages=chosen, by=cast.juan))
    if isinstance(move, str):
        assert move in ("split_nothing", "split_all", "split_closed")
        assert rows() == before
        return

    assert recount(cast.bank.pk) == {}
    undo_split(move, by=cast.juan)

    after = rows()
    after["tickets_ticket"] = [row for row in after["tickets_ticket"] if row["id"] != move.other_id]
    after["tickets_clock"] = [row for row in after["tickets_clock"] if row["ticket_id"] != move.other_id]
    assert after == before
    assert recount(cast.bank.pk) == {}
