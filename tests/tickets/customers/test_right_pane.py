"""What is done about a person from the right pane: data by hand, seen with a reason, validated, unified."""

from __future__ import annotations

import pytest

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tickets.cases.models import Ticket
from tickets.customers.models import Customer, Identity, Unification

HTMX = {"HX-Request": "true"}


@pytest.fixture
def number(cast) -> int:
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces"))
    with tenant(cast.bank.pk):
        return Ticket.objects.get().number


def post(client, number, path, **data):
    return client.post(f"/frailejon/casos/{number}/cliente/{path}/", data, headers=HTMX)


def added(cast) -> Identity:
    with tenant(cast.bank.pk):
        return Identity.objects.get(is_by_hand=True)


def test_a_datum_added_is_shown_masked_and_lies_sealed(cast, number, log_in):
    page = post(log_in(cast.juan), number, "datos", text="300 123 4567").content.decode()

    assert "+57 300 ··· 4567" in page
    assert "1234567" not in page
    one = added(cast)
    stored = " ".join(str(value) for value in vars(one).values()) + bytes(one.sealed).decode("latin-1")
    assert "1234567" not in stored
    assert "300123" not in stored


def test_nonsense_comes_back_with_what_was_written(cast, number, log_in):
    response = post(log_in(cast.juan), number, "datos", text="hola")

    assert response.status_code == 422
    assert 'value="hola"' in response.content.decode()


def test_nul_and_long_texts_are_nonsense(cast, number, log_in):
    client = log_in(cast.juan)

    assert post(client, number, "datos", text="\x00").status_code == 422
    assert post(client, number, "datos", text="9" * 5000).status_code == 422
    assert post(client, number, "datos", text=f"{'a' * 60}@{'b' * 70}.co").status_code == 422


def test_seeing_a_datum_needs_a_reason_and_is_recorded(cast, number, log_in):
    client = log_in(cast.juan)
    post(client, number, "datos", text="CC 52.814.482")
    pk = added(cast).pk

    refused = post(client, number, f"datos/{pk}/see", reason="")
    assert refused.status_code == 422
    assert "52814482" not in refused.content.decode()
    seen = post(client, number, f"datos/{pk}/see", reason="contact")
    assert "52814482" in seen.content.decode()
    assert seen["Cache-Control"] == "no-store"
    with tenant(cast.bank.pk):
        line = AuditEvent.objects.get(action="identity.unmasked")
    assert (line.actor_id, line.data["identity"], line.data["reason"]) == (
        cast.juan.pk, pk, "Llamarla o escribirle",
    )  # fmt: skip
    assert "52814482" not in str(line.data)


def test_once_seen_it_is_masked_again(cast, number, log_in):
    client = log_in(cast.juan)
    post(client, number, "datos", text="CC 52.814.482")
    post(client, number, f"datos/{added(cast).pk}/see", reason="contact")

    page = client.get(f"/frailejon/casos/{number}/cliente/").content.decode()
    assert "52814482" not in page
    assert "·····482" in page


def test_trainee_does_not_see_nor_is_offered_to(cast, number, log_in):
    post(log_in(cast.juan), number, "datos", text="CC 52.814.482")
    with tenant(cast.bank.pk):
        Ticket.objects.filter(number=number).update(assignee=cast.andres)
    client = log_in(cast.andres)

    response = post(client, number, f"datos/{added(cast).pk}/see", reason="contact")
    assert response.status_code == 422
    assert "52814482" not in response.content.decode()
    assert "Ver, con motivo" not in client.get(f"/frailejon/casos/{number}/cliente/").content.decode()


def test_a_datum_of_another_person_is_not_seen_by_its_key(cast, number, person, log_in):
    other = person("Otra", "CC 52.814.482")
    with tenant(cast.bank.pk):
        pk = other.identities.get().pk

    assert post(log_in(cast.juan), number, f"datos/{pk}/see", reason="contact").status_code == 404


def test_what_a_network_told_is_not_taken_away(cast, number, log_in):
    with tenant(cast.bank.pk):
        pk = Identity.objects.get().pk

    assert post(log_in(cast.juan), number, f"datos/{pk}/remove").status_code == 422
    with tenant(cast.bank.pk):
        assert Identity.objects.filter(pk=pk).exists()


def test_what_was_added_by_mistake_is_taken_away(cast, number, log_in):
    client = log_in(cast.juan)
    post(client, number, "datos", text="@otra_persona")

    assert post(client, number, f"datos/{added(cast).pk}/remove").status_code == 200
    with tenant(cast.bank.pk):
        assert not Identity.objects.filter(is_by_hand=True).exists()
        assert AuditEvent.objects.filter(action="identity.removed").exists()


def test_a_document_verified_of_somebody_else_is_refused(cast, number, person, log_in):
    person("Diana", "CC 52.814.482", verified=True)

    response = post(log_in(cast.juan), number, "datos", text="52814482", verified="1")

    assert response.status_code == 422
    assert "verificado en otro cliente" in response.content.decode()
    with tenant(cast.bank.pk):
        assert Identity.objects.filter(check_state="verified").count() == 1


