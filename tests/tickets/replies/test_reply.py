"""An answer is queued once, signed once, in parts when asked; refused with its reason, nothing changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from channels_social.models import OutboundAction
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.channels_social.conftest import client_of  # noqa: F401
from tests.stories import hear, mention
from tickets.cases.models import Conversation, Message, Ticket
from tickets.replies.domain.outbox import change_action
from tickets.replies.domain.reply import Refused, new_token, reply


@pytest.fixture
def ticket(cast):
    hear(cast, mention("@FrailejonAyuda no puedo entrar"))
    with tenant(cast.bank.pk):
        yield Ticket.objects.select_related("organization").get()


def say(ticket, cast, text="Diana, lo revisamos.", *, by=None, token=None, mode="public", **more):
    return reply(ticket, by=by or cast.juan, text=text, mode=mode, client_token=token or new_token(), **more)


def test_answer_and_outbox_row_are_written_together(ticket, cast):
    (message,) = say(ticket, cast)

    action = message.action
    assert message.text == action.text == "Diana, lo revisamos. ^JC"
    assert (message.direction, message.is_public, message.author_id) == ("out", True, cast.juan.pk)
    assert (action.state, message.send_state) == ("queued", "queued")
    assert (action.kind, action.target_id) == ("reply", "1900000000000000001")
    assert action.subject_id == message.pk
    assert AuditEvent.objects.filter(action="reply.queued", ticket_id=ticket.pk).count() == 1


def test_audit_of_an_answer_holds_no_words(ticket, cast):
    say(ticket, cast, "palabrasecreta")

    assert "palabrasecreta" not in str(list(AuditEvent.objects.values_list("data", flat=True)))


def test_same_token_is_the_same_answer(ticket, cast):
    first = say(ticket, cast, token="abc")
    again = say(ticket, cast, "Otra cosa", token="abc")

    assert first == again
    assert OutboundAction.objects.count() == 1


def test_same_token_twice_in_two_hands_is_refused_by_the_database(ticket, cast):
    say(ticket, cast, token="abc")
    action = OutboundAction.objects.get()
    action.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        action.save()


@pytest.mark.parametrize(
    "text", ["Diana, lo revisamos.", "Diana, lo revisamos. ^JC", "Diana, lo revisamos.  ^jc "]
)
def test_signature_is_added_once(ticket, cast, text):
    (message,) = say(ticket, cast, text)

    assert message.text.count("^") == 1
    assert message.text.endswith("^JC")


def test_undo_gives_the_answer_some_seconds(ticket, cast):
    ticket.organization.undo_seconds = 8
    before = clock.now()

    (message,) = say(ticket, cast)

    assert before + timedelta(seconds=7) < message.action.not_before < clock.now() + timedelta(seconds=9)


def test_a_critical_case_has_no_undo_and_goes_first(ticket, cast):
    ticket.priority = "critical"

    (message,) = say(ticket, cast)

    assert message.action.not_before <= clock.now()
    assert message.action.lane == "0_critical"


def test_too_long_is_refused_and_nothing_changes(ticket, cast):
    with pytest.raises(Refused) as refused, transaction.atomic():
        say(ticket, cast, "ñ" * 280)

    assert refused.value.code == "too_long"
    assert refused.value.detail == "284/280"
    assert not OutboundAction.objects.exists()
    assert not Message.objects.filter(direction="out").exists()


def test_the_signature_counts(ticket, cast):
    (message,) = say(ticket, cast, "a" * 276)
    assert len(message.text) == 280

    with pytest.raises(Refused), transaction.atomic():
        say(ticket, cast, "a" * 277)


def test_a_thread_is_split_in_order_and_signed_at_its_end(ticket, cast):
    messages = say(ticket, cast, "una palabra y otra más, " * 30, token="hilo", in_thread=True)

    actions = [message.action for message in messages]
    assert len(actions) == 3
    assert [(action.options["part"], action.options["parts"]) for action in actions] == [
        (1, 3),
        (2, 3),
        (3, 3),
    ]
    assert [action.client_token for action in actions] == ["hilo", "hilo:1", "hilo:2"]
    assert [action.pk for action in actions] == sorted(action.pk for action in actions)
    assert len({action.thread_key for action in actions}) == 1
    assert messages[-1].text.endswith("^JC")
    assert sum("^JC" in message.text for message in messages) == 1


def test_same_token_of_a_thread_is_the_same_thread(ticket, cast):
    first = say(ticket, cast, "una palabra y otra más, " * 30, token="hilo", in_thread=True)
    again = say(ticket, cast, "una palabra y otra más, " * 30, token="hilo", in_thread=True)

    assert {message.pk for message in first} == {message.pk for message in again}


@pytest.mark.parametrize("text", ["", "   ", "\x00"])
def test_empty_is_refused(ticket, cast, text):
    with pytest.raises(Refused, match="empty"):
        say(ticket, cast, text)


def test_no_way_to_answer_is_refused(ticket, cast):
    with pytest.raises(Refused, match="no_target"):
        say(ticket, cast, mode="telepathy")


def test_read_only_lets_nothing_out(ticket, cast):
    cast.bank_x.__class__.objects.filter(pk=cast.bank_x.pk).update(mode="read_only")

    with pytest.raises(Refused, match="read_only"):
        say(ticket, cast)


def test_a_dead_account_holds_the_answer(ticket, cast):
    cast.bank_x.__class__.objects.filter(pk=cast.bank_x.pk).update(state="needs_reauth")

    (message,) = say(ticket, cast)

    assert message.action.state == "held"


def test_a_person_who_takes_no_private_words_is_not_written_to(cast):
    hear(cast, mention("@FrailejonAyuda no puedo entrar"))
    with tenant(cast.bank.pk):
        Conversation.objects.get().identity.__class__.objects.update(accepts_dm=False)
        ticket = Ticket.objects.select_related("organization").get()
        with pytest.raises(Refused, match="dm_not_allowed"):
            say(ticket, cast, mode="private")


def test_the_first_private_words_open_their_own_thread(ticket, cast):
    (message,) = say(ticket, cast, mode="private")

    assert message.conversation.kind == "x_dm"
    assert message.conversation.thread_key == "2001-1800000000000000001"
    assert not message.is_public
    assert message.action.target_id == "2001"


def test_what_a_trainee_writes_waits_for_somebody_else(ticket, cast):
    (message,) = say(ticket, cast, by=cast.andres)
    assert message.action.state == "awaiting_approval"

    assert not change_action(message, to="approve", by=cast.andres)
    assert change_action(message, to="approve", by=cast.paola)

    action = OutboundAction.objects.get()
    assert (action.state, action.approved_by_id, action.created_by_id) == (
        "queued",
        cast.paola.pk,
        cast.andres.pk,
    )
    assert Message.objects.get(pk=message.pk).send_state == "queued"
    assert not change_action(message, to="approve", by=cast.paola)


def test_the_parts_of_a_trainees_thread_are_approved_together(ticket, cast):
    messages = say(ticket, cast, "una palabra y otra más, " * 30, by=cast.andres, in_thread=True)

    assert change_action(messages[1], to="approve", by=cast.paola)

    assert set(OutboundAction.objects.values_list("state", flat=True)) == {"queued"}


def test_approved_while_the_account_is_dead_is_held(ticket, cast):
    (message,) = say(ticket, cast, by=cast.andres)
    cast.bank_x.__class__.objects.filter(pk=cast.bank_x.pk).update(state="needs_reauth")

    assert change_action(message, to="approve", by=cast.paola)

    assert OutboundAction.objects.get().state == "held"


@pytest.mark.parametrize(
    ("state", "to", "after"),
    [
        ("queued", "cancel", "cancelled"),
        ("held", "cancel", "cancelled"),
        ("retrying", "cancel", "cancelled"),
        ("failed", "cancel", "cancelled"),
        ("awaiting_approval", "cancel", "cancelled"),
        ("sending", "cancel", None),
        ("sent", "cancel", None),
        ("unknown", "cancel", None),
        ("cancelled", "retry", None),
        ("failed", "retry", "queued"),
        ("retrying", "retry", "queued"),
        ("sent", "retry", None),
        ("unknown", "retry", None),
        ("unknown", "settle_sent", "sent"),
        ("unknown", "settle_again", "queued"),
        ("sent", "settle_again", None),
        ("queued", "settle_sent", None),
        ("queued", "approve", None),
    ],
)
def test_what_a_person_may_do_to_an_answer(ticket, cast, state, to, after):
    (message,) = say(ticket, cast)
    OutboundAction.objects.update(state=state, sent_at=clock.now(), failure_code="unknown_twice")

    assert change_action(message, to=to, by=cast.paola) is (after is not None)

    assert OutboundAction.objects.get().state == (after or state)
    if after:
        assert Message.objects.get(pk=message.pk).send_state == after
        assert AuditEvent.objects.filter(action=f"reply.{to}", actor_id=cast.paola.pk).exists()


def test_one_private_reply_per_comment_by_constraint(ticket, cast):
    (message,) = say(ticket, cast)
    private = {
        "organization": cast.bank,
        "account": cast.bank_page,
        "kind": "private_reply",
        "target_id": "5_1",
    }
    made = OutboundAction.objects.create(
        **private, client_token="one", thread_key="5_1:x", state="sent", sent_at=clock.now()
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        OutboundAction.objects.create(**private, client_token="two", thread_key="5_1:x")

    OutboundAction.objects.filter(pk=made.pk).update(state="failed")
    OutboundAction.objects.create(**private, client_token="two", thread_key="5_1:x")
