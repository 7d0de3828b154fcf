"""The rules of intake, without a database; and that order, repetition and batches change nothing."""

from __future__ import annotations

import itertools
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels_social.enums import ConversationKind
from channels_social.networks.base import Author, Change, IncomingMessage
from protocols.rules.business_time import business_time
from protocols.rules.calendar import WeekHours
from tickets.clocks.rules import Terms, TimeRules
from tickets.enums import ClockKind, Priority, TicketState
from tickets.intake.decide import decide
from tickets.intake.known import Ids, Known
from tickets.intake.plan import Arrival

T0 = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
DIANA = Author("2001", "user", "Diana Marcela Rojas", "dianam_rojas")
WILMER = Author("2002", "user", "Wilmer Ortiz", "wilmer_o")
US = Author("1800000000000000001", "user", "Banco Frailejón", "FrailejonAyuda")
ACCOUNT = 7


def fresh() -> Known:
    hours = business_time(WeekHours.of("America/Bogota", [], always_open=True))
    minutes = {ClockKind.FIRST_RESPONSE: 120, ClockKind.NEXT_RESPONSE: 120, ClockKind.RESOLUTION: 2160}
    terms = {p.value: Terms(p.value, False, minutes) for p in Priority}
    count = lambda: itertools.count(1)  # noqa: E731
    return Known(
        now=T0, ids=Ids(count(), count(), count(), count(), count()), join_hours=24, reopen_until={},
        rules={ACCOUNT: TimeRules(1, hours, terms)},
    )  # fmt: skip


def says(
    text: str, minute: int, *, who: Author = DIANA, number: int = 0, conversation: str = ""
) -> IncomingMessage:
    external_id = str(1000 + (number or minute))
    root = conversation or external_id
    return IncomingMessage(
        kind=ConversationKind.X_PUBLIC, external_id=external_id, thread_key=f"{root}:{who.external_id}", author=who,
        text=text, occurred_at=T0 + timedelta(minutes=minute), root_external_id=root,
    )  # fmt: skip


def we_answer(
    minute: int, *, conversation: str, to: Author = DIANA, text: str = "Lo revisamos ^JC"
) -> IncomingMessage:
    return IncomingMessage(
        kind=ConversationKind.X_PUBLIC, external_id=str(5000 + minute), thread_key=f"{conversation}:{to.external_id}",
        author=US, person=to, is_ours=True, text=text, occurred_at=T0 + timedelta(minutes=minute),
        root_external_id=conversation,
    )  # fmt: skip


def arrivals(items) -> list[Arrival]:
    return [Arrival(0, ACCOUNT, "x", item) for item in items]


def settle(known: Known) -> None:
    """What is written is no longer new."""
    rows = [*known.people.values(), *known.threads.values(), *known.cases.values(), *known.messages.values()]
    for row in rows:
        row.is_new = row.is_changed = False
    for case in known.cases.values():
        case.clocks = {kind: clock for kind, clock in case.clocks.items() if clock.is_running}
    known.orphans.clear()


def tell(known: Known, *batches) -> Known:
    for batch in batches:
        intake = decide(arrivals(batch), known)
        for thread_id, case_id in intake.adopted:
            for said in known.messages.values():
                if said.thread_id == thread_id and said.ticket_id is None:
                    said.ticket_id = case_id
        settle(known)
    return known


def only_case(known: Known):
    (case,) = known.cases.values()
    return case


def test_first_message_opens_a_case_with_its_clocks():
    case = only_case(tell(fresh(), [says("@FrailejonAyuda me cobraron dos veces la cuota", 0)]))

    assert case.state is TicketState.NEW
    assert case.opened_at == case.unanswered_since == T0
    assert set(case.clocks) == {ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION}
    assert case.clocks[ClockKind.FIRST_RESPONSE].due_at == T0 + timedelta(hours=2)


