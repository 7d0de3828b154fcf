"""Numbers of other systems: found from the search box, one case each, added and removed with a trace."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.tickets.filing.people import rows, two_cases
from tickets.cases.filings import Reference
from tickets.console.queries.queue import search
from tickets.replies.domain import casework
from tickets.replies.domain.joining import join_cases, undo_join
from tickets.replies.domain.references import add_reference, remove_reference
from tickets.replies.domain.reply import Refused


@pytest.fixture
def pair(cast, now):
    one, other = two_cases(cast, first=now[0], second=now[0])
    with tenant(cast.bank.pk):
        yield casework.lock(one.pk), casework.lock(other.pk)


@pytest.mark.parametrize("asked", ["SAC-881", "sac 881", "sac881", "  Sac-881 ", "881"])
def test_a_number_is_found_however_it_is_written(cast, now, pair, asked):
    add_reference(pair[0], system="sac", number="SAC-881", by=cast.juan)

    assert [row.ticket_id for row in search(cast.bank, asked, now=now[0])] == [pair[0].pk]


def test_a_bare_number_is_found_with_its_system_too(cast, now, pair):
    add_reference(pair[0], system="sac", number="70002", by=cast.juan)

    assert [row.ticket_id for row in search(cast.bank, "SAC-70002", now=now[0])] == [pair[0].pk]


def test_the_same_number_in_two_systems_finds_both_cases(cast, now, pair):
    for ticket, system in zip(pair, ("sac", "crm"), strict=True):
        add_reference(ticket, system=system, number="881", by=cast.juan)

    assert {row.ticket_id for row in search(cast.bank, "881", now=now[0])} >= {pair[0].pk, pair[1].pk}


def test_a_number_of_another_case_is_refused_and_says_whose_it_is(cast, pair):
    add_reference(pair[0], system="tutela", number="2026-0044", by=cast.juan)

    with pytest.raises(Refused) as refused:
        add_reference(pair[1], system="tutela", number="2026 0044", by=cast.juan)

    assert (refused.value.code, refused.value.detail) == ("reference_taken", str(pair[0].number))


def test_the_same_number_again_renews_its_state(cast, pair):
    add_reference(pair[0], system="sfc", number="SFC1", by=cast.juan, state="radicada")
    add_reference(pair[0], system="sfc", number="sfc-1", by=cast.juan, state="en réplica")

    assert Reference.objects.get().state == "en réplica"


@pytest.mark.parametrize(("system", "number"), [("sac", " - "), ("sac", "x" * 61), ("nada", "1")])
def test_what_is_no_number_is_refused(cast, pair, system, number):
    with pytest.raises(Refused):
        add_reference(pair[0], system=system, number=number, by=cast.juan)
    assert Reference.objects.count() == 0


def test_removing_leaves_a_trace(cast, now, pair):
    reference = add_reference(pair[0], system="pir", number="BOG123", by=cast.juan)
    remove_reference(reference, by=cast.paola)

    assert search(cast.bank, "BOG123", now=now[0]) == []
    lines = AuditEvent.objects.filter(action__startswith="reference.").order_by("pk")
    assert [(line.action, line.actor_id) for line in lines] == [
        ("reference.added", cast.juan.pk),
        ("reference.removed", cast.paola.pk),
    ]


def test_references_go_along_when_cases_are_joined_and_back(cast, pair):
    add_reference(pair[0], system="sac", number="881", by=cast.juan)
    before = rows()

    move = join_cases(into=pair[1], other=pair[0], by=cast.juan)
    assert Reference.objects.get().ticket_id == pair[1].pk
    undo_join(move, by=cast.juan)

    assert rows() == before


def test_another_organization_may_have_the_same_number(cast, now, pair):
    add_reference(pair[0], system="sac", number="881", by=cast.juan)

    with tenant(cast.airline.pk):
        assert search(cast.airline, "881", now=now[0]) == []
        assert Reference.objects.count() == 0


def test_searching_a_number_costs_two_questions(cast, now, pair):
    add_reference(pair[0], system="sac", number="SAC-881", by=cast.juan)

    with CaptureQueriesContext(connection) as asked:
        search(cast.bank, "sac 881", now=now[0])

    assert len(asked) == 2
