"""What is owed, by account, kind, priority and level of customer; and what a change does to what runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from protocols.models import CustomerTier, OpeningHours, SlaPolicy
from tests.stories import DIANA, hear, mention
from tickets.cases.models import Ticket
from tickets.clocks.domain.recompute import work_recounts
from tickets.clocks.domain.retarget import retarget_case
from tickets.clocks.domain.sweep import sweep_clocks
from tickets.clocks.domain.terms import forget_rules
from tickets.clocks.models import Clock, ClockRecount
from tickets.customers.models import Customer
from tickets.enums import PqrKind, Priority
from tickets.replies.domain import casework
from tickets.replies.domain.priority import take_priority
from tickets.settings.domain.policies import PolicyRefused, delete_policy, save_policy, switch_policy

# A Tuesday at nine in Bogotá, an hour after the bank opens.
NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
TEXT = "@FrailejonAyuda ¿cuál es el horario?"
OWED: dict[str, Any] = {
    "is_wall_time": False, "first_response": 60, "next_response": 60, "update": None, "resolution": 600,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_rules() -> Iterator[None]:
    """Rules are kept for some seconds: no test reads another's."""
    forget_rules()
    yield
    forget_rules()


@pytest.fixture
def ticket(cast: Any) -> Iterator[Ticket]:
    hear(cast, mention("@FrailejonAyuda no puedo entrar a la app", at=NINE))
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.select_related("organization", "customer").get()
        Ticket.objects.update(priority="medium")
        ticket = casework.lock(ticket.pk)
        retarget_case(ticket)
        ticket.save()
        yield ticket


def the(kind: str) -> Clock:
    return Clock.objects.get(kind=kind, met_at=None, cancelled_at=None)


def change(cast: Any, **owed: Any) -> SlaPolicy:
    policy = SlaPolicy.objects.get(priority="medium", account_id=None, kind="", tier=None)
    values = {name: getattr(policy, name) for name in OWED} | owed
    return save_policy(policy.pk, values=values, version=policy.version, by=cast.marta)


def exception(cast: Any, **scope: Any) -> SlaPolicy:
    whom: dict[str, Any] = {"priority": "medium", "account_id": None, "kind": "", "tier_id": None} | scope
    return save_policy(None, values=whom | OWED, version=0, by=cast.marta)


def work(as_worker: Any) -> int:
    """Let the worker go through; the clocks that moved in all."""
    with as_worker():
        work_recounts(lambda *_: None, seconds=60)
    return sum(ClockRecount.objects.values_list("moved", flat=True))


def test_a_new_case_remembers_the_policy_and_the_version_that_made_its_clocks(ticket, cast):
    policy = SlaPolicy.objects.get(priority="medium", account_id=None)

    why = the("resolution").why

    assert (why["policy"], why["version"], why["wall"]) == (policy.pk, policy.version, False)
    assert why["calendar"]


@pytest.mark.parametrize(
    ("scope", "fits"),
    [
        ({"kind": "informacion"}, True),
        ({"kind": "queja"}, False),
        ({"account_id": "x"}, True),
        ({"account_id": "page"}, False),
    ],
)
def test_the_narrowest_policy_that_fits_holds(cast, scope, fits):
    accounts = {"x": cast.bank_x.pk, "page": cast.bank_page.pk}
    with tenant(cast.bank.pk):
        found = {name: accounts.get(value, value) for name, value in scope.items()}
        exception(cast, priority="low", **found)
    hear(cast, mention(TEXT, at=NINE))

    with tenant(cast.bank.pk):
        assert Ticket.objects.get().priority == "low"
        minutes = the("first_response").why["minutes"]
    assert minutes == (60 if fits else 8 * 60)


def test_a_level_of_customers_counts_for_more_than_an_account(cast):
    hear(cast, mention(TEXT, at=NINE - timedelta(days=30)))
    with tenant(cast.bank.pk):
        gold = CustomerTier.objects.create(organization=cast.bank, name="Preferente")
        Customer.objects.update(tier=gold)
        Ticket.objects.update(state="closed")
        exception(cast, priority="low", account_id=cast.bank_x.pk)
        mine = exception(cast, priority="low", tier_id=gold.pk)

    hear(cast, mention(TEXT, number=2, at=NINE, author=DIANA))

    with tenant(cast.bank.pk):
        newest = Ticket.objects.latest("id")
        assert Clock.objects.get(ticket=newest, kind="first_response").why["policy"] == mine.pk


