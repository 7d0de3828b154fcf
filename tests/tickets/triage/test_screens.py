"""What needs no attention, on screen: found by its words, corrected with one key, undone, sampled, learnt from."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from channels_social.networks.base import Author
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant, whole
from tests.stories import file_case, hear, mention, open_case
from tickets.cases.access import MemberAccount
from tickets.cases.filings import FilingRule
from tickets.cases.models import Conversation, Message, Ticket
from tickets.cases.rules import FilingWhen
from tickets.clocks.models import Clock
from tickets.enums import PqrKind, Priority, TicketState
from tickets.replies.domain.moves import facts_of
from tickets.replies.domain.priority import take_priority
from tickets.replies.domain.teaching import URGENCY_OF
from tickets.triage.domain.corrections import teach
from tickets.triage.models import AttentionChange, NoiseSample, TriageCorrection, TriageVersion

NEWS = "Las acciones del banco suben 3 % tras anunciar la fusión, según analistas https://t.co/b #Bolsa"
ASKS = "@FrailejonAyuda hola, ¿a qué hora abren mañana?"
WHY = {"reason": "Publicidad o sorteo"}

pytestmark = pytest.mark.django_db


def to(name: str, *args: int, **query: str) -> str:
    url = reverse(name, args=["frailejon", *args])
    return f"{url}?{'&'.join(f'{key}={value}' for key, value in query.items())}" if query else url


def text_of(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.fixture
def noise(cast) -> Callable[..., Message]:
    """A message of somebody new that needs no attention."""
    count = iter(range(500, 2000))

    def said(text: str = NEWS, account=None, **more) -> Message:
        number = next(count)
        author = Author(str(number), "user", f"Persona {number}", f"persona{number}")
        hear(cast, mention(text, number=number, author=author, **more), account=account)
        with tenant(cast.bank.pk):
            message = Message.objects.latest("pk")
        assert message.ticket_id is None
        return message

    return said


@pytest.fixture
def asked(cast) -> Ticket:
    """An open case without radicado."""
    hear(cast, mention(ASKS, number=400))
    with tenant(cast.bank.pk):
        return Ticket.objects.select_related("organization").get()


def fresh(cast, row):
    with tenant(cast.bank.pk):
        return type(row).objects.get(pk=row.pk)


def clocks_of(cast, ticket) -> list[tuple]:
    with tenant(cast.bank.pk):
        rows = Clock.objects.filter(ticket=ticket).order_by("pk")
        return list(rows.values_list("pk", "started_at", "due_at", "met_at", "cancelled_at", "paused_at"))


def test_noise_is_listed_with_its_reasons_and_is_not_in_the_queue(cast, noise, log_in):
    message = noise()
    client = log_in(cast.paola)

    page = text_of(client.get(to("noise")))

    assert "suben 3 %" in page
    assert message.verdict["reasons"]
    for reason in message.verdict["reasons"]:
        assert reason.split("«")[0] in page
    assert "suben 3 %" not in text_of(client.get(to("queue")))
    assert to("noise") in text_of(client.get(to("queue")))


def test_noise_is_found_by_its_words_only_among_noise(cast, noise, asked, log_in):
    noise("Descubre ornitorrincos con nuestra oferta https://t.co/q #Promo")
    noise()
    client = log_in(cast.paola)

    found = text_of(client.get(to("noise", q="ornitorrinco")))

    assert "Descubre" in found
    assert "suben 3 %" not in found
    assert "Nada con esas palabras" in text_of(client.get(to("noise", q="mañana")))
    assert "Nada con esas palabras" in text_of(client.get(to("noise", q="de")))


def test_pages_by_key_show_each_message_once(cast, noise, log_in):
    first = noise()
    with tenant(cast.bank.pk), whole(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_message (organization_id, conversation_id, network, parent_external_id, direction, "
            "is_public, text, occurred_at, is_native, needs_attention, is_courtesy, is_encrypted, send_state) "
            "SELECT organization_id, conversation_id, network, '', direction, is_public, 'oferta numero ' || n, "
            "occurred_at - (n / 2) * interval '1 second', false, false, false, false, '' "
            "FROM tickets_message, generate_series(1, 119) n WHERE id = %s",
            [first.pk],
        )
    client = log_in(cast.paola)
    for query in ({}, {"q": "oferta"}):
        url, seen = to("noise", **query), []
        for _ in range(5):
            page = text_of(client.get(url))
            seen += [part.split('"')[0] for part in page.split('<li id="noise-')[1:]]
            more = re.search(r'href="([^"]*after=[^"]*)"', page)
            if more is None:
                break
            url = more[1].replace("&amp;", "&")
        assert len(seen) == len(set(seen)) == (119 if query else 120)


def test_yes_it_needs_attention_opens_the_case_and_undo_takes_everything_back(cast, noise, log_in):
    message = noise(at=clock.now() - timedelta(hours=3))
    client = log_in(cast.juan)

    said = text_of(client.post(to("attention_needed", message.pk), headers={"HX-Request": "true"}))

    with tenant(cast.bank.pk):
        case = Ticket.objects.get()
        change = AttentionChange.objects.get()
        assert set(Clock.objects.values_list("started_at", flat=True)) == {message.occurred_at}
        assert TriageCorrection.objects.get().said == "1"
    assert str(case.number) in said
    assert to("attention_undo", change.pk) in said

    client.post(to("attention_undo", change.pk))

    after = fresh(cast, message)
    assert (after.ticket_id, after.needs_attention) == (None, False)
    assert fresh(cast, case).state == TicketState.NO_MOTIVE
    with tenant(cast.bank.pk):
        assert Conversation.objects.get(pk=message.conversation_id).current_ticket_id is None
        assert not TriageCorrection.objects.exists()
        assert not Clock.objects.filter(met_at=None, cancelled_at=None).exists()
    assert "suben 3 %" in text_of(client.get(to("noise")))
    again = client.post(to("attention_undo", change.pk), follow=True)
    assert "Ya se había deshecho" in again.content.decode()


def test_what_a_rule_filed_at_once_is_not_undone(cast, noise, log_in):
    message = noise()
    with tenant(cast.bank.pk):
        for kind in PqrKind.values:
            FilingRule.objects.update_or_create(
                organization=cast.bank, kind=kind, defaults={"when": FilingWhen.ALWAYS}
            )
    client = log_in(cast.juan)
    client.post(to("attention_needed", message.pk))
    with tenant(cast.bank.pk):
        change, case = AttentionChange.objects.get(), Ticket.objects.get()
    assert case.radicado

    said = client.post(to("attention_undo", change.pk), follow=True).content.decode()

    assert "ya tiene radicado" in said
    assert fresh(cast, case).is_open


def test_joining_an_open_case_is_undone_exactly(cast, noise, log_in):
    author = Author("600", "user", "Persona 600", "persona600")
    at = clock.now() - timedelta(hours=2)
    hear(cast, mention(NEWS, number=600, author=author, at=at))
    hear(cast, mention(ASKS, number=601, author=author, at=at + timedelta(hours=1)))
    with tenant(cast.bank.pk):
        case = Ticket.objects.get()
        message = Message.objects.get(ticket=None)
    before, clocks = facts_of(case), clocks_of(cast, case)
    client = log_in(cast.juan)

    client.post(to("attention_needed", message.pk))
    assert fresh(cast, message).ticket_id == case.pk
    with tenant(cast.bank.pk):
        change = AttentionChange.objects.get()
    client.post(to("attention_undo", change.pk))

    assert facts_of(fresh(cast, case)) == before
    assert [row for row in clocks_of(cast, case) if row[4] is None] == clocks
    assert fresh(cast, message).ticket_id is None


def test_what_happened_since_stops_the_undo_with_a_sentence(cast, noise, log_in):
    message = noise()
    client = log_in(cast.juan)
    client.post(to("attention_needed", message.pk))
    with tenant(cast.bank.pk):
        change, case = AttentionChange.objects.get(), Ticket.objects.get()
    client.post(to("reply", case.number), {"mode": "public", "text": "Lo miramos.", "client_token": "t1"})
    with tenant(cast.bank.pk):
        Ticket.objects.update(last_sent_at=clock.now())

    said = client.post(to("attention_undo", change.pk), follow=True).content.decode()

    assert "ya no se puede deshacer" in said
    assert fresh(cast, message).ticket_id == case.pk


def test_a_case_is_put_aside_with_one_key_and_a_reason_and_comes_back_whole(cast, asked, log_in):
    before, clocks = facts_of(asked), clocks_of(cast, asked)
    client = log_in(cast.juan)
    assert to("put_aside", asked.number) in text_of(client.get(to("case", asked.number)))

    said = text_of(client.post(to("put_aside", asked.number), WHY, follow=True))

    assert "no requiere atención" in said
    assert fresh(cast, asked).state == TicketState.NO_MOTIVE
    with tenant(cast.bank.pk):
        change = AttentionChange.objects.get()
        assert AuditEvent.objects.get(action="ticket.put_aside").data["reason"] == WHY["reason"]
    assert to("attention_undo", change.pk) in said
    aside = text_of(client.get(to("noise", lista="apartados")))
    assert WHY["reason"] in aside
    assert to("case", asked.number) in aside

    client.post(to("attention_undo", change.pk))

    assert facts_of(fresh(cast, asked)) == before
    assert clocks_of(cast, asked) == clocks
    with tenant(cast.bank.pk):
        assert not TriageCorrection.objects.exists()


def test_without_a_reason_nothing_is_put_aside(cast, asked, log_in):
    said = log_in(cast.juan).post(to("put_aside", asked.number), {"reason": "  "}, follow=True)

    assert "Diga por qué no requiere atención" in said.content.decode()
    assert fresh(cast, asked).state != TicketState.NO_MOTIVE


def test_a_filed_case_is_not_put_aside_and_the_page_says_why(cast, log_in):
    keys = open_case(cast) | file_case(cast)
    with tenant(cast.bank.pk):
        Ticket.objects.filter(number=keys["number"]).update(radicado="2026-000001")

    said = log_in(cast.juan).post(to("put_aside", keys["number"]), WHY, follow=True).content.decode()

    assert "ya tiene radicado" in said


def test_who_may_not_is_not_offered_it_and_is_refused(cast, asked, noise, log_in):
    message = noise()
    with tenant(cast.bank.pk):
        Ticket.objects.update(assignee=cast.andres)
    client = log_in(cast.andres)

    assert to("put_aside", asked.number) not in text_of(client.get(to("case", asked.number)))
    assert client.post(to("put_aside", asked.number), WHY).status_code == 403
    assert client.post(to("attention_needed", message.pk)).status_code == 404
    assert "suben 3 %" not in text_of(client.get(to("noise")))
    assert log_in(cast.juan).get(to("noise", lista="muestra")).status_code == 403
    assert log_in(cast.juan).post(to("noise_reviewed", message.pk)).status_code == 403


def test_limited_member_finds_only_noise_of_their_accounts(cast, noise, log_in):
    mine = noise("Ornitorrinco en oferta, descúbrelo aquí https://t.co/q #Promo")
    with tenant(cast.bank.pk):
        cast.juan.is_limited = True
        cast.juan.save()
        MemberAccount.objects.create(organization=cast.bank, member=cast.juan, account=cast.bank_page)

    for query in ({}, {"q": "ornitorrinco"}):
        assert "Ornitorrinco" not in text_of(log_in(cast.juan).get(to("noise", **query)))
        assert "Ornitorrinco" in text_of(log_in(cast.paola).get(to("noise", **query)))
    assert log_in(cast.juan).post(to("attention_needed", mine.pk)).status_code == 404


def test_personal_data_is_hidden_from_who_must_ask(cast, noise, log_in):
    noise("Oferta: escríbenos a ventas@promo.example o al 3001234567 https://t.co/q #Promo #Oferta")

    assert "ventas@promo.example" not in text_of(log_in(cast.juan).get(to("noise")))
    assert "ventas@promo.example" in text_of(log_in(cast.paola).get(to("noise")))


def sample(cast, *messages: Message) -> None:
    with tenant(cast.bank.pk):
        for message in messages:
            NoiseSample.objects.create(
                organization=cast.bank, message=message, day=message.occurred_at.date()
            )


def test_supervisor_goes_through_the_sample(cast, noise, log_in):
    right, wrong = noise(), noise()
    sample(cast, right, wrong)
    client = log_in(cast.paola)
    page = text_of(client.get(to("noise", lista="muestra")))
    assert 'id="samples-waiting">2<' in page

    client.post(to("noise_reviewed", right.pk), {"verdict": "right"})
    client.post(to("noise_reviewed", wrong.pk), {"verdict": "needed"})

    assert fresh(cast, right).ticket_id is None
    assert fresh(cast, wrong).ticket_id is not None
    with tenant(cast.bank.pk):
        assert set(NoiseSample.objects.values_list("reviewed_by", flat=True)) == {cast.paola.pk}
    assert "Nada por revisar" in text_of(client.get(to("noise", lista="muestra")))


def test_nobody_reviews_what_they_judged(cast, asked, log_in):
    client = log_in(cast.paola)
    client.post(to("put_aside", asked.number), WHY)
    with tenant(cast.bank.pk):
        NoiseSample.objects.all().delete()
        message = Message.objects.get()
    sample(cast, message)

    assert "Nada por revisar" in text_of(client.get(to("noise", lista="muestra")))
    for verdict in ("right", "needed"):
        said = client.post(to("noise_reviewed", message.pk), {"verdict": verdict}, follow=True)
        assert "lo revisa otra persona" in said.content.decode()
    assert fresh(cast, asked).state == TicketState.NO_MOTIVE


def test_a_second_person_brings_a_case_back(cast, asked, log_in):
    log_in(cast.juan).post(to("put_aside", asked.number), WHY)
    with tenant(cast.bank.pk):
        NoiseSample.objects.all().delete()
        message = Message.objects.get()
    sample(cast, message)
    client = log_in(cast.paola)
    assert to("case", asked.number) in text_of(client.get(to("noise", lista="muestra")))

    client.post(to("noise_reviewed", message.pk), {"verdict": "needed"})

    assert fresh(cast, asked).is_open


def test_another_kind_is_a_correction_and_the_judged_one_takes_it_back(cast, log_in):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces la cuota y no devuelven la plata", number=401))
    client = log_in(cast.juan)
    with tenant(cast.bank.pk):
        case = Ticket.objects.get()
        Ticket.objects.update(radicado=None)
        judged = case.suggested_kind
    other = "queja" if judged != "queja" else "reclamo"

    client.post(to("kind", case.number), {"kind": other, "reason": "x"})
    with tenant(cast.bank.pk):
        kept = TriageCorrection.objects.get(aspect="kind")
        assert (kept.judged, kept.said, kept.by_id) == (judged, other, cast.juan.pk)
    client.post(to("kind", case.number), {"kind": judged, "reason": "x"})

    with tenant(cast.bank.pk):
        assert not TriageCorrection.objects.exists()


def test_another_priority_is_a_correction_of_the_urgency(cast, asked):
    with tenant(cast.bank.pk):
        message = Message.objects.get()
        judged = message.verdict["urgency"]
        said, other = ("alta", Priority.CRITICAL) if judged != "alta" else ("baja", Priority.LOW)
        assert take_priority(asked, priority=other, why="motivo", by=cast.juan)
        kept = TriageCorrection.objects.get()
        assert (kept.aspect, kept.judged, kept.said) == ("urgency", judged, said)
        assert kept.sums.keys() >= {"alta", "media", "baja"}
        back = next(one for one, urgency in URGENCY_OF.items() if urgency == judged)
        take_priority(asked, priority=back, why="motivo", by=cast.juan)
        assert not TriageCorrection.objects.exists()
        take_priority(asked, priority=other, why="sistema", by=None)
        assert not TriageCorrection.objects.exists()


def test_verdict_and_its_marks_are_on_the_case(cast, log_in):
    text = "@FrailejonAyuda son unos ladrones imbéciles, si no responden los denuncio en la Superintendencia y prensa"
    hear(cast, mention(text, number=402))
    with tenant(cast.bank.pk):
        case, message = Ticket.objects.get(), Message.objects.get()
    page = text_of(log_in(cast.paola).get(to("case", case.number)))

    assert message.verdict["threat"]
    assert "amenaza de difusión" in page
    assert ("insulto a personas" in page) == message.verdict["abusive"]
    assert message.verdict["reasons"][0].split("«")[0] in page


def test_the_criterion_page_shows_what_was_learnt_and_switches(cast, noise, log_in):
    messages = [noise(f"{NEWS} {n}") for n in range(16)]
    juan, marta = log_in(cast.juan), None
    for message in messages:
        juan.post(to("attention_needed", message.pk))
    with tenant(cast.bank.pk):
        version = teach(cast.bank.pk)
    assert version is not None
    marta = log_in(cast.marta)
    page = text_of(marta.get(to("criterion")))
    assert "versión 1" in page
    assert ">16<" in page
    assert f"{round(100 * version.right_after / version.held_back)} %" in page

    off = text_of(marta.post(to("criterion"), {"on": "0"}, follow=True))

    assert "Encender" in off
    assert "apagada" in off
    with tenant(cast.bank.pk):
        assert TriageVersion.objects.filter(is_in_force=True).exists()
        assert AuditEvent.objects.get(action="triage.switched").actor_id == cast.marta.pk
    assert "Apagó lo que el criterio aprende" in text_of(marta.get(to("audit")))
    assert log_in(cast.juan).post(to("criterion"), {"on": "1"}).status_code == 403
