"""Two customers become one and part again: who may, what moves, what an answer still knows, two at once."""

from __future__ import annotations

import pytest

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tests.tickets.customers.conftest import OTHER, cases_of
from tests.tickets.together import together
from tickets.cases.models import Conversation, Ticket
from tickets.customers.domain import checking, unifying
from tickets.customers.domain.people import Refused
from tickets.customers.models import Customer, Identity, Unification
from tickets.enums import CheckMeans, IdentityCheck, UnificationState
from tickets.replies.domain.targets import targets_of


def unify(cast, two, by, **more):
    with tenant(cast.bank.pk):
        return unifying.unify(cast.bank.pk, one=two[1].pk, other=two[0].pk, by=by, **more)


def verify_both(cast, two):
    with tenant(cast.bank.pk):
        for customer in two:
            checking.check(customer, state=IdentityCheck.VERIFIED, means=CheckMeans.CALL_BACK, by=cast.juan)


def test_supervisor_unifies_and_everything_is_of_the_one_known_longer(cast, two):
    done = unify(cast, two, cast.paola, reason="mismo celular")

    assert done.state == UnificationState.DONE
    assert done.kept_id == two[0].pk
    assert cases_of(cast, two[0]) == 2
    assert cases_of(cast, two[1]) == 0
    with tenant(cast.bank.pk):
        assert set(Conversation.objects.values_list("customer_id", flat=True)) == {two[0].pk}
        assert set(Identity.objects.values_list("customer_id", flat=True)) == {two[0].pk}


def test_unifying_is_audited_with_its_reason_and_evidence(cast, two):
    unify(cast, two, cast.paola, reason="mismo celular", evidence=["phone"])

    with tenant(cast.bank.pk):
        line = AuditEvent.objects.get(action="unification.done")
    assert (line.actor_id, line.data["reason"], line.data["evidence"]) == (
        cast.paola.pk, "mismo celular", ["phone"],
    )  # fmt: skip


def test_agent_without_proof_waits_for_a_supervisor(cast, two):
    asked = unify(cast, two, cast.juan)

    assert asked.state == UnificationState.PENDING
    assert cases_of(cast, two[1]) == 1
    with tenant(cast.bank.pk):
        unifying.approve(asked.pk, by=cast.paola)
    assert cases_of(cast, two[0]) == 2


def test_agent_unifies_two_verified_people_alone(cast, two):
    verify_both(cast, two)

    assert unify(cast, two, cast.juan).state == UnificationState.DONE


def test_a_shared_verified_datum_is_proof_too(cast, person):
    one = person("Diana", "3001234567", verified=True)
    other = person("Diana R.", "+57 300 123 4567", verified=True)

    assert unify(cast, (one, other), cast.juan).state == UnificationState.DONE


def test_a_shared_declared_datum_is_no_proof(cast, person):
    one, other = person("Diana", "3001234567"), person("Diana R.", "3001234567")

    assert unify(cast, (one, other), cast.juan).state == UnificationState.PENDING


def test_nobody_approves_what_they_asked(cast, two):
    asked = unify(cast, two, cast.juan)
    with tenant(cast.bank.pk):
        cast.juan.permissions = [*cast.juan.permissions, "approve_unifications"]
        with pytest.raises(Refused, match="own"):
            unifying.approve(asked.pk, by=cast.juan)


def test_another_agent_does_not_approve(cast, two):
    asked = unify(cast, two, cast.juan)
    with tenant(cast.bank.pk), pytest.raises(Refused, match="may_not"):
        unifying.approve(asked.pk, by=cast.andres)


def test_trainee_does_not_unify(cast, two):
    with pytest.raises(Refused, match="may_not"):
        unify(cast, two, cast.andres)


def test_undo_gives_each_what_was_theirs(cast, two):
    with tenant(cast.bank.pk):
        before = sorted(Ticket.objects.values_list("pk", "customer_id"))
    done = unify(cast, two, cast.paola)

    with tenant(cast.bank.pk):
        unifying.undo(done.pk, by=cast.paola)
        assert sorted(Ticket.objects.values_list("pk", "customer_id")) == before
        assert set(Identity.objects.values_list("customer_id", flat=True)) == {one.pk for one in two}
        assert Customer.objects.filter(merged_into__isnull=False).count() == 0


def test_what_came_in_since_goes_back_with_its_identity(cast, two):
    done = unify(cast, two, cast.paola)
    with tenant(cast.bank.pk):
        Ticket.objects.update(state="closed", resolved_at=None)
    hear(cast, mention("@FrailejonAyuda otra cosa: no abre la app", number=9, author=OTHER))
    assert cases_of(cast, two[0]) == 3

    with tenant(cast.bank.pk):
        unifying.undo(done.pk, by=cast.paola)
    assert cases_of(cast, two[1]) == 2


