"""What counts as an answer and as a question: words of the system, of machines and of colleagues on the phone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from channels_social.enums import ActionState, ConversationKind, Network
from channels_social.models import OutboundAction
from channels_social.networks.base import Author, IncomingMessage, Letter
from helpdesk.tenancy.context import tenant
from tests.cast import Cast, account
from tests.stories import hear, mention
from tests.tickets.filing.conftest import now  # noqa: F401
from tickets.cases.domain.counts import recount
from tickets.cases.models import Conversation, Message, Ticket
from tickets.clocks.models import Clock
from tickets.replies.domain import casework
from tickets.replies.domain.joining import join_cases
from tickets.replies.domain.outbox import OutboxDesk
from tickets.replies.domain.reply import reply
from tickets.replies.domain.splitting import split_case
from tickets.replies.domain.spoken import record_answer

ROOT = "1900000000000000001"
DIANA = Author("diana@correo.example", "address", "Diana", "diana@correo.example")


@pytest.fixture
def ticket(cast: Cast, now: list[datetime]) -> Any:  # noqa: F811
    """Two questions of one thread, an hour apart, that nobody has answered."""
    for place, text in enumerate(["@FrailejonAyuda me cobraron dos veces", "¿me van a responder?"]):
        hear(cast, mention(text, number=place + 1, conversation=ROOT, at=now[0] - timedelta(hours=2 - place)))
    with tenant(cast.bank.pk):
        yield casework.lock(Ticket.objects.get().pk)


@pytest.fixture
def mailbox(cast: Cast) -> Any:
    return account(cast.bank, "email", "soporte@frailejon.example", "")


def mail(number: int, at: datetime, *, auto: str = "", ours: bool = False) -> IncomingMessage:
    said = IncomingMessage(
        kind=ConversationKind.EMAIL, external_id=f"mail:{number}", thread_key="1:diana", author=DIANA,
        text="No puedo entrar a la app.", occurred_at=at, is_quiet=bool(auto) and not ours,
        letter=Letter(message_id=f"{number}@c", subject="App", auto=auto),
    )  # fmt: skip
    own = Author("soporte@frailejon.example", "address")
    return replace(said, author=own, person=DIANA, is_ours=True) if ours else said


def notice(ticket: Ticket, at: datetime) -> Message:
    """Words of the system, and that they were sent."""
    thread = Conversation.objects.select_related("account").get(current_ticket=ticket)
    action = OutboundAction.objects.create(
        organization_id=ticket.organization_id, account=thread.account, kind="reply", client_token="aviso",
        thread_key=thread.thread_key, target_id="1", text="Su radicado es…", state=ActionState.QUEUED,
    )  # fmt: skip
    message = Message.objects.create(
        organization_id=ticket.organization_id, conversation=thread, ticket=ticket, network=Network.X,
        direction="out", is_public=True, text=action.text, occurred_at=at, is_notice=True, action=action,
        send_state=action.state, needs_attention=False,
    )  # fmt: skip
    action.subject_id, action.state, action.sent_at, action.external_id = message.pk, "sent", at, "77"
    action.save()
    OutboxDesk().told(action, None)
    return message


def first(ticket: Ticket) -> Clock:
    return Clock.objects.filter(ticket=ticket, kind="first_response").latest("pk")


def test_words_of_the_system_answer_nothing(cast, now, ticket):  # noqa: F811
    notice(ticket, now[0])

    after = casework.lock(ticket.pk)
    assert (after.first_sent_at, after.last_sent_at, after.unanswered_count, after.state) == (
        None,
        None,
        2,
        "new",
    )
    assert first(after).met_at is None
    assert recount(cast.bank.pk) == {}


def test_echo_of_words_of_the_system_answers_nothing(cast, now, ticket):  # noqa: F811
    message = notice(ticket, now[0])
    OutboundAction.objects.update(state="sending", external_id="")
    Message.objects.filter(pk=message.pk).update(send_state="sending", external_id=None)

    said = mention("Su radicado es…", number=77, conversation=ROOT, at=now[0], is_ours=True)
    hear(cast, replace(said, person=said.author, client_token="aviso"))

    after = casework.lock(ticket.pk)
    assert (after.first_sent_at, after.unanswered_count) == (None, 2)
    assert Message.objects.filter(direction="out").count() == 1


def test_case_that_came_out_of_another_takes_no_notice_for_an_answer(cast, now, ticket):  # noqa: F811
    message = notice(ticket, now[0])
    asked = Message.objects.filter(direction="in").latest("occurred_at")

    move = split_case(ticket=ticket, messages=[asked.pk, message.pk], by=cast.juan)

    new = casework.lock(move.other_id)
    assert (new.first_sent_at, new.unanswered_count) == (None, 1)
    assert first(new).met_at is None
    assert first(casework.lock(ticket.pk)).met_at is None


def test_spoken_answer_is_one(cast, now, ticket):  # noqa: F811
    record_answer(ticket, by=cast.juan, text="Le devolvemos el cobro.", at=now[0])

    after = casework.lock(ticket.pk)
    assert (after.first_sent_at, after.unanswered_count, after.unanswered_since) == (now[0], 0, None)
    assert first(after).met_at == now[0]
    assert recount(cast.bank.pk) == {}


def test_spoken_answer_between_two_questions_leaves_the_second(cast, now, ticket):  # noqa: F811
    between = now[0] - timedelta(minutes=90)

    record_answer(ticket, by=cast.juan, text="Lo miramos.", at=between)

    after = casework.lock(ticket.pk)
    assert (after.first_sent_at, after.unanswered_count) == (between, 1)
    assert after.unanswered_since == now[0] - timedelta(hours=1)


def test_joined_case_counts_the_spoken_answer_of_either(cast, now, ticket):  # noqa: F811
    record_answer(ticket, by=cast.juan, text="Lo miramos.", at=now[0])
    hear(cast, mention("@FrailejonAyuda y otra cosa", number=9, at=now[0] + timedelta(days=9)))
    other = Ticket.objects.exclude(pk=ticket.pk).first()
    if other is None:  # the same matter: nothing to join
        pytest.fail("nine days later it is another case")

    join_cases(into=casework.lock(ticket.pk), other=other, by=cast.juan)

    after = casework.lock(ticket.pk)
    assert (after.first_sent_at, after.unanswered_count) == (now[0], 1)


def test_mail_of_a_machine_asks_nothing(cast, now, mailbox):  # noqa: F811
    hear(cast, mail(1, now[0] - timedelta(hours=3)), account=mailbox)
    hear(cast, mail(2, now[0] - timedelta(hours=2), auto="auto_reply"), account=mailbox)

    with tenant(cast.bank.pk):
        ticket = casework.lock(Ticket.objects.get().pk)
        assert (ticket.unanswered_count, ticket.last_asked_at) == (1, now[0] - timedelta(hours=3))
        assert Message.objects.filter(ticket=ticket).count() == 2


def test_mail_of_a_machine_after_our_answer_leaves_nothing_unanswered(cast, now, mailbox):  # noqa: F811
    hear(cast, mail(1, now[0] - timedelta(hours=3)), account=mailbox)
    hear(cast, mail(3, now[0] - timedelta(hours=1), ours=True), account=mailbox)
    hear(cast, mail(4, now[0], auto="auto_reply"), account=mailbox)

    with tenant(cast.bank.pk):
        ticket = casework.lock(Ticket.objects.get().pk)
        assert (ticket.unanswered_count, ticket.first_sent_at) == (0, now[0] - timedelta(hours=1))
        assert first(ticket).met_at == now[0] - timedelta(hours=1)


def test_what_our_mailbox_answers_by_itself_is_no_answer(cast, now, mailbox):  # noqa: F811
    hear(cast, mail(1, now[0] - timedelta(hours=3)), account=mailbox)
    hear(cast, mail(3, now[0] - timedelta(hours=1), ours=True, auto="auto_reply"), account=mailbox)

    with tenant(cast.bank.pk):
        ticket = casework.lock(Ticket.objects.get().pk)
        assert (ticket.unanswered_count, ticket.first_sent_at, ticket.state) == (1, None, "new")
        assert first(ticket).met_at is None


def test_answer_of_ours_counts_beside_them(cast, now, ticket):  # noqa: F811
    notice(ticket, now[0])
    queued = reply(casework.lock(ticket.pk), by=cast.juan, text="Diana, lo revisamos.", mode="public",
                   client_token="a")  # fmt: skip
    action = queued[0].action
    action.state, action.sent_at, action.external_id = "sent", now[0], "78"
    action.save()
    OutboxDesk().told(action, None)

    after = casework.lock(ticket.pk)
    assert (after.first_sent_at, after.unanswered_count) == (now[0], 0)


def leave(message: Message, *, written: datetime, at: datetime) -> None:
    """The answer was written then, and left later."""
    OutboundAction.objects.filter(pk=message.action_id).update(created_at=written)
    action = OutboundAction.objects.get(pk=message.action_id)
    action.state, action.sent_at, action.external_id = "sent", at, "78"
    action.save()
    OutboxDesk().told(action, None)


def test_what_is_said_while_an_answer_waits_to_leave_is_unanswered(cast, now, ticket):  # noqa: F811
    queued = reply(ticket, by=cast.juan, text="Diana, lo revisamos.", mode="public", client_token="a")
    hear(
        cast,
        mention("y me bloquearon la tarjeta", number=5, conversation=ROOT, at=now[0] + timedelta(minutes=3)),
    )

    leave(queued[0], written=now[0], at=now[0] + timedelta(minutes=5))

    after = casework.lock(ticket.pk)
    assert (after.first_sent_at, after.answered_until) == (now[0] + timedelta(minutes=5), now[0])
    assert (after.unanswered_count, after.unanswered_since) == (1, now[0] + timedelta(minutes=3))
    assert first(after).met_at == now[0] + timedelta(minutes=5)
    owed = Clock.objects.get(ticket=after, kind="next_response", met_at=None, cancelled_at=None)
    assert owed.started_at == now[0] + timedelta(minutes=3)


def test_what_was_said_while_an_answer_waited_and_comes_later_is_unanswered(cast, now, ticket):  # noqa: F811
    queued = reply(ticket, by=cast.juan, text="Diana, lo revisamos.", mode="public", client_token="a")
    leave(queued[0], written=now[0], at=now[0] + timedelta(minutes=5))

    hear(
        cast,
        mention("y me bloquearon la tarjeta", number=5, conversation=ROOT, at=now[0] + timedelta(minutes=3)),
    )

    after = casework.lock(ticket.pk)
    assert (after.unanswered_count, after.unanswered_since) == (1, now[0] + timedelta(minutes=3))


def test_echo_of_an_answer_answers_what_was_said_until_it_was_written(cast, now, ticket):  # noqa: F811
    queued = reply(ticket, by=cast.juan, text="Diana, lo revisamos.", mode="public", client_token="a")
    OutboundAction.objects.update(state="unknown", created_at=now[0], request_started_at=now[0])
    hear(
        cast,
        mention("y me bloquearon la tarjeta", number=5, conversation=ROOT, at=now[0] + timedelta(minutes=3)),
    )

    said = mention(
        "Diana, lo revisamos. ^JC",
        number=78,
        conversation=ROOT,
        at=now[0] + timedelta(minutes=5),
        is_ours=True,
    )
    hear(cast, replace(said, person=said.author, client_token=queued[0].action.client_token))

    after = casework.lock(ticket.pk)
    assert (after.first_sent_at, after.unanswered_count) == (now[0] + timedelta(minutes=5), 1)
    assert after.unanswered_since == now[0] + timedelta(minutes=3)
