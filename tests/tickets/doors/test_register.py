"""Writing a contact down: look-up as one types, join or new, what comes back when something is missing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from helpdesk import clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.permissions import Permission
from helpdesk.ui.dates import zone
from tests.stories import hear, mention
from tickets.cases.filings import Reference
from tickets.cases.models import Message, Ticket
from tickets.customers.models import Customer
from tickets.doors.queries.people import matches

HERE = "/frailejon/registrar/"


@pytest.fixture
def desk(cast, log_in):
    return log_in(cast.juan)


def filled(**more):
    now = clock.now().astimezone(zone("America/Bogota"))
    form = {
        "token": "t-1", "door": "phone", "who": "Rosa Niño 310 456 7890 cc 52123456", "customer": "", "ticket": "",
        "text": "me cobraron dos veces la cuota de manejo", "kind": "", "number": "", "system": "sac", "due": "",
        "answer": "", "happened": f"{now:%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    return form | more


def only_case(cast) -> Ticket:
    with tenant(cast.bank.pk):
        return Ticket.objects.select_related("customer").get()


def test_call_is_written_down_and_leads_to_its_case(cast, desk):
    answer = desk.post(HERE, filled())

    ticket = only_case(cast)
    assert (answer.status_code, answer["Location"]) == (302, f"/frailejon/casos/{ticket.number}/")
    assert (ticket.customer.name, ticket.channel, ticket.kind) == ("Rosa Niño", "phone", "reclamo")
    page = desk.get(answer["Location"]).content.decode()
    assert "me cobraron dos veces" in page
    assert "Juan Carlos registró el caso a mano" in page


def test_pressing_save_twice_is_one_case(cast, desk):
    first, second = desk.post(HERE, filled()), desk.post(HERE, filled())

    assert first["Location"] == second["Location"]
    only_case(cast)


def test_case_of_a_call_is_in_the_queue_and_in_the_search_like_a_tweet(cast, desk):
    desk.post(HERE, filled())
    radicado = only_case(cast).radicado

    for address in (
        "/frailejon/casos/",
        f"/frailejon/casos/?q={radicado}",
        "/frailejon/casos/?q=cuota+de+manejo",
    ):
        assert "Rosa Niño" in desk.get(address).content.decode(), address


def test_what_is_missing_is_said_and_nothing_typed_is_lost(cast, desk):
    answer = desk.post(HERE, filled(text="", who="Rosa Niño", answer="Le devolvemos"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Escriba qué dijo la persona." in page
    assert 'value="Rosa Niño"' in page
    assert "Le devolvemos" in page
    with tenant(cast.bank.pk):
        assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("happened", "2099-01-01T10:00", "todavía no ha pasado"),
        ("happened", "1990-01-01T10:00", "más de diez años"),
        ("happened", "ayer", "Escriba el día y la hora"),
        ("due", "2020-01-01T10:00", "para después"),
        ("resolved", "on", "escriba qué se le contestó"),
        ("customer", "999999", "ya no está"),
        ("ticket", "999999", "ya no está abierto"),
    ],
)
def test_nonsense_is_refused_with_its_reason(cast, desk, field, value, said):
    answer = desk.post(HERE, filled(**{field: value}))

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_answer_on_the_call_resolves_it_once_its_motive_is_said(cast, desk):
    answer = desk.post(HERE, filled(answer="Le devolvemos el segundo cobro hoy.", resolved="on"), follow=True)

    ticket = only_case(cast)
    assert ticket.is_open
    assert ticket.first_sent_at is not None
    assert "diga el motivo con T" in answer.content.decode()
    page = desk.get(f"/frailejon/casos/{ticket.number}/").content.decode()
    assert "Contestado por teléfono" in page
    assert "segundo cobro hoy" in page


def test_trainee_registers_and_does_not_resolve(cast, log_in):
    client = log_in(cast.andres)

    refused = client.post(HERE, filled(answer="Listo.", resolved="on"))
    taken = client.post(HERE, filled())

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "Su rol no permite resolver" in refused.content.decode()


def test_admin_who_sees_no_cases_cannot_look_people_up(cast, log_in):
    assert Permission.SEE_CASES not in cast.marta.permissions

    assert log_in(cast.marta).get(f"{HERE}personas/?who=rosa").status_code == 403


def test_person_is_offered_by_name_handle_phone_document_and_radicado(cast, desk):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces"))
    tweet = only_case(cast)
    desk.post(HERE, filled(customer=str(tweet.customer_id), who="", token="t-2"))
    desk.post(HERE, filled(token="t-3"))

    def offered(words: str) -> str:
        return desk.get(f"{HERE}personas/", {"who": words}).content.decode()

    for words in (
        "diana",
        "DIANA ROJ",
        "rojás",
        "@dianam",
        "dianam_rojas",
        tweet.radicado,
        str(tweet.number),
    ):
        assert "Diana Marcela Rojas" in offered(words), words
    for words in ("nino", "310 456 7890", "cc 52.123.456", "Rosa Ni"):
        assert "Rosa Niño" in offered(words), words
    assert "Nadie con eso" in offered("Zacarías")


def test_numbers_are_offered_masked(cast, desk):
    desk.post(HERE, filled())

    page = desk.get(f"{HERE}personas/", {"who": "rosa"}).content.decode()
    assert "3104567890" not in page
    assert "7890" in page


def test_open_cases_of_the_person_are_shown_before_saving(cast, desk):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces"))
    tweet = only_case(cast)

    page = desk.get(f"{HERE}casos/?customer={tweet.customer_id}").content.decode()

    assert tweet.radicado in page
    assert "¿es lo mismo?" in page
    assert "me cobraron dos veces" in page


def test_joining_writes_the_call_into_the_tweets_case(cast, desk):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces"))
    tweet = only_case(cast)

    desk.post(HERE, filled(customer=str(tweet.customer_id), ticket=str(tweet.pk), text="llamó por lo mismo"))

    assert only_case(cast).pk == tweet.pk
    with tenant(cast.bank.pk):
        kinds = list(Message.objects.order_by("pk").values_list("network", flat=True))
    assert kinds == ["x", "phone"]


def test_number_of_the_other_system_is_written_down_and_told_twice_is_one_case(cast, desk):
    first = desk.post(HERE, filled(number="SAC-881"))
    again = desk.post(HERE, filled(number="sac 881", token="t-9"))

    assert first["Location"] == again["Location"]
    only_case(cast)
    with tenant(cast.bank.pk):
        assert Reference.objects.get().number == "SAC-881"
    assert desk.post(HERE, filled(number="--", token="t-8")).status_code == 422


def test_case_of_somebody_else_is_not_joined(cast, desk):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces"))
    tweet = only_case(cast)
    with tenant(cast.bank.pk):
        other = Customer.objects.create(organization=cast.bank, name="Otra")

    answer = desk.post(HERE, filled(customer=str(other.pk), ticket=str(tweet.pk)))

    assert answer.status_code == 422


def test_kind_is_suggested_with_the_words_that_made_it(desk):
    page = desk.get(
        f"{HERE}tipo/", {"text": "me cobraron dos veces y no devuelven la plata"}
    ).content.decode()

    assert "Reclamo" in page
    assert "cobr" in page


def test_spoken_answer_is_the_first_response_and_is_written_once(cast, desk):
    desk.post(HERE, filled(happened=f"{clock.now() - timedelta(hours=6):%Y-%m-%dT%H:%M}"))
    ticket = only_case(cast)
    address = f"/frailejon/casos/{ticket.number}/contestado/"

    for _twice in range(2):
        desk.post(address, {"text": "Quedó devuelto.", "client_token": "abc"})

    fresh = only_case(cast)
    assert fresh.first_sent_at is not None
    assert fresh.unanswered_since is None
    with tenant(cast.bank.pk):
        assert Message.objects.filter(direction="out").count() == 1
    assert desk.post(address, {"text": " ", "client_token": "abd"}).status_code == 422


def test_names_of_another_organization_are_not_found(cast, desk):
    desk.post(HERE, filled())

    with tenant(cast.airline.pk):
        assert matches(cast.airline, "Rosa Niño") == []
        assert matches(cast.airline, "310 456 7890") == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', '', true)")
        cursor.execute("SELECT count(*) FROM tickets_people_search('Rosa', 5)")
        assert cursor.fetchone() == (0,)
