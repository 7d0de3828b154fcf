"""Two cases made one: strictest clock, earliest receipt, every number valid; and put apart again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention, typify
from tests.tickets.filing.people import messenger, rows, two_cases
from tickets.cases.domain.counts import recount
from tickets.cases.models import Conversation, Filing, Message, Note, Ticket
from tickets.clocks.models import Clock
from tickets.console.queries.queue import search
from tickets.replies.domain import casework
from tickets.replies.domain.joining import join_cases, undo_join
from tickets.replies.domain.reply import Refused, reply

CHARGED = ("@FrailejonAyuda me cobraron dos veces y nadie responde", "me cobraron dos veces, ayuda")


def fresh(ticket: Ticket) -> Ticket:
    return casework.lock(ticket.pk)


def running(ticket: Ticket) -> dict[str, datetime]:
    found = Clock.objects.filter(ticket=ticket, met_at=None, cancelled_at=None)
    return dict(found.values_list("kind", "due_at"))


@pytest.fixture
def pair(cast, now):
    """A tweet at eight (medium) and a message at nine (high), of one person."""
    one, other = two_cases(cast, first=now[0] - timedelta(hours=1), second=now[0])
    with tenant(cast.bank.pk):
        yield one, other


def test_the_earliest_receipt_and_the_strictest_clock_win(cast, now, pair):
    old, new = pair
    owed = [running(old), running(new)]

    join_cases(into=new, other=old, by=cast.juan)

    kept = fresh(new)
    assert kept.opened_at == now[0] - timedelta(hours=1)
    assert running(kept) == {kind: min(each[kind] for each in owed) for kind in owed[0]}
    assert kept.queue_at == min(running(kept).values())


def test_the_stricter_priority_wins(cast, pair):
    old, new = pair
    Ticket.objects.filter(pk=old.pk).update(priority="critical", priority_reasons=["fraude"])

    join_cases(into=new, other=old, by=cast.juan)

    assert fresh(new).priority == "critical"
    assert fresh(new).priority_reasons[-1] == "fraude"


def test_everything_said_moves_and_the_other_is_out_of_the_queue(cast, pair):
    old, new = pair
    note = casework.add_note(fresh(old), by=cast.juan, text="llamó ayer")

    join_cases(into=new, other=old, by=cast.juan)

    assert set(Message.objects.values_list("ticket_id", flat=True)) == {new.pk}
    assert set(Conversation.objects.values_list("current_ticket_id", flat=True)) == {new.pk}
    assert Note.objects.get(pk=note.pk).ticket_id == new.pk
    assert (fresh(old).state, fresh(old).joined_into_id) == ("joined", new.pk)
    assert recount(cast.bank.pk) == {}


def test_a_new_message_in_a_joined_thread_goes_to_the_case_that_is_left(cast, now, pair):
    old, new = pair
    join_cases(into=old, other=new, by=cast.juan)

    now[0] += timedelta(minutes=5)
    hear(cast, messenger("¿me van a responder?", number=2, at=now[0]), account=cast.bank_page)

    assert Ticket.objects.count() == 2
    assert Message.objects.get(external_id="m_2").ticket_id == old.pk


def test_every_radicado_stays_valid_and_finds_the_case_that_is_left(cast, now):
    old, new = two_cases(cast, first=now[0] - timedelta(hours=1), second=now[0], said=CHARGED)
    with tenant(cast.bank.pk):
        numbers = list(Filing.objects.order_by("pk").values_list("radicado", flat=True))
        assert len(numbers) == 2

        join_cases(into=new, other=old, by=cast.juan)

        for asked in (*numbers, str(old.number), str(new.number)):
            assert [row.ticket_id for row in search(cast.bank, asked, now=now[0])] == [new.pk]
        assert set(Filing.objects.values_list("ticket_id", flat=True)) == {new.pk}


def test_the_only_radicado_of_two_goes_on_the_head_of_the_case_that_is_left(cast, now):
    said = ("@FrailejonAyuda ¿a qué hora abren?", CHARGED[1])
    asks, claims = two_cases(cast, first=now[0] - timedelta(hours=1), second=now[0], said=said)
    with tenant(cast.bank.pk):
        move = join_cases(into=asks, other=claims, by=cast.juan)
        assert (fresh(asks).radicado, fresh(asks).kind) == (claims.radicado, claims.kind)

        undo_join(move, by=cast.juan)
        assert (fresh(asks).radicado, fresh(claims).radicado) == (None, claims.radicado)


def test_undoing_restores_the_same_rows(cast, now, pair):
    old, new = pair
    reply(fresh(old), by=cast.juan, text="Diana, lo miramos.", mode="public", client_token="a")
    casework.wait_for_customer(fresh(old), by=cast.juan)
    before = rows()

    move = join_cases(into=new, other=old, by=cast.juan, reason="es lo mismo")
    assert rows() != before
    undo_join(move, by=cast.paola)

    assert rows() == before
    assert recount(cast.bank.pk) == {}


def test_both_stories_say_it_and_who(cast, pair):
    old, new = pair

    undo_join(join_cases(into=new, other=old, by=cast.juan), by=cast.paola)

    told = AuditEvent.objects.filter(action__startswith="ticket.join").order_by("pk")
    assert [(e.action, e.ticket_id, e.actor_id) for e in told] == [
        ("ticket.joined", new.pk, cast.juan.pk),
        ("ticket.joined", old.pk, cast.juan.pk),
        ("ticket.join_undone", new.pk, cast.paola.pk),
        ("ticket.join_undone", old.pk, cast.paola.pk),
    ]


def test_undoing_is_refused_once_somebody_spoke(cast, now, pair):
    old, new = pair
    move = join_cases(into=new, other=old, by=cast.juan)
    now[0] += timedelta(minutes=5)
    hear(cast, mention("¿y entonces?", number=2, conversation="1900000000000000001", at=now[0]))

    with pytest.raises(Refused) as refused:
        undo_join(move, by=cast.juan)

    assert refused.value.code == "since_message"
    assert fresh(old).state == "joined"


def test_undoing_twice_is_refused(cast, pair):
    old, new = pair
    move = join_cases(into=new, other=old, by=cast.juan)
    undo_join(move, by=cast.juan)

    with pytest.raises(Refused) as refused:
        undo_join(move, by=cast.juan)

    assert refused.value.code == "undone"


def test_what_was_assigned_or_noted_since_stays(cast, pair):
    old, new = pair
    move = join_cases(into=new, other=old, by=cast.juan)
    casework.add_note(fresh(new), by=cast.juan, text="sigo yo")
    casework.assign(fresh(new), to=cast.paola, by=cast.paola)

    with pytest.raises(Refused) as refused:
        undo_join(move, by=cast.juan)  # it was new and is open now: somebody has it in hand

    assert refused.value.code == "since_state"


def test_cases_of_two_people_are_not_joined(cast, now, pair):
    hear(
        cast,
        messenger("hola, otra persona", number=9, at=now[0], author=pair_author()),
        account=cast.bank_page,
    )
    stranger = Ticket.objects.order_by("pk").last()

    with pytest.raises(Refused) as refused:
        join_cases(into=pair[0], other=stranger, by=cast.juan)

    assert refused.value.code == "join_customers"


def pair_author():
    from channels_social.networks.base import Author

    return Author("psid-99", "messenger", "Otra Persona", "")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda old, new: {"into": old, "other": old}, "join_same"),
        (lambda old, new: {"into": old, "other": new, "version": 99}, "changed"),
    ],
)
def test_what_cannot_be_joined_is_said(cast, pair, spoil, code):
    with pytest.raises(Refused) as refused:
        join_cases(**spoil(*pair), by=cast.juan)

    assert refused.value.code == code


def test_a_closed_case_takes_nothing_in(cast, pair):
    old, new = pair
    typify(fresh(new))
    casework.resolve(fresh(new), by=cast.juan)

    with pytest.raises(Refused) as refused:
        join_cases(into=new, other=old, by=cast.juan)

    assert refused.value.code == "join_closed"
