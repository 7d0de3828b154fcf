"""A case written down by hand is a case like any other: clocks, filing, secrets, people, once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention, typify
from tickets.cases.filings import FilingRule, Reference
from tickets.cases.models import Conversation, Filing, Message, Ticket
from tickets.clocks.models import Clock
from tickets.customers.models import Customer, Identity
from tickets.enums import ClockKind, Door, PqrKind, TicketState
from tickets.intake.asked import Asked, Opened, Ref, Who
from tickets.intake.by_hand import open_case, open_cases
from tickets.replies.domain import casework

ROSA = Who(name="Rosa Niño", phone="+57 310 4567890")


def call(text: str = "me cobraron dos veces la cuota de manejo", **more) -> Asked:
    facts = {"door": Door.PHONE, "happened_at": clock.now() - timedelta(minutes=3), "who": ROSA}
    return Asked(**(facts | {"text": text} | more))


def opened(cast, asked: Asked, **more) -> Opened:
    with tenant(cast.bank.pk):
        return open_case(cast.bank, asked, **({"by": cast.juan, "source": "console"} | more))


def case_of(cast, one: Opened) -> Ticket:
    with tenant(cast.bank.pk):
        return Ticket.objects.select_related("organization", "customer").get(pk=one.ticket_id)


def test_call_opens_a_case_with_its_message_customer_and_audit_line(cast):
    one = opened(cast, call())

    ticket = case_of(cast, one)
    assert (ticket.channel, ticket.state, ticket.customer.name) == ("phone", TicketState.NEW, "Rosa Niño")
    with tenant(cast.bank.pk):
        message = Message.objects.select_related("conversation").get(ticket=ticket)
        assert (message.text, message.direction, message.is_public) == (
            "me cobraron dos veces la cuota de manejo", "in", False,
        )  # fmt: skip
        assert message.conversation.current_ticket_id == ticket.pk
        line = AuditEvent.objects.get(ticket_id=ticket.pk, action="ticket.registered")
    assert (line.actor_id, line.data["door"]) == (cast.juan.pk, "phone")


def test_clocks_count_from_when_it_happened_not_from_when_it_was_written_down(cast):
    long_ago = clock.now() - timedelta(days=3)

    ticket = case_of(cast, opened(cast, call(happened_at=long_ago)))

    assert ticket.opened_at == long_ago
    with tenant(cast.bank.pk):
        clocks = {one.kind: one for one in Clock.objects.filter(ticket=ticket)}
        filing = Filing.objects.get(ticket=ticket)
    assert {one.started_at for one in clocks.values()} == {long_ago}
    assert filing.received_at == long_ago
    assert ticket.next_deadline_at == min(one.due_at for one in clocks.values())


def test_claim_is_filed_and_a_compliment_is_not(cast):
    claim = case_of(cast, opened(cast, call(kind=PqrKind.RECLAMO)))
    praise = case_of(cast, opened(cast, call("muchas gracias", kind=PqrKind.FELICITACION)))

    assert claim.radicado is not None
    assert praise.radicado is None


def test_what_was_promised_is_a_clock_and_comes_first(cast):
    soon = clock.now() + timedelta(minutes=20)

    ticket = case_of(cast, opened(cast, call(due_at=soon)))

    assert (ticket.next_clock_kind, ticket.next_deadline_at) == (ClockKind.COMMITMENT, soon)


def test_promise_does_not_move_while_we_wait_for_the_customer(cast):
    soon = clock.now() + timedelta(days=2)
    one = opened(cast, call(due_at=soon))

    with tenant(cast.bank.pk):
        casework.wait_for_customer(casework.lock(one.ticket_id), by=cast.juan)
        casework.stop_waiting(casework.lock(one.ticket_id), by=cast.juan)
        promise = Clock.objects.get(ticket_id=one.ticket_id, kind=ClockKind.COMMITMENT)

    assert (promise.due_at, promise.paused_at) == (soon, None)


def test_card_number_said_on_the_phone_is_never_stored(cast):
    one = opened(cast, call("mi tarjeta 4111 1111 1111 1111 cvv 123", answer="le anoto la 4111111111111111"))

    with tenant(cast.bank.pk):
        words = " ".join(Message.objects.filter(ticket_id=one.ticket_id).values_list("text", flat=True))
        row = Ticket.objects.get(pk=one.ticket_id).last_text
    said = (words + row).replace(" ", "")
    assert "1111" in said
    assert "41111111" not in said
    assert "123" not in said


def test_same_key_twice_is_one_case(cast):
    first = opened(cast, call(key="abc"))
    again = opened(cast, call("otra cosa", key="abc"))

    assert (first.what, again.what, again.ticket_id) == ("opened", "known", first.ticket_id)
    with tenant(cast.bank.pk):
        assert Ticket.objects.count() == Message.objects.count() == Customer.objects.count() == 1


def test_same_key_of_another_source_is_another_case(cast):
    first = opened(cast, call(key="881"), source="hook:1")
    other = opened(cast, call(key="881"), source="hook:2")

    assert first.ticket_id != other.ticket_id


def test_person_is_found_again_by_phone_document_mail_or_handle(cast):
    whole = Who(
        name="Rosa Niño", phone="3104567890", document="52123456", email="rosa@correo.example", handle="rosan"
    )
    first = opened(cast, call(who=whole))

    for who in (
        Who(phone="3104567890"), Who(document="52123456"), Who(email="rosa@correo.example"), Who(handle="@RosaN"),
    ):  # fmt: skip
        assert opened(cast, call(who=who)).customer_id == first.customer_id
    with tenant(cast.bank.pk):
        assert Customer.objects.count() == 1


def test_customer_of_a_tweet_is_found_by_handle_when_they_call(cast):
    hear(cast, mention("@FrailejonAyuda no puedo entrar"))
    with tenant(cast.bank.pk):
        diana = Customer.objects.get()

    one = opened(cast, call(who=Who(name="Diana", handle="dianam_rojas", phone="3001112233")))

    assert one.customer_id == diana.pk
    with tenant(cast.bank.pk):
        kinds = set(Conversation.objects.filter(customer=diana).values_list("kind", flat=True))
        networks = set(Identity.objects.filter(customer=diana).values_list("network", flat=True))
    assert kinds == {"x_public", "phone"}
    assert networks == {"x", "phone"}


def test_phone_of_a_family_does_not_make_two_documents_one_person(cast):
    rosa = opened(cast, call(who=Who(name="Rosa", phone="3104567890", document="52123456")))
    luis = opened(cast, call(who=Who(name="Luis", phone="3104567890", document="79555111")))

    assert luis.customer_id != rosa.customer_id


def test_phone_and_document_are_not_readable_in_the_database(cast):
    opened(cast, call(who=Who(name="Rosa", phone="3104567890", document="52123456")))

    with tenant(cast.bank.pk):
        rows = [
            " ".join(map(str, row)) for row in Identity.objects.values_list("external_id", "handle", "name")
        ]
    assert not any("3104567890" in row or "52123456" in row for row in rows)


def test_joining_an_open_case_adds_a_message_and_no_case(cast):
    first = opened(cast, call(happened_at=clock.now() - timedelta(hours=2)))
    one = opened(cast, call("llamo otra vez", ticket_id=first.ticket_id))

    assert (one.what, one.ticket_id) == ("joined", first.ticket_id)
    ticket = case_of(cast, one)
    assert (ticket.unanswered_count, ticket.last_text) == (2, "llamo otra vez")
    with tenant(cast.bank.pk):
        assert Message.objects.filter(ticket=ticket).count() == 2


def test_earlier_call_written_down_later_moves_the_opening_and_its_clocks(cast):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces"))
    with tenant(cast.bank.pk):
        tweet = Ticket.objects.get()
    before = clock.now() - timedelta(days=1)

    opened(cast, call("llamó ayer", happened_at=before, ticket_id=tweet.pk))

    with tenant(cast.bank.pk):
        ticket = Ticket.objects.get(pk=tweet.pk)
        starts = set(Clock.objects.filter(ticket=ticket).values_list("started_at", flat=True))
    assert ticket.opened_at == before
    assert starts == {before}


def test_earlier_of_two_promises_holds(cast):
    friday, monday = clock.now() + timedelta(days=1), clock.now() + timedelta(days=4)
    first = opened(cast, call(due_at=friday))
    opened(cast, call(due_at=monday, ticket_id=first.ticket_id))

    with tenant(cast.bank.pk):
        assert Clock.objects.get(kind=ClockKind.COMMITMENT).due_at == friday
    opened(cast, call(due_at=friday - timedelta(hours=3), ticket_id=first.ticket_id))
    with tenant(cast.bank.pk):
        assert Clock.objects.get(kind=ClockKind.COMMITMENT).due_at == friday - timedelta(hours=3)


def test_call_about_a_resolved_case_opens_it_again(cast):
    first = opened(cast, call(answer="ya le devolvimos"))
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.get(pk=first.ticket_id)
        typify(ticket)
        casework.resolve(ticket, by=cast.juan)
    assert case_of(cast, first).state == TicketState.RESOLVED

    opened(cast, call("no llegó la plata", ticket_id=first.ticket_id))

    ticket = case_of(cast, first)
    assert (ticket.state, ticket.reopened_count, ticket.resolved_at) == (TicketState.OPEN, 1, None)
    with tenant(cast.bank.pk):
        line = AuditEvent.objects.get(ticket_id=ticket.pk, action="ticket.reopened")
    assert (line.actor_id, line.data) == (cast.juan.pk, {"by": "customer"})


def test_what_we_said_on_the_call_is_the_first_response(cast):
    ticket = case_of(cast, opened(cast, call(answer="Se lo devolvemos mañana.")))

    assert ticket.first_sent_at is not None
    assert ticket.unanswered_since is None
    with tenant(cast.bank.pk):
        first = Clock.objects.get(ticket=ticket, kind=ClockKind.FIRST_RESPONSE)
        said = Message.objects.get(ticket=ticket, direction="out")
    assert first.met_at == ticket.first_sent_at
    assert (said.text, said.is_native, said.action_id) == ("Se lo devolvemos mañana. ^JC", True, None)


def test_many_at_once_are_the_same_as_one_by_one(cast):
    asked = [
        call(f"reclamo {n}", key=str(n), who=Who(name=f"P{n % 3}", phone=f"30011122{n % 3:02d}"))
        for n in range(9)
    ]
    with tenant(cast.bank.pk):
        results = open_cases(cast.bank, asked, by=None, source="csv")
        assert [one.what for one in results] == ["opened"] * 9
        assert Customer.objects.count() == 3
        numbers = list(Ticket.objects.order_by("number").values_list("number", flat=True))
        again = open_cases(cast.bank, asked, by=None, source="csv")
    assert numbers == list(range(numbers[0], numbers[0] + 9))
    assert [one.what for one in again] == ["known"] * 9


def test_case_of_another_organization_cannot_be_joined(cast):
    first = opened(cast, call())

    with tenant(cast.airline.pk), pytest.raises(ValueError, match="no such case"):
        open_case(cast.airline, call(ticket_id=first.ticket_id), by=cast.carla, source="console")


def test_same_phone_in_two_organizations_is_two_people(cast):
    ours = opened(cast, call())
    with tenant(cast.airline.pk):
        theirs = open_case(cast.airline, call(), by=cast.carla, source="console")
        assert theirs.is_new_customer
        assert not Ticket.objects.filter(pk=ours.ticket_id).exists()


SAC = Ref("SAC", "sac-881", "en estudio", None)


def test_number_of_another_system_is_kept_with_its_state_and_date(cast):
    due = date(2026, 12, 4)
    one = opened(cast, call(references=(Ref("SAC", "sac-881", "en estudio", due), Ref("Genesys", "77"))))

    with tenant(cast.bank.pk):
        rows = set(
            Reference.objects.filter(ticket_id=one.ticket_id).values_list(
                "system", "number", "state", "due_on"
            )
        )
    assert rows == {("sac", "sac-881", "en estudio", due), ("other", "Genesys 77", "", None)}


def test_number_that_a_case_has_makes_news_of_that_case(cast):
    first = opened(cast, call(references=(SAC,)))
    same = opened(cast, call("lo mismo", references=(Ref("sac", "SAC 881"),)))
    news = opened(cast, call("lo mismo", references=(Ref("sac", "SAC 881", "en proveedor"),)))

    assert (same.what, news.what) == ("known", "updated")
    assert {same.ticket_id, news.ticket_id} == {first.ticket_id}
    with tenant(cast.bank.pk):
        assert Ticket.objects.count() == Message.objects.count() == 1
        assert Reference.objects.get().state == "en proveedor"


def test_system_that_gave_a_date_may_put_it_off(cast):
    friday, monday = clock.now() + timedelta(days=1), clock.now() + timedelta(days=4)
    one = opened(cast, call(references=(SAC,), due_at=friday))

    opened(cast, call(references=(Ref("sac", "sac881", "prórroga"),), due_at=monday))

    with tenant(cast.bank.pk):
        assert Clock.objects.get(ticket_id=one.ticket_id, kind=ClockKind.COMMITMENT).due_at == monday
    assert case_of(cast, one).opened_at < clock.now()


def test_system_that_says_it_is_solved_resolves_the_case(cast):
    one = opened(cast, call(references=(SAC,)))

    told = opened(cast, call(references=(Ref("sac", "SAC-881", "cerrado"),), is_resolved=True), by=None)

    assert told.what == "updated"
    assert case_of(cast, one).state == TicketState.RESOLVED


def test_number_without_letters_or_digits_is_refused(cast):
    with pytest.raises(ValueError, match="number"):
        opened(cast, call(references=(Ref("SAC", "--"),)))


def test_organization_that_files_no_complaints_files_none_by_phone_either(cast):
    with tenant(cast.bank.pk):
        FilingRule.objects.create(organization=cast.bank, kind=PqrKind.QUEJA, when="on_request")

    assert case_of(cast, opened(cast, call(kind=PqrKind.QUEJA))).radicado is None
    assert case_of(cast, opened(cast, call(kind=PqrKind.RECLAMO))).radicado is not None


def test_second_call_that_asks_for_documents_files_the_case(cast):
    first = opened(cast, call("¿a qué hora abren?", kind=PqrKind.INFORMACION))
    assert case_of(cast, first).radicado is None

    opened(cast, call("necesito un extracto de mi cuenta", ticket_id=first.ticket_id))

    assert case_of(cast, first).radicado is not None