def test_validation_says_by_what_means_by_whom_and_until_when(cast, number, log_in):
    page = post(log_in(cast.juan), number, "validacion", check="call_back", days="30").content.decode()

    assert "Identidad verificada" in page
    assert "llamada al teléfono registrado" in page
    assert "^JC" in page
    assert "hasta" in page
    with tenant(cast.bank.pk):
        customer, line = Customer.objects.get(), AuditEvent.objects.get(action="identity.checked")
    assert (customer.check_until - customer.checked_at).days == 30
    assert (line.data["state"], line.data["means"], line.actor_id) == ("verified", "call_back", cast.juan.pk)


def test_validation_expires(cast, number, log_in):
    client = log_in(cast.juan)
    post(client, number, "validacion", check="code", days="1")
    with tenant(cast.bank.pk):
        Customer.objects.update(check_until="2020-01-01T00:00Z")

    assert "Validación vencida" in client.get(f"/frailejon/casos/{number}/cliente/").content.decode()


@pytest.mark.parametrize("asked", [{"check": "nada"}, {"check": "code", "days": "9999"}, {"check": "said"}])
def test_nonsense_validates_nobody(cast, number, log_in, asked):
    assert post(log_in(cast.juan), number, "validacion", **asked).status_code == 422
    with tenant(cast.bank.pk):
        assert Customer.objects.get().check_state == "none"


def test_trainee_validates_nobody(cast, number, log_in):
    assert post(log_in(cast.andres), number, "validacion", check="code").status_code == 403


def test_agent_asks_and_supervisor_approves_from_the_list(cast, two, log_in):
    with tenant(cast.bank.pk):
        number = Ticket.objects.get(customer=two[0]).number
    page = post(log_in(cast.juan), number, "unir", other=two[1].pk, evidence=["likeness"]).content.decode()
    assert "Espera aprobación" in page
    with tenant(cast.bank.pk):
        asked = Unification.objects.get()

    client = log_in(cast.paola)
    assert "Diana Rojas" in client.get("/frailejon/uniones/").content.decode()
    assert client.post(f"/frailejon/uniones/{asked.pk}/approve/").status_code == 302
    with tenant(cast.bank.pk):
        assert Unification.objects.get().state == "done"
        assert Ticket.objects.filter(customer=two[0]).count() == 2


def test_agent_cannot_open_the_list_nor_approve(cast, two, log_in):
    with tenant(cast.bank.pk):
        number = Ticket.objects.get(customer=two[0]).number
    client = log_in(cast.juan)
    post(client, number, "unir", other=two[1].pk)
    with tenant(cast.bank.pk):
        asked = Unification.objects.get()

    assert client.get("/frailejon/uniones/").status_code == 403
    answer = client.post(f"/frailejon/uniones/{asked.pk}/approve/", {"number": number}, headers=HTMX)
    assert "Nadie aprueba lo que pidió" in answer.content.decode()
    with tenant(cast.bank.pk):
        assert Unification.objects.get().state == "pending"


def test_whoever_comes_second_is_told_who_did_it(cast, two, log_in):
    with tenant(cast.bank.pk):
        number = Ticket.objects.get(customer=two[0]).number
    client = log_in(cast.paola)
    post(client, number, "unir", other=two[1].pk)

    second = post(client, number, "unir", other=two[1].pk)
    assert second.status_code == 409
    assert "Paola ya los había unido" in second.content.decode()


def test_person_found_by_hand_can_be_unified(cast, number, person, log_in):
    called = person("Diana, por teléfono", "CC 52.814.482")

    page = post(log_in(cast.juan), number, "buscar", text="52.814.482").content.decode()
    assert "Diana, por teléfono" in page
    assert f'name="other" value="{called.pk}"' in page


def test_nobody_is_found_by_nonsense(cast, number, log_in):
    assert post(log_in(cast.juan), number, "buscar", text="\x00 ñandú '; --").status_code == 422


def test_strangers_customer_is_not_unified_by_its_key(cast, number, person, log_in):
    theirs = person("Ajena", organization=cast.airline)

    response = post(log_in(cast.paola), number, "unir", other=theirs.pk)
    assert response.status_code == 422
    with tenant(cast.bank.pk):
        assert not Unification.objects.exists()


def test_names_of_strangers_cannot_run_in_the_pane(cast, number, person, log_in):
    person("<script>alert(1)</script>", "300 123 4567")
    client = log_in(cast.juan)
    page = post(client, number, "datos", text="3001234567").content.decode()

    assert "mismo teléfono +57 300 ··· 4567" in page
    assert "<script>alert" not in page


def test_every_form_of_the_pane_has_its_address(cast, number, log_in):
    client = log_in(cast.juan)
    post(client, number, "datos", text="CC 52.814.482")

    page = client.get(f"/frailejon/casos/{number}/cliente/").content.decode()
    assert f"/cliente/datos/{added(cast).pk}/see/" in page
    assert 'action=""' not in page