def test_kind_is_suggested_with_its_reasons_and_filed_by_rule():
    case = only_case(tell(fresh(), [says("me cobraron dos veces la cuota de manejo", 0)]))

    assert case.kind == case.suggested_kind == "reclamo"
    assert case.kind_reasons
    assert case.is_to_be_filed


def test_second_message_of_a_thread_joins_its_case():
    known = tell(
        fresh(), [says("no puedo entrar a la app", 0)], [says("sigo esperando", 9, conversation="1000")]
    )

    assert only_case(known).unanswered_count == 1 or len(known.messages) == 2


def test_new_thread_joins_the_open_case_of_the_same_person():
    known = tell(fresh(), [says("no puedo entrar a la app", 0)], [says("¿alguien me lee?", 30)])

    assert only_case(known).unanswered_count == 2


def test_new_thread_after_the_window_is_another_case():
    known = tell(fresh(), [says("no puedo entrar a la app", 0)], [says("¿y el seguro?", 25 * 60)])

    assert len(known.cases) == 2


def test_people_do_not_share_a_case_of_a_thread():
    known = tell(
        fresh(),
        [says("no puedo entrar", 0), says("a mí también me sale error", 1, who=WILMER, conversation="1000")],
    )

    assert len(known.cases) == 2


def test_third_unanswered_message_raises_the_case():
    batch = [
        says("tengo una pregunta sobre mi cuenta", m, number=m + 1, conversation="1001") for m in range(3)
    ]

    case = only_case(tell(fresh(), batch))

    assert case.priority is Priority.HIGH
    assert "tercer mensaje sin respuesta" in case.priority_reasons


def test_third_unanswered_message_of_what_is_critical_is_told_beside_its_words():
    batch = [says("me clonaron la tarjeta", m, number=m + 1, conversation="1001") for m in range(4)]

    case = only_case(tell(fresh(), batch))

    assert case.priority is Priority.CRITICAL
    assert any("me clonaron" in reason for reason in case.priority_reasons)
    assert case.priority_reasons.count("tercer mensaje sin respuesta") == 1


@pytest.mark.parametrize("text", ["gracias", "Listo, muchas gracias", "👍", "ok"])
def test_courtesy_alone_opens_nothing(text):
    known = tell(fresh(), [says(text, 0)])

    assert known.cases == {}
    (said,) = known.messages.values()
    assert said.ticket_id is None
    assert not said.needs_attention


def resolved(known: Known, minute: int) -> Known:
    case = only_case(known)
    case.state, case.resolved_at = TicketState.RESOLVED, T0 + timedelta(minutes=minute)
    case.unanswered_since, case.unanswered_count, case.clocks = None, 0, {}
    known.reopen_until[case.id] = T0 + timedelta(days=14)
    known.open_cases.clear()
    return known


def test_courtesy_after_resolution_is_shown_and_reopens_nothing():
    known = resolved(tell(fresh(), [says("no puedo entrar", 0)]), 10)

    case = only_case(tell(known, [says("gracias", 20, conversation="1000")]))

    assert case.state is TicketState.RESOLVED
    assert case.clocks == {}
    assert known.messages["x", "1020"].ticket_id == case.id


def test_message_after_resolution_reopens_within_the_window():
    known = resolved(tell(fresh(), [says("no puedo entrar", 0)]), 10)

    case = only_case(tell(known, [says("sigue sin funcionar", 20, conversation="1000")]))

    assert case.state is TicketState.OPEN
    assert case.reopened_count == 1
    assert ClockKind.RESOLUTION in case.clocks


def test_message_after_the_window_opens_a_linked_case():
    known = resolved(tell(fresh(), [says("no puedo entrar", 0)]), 10)
    known.reopen_until[1] = T0 + timedelta(minutes=15)

    tell(known, [says("sigue sin funcionar", 20, conversation="1000")])

    assert known.cases[1].state is TicketState.RESOLVED
    assert known.cases[2].previous_id == 1