def test_another_priority_targets_anew_and_loses_no_elapsed_time(ticket, cast):
    started = the("resolution").started_at

    take_priority(casework.lock(ticket.pk), priority=Priority.HIGH, why="prueba", by=cast.juan)

    assert the("resolution").started_at == started
    assert the("first_response").due_at == NINE + timedelta(minutes=30)
    assert the("first_response").why["priority"] == "high"


def test_another_kind_targets_anew(ticket, cast):
    exception(cast, kind="felicitacion")

    casework.change_kind(casework.lock(ticket.pk), kind=PqrKind.FELICITACION, by=cast.juan, reason="x")

    assert the("first_response").due_at == NINE + timedelta(minutes=60)


def test_what_was_waited_stays_added_when_the_target_changes(ticket, cast, monkeypatch):
    at = NINE + timedelta(minutes=10)
    monkeypatch.setattr(clock, "now", lambda: at)
    casework.wait_for_customer(casework.lock(ticket.pk), by=cast.juan)
    at = NINE + timedelta(hours=2, minutes=10)
    casework.stop_waiting(casework.lock(ticket.pk), by=cast.juan)
    assert the("first_response").due_at == NINE + timedelta(hours=4)

    take_priority(casework.lock(ticket.pk), priority=Priority.HIGH, why="prueba", by=cast.juan)

    assert the("first_response").due_at == NINE + timedelta(hours=2, minutes=30)
    assert the("first_response").why["waited"] == 7200


def test_a_change_of_policy_goes_to_the_open_cases_in_the_background_and_says_how_many_moved(
    ticket, cast, as_worker
):
    change(cast, first_response=60)
    assert the("first_response").due_at == NINE + timedelta(hours=2)

    moved = work(as_worker)

    job = ClockRecount.objects.get()
    assert the("first_response").due_at == NINE + timedelta(hours=1)
    assert (job.seen, job.total, moved, job.moved > 0) == (1, 1, job.moved, True)
    assert Ticket.objects.get().next_deadline_at == NINE + timedelta(hours=1)
    assert AuditEvent.objects.filter(action="sla.changed", actor_id=cast.marta.pk).count() == 1


def test_what_is_owed_no_more_stops_and_what_is_owed_now_begins(ticket, cast, as_worker):
    change(cast, first_response=None)
    work(as_worker)
    assert not Clock.objects.filter(kind="first_response", cancelled_at=None).exists()

    change(cast, first_response=30)
    work(as_worker)
    assert the("first_response").due_at == NINE + timedelta(minutes=30)


def test_a_change_is_settled_only_when_no_process_can_hold_the_old_rules(
    ticket, cast, as_worker, monkeypatch
):
    change(cast, first_response=60)
    work(as_worker)
    job = ClockRecount.objects.get()
    assert (job.finished_at is not None, job.settles_at is not None) == (True, True)
    # A process that had not heard of it opened a clock by the former policy.
    Clock.objects.filter(kind="first_response").update(due_at=NINE + timedelta(hours=2))

    monkeypatch.setattr(clock, "now", lambda: job.settles_at + timedelta(seconds=1))
    work(as_worker)

    assert the("first_response").due_at == NINE + timedelta(hours=1)
    assert ClockRecount.objects.get().settles_at is None
    line = AuditEvent.objects.get(action="clocks.recounted")
    assert (line.actor_id, line.data["seen"]) == (cast.marta.pk, 1)


def test_of_two_admins_who_save_at_once_the_second_is_told(ticket, cast):
    policy = SlaPolicy.objects.get(priority="medium", account_id=None)
    seen = policy.version
    change(cast, first_response=60)

    with pytest.raises(PolicyRefused) as refused:
        save_policy(policy.pk, values=OWED | {"first_response": 5}, version=seen, by=cast.marta)

    assert (refused.value.code, refused.value.who) == ("changed", cast.marta.display_name)
    assert SlaPolicy.objects.get(pk=policy.pk).first_response == 60


