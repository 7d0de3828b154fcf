"""Our own words coming back: answers given from a telephone, under comments too."""

from __future__ import annotations

from channels_social.models import InboundEvent, OutboundAction
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.tickets.intake.bodies import (
    BANK,
    BANK_PAGE,
    DIANA,
    at,
    deliver,
    fb_comment,
    fb_message,
    x_id,
    x_message,
    x_post,
)
from tickets.cases.models import Conversation, Message, Ticket
from tickets.clocks.models import Clock
from tickets.intake.domain import take_in_all
from tickets.replies.domain.reply import reply

PAGE = (BANK_PAGE, "Banco Frailejón")


def test_a_native_answer_under_a_comment_stands_in_its_thread_and_stops_the_clock(cast, hear):
    hear(fb_comment("add", 0, number="500_1", text="me robaron"))
    hear(fb_comment("add", 9, number="500_2", text="Lo revisamos ^PM", by=PAGE, parent="500_1"))

    with tenant(cast.bank.pk):
        thread = Conversation.objects.get()
        answer = Message.objects.get(external_id="500_2")
        assert (answer.conversation_id, answer.direction, answer.is_native) == (thread.pk, "out", True)
        assert answer.ticket_id == Ticket.objects.get().pk
        assert thread.last_sent_at == at(9)
        assert Clock.objects.get(kind="first_response").met_at == at(9)


def test_a_native_answer_that_comes_before_its_comment_waits_for_it(cast, hear, as_worker):
    hear(fb_comment("add", 9, number="500_2", text="Lo revisamos ^PM", by=PAGE, parent="500_1"))
    with tenant(cast.bank.pk):
        assert InboundEvent.objects.get().state == "waiting"
    hear(fb_comment("add", 0, number="500_1", text="me robaron"))
    with tenant(cast.bank.pk):
        InboundEvent.objects.filter(state="waiting").update(state="pending", reason="asked")
    hear()

    with tenant(cast.bank.pk):
        assert Message.objects.get(external_id="500_2").ticket_id == Ticket.objects.get().pk
        assert Ticket.objects.get().first_sent_at == at(9)


def test_a_native_answer_to_a_person_who_hides_is_theirs(cast, hear):
    nobody = fb_comment("add", 0, number="500_1", text="me robaron")
    nobody["entry"][0]["changes"][0]["value"].pop("from")
    hear(nobody, fb_comment("add", 9, number="500_2", text="Lo revisamos ^PM", by=PAGE, parent="500_1"))

    with tenant(cast.bank.pk):
        assert Conversation.objects.count() == 1
        assert Ticket.objects.get().first_sent_at == at(9)


def test_our_own_post_opens_nothing(cast, hear):
    hear(x_post("Buenos días. Hoy atiende Paola ^PM", 0, by=(BANK, "frailejon")))
    hear(fb_comment("add", 0, number="500_9", text="¡Gracias a todos!", by=PAGE))

    with tenant(cast.bank.pk):
        assert not Ticket.objects.exists()
        assert not Message.objects.exists()


def test_a_messenger_echo_of_another_tool_is_an_answer(cast, hear):
    hear(fb_message("buenas, ¿hay alguien?", 0, mid="m_1"))
    hear(fb_message("Claro que sí", 4, mid="m_2", is_echo=True, metadata="somebody-elses"))

    with tenant(cast.bank.pk):
        assert Message.objects.get(external_id="m_2").is_native
        assert Ticket.objects.get().unanswered_since is None


def test_a_post_that_does_not_name_its_conversation_waits_and_hangs_where_it_belongs(cast, hear, as_worker):
    """Account Activity bodies carry no conversation id: the post itself is looked up."""
    first, between, second = x_id(0, "a"), x_id(3, "unseen"), x_id(5, "b")
    hear(x_post("@FrailejonAyuda no puedo entrar", 0, number=first))
    full = x_post("sigue igual", 5, number=second, thread=first, answers=(between, DIANA[0]))
    bare = x_post("sigue igual", 5, number=second, thread=first, answers=(between, DIANA[0]))
    bare["data"]["payload"].pop("conversation_id")
    hear(bare)
    with tenant(cast.bank.pk):
        event = InboundEvent.objects.get(state="waiting")
        assert event.needs == [second]
    with as_worker():
        deliver(full)
        InboundEvent.objects.filter(pk=event.pk).update(state="pending", reason="asked", needs=None)
        take_in_all(lambda turn: None)

    with tenant(cast.bank.pk):
        assert Message.objects.count() == 2
        assert Conversation.objects.get().thread_key == f"{first}:{DIANA[0]}"


def waiting_answers(cast, count: int) -> list[Message]:
    """Private answers with the same words, all on their way."""
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.select_related("organization").get()
        made = [
            reply(ticket, by=cast.juan, text="Sí.", mode="private", client_token=f"t{n}")[0]
            for n in range(count)
        ]
        OutboundAction.objects.update(state="unknown", request_started_at=at(1))
        return made


def test_one_echo_proves_one_answer_and_two_prove_two(cast, hear):
    hear(x_message("hola, ¿me ayudan?", 0))
    waiting_answers(cast, 3)

    hear(x_message("Sí. ^JC", 2, by=BANK, with_=DIANA[0]), x_message("Sí. ^JC", 3, by=BANK, with_=DIANA[0]))

    with tenant(cast.bank.pk):
        assert sorted(OutboundAction.objects.values_list("state", flat=True)) == ["sent", "sent", "unknown"]
        told = Message.objects.filter(direction="out").exclude(external_id=None)
        assert told.values("external_id").distinct().count() == told.count() == 2
        assert not Message.objects.filter(is_native=True).exists()


def test_an_echo_is_told_to_the_consoles_and_to_the_audit(cast, hear):
    hear(x_message("hola, ¿me ayudan?", 0))
    (message,) = waiting_answers(cast, 1)

    (turn,) = hear(x_message("Sí. ^JC", 2, by=BANK, with_=DIANA[0]))

    assert turn.messages == [(message.ticket_id, message.pk)]
    with tenant(cast.bank.pk):
        assert AuditEvent.objects.get(action="reply.sent").data["message"] == message.pk
        assert Conversation.objects.get().last_sent_at == at(2)