def test_agents_undo_waits_for_a_supervisor(cast, two):
    done = unify(cast, two, cast.paola)
    with tenant(cast.bank.pk):
        assert unifying.undo(done.pk, by=cast.juan).state == UnificationState.UNDO_PENDING
        assert Customer.objects.get(pk=two[1].pk).merged_into_id == two[0].pk
        unifying.approve(done.pk, by=cast.paola)
        assert Customer.objects.get(pk=two[1].pk).merged_into_id is None


def test_undo_after_a_later_unification_asks_for_that_one_first(cast, two, person):
    third = person("Otra")
    with tenant(cast.bank.pk):
        Customer.objects.filter(pk=third.pk).update(created_at="2020-01-01T00:00Z")
    done = unify(cast, two, cast.paola)
    unify(cast, (third, two[0]), cast.paola)

    with tenant(cast.bank.pk), pytest.raises(Refused, match="later_first"):
        unifying.undo(done.pk, by=cast.paola)


def test_answers_go_where_the_conversation_is(cast, two):
    with tenant(cast.bank.pk):
        case = Ticket.objects.get(customer=two[1])
        before = targets_of(case, now=clock.now())["public"]
    unify(cast, two, cast.paola)
    with tenant(cast.bank.pk):
        after = targets_of(Ticket.objects.get(pk=case.pk), now=clock.now())["public"]

    assert (after.target_id, after.thread_key, after.account) == (
        before.target_id, before.thread_key, before.account,
    )  # fmt: skip


def test_the_weaker_check_stands_and_comes_back(cast, two):
    with tenant(cast.bank.pk):
        checking.check(two[0], state=IdentityCheck.VERIFIED, means=CheckMeans.CODE, by=cast.juan)
    done = unify(cast, two, cast.paola)
    with tenant(cast.bank.pk):
        assert Customer.objects.get(pk=two[0].pk).check_state == IdentityCheck.NONE
        unifying.undo(done.pk, by=cast.paola)
        assert Customer.objects.get(pk=two[0].pk).check_state == IdentityCheck.VERIFIED


def test_stranger_unifies_nobody_of_ours(cast, two):
    with tenant(cast.airline.pk), pytest.raises(Refused, match="gone"):
        unifying.unify(cast.airline.pk, one=two[0].pk, other=two[1].pk, by=cast.carla)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_unify_once_and_one_is_told(cast, two):
    def job(one, other, by):
        def run():
            try:
                with tenant(cast.bank.pk):
                    return unifying.unify(cast.bank.pk, one=one.pk, other=other.pk, by=by).state
            except Refused as refused:
                return refused.code, refused.detail["who"]

        return run

    with tenant(cast.bank.pk):
        cast.juan.permissions = [*cast.juan.permissions, "approve_unifications"]
        cast.juan.save()
    results = together(job(two[0], two[1], cast.paola), job(two[1], two[0], cast.juan))

    done = [result for result in results if result == UnificationState.DONE]
    told = [result for result in results if result != UnificationState.DONE]
    assert len(done) == 1
    assert told[0][0] == "already"
    assert told[0][1] in ("Paola", "Juan Carlos")
    assert cases_of(cast, two[0]) == 2
    with tenant(cast.bank.pk):
        assert Unification.objects.filter(state=UnificationState.DONE).count() == 1
        assert Customer.objects.filter(merged_into__isnull=False).count() == 1


def test_what_was_on_its_way_to_the_former_customer_follows(cast, two):
    """Intake knows the person as they were; the row it writes after goes to whom they are now."""
    unify(cast, two, cast.paola)

    with tenant(cast.bank.pk):
        late = Identity.objects.create(
            organization=cast.bank, customer=two[1], network="x", scope="user", external_id="77"
        )
        late.refresh_from_db()
    assert late.customer_id == two[0].pk


@pytest.mark.django_db(transaction=True)
def test_rows_that_come_in_during_a_unification_are_not_left_behind(cast, two):
    def come_in():
        for number in range(20):
            with tenant(cast.bank.pk):
                Identity.objects.create(
                    organization=cast.bank,
                    customer=two[1],
                    network="x",
                    scope="user",
                    external_id=f"n{number}",
                )

    def work():
        with tenant(cast.bank.pk):
            unifying.unify(cast.bank.pk, one=two[0].pk, other=two[1].pk, by=cast.paola)

    together(work, come_in)
    with tenant(cast.bank.pk):
        assert Identity.objects.filter(customer=two[1]).count() == 0
        assert Identity.objects.filter(customer=two[0]).count() == 22
