"""From the words of an answer to kept, broken for ever or renegotiated in time."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from channels_social.enums import ActionState
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention, typify
from tickets.cases.access import MemberAccount
from tickets.cases.models import Message
from tickets.clocks.models import Clock
from tickets.commitments.domain.promising import NotPromised, Promise, commit, keep
from tickets.commitments.models import Commitment
from tickets.intake import attention
from tickets.replies.domain import casework
from tickets.replies.domain.outbox import change_action
from tickets.replies.domain.promises import promise_by_hand
from tickets.replies.domain.reply import Refused, reply
from tickets.replies.domain.splitting import split_case, undo_split

# Of the case's first message, so that another one falls into it.
CONVERSATION = str(1_900_000_000_000_000_001)
TEXT = "Diana, le devolvemos el cobro mañana a las 10. Gracias por su paciencia."


def offered(juan, case, text: str, mode: str = "public") -> list[str]:
    """The values the composer offers for a text."""
    page = juan.post(f"/frailejon/casos/{case.ticket.number}/fechas/", {"text": text, "mode": mode})
    assert page.status_code == 200
    return re.findall(r'name="promise" value="([^"]+)"', page.content.decode())


def test_date_in_an_answer_is_offered_promised_told_and_broken(case, juan, answer):
    (value,) = offered(juan, case, TEXT)
    assert answer(TEXT, promise=value).status_code == 302

    written = Commitment.objects.get()
    assert (written.what, written.told_at) == ("Diana, le devolvemos el cobro mañana a las 10", None)
    assert case.ticket.next_clock_kind != "commitment"

    case.sent(Message.objects.get(direction="out"))
    told = Commitment.objects.get()
    assert told.told_at is not None
    assert Clock.objects.get(kind="commitment").due_at == told.due_at

    case.passes(told, days=2)
    assert case.sweep() == [case.pk]
    broken = Commitment.objects.get()
    assert (broken.state, case.ticket.is_overdue, case.ticket.next_clock_kind) == (
        "broken",
        True,
        "commitment",
    )
    page = juan.get(f"/frailejon/casos/{case.ticket.number}/").content.decode()
    assert "promise-broken" in page
    assert "clock-broken" in page


def test_what_is_not_ticked_is_not_promised(case, answer):
    answer(TEXT)

    assert not Commitment.objects.exists()


def test_answer_that_never_left_promised_nothing(case, juan, answer, cast):
    (value,) = offered(juan, case, TEXT)
    answer(TEXT, promise=value)
    change_action(Message.objects.get(direction="out"), to="cancel", by=cast.juan)

    assert Commitment.objects.get().state == "withdrawn"
    assert not Clock.objects.filter(kind="commitment", cancelled_at=None).exists()


def test_answer_nobody_knows_of_may_have_been_read(case, juan, answer):
    (value,) = offered(juan, case, TEXT)
    answer(TEXT, promise=value)
    case.sent(Message.objects.get(direction="out"), state=ActionState.UNKNOWN)

    assert Commitment.objects.get().told_at is not None


@pytest.mark.parametrize(("left", "minutes"), [(23, 1440), (0.9, 60), (0.2, 15)])
def test_warns_a_day_an_hour_and_a_quarter_before(case, left, minutes):
    one = case.promise(hours=48)
    case.passes(one, hours=48 - left)

    assert case.sweep() == [case.pk]
    assert case.sweep() == []

    assert case.fresh(one).warned == minutes
    assert AuditEvent.objects.filter(action="commitment.warned").count() == 1
    assert not case.ticket.is_overdue


def test_warnings_come_one_after_the_other_and_then_it_is_broken_once(case):
    one = case.promise(hours=48)
    for hours in (25, 22.2, 0.6, 0.5):
        case.passes(one, hours=hours)
        case.sweep()
        assert case.sweep() == []

    said = list(
        AuditEvent.objects.filter(action__startswith="commitment.").order_by("id").values_list("action")
    )
    assert [action for (action,) in said] == [
        "commitment.made",
        *["commitment.warned"] * 3,
        "commitment.broken",
    ]


def test_date_that_is_near_does_not_warn_of_what_is_past(case):
    one = case.promise(minutes=30)

    assert one.next_at == one.due_at - timedelta(minutes=15)
    assert case.sweep() == []


@pytest.mark.parametrize(
    "change",
    ["state = 'open', settled_at = NULL", "due_at = now() + interval '1 day'", "what = 'otra cosa'",
     "settled_at = now()", "told_at = NULL"],
)  # fmt: skip
def test_broken_is_broken_for_ever(case, change):
    one = case.promise(hours=1)
    case.passes(one, hours=2)
    case.sweep()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE tickets_commitment SET {change} WHERE id = %s", [one.pk])
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=one.pk).delete()
    assert case.fresh(one).state == "broken"


def test_kept_is_kept_in_time_and_nobody_moves_a_date(case):
    one = case.promise(hours=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=one.pk).update(
            state="kept", settled_at=one.due_at + timedelta(seconds=1)
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=one.pk).update(due_at=one.due_at + timedelta(days=1))


def test_renegotiated_when_the_customer_was_told_before_it_fell_due(case, juan, answer):
    former = case.promise(hours=5)
    text = "Diana, aún no está listo: queda el viernes 1 de enero de 2027 a las 9 a. m."
    values = offered(juan, case, text)
    assert values[1].endswith(f"@{former.pk}")
    answer(text, promise=values[1])
    assert case.fresh(former).state == "open"

    case.sent(Message.objects.get(direction="out"))

    assert case.fresh(former).state == "renegotiated"
    owed = Commitment.objects.get(state="open")
    assert Clock.objects.get(kind="commitment", cancelled_at=None).due_at == owed.due_at


def test_told_too_late_is_broken_and_a_new_date_beside_it(case, cast):
    former = case.promise(minutes=50)
    ticket = case.ticket
    due = clock.now() + timedelta(days=2)
    (message,) = reply(
        ticket, by=cast.juan, text="Pasado mañana.", mode="public", client_token="x",
        promises=[Promise(due, "Pasado mañana", former.pk)],
    )  # fmt: skip

    case.sent(message, at=former.due_at + timedelta(minutes=1))

    former = case.fresh(former)
    assert (former.state, former.made_good_at is not None) == ("broken", True)
    assert case.ticket.next_deadline_at != former.due_at


def test_by_hand_another_date_needs_something_sent_since(case, cast):
    former = case.promise(hours=5)
    other = Promise(clock.now() + timedelta(days=1), "Mañana", former.pk)

    with pytest.raises(NotPromised, match="not_told"):
        promise_by_hand(case.ticket, other, by=cast.juan)

    (message,) = reply(case.ticket, by=cast.juan, text="Mañana.", mode="public", client_token="y")
    case.sent(message)
    promise_by_hand(case.ticket, other, by=cast.juan)
    assert case.fresh(former).state == "renegotiated"


def test_kept_needs_an_answer_or_how(case, cast):
    one = case.promise()
    with pytest.raises(NotPromised, match="needs_proof"):
        keep(case.fresh(one), by=cast.juan)

    keep(case.fresh(one), by=cast.juan, proof="Llamada de las 4:10 p. m.")

    assert (case.fresh(one).state, case.fresh(one).proof) == ("kept", "Llamada de las 4:10 p. m.")
    assert Clock.objects.get(kind="commitment").met_at is not None
    assert case.ticket.next_clock_kind != "commitment"


def test_definitive_answer_is_checked_against_what_was_promised(case, cast, juan):
    one, late = case.promise(hours=5), case.promise(hours=1)
    case.passes(late, hours=2)
    case.sweep()
    typify(case.ticket)
    url = f"/frailejon/casos/{case.ticket.number}/resolucion/"

    asked = juan.post(url)
    assert asked.status_code == 422
    assert "¿Es la respuesta que se prometió?" in asked.content.decode()
    assert case.ticket.is_open

    assert juan.post(url, {"promises": "checked"}).status_code == 302
    assert not case.ticket.is_open
    assert (case.fresh(one).state, case.fresh(late).state) == ("kept", "broken")
    assert case.fresh(late).made_good_at is not None


def test_case_is_due_when_the_first_of_its_dates_is(case):
    later, sooner = case.promise(minutes=20), case.promise(minutes=10)
    assert (case.ticket.next_deadline_at, case.ticket.next_clock_kind) == (sooner.due_at, "commitment")

    keep(case.fresh(sooner), by=case.cast.juan, proof="hecho")

    assert case.ticket.next_deadline_at == later.due_at


def test_owner_who_left_hands_on_to_somebody_who_sees_the_case(case, cast):
    ticket = case.ticket
    casework.assign(ticket, to=cast.juan, by=cast.paola)
    one = case.promise(hours=25)
    cast.juan.is_active = False
    cast.juan.save()
    case.passes(one, hours=2)

    case.sweep()

    assert case.fresh(one).owner_id == cast.paola.pk
    assert case.ticket.assignee_id == cast.paola.pk
    moved = AuditEvent.objects.get(action="commitment.moved")
    assert (moved.data["former"], moved.data["to"]) == (cast.juan.pk, cast.paola.pk)


def test_owner_who_no_longer_sees_the_account_hands_on(case, cast):
    one = case.promise(hours=25)
    cast.juan.is_limited = True
    cast.juan.save()
    MemberAccount.objects.create(organization=cast.bank, member=cast.juan, account=cast.bank_page)
    case.passes(one, hours=2)

    case.sweep()

    assert case.fresh(one).owner_id == cast.paola.pk


def test_sweep_finds_dates_of_all_organizations_by_its_index(case, as_worker):
    with as_worker(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT organization_id, ticket_id FROM tickets_commitment WHERE next_at <= now() "
            "ORDER BY next_at LIMIT 500"
        )
        assert "commitment_due" in " ".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("promise", "code"),
    [
        ({"due_at": timedelta(minutes=-1), "what": "x"}, "past"),
        ({"due_at": timedelta(days=500), "what": "x"}, "far"),
        ({"due_at": timedelta(days=1), "what": "  "}, "nothing"),
        ({"due_at": timedelta(days=1), "what": "x", "replaces": 999_999}, "not_open"),
    ],
)
def test_what_cannot_be_promised_says_why_and_queues_nothing(case, cast, promise, code):
    asked = Promise(**promise | {"due_at": clock.now() + promise["due_at"]})

    with pytest.raises(Refused, match=f"promise:{code}"):
        reply(case.ticket, by=cast.juan, text="Hola", mode="public", client_token="z", promises=[asked])

    assert not Message.objects.filter(direction="out").exists()


def test_resolved_case_promises_nothing(case, cast):
    ticket = case.ticket
    typify(ticket)
    casework.resolve(ticket, by=cast.juan)

    with pytest.raises(NotPromised, match="closed"):
        commit(case.ticket, Promise(clock.now() + timedelta(days=1), "x"), by=cast.juan)


def test_case_with_a_promise_is_not_put_aside(case, cast):
    case.promise()
    ticket = case.ticket
    ticket.radicado = None  # one that is filed is refused for that

    with pytest.raises(attention.Refused, match="promised"):
        attention.put_aside(ticket, by=cast.juan, reason="no pide nada")


def test_what_a_message_promised_goes_where_the_message_goes(case, cast, juan, answer):
    hear(cast, mention("@FrailejonAyuda otra cosa, ¿abren el sábado?", number=5, conversation=CONVERSATION))
    (value,) = offered(juan, case, TEXT)
    answer(TEXT, promise=value)
    said = Message.objects.get(direction="out")
    case.sent(said)
    asked = Message.objects.filter(ticket_id=case.pk, direction="in").order_by("id").first()

    move = split_case(ticket=case.ticket, messages=[asked.pk, said.pk], by=cast.paola)

    assert Commitment.objects.get().ticket_id == move.other_id
    assert Clock.objects.get(kind="commitment", cancelled_at=None).ticket_id == move.other_id
    assert casework.lock(move.other_id).next_clock_kind is not None
    undo_split(move, by=cast.paola)
    assert Commitment.objects.get().ticket_id == case.pk
    assert Clock.objects.get(kind="commitment", cancelled_at=None).ticket_id == case.pk


def test_trainee_promises_in_an_answer_that_waits(case, cast):
    ticket = case.ticket
    due = clock.now() + timedelta(days=1)
    (message,) = reply(
        ticket,
        by=cast.andres,
        text="Mañana.",
        mode="public",
        client_token="w",
        promises=[Promise(due, "Mañana.")],
    )

    assert message.send_state == ActionState.AWAITING_APPROVAL
    assert Commitment.objects.get().told_at is None


def test_vague_words_are_advice_and_stop_nothing(case, juan, answer):
    page = juan.post(
        f"/frailejon/casos/{case.ticket.number}/fechas/", {"text": "Le contamos pronto", "mode": "public"}
    )

    assert "«pronto» no es una fecha" in page.content.decode()
    assert answer("Le contamos pronto").status_code == 302


def test_stranger_s_case_has_no_dates(case, cast, juan):
    with tenant(cast.bank.pk):
        case.promise()
    with tenant(cast.airline.pk):
        assert not Commitment.objects.exists()
