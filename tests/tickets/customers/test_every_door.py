"""One datum is one person, whichever way it came: the right pane, a call, a file of rows, a mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from channels_social.enums import ConversationKind
from channels_social.models import SocialAccount
from channels_social.networks.base import Author, IncomingMessage, Letter
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.cast import Cast, account
from tests.mail_house import MailHouse, letter, mail_house
from tests.stories import hear, mention
from tickets.cases.models import Conversation, Message, Ticket
from tickets.customers.domain import identities
from tickets.customers.models import Customer, Identity
from tickets.customers.rules.data import recognise
from tickets.enums import Door
from tickets.intake.asked import Asked, Who
from tickets.intake.by_hand import open_case, open_cases
from tickets.replies.domain.targets import targets_of

PHONE, MAIL = "310 456 7890", "Diana@Correo.example"


@pytest.fixture
def house(transactional_db: None, cast: Cast, settings: Any) -> Iterator[MailHouse]:
    with mail_house(cast, settings) as found:
        yield found


def told(who: Who, text: str = "me cobraron dos veces") -> Asked:
    return Asked(door=Door.PHONE, text=text, happened_at=clock.now() - timedelta(minutes=2), who=who)


def mail(
    number: str, *, name: str = "Diana Rojas", address: str = "diana@correo.example", **facts: Any
) -> Any:
    return IncomingMessage(
        kind=ConversationKind.EMAIL,
        external_id=f"mail:{number}",
        thread_key=f"{number}:{address}",
        author=Author(address, "address", name=name, handle=address),
        text="No puedo entrar a la app.",
        occurred_at=clock.now() - timedelta(minutes=1),
        letter=Letter(message_id=f"{number}@c", subject="No puedo entrar", **facts),
    )


def hear_mail(cast: Cast, item: IncomingMessage) -> None:
    with tenant(cast.bank.pk):
        found = SocialAccount.objects.select_related("organization").filter(network="email").first()
    hear(cast, item, account=found or account(cast.bank, "email", "soporte@frailejon.example", ""))


@pytest.mark.parametrize(
    ("said", "who"),
    [
        (PHONE, Who(name="Diana", phone="+57 3104567890")),
        (MAIL, Who(name="Diana", email="diana@correo.example")),
        ("CC 52.123.456", Who(name="Diana", document="cc 52123456")),
    ],
)
def test_call_finds_whom_the_right_pane_noted(cast, person, said, who):
    customer = person("Diana Rojas", said)

    with tenant(cast.bank.pk):
        opened = open_case(cast.bank, told(who), by=cast.juan, source="console:1")

        assert (opened.customer_id, opened.is_new_customer) == (customer.pk, False)
        assert Identity.objects.exclude(digest="").count() == 1


@pytest.mark.parametrize("said", [PHONE, MAIL, "CC 52123456"])
def test_right_pane_finds_whom_a_call_noted(cast, said):
    datum = recognise(said, "CO")
    with tenant(cast.bank.pk):
        who = Who(name="Diana", **{datum.kind: said})
        opened = open_case(cast.bank, told(who), by=cast.juan, source="console:1")

        [found] = identities.find(cast.bank.pk, datum)
        assert found.customer_id == opened.customer_id
        again = identities.add(found.customer, datum, by=cast.juan)
        assert again.pk == found.pk
        assert said not in (found.masked, found.external_id, found.handle)


def test_rows_of_a_file_find_them_with_as_many_queries_as_one(cast, person, django_assert_max_num_queries):
    known = {person(f"Persona {n}", f"31045678{n:02}").pk for n in range(40)}
    asked = [told(Who(name=f"Persona {n}", phone=f"+57 31045678{n:02}")) for n in range(40)]

    with tenant(cast.bank.pk):
        # Some forty; rules of time that were kept may just have run out. One a row would be twice as many.
        with django_assert_max_num_queries(52):
            opened = open_cases(cast.bank, asked, by=None, source="csv")

        assert {one.customer_id for one in opened} == known
        assert not any(one.is_new_customer for one in opened)


def test_mail_is_of_whom_the_right_pane_noted(cast, person):
    customer = person("Diana Rojas", MAIL)

    hear_mail(cast, mail("a1"))

    with tenant(cast.bank.pk):
        assert Ticket.objects.get().customer_id == customer.pk
        assert Customer.objects.count() == 1


def test_mail_is_of_whom_a_call_named(cast):
    with tenant(cast.bank.pk):
        opened = open_case(cast.bank, told(Who(name="Diana", email=MAIL)), by=cast.juan, source="console:1")

    hear_mail(cast, mail("a1"))

    with tenant(cast.bank.pk):
        assert set(Ticket.objects.values_list("customer_id", flat=True)) == {opened.customer_id}


def test_call_and_right_pane_find_who_wrote_a_mail(cast):
    hear_mail(cast, mail("a1"))

    with tenant(cast.bank.pk):
        [customer] = Customer.objects.all()
        opened = open_case(cast.bank, told(Who(email=MAIL)), by=cast.juan, source="console:1")
        [found] = identities.find(cast.bank.pk, recognise(MAIL, "CO"))

        assert opened.customer_id == found.customer_id == customer.pk
        assert found.masked == "d·····@correo.example"
        assert identities.unmask(found, by=cast.paola, reason="verificar") == "diana@correo.example"


def test_mail_that_is_not_from_whom_it_says_is_of_nobody_we_know(cast, person):
    customer = person("Diana Rojas", MAIL)

    hear_mail(cast, mail("a1", is_forged=True))

    with tenant(cast.bank.pk):
        assert Ticket.objects.get().customer_id != customer.pk


def test_mailbox_of_several_is_of_the_one_of_that_name_or_of_nobody(cast, person):
    mother, son = person("Rosa Niño", MAIL), person("Luis Niño", MAIL)

    hear_mail(cast, mail("a1", name="Luis Niño"))
    with tenant(cast.bank.pk):
        assert Ticket.objects.get().customer_id == son.pk
    hear_mail(cast, mail("b1", name="Alguien", address="diana@correo.example"))
    with tenant(cast.bank.pk):
        assert mother.pk not in Ticket.objects.values_list("customer_id", flat=True)


def test_address_of_another_organization_is_not_found(cast, person):
    person("Diana Rojas", MAIL, organization=cast.airline)

    hear_mail(cast, mail("a1"))

    with tenant(cast.bank.pk):
        assert Customer.objects.count() == 1


def test_first_letter_goes_to_the_verified_address_and_its_answer_comes_back(house):
    cast = house.cast
    hear(cast, mention("@FrailejonAyuda no puedo entrar"))
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.select_related("organization", "customer").get()
        Conversation.objects.update(kind="fb_comments", network="facebook", last_external_id="")
        identities.add(ticket.customer, recognise("otra@correo.example", "CO"), by=cast.juan)
        identities.add(ticket.customer, recognise(MAIL, "CO"), by=cast.juan, verified=True)
        target = targets_of(ticket, now=clock.now())["private"]
        assert target.target_id == MAIL
        assert target.conversation.identity.masked == "D·····@Correo.example"

    message = house.answer(ticket, "Diana, ya lo revisamos.")
    assert house.carry() == ["sent"]
    assert house.post.handed[-1][1] == [MAIL]
    ours = house.action(message).external_id
    house.arrive(
        letter("Gracias, ¿y cuándo?", sender="Diana <diana@correo.example>", number="a2@c", answers=ours)
    )

    with tenant(cast.bank.pk):
        answer = Message.objects.select_related("conversation").latest("pk")
        assert (answer.direction, answer.ticket_id) == ("in", ticket.pk)
        assert answer.conversation.customer_id == ticket.customer_id
        assert answer.conversation.thread_key == target.thread_key
        assert Customer.objects.count() == 1


def test_address_is_masked_on_the_page_of_the_case(cast, log_in):
    hear_mail(cast, mail("a1"))
    with tenant(cast.bank.pk):
        number = Ticket.objects.get().number

    client = log_in(cast.juan)
    for path in (f"/frailejon/casos/{number}/", f"/frailejon/casos/{number}/cliente/"):
        page = client.get(path).content.decode()
        assert "d·····@correo.example" in page
        assert "diana@correo.example" not in page
