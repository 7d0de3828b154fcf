"""A protocol in a case: followed in a version, ticked, held by an identity check, left with a reason."""

from __future__ import annotations

import pytest

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from protocols.guides.domain.publishing import publish_protocol
from protocols.models import Protocol
from protocols.versions.domain import lifecycle
from tests.stories import hear, mention, typify
from tests.tickets.guidance.conftest import case_about
from tickets.cases.domain.classifying import Choice
from tickets.cases.models import Ticket
from tickets.customers.domain.checking import check
from tickets.enums import IdentityCheck
from tickets.guidance.domain import following
from tickets.guidance.domain.following import NotPossible
from tickets.guidance.domain.granting import grant
from tickets.guidance.domain.queries.guidance import guidance_of, totals_of
from tickets.replies.domain.joining import join_cases, undo_join


def test_first_step_takes_the_version_in_force_up(cast, unknown_charge):
    with tenant(cast.bank.pk):
        following.tick(unknown_charge, "s1", by=cast.juan)

        found = guidance_of(unknown_charge)
        assert found.followed is not None
        assert found.followed.version_id == found.page.version_id
        assert found.followed.done["s1"]["by"] == cast.juan.pk
        actions = set(AuditEvent.objects.filter(ticket_id=unknown_charge.pk).values_list("action", flat=True))
        assert {"protocol.followed", "step.done"} <= actions


def test_protocol_does_not_go_on_without_the_identity_check(cast, unknown_charge):
    with tenant(cast.bank.pk):
        for key in ("s2", "s3"):
            with pytest.raises(NotPossible, match="identity"):
                following.tick(unknown_charge, key, by=cast.juan)
        check(unknown_charge.customer, state=IdentityCheck.DECLARED, means="said", by=cast.juan)
        with pytest.raises(NotPossible, match="identity"):
            following.tick(unknown_charge, "s2", by=cast.juan)
        check(unknown_charge.customer, state=IdentityCheck.VERIFIED, means="questions", by=cast.juan)

        following.tick(unknown_charge, "s2", by=cast.juan)

        assert set(guidance_of(unknown_charge).followed.done) == {"s2"}


def test_case_stays_with_its_version_until_it_takes_the_newer(cast, unknown_charge):
    with tenant(cast.bank.pk):
        following.tick(unknown_charge, "s1", by=cast.juan)
        page = Protocol.objects.get(seed="cobro-no-reconocido")
        document = {**page.version.document, "text": "Otra guía."}
        lifecycle.save_draft(page, document, step=page.step, by=cast.marta)
        page.refresh_from_db()
        publish_protocol(page, step=page.step, by=cast.paola)

        before = guidance_of(unknown_charge)
        assert (before.guide.text == "Otra guía.", before.newer) == (False, 2)
        following.take_newer(unknown_charge, by=cast.juan)

        after = guidance_of(unknown_charge)
        assert (after.guide.text, after.newer, set(after.followed.done)) == ("Otra guía.", 0, {"s1"})


def test_leaving_needs_a_reason_and_stops_the_steps(cast, unknown_charge):
    with tenant(cast.bank.pk):
        with pytest.raises(NotPossible, match="no_reason"):
            following.leave(unknown_charge, reason="  ", by=cast.juan)
        following.leave(unknown_charge, reason="El cliente está en la oficina", by=cast.juan)
        with pytest.raises(NotPossible, match="left"):
            following.tick(unknown_charge, "s1", by=cast.juan)

        following.take_up_again(unknown_charge, by=cast.juan)
        following.tick(unknown_charge, "s1", by=cast.juan)

        assert guidance_of(unknown_charge).followed is not None


def test_another_motive_brings_another_protocol(cast, unknown_charge):
    with tenant(cast.bank.pk):
        following.tick(unknown_charge, "s1", by=cast.juan)
        typify(unknown_charge, Choice(motive="motive-doble-cobro"), by=cast.juan)
        assert guidance_of(unknown_charge).is_elsewhere

        following.follow(unknown_charge, by=cast.juan)

        found = guidance_of(unknown_charge)
        assert (found.guide.name, found.is_elsewhere, found.followed.done) == ("Doble cobro", False, {})


def test_limit_is_not_passed_in_slices_and_the_total_is_the_customers(cast, unknown_charge):
    other = case_about(cast, "motive-comision", number=9)
    with tenant(cast.bank.pk):
        Ticket.objects.filter(pk=other.pk).update(customer=unknown_charge.customer_id)
        grant(other, key="a1", amount="30.000", by=cast.juan)
        grant(unknown_charge, key="a1", amount="150.000", by=cast.juan)
        for amount, by, code in (
            ("60.000", cast.juan, "over_limit"),
            ("cien", cast.juan, "bad_amount"),
            ("1", cast.andres, "may_not"),
        ):
            with pytest.raises(NotPossible, match=code):
                grant(unknown_charge, key="a1", amount=amount, by=by)
        grant(unknown_charge, key="a1", amount="60.000", by=cast.paola)

        (total,) = totals_of(unknown_charge)
        assert (total.unit, int(total.here), int(total.everywhere)) == ("COP", 210_000, 240_000)


def test_joined_cases_follow_one_protocol_and_part_as_they_were(cast, unknown_charge):
    other = case_about(cast, "motive-doble-cobro", number=5)
    with tenant(cast.bank.pk):
        Ticket.objects.filter(pk=other.pk).update(customer=unknown_charge.customer_id)
        for ticket in (unknown_charge, other):
            following.tick(ticket, "s1", by=cast.juan)
        move = join_cases(into=unknown_charge, other=other, by=cast.juan)
        assert guidance_of(unknown_charge).followed.version.document["name"] == "Cobro no reconocido"

        undo_join(move, by=cast.juan)

        assert guidance_of(other).followed.version.document["name"] == "Doble cobro"


def test_without_a_motive_there_is_nothing_to_follow(cast):
    hear(cast, mention("@FrailejonAyuda hola"))
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.get()
        assert guidance_of(ticket).guide is None
        with pytest.raises(NotPossible, match="no_protocol"):
            following.tick(ticket, "s1", by=cast.juan)
