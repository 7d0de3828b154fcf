"""Delivered twice, backwards, in small turns: the same messages in the same conversations and cases.

The script is told to both organizations at once, over both networks, with edits, deletions, hidings, native
answers, a person who writes to two accounts, and changes that come before what they are about.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connection, transaction

from channels_social.domain.resolving import give_up
from helpdesk.tenancy.context import tenant
from tests.cast import Cast, account
from tests.tickets.intake.bodies import (
    AIRLINE,
    BANK,
    BANK_PAGE,
    DIANA,
    NURIA,
    WILMER,
    at,
    deliver,
    fb_comment,
    fb_event,
    fb_message,
    x_id,
    x_message,
    x_post,
)
from tickets.cases.domain.counts import recount
from tickets.cases.models import Message
from tickets.intake.domain import take_in_all

SECOND = "1800000000000000003"
FIRST, ANSWER, HELP = x_id(0, "first"), x_id(7, "answer"), x_id(11, "help")
CHARGED = x_post("@FrailejonAyuda me cobraron dos veces la cuota", 0, number=FIRST)
CORRECTED, GONE = x_id(14, "corrected"), x_id(20, "gone")
MARTA = ("61550000001005", "Marta")


def script() -> list[dict[str, Any]]:
    """Everything that is said, in the order in which it happened."""
    thread = {"thread": FIRST}
    comment = {"post": f"{BANK_PAGE}_500"}
    return [
        CHARGED,
        x_post("¿hola?", 4, answers=(FIRST, DIANA[0]), **thread),
        x_post("a mí también @FrailejonAyuda", 6, by=WILMER, answers=(FIRST, DIANA[0]), **thread),
        # Answered from a telephone, by the account itself.
        x_post("Diana, lo revisamos ^PM", 7, by=(BANK, "frailejon"), number=ANSWER,
               answers=(FIRST, DIANA[0]), **thread),
        x_post("gracias", 8, answers=(ANSWER, BANK), **thread),
        x_post("sigue igual", 11, number=HELP, answers=(ANSWER, BANK), **thread),
        # An edited post: two ids, told under each.
        x_post("@FrailejonAyuda no puedo etnrar", 13, number=x_id(13, "typo"), by=NURIA),
        x_post("@FrailejonAyuda no puedo entrar", 14, number=CORRECTED, versions=(x_id(13, "typo"),),
               thread=x_id(13, "typo"), by=NURIA),
        # To both accounts of the bank: told to each of them.
        x_post("@FrailejonAyuda @FrailejonYa ¿y el seguro?", 16, to=BANK, number=x_id(16, "both"), by=WILMER),
        x_post("@FrailejonAyuda @FrailejonYa ¿y el seguro?", 16, to=SECOND, number=x_id(16, "both"), by=WILMER),
        x_post("@FrailejonAyuda mi cédula es 52814482", 20, number=GONE, by=NURIA),
        {"for_user_id": BANK, "tweet_delete_events": [
            {"status": {"id": GONE, "user_id": NURIA[0]}, "timestamp_ms": str(int(at(22).timestamp() * 1000))}]},
        x_message("por aquí le cuento", 24),
        x_message("otra cosa", 25),
        # The airline hears the same person, and somebody else.
        x_post("@AlisiosAyuda perdieron mi maleta", 1, to=AIRLINE),
        x_post("@AlisiosAyuda gracias por nada", 2, to=AIRLINE, by=WILMER),
        x_message("mi localizador es ABC123", 9, with_=AIRLINE, to=AIRLINE),
        # Facebook: edited, hidden and shown again, removed.
        fb_comment("add", 0, number="500_1", text="qué mal servicio", **comment),
        fb_comment("edited", 3, number="500_1", text="qué mal servicio tienen", made=0, **comment),
        fb_comment("add", 5, number="500_2", text="a mí me robaron", by=MARTA, **comment),
        fb_comment("hide", 6, number="500_2", by=MARTA, made=5, **comment),
        fb_comment("unhide", 7, number="500_2", by=MARTA, made=5, **comment),
        fb_comment("add", 8, number="500_3", text="no contestan", parent="500_1", **comment),
        fb_comment("add", 9, number="500_4", text="borrado", by=MARTA, **comment),
        fb_comment("remove", 10, number="500_4", by=MARTA, made=9, **comment),
        # Messenger: corrected, taken back.
        fb_message("buenas", 30, mid="m_1"),
        fb_message("necesito un cretificado", 31, mid="m_2"),
        fb_event(32, message_edit={"mid": "m_2", "text": "necesito un certificado", "num_edit": 1}),
        fb_message("mi clave es otra", 33, mid="m_3"),
        fb_event(34, message={"mid": "m_3", "is_deleted": True}),
        fb_message("Claro que sí ^PM", 35, mid="m_4", is_echo=True),
    ]  # fmt: skip


# Not in the pictures: kind, priority and what follows from them (radicado and its term, due times). Rules judge a
# case by what was known when it opened, a radicado is never taken back, and a raised priority is not lowered.
PICTURES = {
    "messages": """
        SELECT m.network, m.external_id, m.text, m.direction, m.is_native, m.occurred_at, m.edited_at,
               m.deleted_at, m.hidden_at, m.is_courtesy, v.kind, v.thread_key, i.external_id
        FROM tickets_message m
        JOIN tickets_conversation v ON v.organization_id = m.organization_id AND v.id = m.conversation_id
        JOIN tickets_identity i ON i.organization_id = v.organization_id AND i.id = v.identity_id ORDER BY 1, 2""",
    "cases": """
        SELECT array_agg(m.external_id ORDER BY m.external_id), t.opened_at, t.state, t.unanswered_since,
               t.unanswered_count, t.first_sent_at, t.last_sent_at, t.last_text, t.last_at, t.channel,
               t.last_asked_at, t.answered_until
        FROM tickets_message m JOIN tickets_ticket t ON t.organization_id = m.organization_id AND t.id = m.ticket_id
        GROUP BY t.id ORDER BY 1""",
    "loose": "SELECT external_id FROM tickets_message WHERE ticket_id IS NULL ORDER BY 1",
    "clocks": """
        SELECT min(m.external_id), c.kind, c.started_at, c.met_at, c.cancelled_at
        FROM tickets_clock c JOIN tickets_message m
            ON m.organization_id = c.organization_id AND m.ticket_id = c.ticket_id
        WHERE c.kind <> 'legal' GROUP BY c.id ORDER BY 1, 2, 3""",
    "versions": "SELECT external_id, text FROM tickets_messageversion GROUP BY 1, 2 ORDER BY 1, 2",
    "threads": """
        SELECT kind, thread_key, last_customer_at, last_sent_at, last_external_id
        FROM tickets_conversation ORDER BY 1, 2""",
    "people": "SELECT network, scope, external_id FROM tickets_identity ORDER BY 1, 2, 3",
    "events": "SELECT state, count(*) FROM channels_social_inboundevent GROUP BY 1 ORDER BY 1",
}  # fmt: skip


def picture(organization_id: int) -> dict[str, list[tuple[Any, ...]]]:
    with tenant(organization_id), connection.cursor() as cursor:
        found = {}
        for name, sql in PICTURES.items():
            cursor.execute(sql)
            found[name] = cursor.fetchall()
        return found


@pytest.fixture
def outcome(
    cast: Cast, as_worker: Callable[[], AbstractContextManager[None]]
) -> Callable[..., list[dict[str, list[tuple[Any, ...]]]]]:
    """Tell a script from an empty desk; the pictures of both organizations. The desk is empty again after it."""
    account(cast.bank, "x", SECOND, "FrailejonYa")

    def tell(bodies: list[dict[str, Any]], size: int) -> list[dict[str, list[tuple[Any, ...]]]]:
        with transaction.atomic():
            for start in range(0, len(bodies), size):
                with as_worker():
                    deliver(*bodies[start : start + size])
                    take_in_all(lambda turn: None, limit=max(size // 2, 1))
            with as_worker(), connection.cursor() as cursor:
                # What came before its root has waited long enough.
                cursor.execute(
                    "UPDATE channels_social_inboundevent SET wait_until = now() WHERE state = 'waiting'"
                )
                give_up()
                take_in_all(lambda turn: None)
            for organization in (cast.bank, cast.airline):
                with tenant(organization.pk):
                    assert recount(organization.pk) == {}
            pictures = [picture(cast.bank.pk), picture(cast.airline.pk)]
            transaction.set_rollback(True)
        return pictures

    return tell


def different(expected: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[str]:
    """The rows that only one of the two has, one a line."""
    lines = []
    for mine, theirs in zip(expected, found, strict=True):
        for name in PICTURES:
            lines += [f"{name} missing: {row}" for row in mine[name] if row not in theirs[name]]
            lines += [f"{name} strange: {row}" for row in theirs[name] if row not in mine[name]]
    return lines


def shuffled(seed: int) -> tuple[list[dict[str, Any]], int]:
    """The script in another order, a third of it twice, and how much is delivered at once."""
    dice = random.Random(seed)
    bodies = script()
    bodies += dice.sample(bodies, len(bodies) // 3)
    dice.shuffle(bodies)
    return bodies, dice.choice((1, 2, 5, 50))


def test_the_script_is_what_it_should_be(outcome):
    """What all orders must give, so that they are not equal in being empty."""
    bank, airline = outcome(script(), 50)

    texts = {row[1]: row[2] for row in bank["messages"]}
    assert texts[GONE] == texts["m_3"] == texts["500_4"] == ""
    assert texts["500_1"] == "qué mal servicio tienen"
    assert texts["m_2"] == "necesito un certificado"
    assert texts[x_id(13, "typo")] == "@FrailejonAyuda no puedo entrar"
    assert (CORRECTED, "@FrailejonAyuda no puedo entrar") in bank["versions"]
    assert sum(row[1] == x_id(16, "both") for row in bank["messages"]) == 1
    assert len(bank["cases"]) == 6
    assert len(airline["cases"]) == 2
    answered = next(row for row in bank["cases"] if FIRST in row[0])
    assert answered[5] == at(7)
    assert bank["events"] == [("done", 28)]


@pytest.mark.parametrize("seed", range(10))
def test_order_repetition_and_batches_change_nothing(outcome, seed):
    expected = outcome(script(), 50)

    found = outcome(*shuffled(seed))

    lines = different(expected, found)
    assert not lines, "\n".join(lines)


def test_everything_backwards_one_by_one(outcome):
    expected = outcome(script(), 50)

    found = outcome(script()[::-1], 1)

    lines = different(expected, found)
    assert not lines, "\n".join(lines)


def test_a_neighbour_hears_nothing_of_mine(cast, hear):
    hear(*script())

    with tenant(cast.airline.pk):
        assert not Message.objects.filter(external_id=FIRST).exists()
        assert Message.objects.filter(organization=cast.bank).count() == 0
