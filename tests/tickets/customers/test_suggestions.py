"""Who may be the same person, and why: each sort of evidence, what is too common, what somebody denied."""

from __future__ import annotations

import pytest

from channels_social.networks.base import Author
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tests.tickets.customers.conftest import customers_of
from tickets.cases.models import Ticket
from tickets.customers.domain import identities, unifying
from tickets.customers.domain.names import give_names
from tickets.customers.domain.queries.suggestions import suggestions
from tickets.customers.models import Customer
from tickets.customers.rules.data import recognise

STRANGE = Author("2009", "user", "Zoraida Quintana", "zq_1971")


def suggested(cast, customer_id, organization=None):
    """Customer → codes of evidence."""
    with tenant((organization or cast.bank).pk):
        return {
            one.customer_id: [e.code for e in one.evidence]
            for one in suggestions(Customer.objects.get(pk=customer_id))
        }


@pytest.mark.parametrize(
    ("datum", "written", "code"),
    [
        ("300 123 4567", "+57 3001234567", "phone"),
        ("Diana@Correo.CO", "diana@correo.co", "email"),
        ("CC 52.814.482", "52814482", "document"),
    ],
)
def test_the_same_datum_written_otherwise_is_evidence(cast, person, datum, written, code):
    one, other = person("Diana", datum), person("D. Rojas", written)

    assert suggested(cast, one.pk) == {other.pk: [code]}
    assert suggested(cast, other.pk) == {one.pk: [code]}


def test_a_handle_like_a_name_is_evidence(cast, two):
    named = customers_of(cast)
    assert suggested(cast, named["dianam_rojas"]) == {two[1].pk: ["likeness"]}


def test_the_same_handle_by_hand_is_evidence(cast, two, person):
    called = person("Diana, llamó", "@dianam_rojas")

    assert "handle" in suggested(cast, two[0].pk)[called.pk]


def test_the_same_order_quoted_by_two_is_evidence(cast):
    hear(cast, mention("@FrailejonAyuda mi caso SAC-88123 sigue igual", number=1))
    hear(cast, mention("@FrailejonAyuda ¿qué pasó con SAC-88123?", number=2, author=STRANGE))
    named = customers_of(cast)

    assert suggested(cast, named["dianam_rojas"]) == {named["zq_1971"]: ["order"]}


def test_quoting_the_radicado_of_somebody_is_evidence_both_ways(cast):
    hear(cast, mention("@FrailejonAyuda esto es un reclamo: me cobraron dos veces la cuota", number=1))
    named = customers_of(cast)
    with tenant(cast.bank.pk):
        radicado = Ticket.objects.get().radicado
    assert radicado
    hear(cast, mention(f"@FrailejonAyuda llevo un mes con el {radicado}", number=2, author=STRANGE))
    quoter = customers_of(cast)["zq_1971"]

    assert suggested(cast, quoter) == {named["dianam_rojas"]: ["their_number"]}
    assert suggested(cast, named["dianam_rojas"]) == {quoter: ["their_number"]}


def test_writing_the_mail_another_person_has_is_evidence(cast, person):
    hear(cast, mention("@FrailejonAyuda mi correo es diana@correo.co", number=1, author=STRANGE))
    registered = person("Diana", "diana@correo.co")
    writer = customers_of(cast)["zq_1971"]

    assert suggested(cast, writer) == {registered.pk: ["said_email"]}
    assert suggested(cast, registered.pk) == {writer: ["said_email"]}


def test_what_many_share_is_no_evidence(cast, person):
    people = [person(f"Cliente {number}", "300 123 4567") for number in range(7)]

    assert suggested(cast, people[0].pk) == {}


def test_who_was_said_to_be_another_is_not_suggested(cast, person):
    one, other = person("Diana", "300 123 4567"), person("Su mamá", "300 123 4567")
    with tenant(cast.bank.pk):
        unifying.keep_apart(cast.bank.pk, one=one.pk, other=other.pk, by=cast.juan)

    assert suggested(cast, one.pk) == suggested(cast, other.pk) == {}


def test_another_organizations_people_are_no_evidence(cast, person):
    one = person("Diana", "+57 300 123 4567", "diana@correo.co")
    theirs = person("Diana", "+57 300 123 4567", "diana@correo.co", organization=cast.airline)

    assert suggested(cast, one.pk) == {}
    assert suggested(cast, theirs.pk, cast.airline) == {}


def test_what_was_deleted_is_no_evidence(cast):
    from channels_social.networks.base import Change
    from helpdesk import clock

    hear(cast, mention("@FrailejonAyuda mi caso SAC-88123 sigue igual", number=1))
    hear(cast, mention("@FrailejonAyuda ¿qué pasó con SAC-88123?", number=2, author=STRANGE))
    hear(cast, Change(what="delete", external_id=mention("", number=2).external_id, occurred_at=clock.now()))

    assert suggested(cast, customers_of(cast)["dianam_rojas"]) == {}


def test_a_name_told_later_counts(cast, two):
    hear(cast, mention("@FrailejonAyuda hola", number=5, author=Author("2010", "user", "", "")))
    with tenant(cast.bank.pk):
        give_names(cast.bank.pk, "user", {"2010": "Diana Rojas"})
        nameless = Customer.objects.get(identities__external_id="2010")

    assert two[1].pk in suggested(cast, nameless.pk)


def test_unified_people_are_not_suggested_to_each_other(cast, person):
    one, other = person("Diana", "300 123 4567"), person("Diana R.", "300 123 4567")
    with tenant(cast.bank.pk):
        unifying.unify(cast.bank.pk, one=one.pk, other=other.pk, by=cast.paola)

    assert suggested(cast, one.pk) == {}


def test_the_same_datum_twice_is_once(cast, person):
    one = person("Diana", "300 123 4567")
    with tenant(cast.bank.pk):
        again = identities.add(one, recognise("+57 3001234567", "CO"), by=None)
        assert one.identities.get() == again


@pytest.mark.parametrize("number", ["SAC 881", "881"])
def test_quoting_the_number_of_another_system_is_evidence_both_ways(cast, number):
    from tickets.replies.domain.casework import lock
    from tickets.replies.domain.references import add_reference

    hear(cast, mention("@FrailejonAyuda hola", number=1))
    with tenant(cast.bank.pk):
        add_reference(lock(Ticket.objects.get().pk), system="sac", number=number, by=cast.juan)
    hear(cast, mention("@FrailejonAyuda llamé y me dieron el caso SAC-881", number=2, author=STRANGE))
    named = customers_of(cast)

    assert suggested(cast, named["zq_1971"]) == {named["dianam_rojas"]: ["their_number"]}
    assert suggested(cast, named["dianam_rojas"]) == {named["zq_1971"]: ["their_number"]}