def test_what_is_in_use_is_not_deleted_until_it_rests(ticket, cast, as_worker):
    policy = exception(cast, account_id=cast.bank_x.pk)
    work(as_worker)
    with pytest.raises(PolicyRefused) as refused:
        delete_policy(policy.pk, version=policy.version, by=cast.marta)
    assert (refused.value.code, refused.value.count) == ("in_use", 2)

    policy = switch_policy(policy.pk, is_active=False, version=policy.version, by=cast.marta)
    work(as_worker)

    delete_policy(policy.pk, version=policy.version, by=cast.marta)
    assert the("first_response").why["minutes"] == 120
    assert not SlaPolicy.objects.filter(pk=policy.pk).exists()


def test_the_general_policy_is_never_taken_away(ticket, cast):
    policy = SlaPolicy.objects.get(priority="medium", account_id=None)
    with pytest.raises(PolicyRefused) as refused:
        delete_policy(policy.pk, version=policy.version, by=cast.marta)
    assert refused.value.code == "general"


def test_warnings_are_given_one_after_the_other_by_the_same_sweep(ticket, cast, as_worker):
    def sweep_at(now: datetime) -> Clock:
        shift = clock.now() - now
        for one in Clock.objects.filter(kind="first_response"):
            one.alarms = [alarm + shift for alarm in one.alarms]
            one.warn_at = one.warn_at + shift if one.warn_at else None
            one.due_at += shift
            one.started_at += shift
            one.save()
        with as_worker():
            sweep_clocks()
        return the("first_response")

    found = sweep_at(NINE + timedelta(minutes=61))
    assert (found.warned, found.warned_at is not None, found.warn_at) == (1, True, found.alarms[1])
    found = sweep_at(found.started_at + timedelta(minutes=97))
    assert (found.warned, found.warn_at, found.breached_at) == (2, None, None)
    found = sweep_at(found.started_at + timedelta(minutes=121))
    assert found.breached_at is not None


POLICIES = "/frailejon/ajustes/plazos/"
FORM = {
    "first_response": "1 h",
    "next_response": "2 h",
    "update": "",
    "resolution": "3 d",
    "is_wall_time": "0",
}


@pytest.fixture
def admin(client: Any, cast: Any) -> Any:
    client.force_login(cast.marta.user)
    return client


def medium(cast: Any) -> SlaPolicy:
    with tenant(cast.bank.pk):
        return SlaPolicy.objects.get(priority="medium", account_id=None, kind="", tier=None)


def test_an_admin_changes_a_policy_in_the_browser(admin, cast):
    policy = medium(cast)

    answer = admin.post(f"{POLICIES}{policy.pk}/", FORM | {"version": policy.version})

    assert answer.status_code == 302
    assert medium(cast).first_response == 60
    assert medium(cast).resolution == 3 * 1440
    assert "Recalculando" in admin.get(POLICIES).content.decode()


def test_a_change_is_shown_on_a_real_open_case_before_it_is_saved(admin, cast):
    hear(cast, mention("@FrailejonAyuda no puedo entrar", at=NINE))
    with tenant(cast.bank.pk):
        Ticket.objects.update(priority="medium")
        number = Ticket.objects.get().number
    policy = medium(cast)

    page = admin.post(f"{POLICIES}{policy.pk}/", FORM | {"version": policy.version, "preview": "1"})

    words = page.content.decode()
    assert (page.status_code, f"En el caso {number}" in words) == (200, True)
    assert "10:00" in words
    assert medium(cast).first_response == 120


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"first_response": "0"}, "cero o menos"),
        ({"first_response": "-5 min"}, "cero o menos"),
        ({"first_response": "pronto"}, "como 15 min"),
        ({"first_response": "5 h", "resolution": "1 h"}, "antes de responder"),
        ({"first_response": "", "next_response": "", "resolution": ""}, "no se debería nada"),
        ({"first_response": "500 d"}, "Más de un año"),
    ],
)
def test_what_no_case_could_meet_is_said_and_nothing_is_lost(admin, cast, given, says):
    policy = medium(cast)

    page = admin.post(f"{POLICIES}{policy.pk}/", FORM | given | {"version": policy.version})

    words = page.content.decode()
    assert page.status_code == 422
    assert says in words
    assert 'value="2 h"' in words or "next_response" in given
    assert medium(cast).version == policy.version