def test_late_message_said_before_resolution_reopens_nothing():
    known = resolved(tell(fresh(), [says("no puedo entrar", 0)]), 10)

    case = only_case(tell(known, [says("¿hola?", 5, conversation="1000")]))

    assert case.state is TicketState.RESOLVED


def test_earlier_message_that_arrives_later_moves_the_opening():
    known = tell(
        fresh(), [says("¿alguien?", 30, conversation="900")], [says("me robaron", 0, conversation="900")]
    )

    case = only_case(known)
    assert case.opened_at == T0
    assert case.clocks[ClockKind.FIRST_RESPONSE].started_at == T0


def test_native_answer_meets_the_first_response():
    known = tell(fresh(), [says("no puedo entrar", 0)])
    intake = decide(arrivals([we_answer(12, conversation="1000")]), known)

    (case,) = intake.cases
    assert case.clocks[ClockKind.FIRST_RESPONSE].met_at == T0 + timedelta(minutes=12)
    assert case.unanswered_since is None
    assert case.state is TicketState.OPEN


def test_question_after_an_answer_owes_the_next_one():
    known = tell(
        fresh(), [says("no puedo entrar", 0)], [we_answer(5, conversation="1000")],
        [says("sigue igual", 9, conversation="1000")],
    )  # fmt: skip

    clock = only_case(known).clocks[ClockKind.NEXT_RESPONSE]
    assert clock.started_at == T0 + timedelta(minutes=9)


def test_deletion_redacts_and_a_late_original_stays_redacted():
    gone = Change("delete", "1000", T0 + timedelta(minutes=3))

    known = tell(fresh(), [gone], [says("mi cédula es 52814482", 0)])

    said = known.messages["x", "1000"]
    assert said.text == ""
    assert said.deleted_at == gone.occurred_at


STORY = [
    says("no puedo entrar a la app", 0),
    says("¿hola?", 4, conversation="1000"),
    we_answer(7, conversation="1000"),
    says("gracias", 8, conversation="1000"),
    says("sigue sin abrir", 11, conversation="1000"),
    says("a mí también me pasa", 6, who=WILMER, conversation="1000", number=6),
    we_answer(9, conversation="1000", to=WILMER, text="Wilmer, lo vemos ^JC"),
    says("otra cosa: me cobraron doble", 40, number=40),
    Change("edit", "1004", T0 + timedelta(minutes=5), text="¿hola? respondan"),
    Change("delete", "1006", T0 + timedelta(minutes=50)),
]


def picture(known: Known):
    """What must be the same however it arrived."""
    partition: dict[int, set[str]] = {}
    for (_network, external_id), said in known.messages.items():
        partition.setdefault(said.ticket_id or 0, set()).add(external_id)
    words = {said.external_id: (said.text, said.thread_id is not None) for said in known.messages.values()}
    threads = {
        external_id: next(t.thread_key for t in known.threads.values() if t.id == said.thread_id)
        for (_n, external_id), said in known.messages.items()
    }
    states = sorted(
        (case.opened_at, case.state.value, case.unanswered_since, case.unanswered_count, case.first_sent_at)
        for case in known.cases.values()
    )  # fmt: skip
    return sorted(map(sorted, partition.values())), words, threads, str(states)


def test_batch_equals_the_same_one_by_one():
    assert picture(tell(fresh(), deepcopy(STORY))) == picture(tell(fresh(), *([item] for item in STORY)))


@settings(max_examples=150, deadline=None)
@given(st.permutations(STORY), st.lists(st.integers(0, len(STORY) - 1), max_size=6), st.integers(1, 5))
def test_order_repetition_and_batches_change_nothing(order, again, size):
    deliveries = [*order, *(STORY[index] for index in again)]
    batches = [deliveries[start : start + size] for start in range(0, len(deliveries), size)]

    assert picture(tell(fresh(), *batches)) == picture(tell(fresh(), STORY))
