"""The screens of incidents: what bad input is told, and that nothing written is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from helpdesk import clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.permissions import Permission
from tests.stories import declare_one, hear, mention
from tickets.cases.models import Ticket
from tickets.incidents.domain.queries.live import pinned_of
from tickets.incidents.models import BatchedAnswer, Incident, IncidentCase, IncidentNotice

ALL = "/frailejon/novedades/"


def moment(minutes: float) -> str:
    with timezone.override("America/Bogota"):
        return timezone.localtime(clock.now() + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")


def given(**more) -> dict[str, str]:
    return {
        "title": "La app no abre", "situation": "No se puede entrar.", "measures": "Trabajamos en ello.",
        "statement": "{nombre}, ya trabajamos en ello.", "when": "unknown", "next_notice_at": moment(30),
    } | more  # fmt: skip


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def one(cast):
    """An incident with a case and an answer that waits; Juan may approve notices."""
    hear(cast, mention("@FrailejonAyuda la app no abre"))
    with tenant(cast.bank.pk):
        cast.juan.permissions = sorted({*cast.juan.permissions, Permission.APPROVE_NOTICES.value})
        cast.juan.save()
        ticket = Ticket.objects.get()
        declare_one(cast, ticket.number)
    return f"{ALL}1/"


def test_supervisor_declares_and_the_page_says_what_it_is(cast, log_in):
    client = log_in(cast.paola)

    answer = client.post(f"{ALL}nueva/", given())

    assert (answer.status_code, answer["Location"]) == (302, f"{ALL}1/")
    page = text(client.get(f"{ALL}1/"))
    assert "La app no abre" in page
    assert "aún sin estimar" in page
    assert "Paola la declaró" in page


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"when": "estimated", "estimated_at": -30}, "La hora estimada ya pasó"),
        ({"next_notice_at": ""}, "a qué hora sale el próximo aviso"),
        ({"statement": "{nombr}, hola"}, "«{nombr}» no se puede llenar en un lote"),
        ({"title": ""}, "Póngale un nombre corto a la novedad"),
    ],
)
def test_bad_input_is_told_and_what_was_written_stays(cast, log_in, more, said):
    more = {key: moment(value) if isinstance(value, int) else value for key, value in more.items()}

    answer = log_in(cast.paola).post(f"{ALL}nueva/", given(**more))

    assert answer.status_code == 422
    assert said in text(answer)
    assert "No se puede entrar." in text(answer)


def test_second_supervisor_keeps_what_they_wrote_and_may_add_it_or_declare_another(cast, one, log_in):
    client = log_in(cast.paola)
    answer = client.post(f"{ALL}nueva/", given(situation="La app se cerró sola."))

    assert answer.status_code == 409
    assert "la declaró Paola" in text(answer)
    assert "La app se cerró sola." in text(answer)
    assert client.post(f"{ALL}nueva/", given(another="1")).status_code == 302


def test_agent_proposes_and_may_not_declare_publish_or_close(cast, one, log_in):
    assert log_in(cast.andres).get(f"{ALL}nueva/").status_code == 403
    client = log_in(cast.juan)

    client.post(f"{ALL}nueva/", {"title": "Cajero de Neiva sin plata", "situation": "Varios lo dicen."})

    with tenant(cast.bank.pk):
        assert Incident.objects.get(number=2).state == "proposed"
    for path, what in (("1/cambio/", "close"), ("1/aviso/", "write"), ("2/cambio/", "dismiss")):
        assert client.post(f"{ALL}{path}", {"what": what}).status_code == 403


def test_closing_without_prevention_says_what_is_missing(cast, one, log_in):
    client = log_in(cast.paola)

    answer = client.post(f"{one}cambio/", {"what": "close", "prevention": ""})

    assert answer.status_code == 422
    assert "diga qué medidas se toman para que no se repita" in text(answer)
    client.post(f"{one}cambio/", {"what": "close", "prevention": "Doble revisión."})
    assert "Doble revisión." in text(client.get(one))


def test_author_is_not_offered_to_approve_and_somebody_else_publishes(cast, one, log_in):
    client = log_in(cast.paola)
    client.post(f"{one}aviso/", {"what": "write"})
    with tenant(cast.bank.pk):
        notice = IncidentNotice.objects.get()

    assert "Aprobar y publicar" not in text(client.get(one))
    refused = client.post(f"{one}aviso/", {"what": "approve", "notice": notice.pk})
    assert refused.status_code == 422

    client = log_in(cast.juan)
    assert "Aprobar y publicar" in text(client.get(one))
    client.post(f"{one}aviso/", {"what": "approve", "notice": notice.pk})
    assert "lo aprobó Juan Carlos" in text(client.get(one))


def test_case_is_linked_by_its_number_and_an_unknown_one_is_told(cast, one, log_in):
    with tenant(cast.bank.pk):
        IncidentCase.objects.all().delete()
        number = Ticket.objects.get().number
    client = log_in(cast.paola)

    assert "No hay un caso con el número «99999»" in text(client.post(f"{one}casos/", {"number": "99999"}))
    client.post(f"{one}casos/", {"number": str(number)})

    with tenant(cast.bank.pk):
        assert IncidentCase.objects.get().cause == "hand"


def test_answers_are_reviewed_and_what_cannot_be_ticked_is_not_sent(cast, one, log_in):
    client = log_in(cast.paola)

    page = text(client.post(f"{one}respuestas/", {"text": "{nombre}, ya funciona."}))
    assert "Diana, ya funciona." in page
    assert "Ya está en un lote" in page

    with tenant(cast.bank.pk):
        key = Ticket.objects.get().pk
    answer = client.post(f"{one}respuestas/", {"text": "hola", "case": [key], "send": "1", "token": "t"})
    assert answer.status_code == 422
    assert "Elija al menos un caso" in text(answer)


def test_statement_stands_over_the_composer_with_the_customers_name_until_it_is_over(cast, one, log_in):
    with tenant(cast.bank.pk):
        Incident.objects.update(statement="{nombre}, ya trabajamos en ello.")
        number = Ticket.objects.get().number
    client = log_in(cast.juan)

    assert "Diana, ya trabajamos en ello." in text(client.get(f"{ALL}fijadas/{number}/"))
    log_in(cast.paola).post(f"{one}cambio/", {"what": "close", "prevention": "x"})
    assert text(client.get(f"{ALL}fijadas/{number}/")).strip() == ""
    with tenant(cast.bank.pk):
        assert pinned_of(cast.bank.pk) == []


def test_stopping_leaves_nothing_to_leave(cast, one, log_in):
    with tenant(cast.bank.pk):
        batch = BatchedAnswer.objects.get().batch_id

    log_in(cast.paola).post(f"{one}respuestas/{batch}/detener/")

    with tenant(cast.bank.pk):
        assert BatchedAnswer.objects.get().stage == "cancelled"
