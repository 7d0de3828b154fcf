"""The list for colleagues, the decision of an admin, and what the case's story tells."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tickets.aftercontact.domain.planning import policy_of
from tickets.aftercontact.models import AfterContact, AfterContactPolicy, Contact
from tickets.cases.models import Ticket
from tickets.enums import TicketState

LIST = "/frailejon/contacto-posterior/"
SETTINGS = "/frailejon/ajustes/contacto-posterior/"
GIVEN = {"is_on": "on", "days": "5", "first_hour": "08:00", "last_hour": "17:00", "score": "nps"}


@pytest.fixture
def listed(cast) -> AfterContact:
    hear(cast, mention("@FrailejonAyuda ¿a qué hora abren?"))
    with tenant(cast.bank.pk):
        Ticket.objects.update(state=TicketState.RESOLVED, resolved_at=clock.now())
        return AfterContact.objects.create(
            organization=cast.bank, ticket=Ticket.objects.get(), state=Contact.LISTED, code="no_target",
            answered_since=clock.now() - timedelta(days=4), due_at=clock.now(),
            expires_at=clock.now() + timedelta(days=9),
        )  # fmt: skip


def test_colleague_writes_down_a_no_and_the_story_tells_it(cast, listed, log_in):
    client = log_in(cast.juan)
    page = client.get(LIST).content.decode()
    assert "no hay conversación privada abierta con el cliente" in page

    answer = client.post(f"{LIST}{listed.pk}/", {"what": "no", "score": "2"})

    assert answer.status_code == 302
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.get()
        assert ticket.state == TicketState.OPEN
    assert "No hay a quién preguntar" in client.get(LIST).content.decode()
    story = client.get(f"/frailejon/casos/{ticket.number}/").content.decode()
    assert "El cliente dijo que no quedó solucionado · calificó con 2 · lo anotó" in story


def test_customer_left_alone_is_asked_no_more(cast, listed, log_in):
    log_in(cast.juan).post(f"{LIST}{listed.pk}/", {"what": "never"})

    with tenant(cast.bank.pk):
        assert AfterContact.objects.get().state == Contact.EXPIRED
        assert Ticket.objects.select_related("customer").get().customer.no_contact


def test_no_contact_is_put_on_and_taken_off_in_the_customers_pane(cast, listed, log_in):
    client = log_in(cast.juan)
    with tenant(cast.bank.pk):
        case = f"/frailejon/casos/{Ticket.objects.get().number}/"
    assert "Marcar «no contactar»" in client.get(f"{case}cliente/").content.decode()

    for said in ("1", "1", "0"):
        client.post(f"{case}cliente/no-contactar/", {"no_contact": said})

    with tenant(cast.bank.pk):
        assert not Ticket.objects.select_related("customer").get().customer.no_contact
        lines = AuditEvent.objects.filter(action__startswith="customer.").order_by("pk")
        assert list(lines.values_list("action", flat=True)) == [
            "customer.no_contact",
            "customer.contact_again",
        ]
    assert "marcó al cliente «no contactar»" in client.get(case).content.decode()
    assert log_in(cast.marta).post(f"{case}cliente/no-contactar/", {"no_contact": "1"}).status_code in (
        403,
        404,
    )


def test_row_of_another_organization_is_not_found(cast, listed, log_in):
    assert (
        log_in(cast.carla).post(f"/alisios/contacto-posterior/{listed.pk}/", {"what": "no"}).status_code
        == 404
    )
    with tenant(cast.bank.pk):
        assert AfterContact.objects.get().state == Contact.LISTED


def test_admin_sees_what_it_does_before_it_is_saved(cast, log_in):
    client = log_in(cast.marta)

    shown = client.post(SETTINGS, GIVEN | {"preview": "1"}).content.decode()

    assert "5 días hábiles después" in shown
    assert "de 0 a 10 qué tanto nos recomendaría" in shown
    with tenant(cast.bank.pk):
        assert policy_of(cast.bank.pk).days == 3
    assert client.post(SETTINGS, GIVEN).status_code == 302
    with tenant(cast.bank.pk):
        policy = AfterContactPolicy.objects.get()
        assert (policy.days, policy.score) == (5, "nps")
        assert AuditEvent.objects.filter(action="aftercontact.changed").count() == 1


def test_hours_the_wrong_way_round_are_explained(cast, log_in):
    answer = log_in(cast.marta).post(SETTINGS, GIVEN | {"first_hour": "18:00", "last_hour": "09:00"})

    assert answer.status_code == 422
    assert "La hora final va después de la inicial" in answer.content.decode()
