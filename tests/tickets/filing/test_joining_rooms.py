"""What other rooms hang on a case, when it is joined: who sees it, what an area was asked, what it is about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from helpdesk.tenancy.context import enter, tenant, whole
from tests.stories import hear, typify
from tests.tickets.filing.people import messenger, two_cases
from tickets.areas.domain.consulting import answer
from tickets.areas.domain.standing import case_of
from tickets.areas.models import Area, Consultation
from tickets.cases.access import CaseAccess
from tickets.cases.classification import Classification
from tickets.cases.domain.access import reserve, share_with_area, unreserve
from tickets.cases.domain.classifying import Choice
from tickets.cases.models import Message, Note, Ticket
from tickets.clocks.models import Clock
from tickets.commitments.domain.promising import promised_elsewhere
from tickets.replies.domain import casework
from tickets.replies.domain.joining import join_cases, undo_join
from tickets.replies.domain.open_cases import go_on_apart
from tickets.replies.domain.reply import Refused
from tickets.replies.domain.splitting import split_case
from tickets.replies.models import KeptApart


@pytest.fixture
def pair(cast, now):
    one, other = two_cases(cast, first=now[0] - timedelta(hours=1), second=now[0])
    with tenant(cast.bank.pk), whole():
        yield one, other


def fresh(ticket: Ticket) -> Ticket:
    return casework.lock(ticket.pk)


def seen_by(member: Any) -> set[int]:
    """The cases the database shows a member, who does not act for the organization."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.whole', 'off', true)")
        enter(member.organization_id, member_id=member.pk, scope=member.scope)
        found = set(Ticket.objects.values_list("pk", flat=True))
        enter(member.organization_id)
        cursor.execute("SELECT set_config('app.whole', 'on', true)")
    return found


@pytest.mark.parametrize("reserved_is_kept", [True, False])
def test_reserved_case_stays_reserved_for_the_same_people(cast, pair, reserved_is_kept):
    secret, plain = pair
    reserve(fresh(secret), named=[cast.paola], reason="fraude", by=cast.juan)
    casework.assign(fresh(plain), to=cast.andres, by=cast.paola)
    share_with_area(fresh(plain), members=[cast.andres])
    into, other = (secret, plain) if reserved_is_kept else (plain, secret)

    move = join_cases(into=fresh(into), other=fresh(other), by=cast.juan)

    assert fresh(into).is_reserved
    assert fresh(into).assignee_id is None
    assert into.pk in seen_by(cast.juan) & seen_by(cast.paola)
    assert into.pk not in seen_by(cast.andres)

    undo_join(move, by=cast.juan)
    assert (fresh(secret).is_reserved, fresh(plain).is_reserved) == (True, False)
    assert plain.pk in seen_by(cast.andres)
    assert secret.pk not in seen_by(cast.andres)


def test_of_two_reserved_cases_only_who_sees_both_sees_the_one(cast, pair):
    reserve(fresh(pair[0]), named=[cast.paola], reason="fraude", by=cast.juan)
    reserve(fresh(pair[1]), named=[cast.andres], reason="fraude", by=cast.juan)

    join_cases(into=fresh(pair[0]), other=fresh(pair[1]), by=cast.juan)

    assert pair[0].pk in seen_by(cast.juan)
    assert pair[0].pk not in seen_by(cast.paola) | seen_by(cast.andres)


def test_who_is_not_named_joins_no_reserved_case(cast, pair):
    reserve(fresh(pair[0]), named=[], reason="fraude", by=cast.juan)

    with pytest.raises(Refused) as refused:
        join_cases(into=fresh(pair[1]), other=fresh(pair[0]), by=cast.paola)

    assert refused.value.code == "join_reserved"


def test_undoing_is_refused_once_who_sees_it_was_changed(cast, pair):
    reserve(fresh(pair[0]), named=[], reason="fraude", by=cast.juan)
    move = join_cases(into=fresh(pair[1]), other=fresh(pair[0]), by=cast.juan)
    unreserve(fresh(pair[1]), reason="no era fraude", by=cast.juan)

    with pytest.raises(Refused) as refused:
        undo_join(move, by=cast.juan)

    assert refused.value.code == "since_reserved"


def test_case_that_comes_out_of_a_reserved_one_is_reserved_too(cast, now, pair):
    now[0] += timedelta(minutes=1)
    hear(cast, messenger("y otra cosa", number=2, at=now[0]), account=cast.bank_page)
    reserve(fresh(pair[1]), named=[cast.paola], reason="fraude", by=cast.juan)
    chosen = Message.objects.get(external_id="m_2")

    move = split_case(ticket=fresh(pair[1]), messages=[chosen.pk], by=cast.juan)

    assert fresh(move.other).is_reserved
    assert move.other_id in seen_by(cast.juan) & seen_by(cast.paola)
    assert move.other_id not in seen_by(cast.andres)


