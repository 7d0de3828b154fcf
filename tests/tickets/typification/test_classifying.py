"""A case is typified before it is resolved; every choice is kept, in the version it was made from."""

from __future__ import annotations

import pytest

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tickets.cases.classification import Classification
from tickets.cases.domain.classifying import Choice, NotInTree, NotTypified, classify, owed
from tickets.cases.domain.queries.typified import current
from tickets.cases.models import Ticket
from tickets.replies.domain import casework


@pytest.fixture
def ticket(cast):
    """A case that is filed: a double charge."""
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces el mercado y nadie responde"))
    with tenant(cast.bank.pk):
        yield casework.lock(Ticket.objects.get().pk)


@pytest.fixture
def question(cast):
    """A case that is not."""
    hear(cast, mention("@FrailejonAyuda ¿a qué hora abren mañana?", number=7))
    with tenant(cast.bank.pk):
        yield casework.lock(Ticket.objects.get().pk)


def test_case_without_a_motive_is_not_resolved_and_stays_as_it_was(question, cast):
    with pytest.raises(NotTypified) as refused:
        casework.resolve(question, by=cast.juan)

    question.refresh_from_db()
    assert refused.value.missing == ("motive",)
    assert question.is_open


def test_motive_is_enough_for_a_question(question, cast):
    classify(question, Choice(motive="motive-horarios"), by=cast.juan)

    assert casework.resolve(question, by=cast.juan)


def test_filed_case_owes_cause_and_result_too(ticket, cast):
    assert ticket.radicado
    assert owed(ticket) == ("motive", "cause", "result")
    classify(ticket, Choice(motive="motive-doble-cobro"), by=cast.juan)

    assert owed(ticket) == ("cause", "result")
    with pytest.raises(NotTypified):
        casework.resolve(ticket, by=cast.juan)
    classify(
        ticket, Choice(cause="cause-falla-de-sistema", result="result-a-favor-del-cliente"), by=cast.juan
    )

    assert casework.resolve(ticket, by=cast.juan)
    assert current(ticket).motive.name == "Doble cobro"


def test_every_choice_is_kept_and_the_last_one_stands(ticket, cast):
    classify(ticket, Choice(motive="motive-doble-cobro"), by=cast.juan)
    classify(ticket, Choice(motive="motive-comision"), by=cast.paola)

    rows = list(Classification.objects.order_by("id").values_list("motive__name", "by_id", "is_current"))
    assert rows == [("Doble cobro", cast.juan.pk, False), ("Comisión", cast.paola.pk, True)]
    line = AuditEvent.objects.filter(action="ticket.typified").latest("id")
    assert (line.actor_id, line.ticket_id, line.data["version"]) == (cast.paola.pk, ticket.pk, 1)


def test_the_same_choice_twice_is_one_row(ticket, cast):
    for _ in range(2):
        classify(ticket, Choice(motive="motive-doble-cobro"), by=cast.juan)

    assert Classification.objects.count() == 1


@pytest.mark.parametrize(
    "choice",
    [
        Choice(motive="motive-demora"),  # the airline's
        Choice(motive="motive-transacciones"),  # a category
        Choice(motive="cause-proceso"),  # another axis
        Choice(motive="motive-doble-cobro", result="cause-proceso"),
    ],
)
def test_only_what_the_tree_offers_is_taken(ticket, cast, choice):
    with pytest.raises(NotInTree):
        classify(ticket, choice, by=cast.juan)

    assert not Classification.objects.exists()


def test_words_kept_of_a_case_name_nobody_and_carry_no_figure(cast):
    hear(cast, mention("@FrailejonAyuda soy Diana Rojas, cédula 52123456, me cobraron dos veces", number=9))
    with tenant(cast.bank.pk):
        ticket = casework.lock(Ticket.objects.get().pk)
        row = classify(ticket, Choice(motive="motive-doble-cobro"), by=cast.juan)

    assert "cobr" in row.stems
    assert not {"dian", "diana", "roj", "52123456"} & set(row.stems)


def test_typification_is_the_organizations_own(ticket, cast):
    classify(ticket, Choice(motive="motive-doble-cobro"), by=cast.juan)

    with tenant(cast.airline.pk):
        assert not Classification.objects.exists()
