"""Before a word is written: the person's other open cases on every channel, and no «escríbanos por DM»."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tests.tickets.filing.people import two_cases
from tickets.cases.models import Message, Ticket
from tickets.replies.domain.casework import lock
from tickets.replies.domain.references import add_reference
from tickets.replies.domain.reply import Refused, reply
from tickets.replies.models import KeptApart

HTMX = {"HX-Request": "true"}
GENERIC = "Hola Diana, escríbanos por DM su número de documento"


@pytest.fixture
def cases(cast) -> tuple[Ticket, Ticket]:
    """A person's two open cases: the tweet being answered, and the other, with a number of the SAC."""
    now = clock.now()
    tweet, other = two_cases(cast, first=now - timedelta(minutes=30), second=now - timedelta(minutes=5))
    with tenant(cast.bank.pk):
        add_reference(lock(other.pk), system="sac", number="881", by=cast.juan, due_on=date(2026, 12, 18))
    return tweet, other


def answer(client, ticket, text, **more):
    asked = {"mode": "public", "text": text, "client_token": "t" * 12} | more
    return client.post(f"/frailejon/casos/{ticket.number}/respuestas/", asked, headers=HTMX)


def sent(cast) -> list[str]:
    with tenant(cast.bank.pk):
        return list(Message.objects.filter(direction="out", is_notice=False).values_list("text", flat=True))


def test_page_shows_the_other_case_with_channel_numbers_and_date(cast, cases, log_in):
    tweet, other = cases
    page = log_in(cast.juan).get(f"/frailejon/casos/{tweet.number}/").content.decode()
    banner = page[page.index('id="case-banner"') : page.index('id="composer"')].replace("\xa0", " ")

    assert "Ya tiene otro caso abierto" in banner
    assert "por Messenger" in banner
    assert f"/frailejon/casos/{other.number}/" in banner
    assert "SAC 881" in banner
    assert "comprometido para vie 18 dic" in banner
    assert 'data-key="u"' in banner
    assert 'data-key="o"' in banner


def test_without_another_open_case_nothing_is_shown_nor_stopped(cast, cases, log_in):
    tweet, other = cases
    with tenant(cast.bank.pk):
        Ticket.objects.filter(pk=other.pk).update(state="resolved", resolved_at=clock.now())
    client = log_in(cast.juan)

    assert (
        "Ya tiene otro caso abierto" not in client.get(f"/frailejon/casos/{tweet.number}/").content.decode()
    )
    assert answer(client, tweet, GENERIC).status_code == 200
    assert len(sent(cast)) == 1


def test_asking_to_write_in_private_is_stopped_and_the_words_stay(cast, cases, log_in):
    response = answer(log_in(cast.juan), cases[0], GENERIC)
    page = response.content.decode()

    assert response.status_code == 422
    assert GENERIC in page
    assert "no le pida que escriba otra vez" in page
    assert "SAC 881" in page
    assert sent(cast) == []


def test_an_answer_of_substance_goes_out(cast, cases, log_in):
    assert answer(log_in(cast.juan), cases[0], "Diana, abrimos a las 8.").status_code == 200


@pytest.mark.parametrize("number", ["SAC-881", "el caso 881"])
def test_naming_the_open_case_is_not_the_generic_request(cast, cases, log_in, number):
    text = f"Diana, su {number} lo tiene Operaciones; si falta algo, escríbanos por DM"

    assert answer(log_in(cast.juan), cases[0], text).status_code == 200


def test_going_on_sends_and_is_recorded(cast, cases, log_in):
    tweet, other = cases
    assert answer(log_in(cast.juan), tweet, GENERIC, goes_on="1").status_code == 200

    assert len(sent(cast)) == 1
    with tenant(cast.bank.pk):
        line = AuditEvent.objects.get(action="ticket.kept_apart")
        kept = KeptApart.objects.get()
    assert (line.ticket_id, line.data["others"], line.actor_id) == (tweet.pk, [other.pk], cast.juan.pk)
    assert (kept.ticket_id, kept.other_id, kept.by_id) == (tweet.pk, other.pk, cast.juan.pk)


