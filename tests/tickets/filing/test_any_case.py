"""Whatever two cases have been through: joined and put apart, split and put together, the rows are the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from helpdesk.tenancy.context import tenant, whole
from tests.stories import hear, mention, typify
from tests.tickets.filing.people import messenger, rows, two_cases
from tickets.areas.models import Area, Consultation
from tickets.cases.access import CaseAccess, Petition
from tickets.cases.domain.access import reserve, share_with_area
from tickets.cases.domain.counts import recount
from tickets.cases.models import Message, Ticket
from tickets.cases.moves import CaseMove
from tickets.clocks.domain import marks
from tickets.clocks.models import Clock
from tickets.enums import Door, PqrKind
from tickets.intake.asked import Asked, Who
from tickets.intake.by_hand import open_case
from tickets.replies.domain import casework
from tickets.replies.domain.joining import join_cases, undo_join
from tickets.replies.domain.open_cases import go_on_apart
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
                self.call_it, self.add, self.pass_time, self.resolve, self.typify, self.ask_area, self.petition,
                self.reserve, self.share, self.go_apart, self.promise]  # fmt: skip

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

    def typify(self, ticket: Ticket) -> None:
        typify(self.fresh(ticket), by=self.cast.juan)

    def ask_area(self, ticket: Ticket) -> None:
        """As asking by mail leaves it; a dozen of these tests need no mailbox."""
        area = Area.objects.get_or_create(
            organization=self.cast.bank, name="Tarjetas", address="t@frailejon.example"
        )[0]
        self.number += 1
        Consultation.objects.filter(ticket=ticket, answered_at=None).update(answered_at=self.now[0])
        Consultation.objects.create(
            organization=self.cast.bank, ticket=ticket, area=area, account=self.cast.bank_x, question="¿?",
            asked_by=self.cast.juan, code=f"c{self.number}", link_key=f"k{self.number}",
            expires_at=self.now[0], due_at=self.now[0], remind_at=self.now[0],
        )  # fmt: skip

    def petition(self, ticket: Ticket) -> None:
        """Somebody who must ask asked."""
        said = Message.objects.filter(ticket=ticket, direction="in").first()
        Petition.objects.create(
            organization=self.cast.bank, ticket=ticket, action="hide", data={"message": said.pk},
            asked_by=self.cast.andres,
        )  # fmt: skip

    def reserve(self, ticket: Ticket) -> None:
        named = self.chance.choice([[self.cast.paola], [self.cast.paola, self.cast.andres], []])
        reserve(self.fresh(ticket), named=named, reason="fraude", by=self.cast.juan)

    def share(self, ticket: Ticket) -> None:
        share_with_area(self.fresh(ticket), members=[self.cast.andres])

    def go_apart(self, ticket: Ticket) -> None:
        others = Ticket.objects.exclude(pk=ticket.pk).values_list("pk", flat=True)
        go_on_apart(self.fresh(ticket), list(others), by=self.cast.juan)

    def promise(self, ticket: Ticket) -> None:
        due = self.now[0] + timedelta(days=self.chance.randint(1, 9))
        asked = Asked(
            door=Door.PHONE, text="llamó otra vez", happened_at=self.now[0], due_at=due, ticket_id=ticket.pk,
            who=Who(customer_id=ticket.customer_id),
        )  # fmt: skip
        if self.fresh(ticket).is_open:
            open_case(self.cast.bank, asked, by=self.cast.juan, source="test")

    def resolve(self, ticket: Ticket) -> None:
        if self.chance.random() < 0.2:
            typify(self.fresh(ticket), by=self.cast.juan)
            casework.resolve(self.fresh(ticket), by=self.cast.juan)


def attempt(verb: Callable[[], CaseMove]) -> CaseMove | str:
    """The move, or the code of the refusal."""
    try:
        return verb()
    except Refused as refused:
        return refused.code


def seen(ticket: Ticket) -> set[int]:
    """Whom the case is left to by name."""
    live = CaseAccess.objects.filter(ticket=ticket, until=None, kind="named")
    return set(live.values_list("member_id", flat=True))


@pytest.fixture(params=range(30))
def lived(request, cast, now):
    """Two open cases of one person after a dozen things have happened to them; and the dice."""
    chance = random.Random(request.param)
    pair = two_cases(cast, first=now[0] - timedelta(hours=1), second=now[0])
    life = Life(cast, now, chance)
    with tenant(cast.bank.pk), whole():
        for _step in range(16):
            chance.choice(life.steps())(chance.choice(pair))
        yield cast, chance, [casework.lock(ticket.pk) for ticket in pair]


def changed(before: dict[str, list[dict]], after: dict[str, list[dict]]) -> list[str]:
    """What is not as it was, one column a line."""
    return [
        f"{table} {one['id']} {name}: {one[name]} → {other.get(name)}"
        for table in before
        for one, other in zip(before[table], after[table], strict=False)
        for name in one
        if one[name] != other.get(name)
    ]


def test_joining_and_undoing_restores_the_same_rows(lived):
    cast, chance, pair = lived
    chance.shuffle(pair)
    before, sight = rows(), [(seen(ticket), ticket) for ticket in pair]
    move = attempt(lambda: join_cases(into=pair[0], other=pair[1], by=cast.juan))
    if isinstance(move, str):
        assert move == "join_closed"
        assert not pair[0].is_open
        assert rows() == before
        return

    kept = casework.lock(pair[0].pk)
    assert kept.opened_at == min(ticket.opened_at for ticket in pair)
    assert kept.is_reserved == any(ticket.is_reserved for ticket in pair)
    if kept.is_reserved:
        assert seen(kept) == set.intersection(*(named for named, ticket in sight if ticket.is_reserved))
        assert kept.assignee_id is None or kept.assignee_id in seen(kept)
    if pair[1].is_reserved:
        shown = CaseAccess.objects.filter(ticket=kept, until=None).values_list("member_id", flat=True)
        assert set(shown) == seen(kept)
    for name in ("tickets_note", "tickets_reference", "tickets_petition"):
        assert {row["ticket_id"] for row in rows()[name]} <= {kept.pk}
    typified = {row["ticket_id"] for row in before["tickets_classification"] if row["is_current"]}
    now_typified = {row["ticket_id"] for row in rows()["tickets_classification"] if row["is_current"]}
    assert (kept.pk in now_typified) == bool(typified)
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
    new_access = [row for row in after["tickets_caseaccess"] if row["ticket_id"] == move.other_id]
    assert bool(new_access) == ticket.is_reserved
    after["tickets_caseaccess"] = [row for row in after["tickets_caseaccess"] if row not in new_access]
    after["tickets_clock"] = [row for row in after["tickets_clock"] if row["ticket_id"] != move.other_id]
    assert after == before, changed(before, after)
    assert recount(cast.bank.pk) == {}