def test_a_case_keeps_what_it_is_about_or_takes_the_others(cast, pair):
    typify(fresh(pair[0]), by=cast.juan)
    taken = join_cases(into=fresh(pair[1]), other=fresh(pair[0]), by=cast.juan)
    assert Classification.objects.get(is_current=True).ticket_id == pair[1].pk

    undo_join(taken, by=cast.juan)
    typify(fresh(pair[1]), Choice(motive="motive-otro-motivo"), by=cast.paola)
    join_cases(into=fresh(pair[1]), other=fresh(pair[0]), by=cast.juan)

    kept = Classification.objects.get(ticket=pair[1], is_current=True)
    assert (kept.by_id, kept.cause_id) == (cast.paola.pk, None)


def test_what_was_said_of_both_since_stays_with_the_one(cast, pair):
    typify(fresh(pair[0]), Choice(motive="motive-otro-motivo"), by=cast.juan)
    move = join_cases(into=fresh(pair[1]), other=fresh(pair[0]), by=cast.juan)
    typify(fresh(pair[1]), by=cast.paola)

    undo_join(move, by=cast.juan)

    now_said = dict(Classification.objects.filter(is_current=True).values_list("ticket_id", "by_id"))
    assert now_said == {pair[0].pk: cast.juan.pk, pair[1].pk: cast.paola.pk}


def consulted(cast: Any, ticket: Ticket, area: Area, now: Any) -> Consultation:
    row = Consultation.objects.create(
        organization=cast.bank, ticket=ticket, area=area, account=cast.bank_x, asked_by=cast.juan, question="¿?",
        code=f"c{ticket.pk}", link_key=f"k{ticket.pk}", expires_at="2099-01-01T00:00Z", due_at=now, remind_at=now,
    )  # fmt: skip
    Ticket.objects.filter(pk=ticket.pk).update(state="waiting_area")
    return row


def test_answer_of_an_area_that_both_had_asked_comes_to_the_case_that_is_left(cast, now, pair):
    area = Area.objects.create(organization=cast.bank, name="Tarjetas", address="t@frailejon.example")
    rows = [consulted(cast, ticket, area, now[0]) for ticket in pair]

    join_cases(into=fresh(pair[0]), other=fresh(pair[1]), by=cast.juan)
    for row, state in zip(rows, ("waiting_area", "open"), strict=True):
        asked = Consultation.objects.select_related("area").get(pk=row.pk)
        asked.ticket = fresh(Ticket(pk=case_of(asked)))
        answer(asked, text=f"sí, {row.pk}", via="page")
        assert fresh(pair[0]).state == state

    assert set(Note.objects.filter(by="Tarjetas").values_list("ticket_id", flat=True)) == {pair[0].pk}
    assert case_of(rows[1]) == pair[0].pk


def test_promise_to_the_customer_is_kept_by_the_case_that_is_left(cast, now, pair):
    sooner, later = now[0] + timedelta(days=1), now[0] + timedelta(days=3)
    for ticket, due in zip(pair, (later, sooner), strict=True):
        one = fresh(ticket)
        promised_elsewhere(one, due, since=now[0], by=cast.juan)
        one.save()

    move = join_cases(into=fresh(pair[0]), other=fresh(pair[1]), by=cast.juan)
    promised = Clock.objects.get(kind="commitment", cancelled_at=None)
    assert (promised.ticket_id, promised.due_at) == (pair[0].pk, sooner)

    undo_join(move, by=cast.juan)
    owed = Clock.objects.filter(kind="commitment", cancelled_at=None).values_list("ticket_id", "due_at")
    assert dict(owed) == {pair[0].pk: later, pair[1].pk: sooner}


def test_case_gone_on_without_is_still_gone_on_without(cast, now, pair):
    hear(cast, messenger("tercera", number=7, at=now[0] + timedelta(days=30)), account=cast.bank_page)
    third = Ticket.objects.latest("pk")
    if third.pk in {ticket.pk for ticket in pair}:
        third = Ticket.objects.create(
            organization=cast.bank, number=9_999, customer_id=pair[0].customer_id, opened_at=now[0],
            last_at=now[0], channel="messenger", queue_at=now[0],
        )  # fmt: skip
    go_on_apart(fresh(pair[1]), [pair[0].pk, third.pk], by=cast.juan)

    move = join_cases(into=fresh(pair[0]), other=fresh(pair[1]), by=cast.juan)
    assert KeptApart.objects.filter(ticket=pair[0], other=third).exists()

    undo_join(move, by=cast.juan)
    assert set(KeptApart.objects.values_list("ticket_id", flat=True)) == {pair[1].pk}
    assert CaseAccess.objects.count() == 0