def test_going_on_beforehand_lets_the_answer_out_and_is_said(cast, cases, log_in):
    tweet, other = cases
    client = log_in(cast.juan)
    page = client.post(
        f"/frailejon/casos/{tweet.number}/continuar/", {"other": other.pk}, headers=HTMX
    ).content.decode()

    assert "Sigue aparte" in page
    assert "^JC" in page
    assert answer(client, tweet, GENERIC).status_code == 200


def test_a_new_open_case_stops_again(cast, cases, log_in):
    tweet, other = cases
    client = log_in(cast.juan)
    client.post(f"/frailejon/casos/{tweet.number}/continuar/", {"other": other.pk}, headers=HTMX)
    with tenant(cast.bank.pk):
        third = Ticket.objects.get(pk=other.pk)
        third.pk, third.number, third.radicado = None, 900, None
        third.save()

    assert answer(client, tweet, GENERIC).status_code == 422


def test_joining_leaves_one_case_with_both_numbers(cast, cases, log_in):
    tweet, other = cases
    client = log_in(cast.juan)
    page = client.post(f"/frailejon/casos/{tweet.number}/unir-caso/", {"other": other.pk}, headers=HTMX)

    assert page.status_code == 200
    assert "Ya tiene otro caso abierto" not in page.content.decode()
    with tenant(cast.bank.pk):
        assert Ticket.objects.get(pk=other.pk).joined_into_id == tweet.pk
    assert f"/frailejon/casos/{tweet.number}/" in client.get("/frailejon/casos/?q=881").content.decode()


def test_trainee_does_not_join_but_sees_and_goes_on(cast, cases, log_in):
    tweet, other = cases
    client = log_in(cast.andres)

    assert client.post(f"/frailejon/casos/{tweet.number}/unir-caso/", {"other": other.pk}).status_code == 403
    page = client.get(f"/frailejon/casos/{tweet.number}/").content.decode()
    assert "Ya tiene otro caso abierto" in page
    assert 'data-key="u"' not in page


def test_a_case_of_another_person_is_not_joined_by_its_key(cast, cases, person, log_in):
    tweet, other = cases
    stranger = person("Otra")
    with tenant(cast.bank.pk):
        Ticket.objects.filter(pk=other.pk).update(customer=stranger)
    response = log_in(cast.juan).post(
        f"/frailejon/casos/{tweet.number}/unir-caso/", {"other": other.pk}, headers=HTMX
    )

    assert response.status_code == 409
    with tenant(cast.bank.pk):
        assert Ticket.objects.get(pk=other.pk).joined_into_id is None


def test_a_case_that_is_surely_the_same_persons_is_shown_and_stops(cast, cases, person, log_in):
    """They are two customers still, but this one quotes the number of the other's case."""
    tweet, other = cases
    caller = person("Diana, por teléfono")
    with tenant(cast.bank.pk):
        Ticket.objects.filter(pk=other.pk).update(customer=caller)
    hear(
        cast,
        mention("@FrailejonAyuda y me dieron el caso SAC-881", number=4, conversation="9", at=clock.now()),
    )
    client = log_in(cast.juan)

    shown = client.get(f"/frailejon/casos/{tweet.number}/parecidos/").content.decode()
    assert "Parece la misma persona" in shown
    assert "SAC 881" in shown
    assert answer(client, tweet, GENERIC).status_code == 422


def test_the_verb_itself_stops_whoever_calls_it(cast, cases):
    with tenant(cast.bank.pk), pytest.raises(Refused, match="other_case_open"):
        reply(lock(cases[0].pk), by=cast.juan, text=GENERIC, mode="public", client_token="api-1")


def test_page_needs_no_more_queries_for_the_banner(cast, cases, log_in, django_assert_max_num_queries):
    client = log_in(cast.juan)
    client.get(f"/frailejon/casos/{cases[0].number}/")
    with django_assert_max_num_queries(22):
        client.get(f"/frailejon/casos/{cases[0].number}/")
