"""Cases that are alike propose an incident, once; what was decided is not asked again. As the worker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from channels_social.networks.base import Author
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tickets.cases.models import Ticket
from tickets.incidents.domain import declaring
from tickets.incidents.domain.declaring import Facts, declare
from tickets.incidents.domain.spikes import watch_spikes
from tickets.incidents.enums import IncidentState
from tickets.incidents.models import CaseFlow, Incident, IncidentCase, SpikeWatch

NOON = datetime(2026, 11, 19, 15, 15, tzinfo=UTC)
OUTAGE = (
    "la app no abre",
    "no me abre la app",
    "app caída, no abre",
    "¿se cayó la app? no abre",
    "la app no me abre nada",
)


@pytest.fixture
def noon(time_machine, cast):
    time_machine.move_to(NOON, tick=False)
    return time_machine


def say(cast, *texts: str, first: int = 1) -> None:
    for n, text in enumerate(texts, first):
        author = Author(str(3000 + n), "user", f"Persona {n}", f"persona_{n}")
        hear(cast, mention(f"@FrailejonAyuda {text}", number=n, author=author, at=clock.now()))


def look(as_worker) -> list[int]:
    with as_worker():
        return watch_spikes()


def test_five_alike_in_ten_minutes_propose_an_incident_with_their_cases(noon, cast, as_worker):
    say(cast, *OUTAGE, "me cobraron dos veces la cuota")

    assert look(as_worker) == [cast.bank.pk]

    with tenant(cast.bank.pk):
        found = Incident.objects.get()
        assert (found.state, found.account_id, found.seen) == (IncidentState.PROPOSED, cast.bank_x.pk, 5)
        assert "app" in found.words
        assert IncidentCase.objects.filter(incident=found, linked_by=None).count() == 5


def test_four_are_none_and_the_fifth_a_quarter_of_an_hour_later_neither(noon, cast, as_worker):
    say(cast, *OUTAGE[:4])
    look(as_worker)
    noon.shift(timedelta(minutes=15))
    say(cast, OUTAGE[4], first=5)
    look(as_worker)

    with tenant(cast.bank.pk):
        assert not Incident.objects.exists()


def test_more_of_the_same_grow_the_proposal_and_what_was_decided_is_not_asked_again(noon, cast, as_worker):
    say(cast, *OUTAGE)
    look(as_worker)
    noon.shift(timedelta(minutes=1))
    say(cast, "sigue sin abrir la app", first=6)
    look(as_worker)
    with tenant(cast.bank.pk):
        assert Incident.objects.get().seen == 6
        declaring.dismiss(Incident.objects.get(), by=cast.paola)

    noon.shift(timedelta(minutes=1))
    say(cast, *OUTAGE, first=10)

    assert look(as_worker) == []
    with tenant(cast.bank.pk):
        assert Incident.objects.count() == 1


def test_open_incident_of_the_same_words_is_not_proposed_once_more(noon, cast, as_worker):
    with tenant(cast.bank.pk):
        soon = clock.now() + timedelta(minutes=30)
        declare(cast.bank, Facts(title="La app no abre", next_notice_at=soon), by=cast.paola)
    say(cast, *OUTAGE)

    assert look(as_worker) == []


def test_flood_is_measured_against_the_same_half_hour_of_other_weeks(noon, cast, as_worker):
    with tenant(cast.bank.pk):
        for week in (1, 2, 3, 4):
            CaseFlow.objects.create(
                organization=cast.bank, account=cast.bank_x, opened=5,
                starts_at=NOON.replace(minute=0) - timedelta(weeks=week),
            )  # fmt: skip
    # Two alike among twenty: too few by themselves, enough in a flood.
    say(cast, *(f"asunto{n} distinto{n}" for n in range(18)), "la app no abre", "no me abre la app")

    look(as_worker)

    with tenant(cast.bank.pk):
        assert CaseFlow.objects.get(starts_at=NOON.replace(minute=0)).opened == 20
        assert Incident.objects.get().seen == 2


def test_one_worker_looks_at_an_organization_and_counts_each_case_once(noon, cast, as_worker):
    say(cast, *OUTAGE)
    with tenant(cast.bank.pk):
        SpikeWatch.objects.update_or_create(
            organization=cast.bank, defaults={"lease_until": clock.now() + timedelta(seconds=30)}
        )
    assert look(as_worker) == []

    noon.shift(timedelta(seconds=61))
    look(as_worker)
    noon.shift(timedelta(seconds=61))
    look(as_worker)

    with tenant(cast.bank.pk):
        assert sum(CaseFlow.objects.values_list("opened", flat=True)) == Ticket.objects.count() == 5
        assert SpikeWatch.objects.get().last_ticket_id == Ticket.objects.latest("pk").pk
