"""Counters on tabs are kept by steps; after any history they equal a count of the cases themselves."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.stories import hear, mention, typify
from tickets.cases.domain.counts import fold, recount
from tickets.cases.models import CountDelta, Ticket
from tickets.clocks.domain.sweep import sweep_clocks
from tickets.clocks.models import Clock
from tickets.replies.domain import casework


def counters(organization_id: int) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, sum(delta)::int FROM tickets_countdelta WHERE organization_id = %s "
            "GROUP BY key HAVING sum(delta) <> 0",
            [organization_id],
        )
        return dict(cursor.fetchall())


def counted(organization_id: int) -> dict[str, int]:
    """The same by looking at each case, in Python."""
    found: dict[str, int] = {}
    for ticket in Ticket.objects.filter(organization_id=organization_id):
        if not ticket.is_open or ticket.is_reserved:
            continue
        in_pool = ticket.assignee_id is None and ticket.priority == "low"
        shown = [("open", "pool")]
        shown += [("unanswered", "pool-unanswered")] if ticket.unanswered_since else []
        shown += [("overdue", "pool-overdue")] if ticket.is_overdue else []
        keys = [name for view, pool in shown for name in ((view, pool) if in_pool else (view,))]
        keys += [f"{key}@{ticket.account_id}" for key in keys]
        keys += [f"mine:{ticket.assignee_id}"] if ticket.assignee_id else []
        for key in [*keys, *board_keys(ticket)]:
            found[key] = found.get(key, 0) + 1
    return found


def board_keys(ticket: Ticket) -> list[str]:
    """What the board counts of a case besides."""
    place, is_parked = f"@{ticket.account_id or 0}", ticket.state in ("waiting_customer", "waiting_area")
    keys = [f"board:waiting{place}"] if is_parked else []
    keys += [f"board:stale{place}"] if ticket.unanswered_since and ticket.is_overdue else []
    if ticket.assignee_id:
        names = ["mine", *(["late"] if ticket.is_overdue else []), *(["parked"] if is_parked else [])]
        keys += [f"board:{name}:{ticket.assignee_id}{place}" for name in names]
    return keys


class Desk:
    """A colleague, customers and the clock, doing something at random."""

    def __init__(self, cast: Cast, dice: random.Random, as_worker: Any) -> None:
        self.cast, self.dice, self.as_worker, self.number = cast, dice, as_worker, 0

    def turn(self) -> None:
        self.dice.choice((self.hear, self.hear, self.work, self.work, self.work, self.late, self.fold))()

    def hear(self) -> None:
        items = []
        for _ in range(self.dice.randrange(1, 4)):
            self.number += 1
            text = self.dice.choice(("me cobraron dos veces", "gracias", "¿hola?", "no puedo entrar"))
            items.append(mention(text, number=self.number, conversation=str(self.dice.randrange(1, 6))))
        hear(self.cast, *items)

    def work(self) -> None:
        cast, verb = self.cast, self.dice.randrange(6)
        with tenant(cast.bank.pk):
            ids = list(Ticket.objects.values_list("pk", flat=True))
            if not ids:
                return
            ticket = casework.lock(self.dice.choice(ids))
            typify(ticket)
            who = self.dice.choice((cast.juan, cast.paola, None))
            if verb == 0:
                casework.assign(ticket, to=who, by=cast.paola, note="sigue usted")
            else:
                verbs = (casework.resolve, casework.reopen, casework.wait_for_customer, casework.stop_waiting)
                self.dice.choice(verbs)(ticket, by=cast.juan)

    def late(self) -> None:
        with tenant(self.cast.bank.pk):
            late = clock.now() - timedelta(minutes=1)
            ids = list(Clock.objects.filter(breached_at=None).values_list("pk", flat=True))
            Clock.objects.filter(pk__in=self.dice.sample(ids, (len(ids) + 1) // 2)).update(
                due_at=late, warn_at=late
            )
        with self.as_worker():
            sweep_clocks()

    def fold(self) -> None:
        with tenant(self.cast.bank.pk):
            fold(self.cast.bank.pk)


@pytest.mark.parametrize("seed", range(6))
def test_counters_equal_a_count_after_any_history(cast, as_worker, seed):
    desk, seen = Desk(cast, random.Random(seed), as_worker), set()
    for _ in range(40):
        desk.turn()
        with tenant(cast.bank.pk):
            found = counters(cast.bank.pk)
            assert found == counted(cast.bank.pk)
            seen.update(key.partition(":")[0] for key in found)

    assert seen >= {"open", "unanswered"}
    with tenant(cast.bank.pk):
        assert recount(cast.bank.pk) == {}


def test_fold_leaves_one_row_a_counter_and_changes_nothing(cast, as_worker):
    desk = Desk(cast, random.Random(99), as_worker)
    for _ in range(30):
        desk.turn()
    with tenant(cast.bank.pk):
        before = counters(cast.bank.pk)
        rows = CountDelta.objects.count()
        gone = fold(cast.bank.pk)

        assert counters(cast.bank.pk) == before
        assert CountDelta.objects.count() == len(before) == rows - gone


def test_recount_says_and_mends_what_was_wrong(cast):
    hear(cast, mention("me cobraron dos veces"))
    with tenant(cast.bank.pk):
        CountDelta.objects.create(organization=cast.bank, key="open", delta=3)
        CountDelta.objects.filter(key="unanswered").delete()

        assert recount(cast.bank.pk) == {"open": -3, "unanswered": 1}
        assert recount(cast.bank.pk) == {}


def test_counters_are_the_organizations_own(cast):
    hear(cast, mention("me cobraron dos veces"))
    hear(cast, mention("perdieron mi maleta"), account=cast.airline_x)
    hear(
        cast,
        mention("otra cosa", number=2, conversation="7", author=mention("x").author),
        account=cast.airline_x,
    )

    with tenant(cast.airline.pk):
        assert counters(cast.bank.pk) == {}
        assert counters(cast.airline.pk)["open"] == Ticket.objects.count()
