"""Nobody raises their own rights, neither directly nor through a colleague's approval of their own change."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Mode, Permission
from tickets.settings.domain.rights import (
    RightsRefused,
    change_rights,
    decide,
    may_decide,
    preset_rights,
    raises,
    rights_of,
)
from tickets.settings.models import TeamChange

TEAM = "/frailejon/ajustes/equipo/"


def fresh(member: Membership) -> Membership:
    with tenant(member.organization_id):
        return Membership.objects.select_related("user", "organization").get(pk=member.pk)


def ask(cast, member, role="supervisor", by=None) -> TeamChange:
    with tenant(cast.bank.pk):
        change = change_rights(member, preset_rights(role), by=by or cast.marta)
    assert change is not None
    return change


@pytest.mark.parametrize("role", ["supervisor", "admin", "auditor"])
def test_more_rights_wait_for_another_person(cast, people, at, role):
    at(cast.marta).post(f"{TEAM}{cast.juan.pk}/", {"role": role})
    assert fresh(cast.juan).role == "agent"

    with tenant(cast.bank.pk):
        change = TeamChange.objects.get()
    own = at(cast.marta).post(f"{TEAM}cambios/{change.pk}/", {"decision": "approve"})
    assert own.status_code == 403
    assert fresh(cast.juan).role == "agent"

    at(people.admin).post(f"{TEAM}cambios/{change.pk}/", {"decision": "approve"})
    juan = fresh(cast.juan)
    assert (juan.role, juan.permissions, juan.modes) == (
        role, Membership.preset(role), Membership.preset_modes(role),
    )  # fmt: skip
    with tenant(cast.bank.pk):
        line = AuditEvent.objects.get(action="member.role_changed")
        assert (line.actor_id, line.data["asked_by"]) == (people.admin.pk, cast.marta.pk)


def test_fewer_rights_are_taken_at_once(cast, people, at):
    at(cast.marta).post(f"{TEAM}{cast.paola.pk}/", {"role": "agent"})

    assert fresh(cast.paola).role == "agent"


def test_nobody_approves_a_change_about_themselves(cast, people, at):
    """The colleague asks, and the one it is about would say yes."""
    change = ask(cast, people.admin, role="supervisor")

    answer = at(people.admin).post(f"{TEAM}cambios/{change.pk}/", {"decision": "approve"})

    assert answer.status_code == 403
    assert fresh(people.admin).role == "admin"


def test_database_itself_refuses_one_person_for_two(cast, people):
    change = ask(cast, cast.juan)
    with tenant(cast.bank.pk):
        for who in (cast.marta, cast.juan):
            with pytest.raises(IntegrityError), transaction.atomic():
                TeamChange.objects.filter(pk=change.pk).update(state="done", decided_by=who)


def test_nobody_changes_their_own_permissions_one_by_one(cast, people, at):
    page = at(cast.marta).get(f"{TEAM}{cast.juan.pk}/").content.decode()
    assert 'name="see_cases"' in page
    form = {"what": "rights", "is_limited": "0"} | {p.value: "yes" for p in Permission}

    answer = at(cast.marta).post(f"{TEAM}{cast.marta.pk}/", form)

    assert answer.status_code == 422
    assert not fresh(cast.marta).can(Permission.SEE_CASES)
    with tenant(cast.bank.pk):
        assert not TeamChange.objects.exists()


def form_of(member: Membership, **changed: str) -> dict[str, object]:
    with tenant(member.organization_id):
        rights = rights_of(member)
    return {"what": "rights", "is_limited": "0"} | {p: m.value for p, m in rights.modes.items()} | changed


def test_one_permission_is_taken_at_once_and_given_by_two(cast, people, at):
    at(cast.marta).post(f"{TEAM}{cast.juan.pk}/", form_of(cast.juan, resolve_cases="A"))
    juan = fresh(cast.juan)
    assert not juan.can(Permission.RESOLVE_CASES)
    assert juan.asks(Permission.RESOLVE_CASES)

    at(cast.marta).post(f"{TEAM}{cast.juan.pk}/", form_of(juan, resolve_cases="yes"))
    assert not fresh(cast.juan).can(Permission.RESOLVE_CASES)

    with tenant(cast.bank.pk):
        change = TeamChange.objects.get(state="pending")
        decide(change, approve=True, by=people.admin)
    assert fresh(cast.juan).can(Permission.RESOLVE_CASES)


def test_scope_is_narrowed_at_once_and_widened_by_two(cast, people, at):
    at(cast.marta).post(
        f"{TEAM}{cast.juan.pk}/",
        form_of(cast.juan) | {"is_limited": "1", "accounts": [str(cast.bank_page.pk)]},
    )
    assert fresh(cast.juan).is_limited
    with tenant(cast.bank.pk):
        assert rights_of(fresh(cast.juan)).accounts == {cast.bank_page.pk}

    at(cast.marta).post(f"{TEAM}{cast.juan.pk}/", form_of(fresh(cast.juan)))
    assert fresh(cast.juan).is_limited


def test_account_of_another_organization_is_no_choice(cast, people, at):
    answer = at(cast.marta).post(
        f"{TEAM}{cast.juan.pk}/",
        form_of(cast.juan) | {"is_limited": "1", "accounts": [str(cast.airline_x.pk)]},
    )

    assert answer.status_code == 422
    assert not fresh(cast.juan).is_limited


def test_supervisor_is_the_second_person_only_where_nobody_else_is(cast, people):
    change = ask(cast, cast.juan)
    with tenant(cast.bank.pk):
        assert not may_decide(change, cast.paola)
        Membership.objects.filter(pk=people.admin.pk).update(is_active=False)
        assert may_decide(change, cast.paola)
        assert not may_decide(change, cast.luisa if hasattr(cast, "luisa") else cast.andres)


def test_change_asked_by_who_may_no_longer_ask_is_void(cast, people):
    change = ask(cast, cast.juan)
    with tenant(cast.bank.pk):
        Membership.objects.filter(pk=cast.marta.pk).update(is_active=False)
        with pytest.raises(RightsRefused, match="gone"):
            decide(change, approve=True, by=people.admin)


def test_newer_wish_replaces_the_one_that_waits(cast, people, at):
    first = ask(cast, cast.juan)
    at(cast.marta).post(f"{TEAM}{cast.juan.pk}/", {"role": "trainee"})

    with tenant(cast.bank.pk), pytest.raises(RightsRefused, match="gone"):
        decide(first, approve=True, by=people.admin)
    assert fresh(cast.juan).role == "trainee"


def test_invited_supervisor_may_nothing_until_somebody_else_approves(cast, people, at):
    """Else one person alone could make themselves a second self."""
    at(cast.marta).post(
        TEAM,
        {"name": "Otra Marta", "email": "yo.misma@frailejon.example", "initials": "OM", "role": "supervisor"},
    )
    with tenant(cast.bank.pk):
        member = Membership.objects.select_related("user").get(initials="OM")
        assert member.permissions == []
        change = TeamChange.objects.get(member=member)
    assert at(member).get("/frailejon/casos/").status_code == 403

    with tenant(cast.bank.pk):
        decide(change, approve=True, by=people.admin)
    assert at(member).get("/frailejon/casos/").status_code == 200


def test_agent_and_stranger_neither_see_nor_decide(cast, people, at):
    change = ask(cast, cast.paola, role="admin")

    assert at(cast.juan).get(f"{TEAM}cambios/").status_code == 403
    assert at(cast.juan).post(f"{TEAM}cambios/{change.pk}/", {"decision": "approve"}).status_code == 403
    assert at(cast.carla).post(f"{TEAM}cambios/{change.pk}/", {"decision": "approve"}).status_code == 404


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        ("agent", "supervisor", True),
        ("supervisor", "agent", False),
        ("agent", "trainee", False),
        ("trainee", "agent", True),
        ("agent", "marketing", True),
        ("agent", "auditor", True),
        ("agent", "admin", True),
        ("area", "agent", True),
    ],
)
def test_what_counts_as_more(before, after, more):
    assert raises(preset_rights(before), preset_rights(after)) is more


def test_mode_that_needs_somebody_else_is_less():
    rights = preset_rights("agent")
    for mode in (Mode.NO, Mode.APPROVAL, Mode.REASON, Mode.OWN, Mode.MASKED):
        changed = dict(rights.modes) | {"resolve_cases": mode}
        assert not raises(rights, type(rights)(rights.role, changed))


def test_page_shows_what_would_change(cast, people, at):
    ask(cast, cast.juan)

    page = at(people.admin).get(f"{TEAM}cambios/").content.decode()

    assert "Juan Carlos: Supervisor" in page
    assert "Aprobar respuestas de otros: Sí" in page
    assert "Aprobar</button>" in page
    assert "Aprobar</button>" not in at(cast.marta).get(f"{TEAM}cambios/").content.decode()