def test_a_calendar_that_never_opens_meets_no_policy_of_business_time(admin, cast):
    policy = medium(cast)
    with tenant(cast.bank.pk):
        OpeningHours.objects.exclude(weekday=0).delete()
        OpeningHours.objects.update(opens_at="08:00", closes_at="08:01")
    forget_rules()

    page = admin.post(f"{POLICIES}{policy.pk}/", FORM | {"resolution": "300 d", "version": policy.version})

    forget_rules()
    assert page.status_code == 422
    assert "ningún caso podría cumplirlo" in page.content.decode()


def test_the_second_of_two_admins_keeps_what_was_written(admin, cast):
    policy = medium(cast)
    admin.post(f"{POLICIES}{policy.pk}/", FORM | {"version": policy.version})

    page = admin.post(
        f"{POLICIES}{policy.pk}/", FORM | {"first_response": "7 min", "version": policy.version}
    )

    words = page.content.decode()
    assert page.status_code == 422
    assert "guardó otro cambio" in words
    assert 'value="7 min"' in words


def test_who_may_only_read_reads(client, cast):
    client.force_login(cast.paola.user)
    policy = medium(cast)

    assert client.get(f"{POLICIES}{policy.pk}/").status_code == 200
    assert client.post(f"{POLICIES}{policy.pk}/", FORM | {"version": policy.version}).status_code == 403


def test_an_admin_keeps_levels_and_an_agent_puts_a_customer_on_one(admin, cast):
    hear(cast, mention("@FrailejonAyuda no puedo entrar a la app", at=NINE))
    admin.post(POLICIES, {"name": "Preferente"})
    assert admin.post(POLICIES, {"name": "preferente"}).status_code == 422
    with tenant(cast.bank.pk):
        tier, ticket = CustomerTier.objects.get(), Ticket.objects.get()
        exception(cast, priority=ticket.priority, tier_id=tier.pk)

    admin.force_login(cast.juan.user)
    level = f"/frailejon/casos/{ticket.number}/cliente/nivel/"
    answer = admin.post(level, {"tier": tier.pk}, headers={"hx-request": "true"})

    assert answer.status_code == 200
    with tenant(cast.bank.pk):
        assert Customer.objects.get().tier_id == tier.pk
        assert the("first_response").due_at == NINE + timedelta(minutes=60)
        assert AuditEvent.objects.filter(action="customer.level_changed", actor_id=cast.juan.pk).exists()

    admin.force_login(cast.marta.user)
    page = admin.post(POLICIES, {"drop": tier.pk})
    assert page.status_code == 422
    assert "está en uso" in page.content.decode()


def test_a_clock_says_which_policy_made_it_and_a_term_shows_its_days(client, cast):
    hear(
        cast, mention("@FrailejonAyuda me cobraron dos veces la cuota y nadie responde, es un abuso", at=NINE)
    )
    with tenant(cast.bank.pk):
        Ticket.objects.update(priority="medium")
        ticket = casework.lock(Ticket.objects.get().pk)
        retarget_case(ticket)
        exception(cast, kind="queja")
        keys = dict(Clock.objects.values_list("kind", "pk"))
    client.force_login(cast.paola.user)

    def why(kind: str) -> str:
        page = client.get(f"/frailejon/casos/{ticket.number}/relojes/{keys[kind]}/").content.decode()
        return " ".join(page.replace("\xa0", " ").split())

    assert "Plazo: <a" in why("resolution")
    assert "(versión 1)" in why("resolution")
    page = why("legal")
    assert page.count('class="counts"') == 14
    assert page.count('class="due"') == 1
    assert "mar 8 dic: " in page
    assert "Ley 1755" in page or "SFC" in page
