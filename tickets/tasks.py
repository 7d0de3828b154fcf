"""The joins between rooms that run by themselves. A Celery message is only a doorbell: rows are the queues."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from celery import shared_task

from channels_social.domain.delivery import claim_next, deliver, sweep_leases
from channels_social.domain.doorbell import answer, ring
from channels_social.domain.naming import names_of
from channels_social.domain.reconciling import claim_unknown, reconcile
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Organization
from tickets.cases.domain.counts import fold
from tickets.clocks.domain.sweep import sweep_clocks
from tickets.console.push import announce, announce_account
from tickets.customers.domain.names import give_names
from tickets.intake.attention import sample_noise
from tickets.intake.domain import Turn, take_in_all
from tickets.replies.domain.outbox import OutboxDesk, message_of
from tickets.triage.domain.corrections import teach

DESK = OutboxDesk()
SENDS_A_RING = 50


@shared_task(name="tickets.take_in")
def take_in() -> None:
    """Take in what is pending, of every organization."""
    answer("inbox")
    take_in_all(_tell)


def _tell(turn: Turn) -> None:
    announce(turn.organization_id, turn.tickets, turn.messages)
    if turn.waiting:
        ring("resolve")
    if turn.files:
        ring("fetch")
    if turn.nameless:
        net_names.delay(turn.organization_id, sorted(turn.nameless))


@shared_task(name="tickets.net_names")
def net_names(organization_id: int, people: list[tuple[int, str, str]]) -> None:
    """Ask what new people are called; the same question twice changes nothing."""
    for (account_id, scope), group in groupby(people, key=lambda one: (one[0], one[1])):
        names = names_of(organization_id, account_id, [external_id for _a, _s, external_id in group])
        with tenant(organization_id):
            tickets = give_names(organization_id, scope, names)
        announce(organization_id, tickets, [])


@shared_task(name="tickets.net_deliver")
def net_deliver() -> None:
    """Send what may leave now; several of these run side by side, one action per account at a time."""
    answer("net")
    for _place in range(SENDS_A_RING):
        claim = claim_next()
        if claim is None:
            return
        deliver(claim, DESK)
        _tell_action(claim.organization_id, claim.action_id)
    ring("net")


@shared_task(name="tickets.net_sweep_outbox")
def net_sweep_outbox() -> None:
    """Give expired leases their meaning, read unknown sends back, and ring for what waits its moment."""
    sweep_leases(DESK)
    while (unknown := claim_unknown()) is not None:
        organization_id, action_id, _attempt = unknown
        reconcile(organization_id, action_id, DESK)
        _tell_action(organization_id, action_id)
    net_deliver()


@shared_task(name="tickets.sweep_clocks")
def sweep() -> None:
    """Mark what is past and unmet, and show it."""
    for organization_id, tickets in sweep_clocks().items():
        announce(organization_id, tickets, [])


def _tell_action(organization_id: int, action_id: int) -> None:
    found = message_of(organization_id, action_id)
    if found is not None:
        announce(organization_id, [found[0]], [found])
    announce_account(organization_id)


@shared_task(name="tickets.fold_counts")
def fold_counts() -> None:
    """Keep the counters of every organization short."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with tenant(organization_id):
            fold(organization_id)


@shared_task(name="tickets.learn_corrections")
def learn_corrections() -> None:
    """Let every organization's verdicts learn from its own corrections, where there are new ones."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with tenant(organization_id):
            teach(organization_id)


@shared_task(name="tickets.sample_noise")
def sample_yesterdays_noise() -> None:
    """Draw what supervisors look at again of yesterday's noise, yesterday being each organization's own."""
    for organization in Organization.objects.all():
        yesterday = clock.now().astimezone(ZoneInfo(organization.timezone)).date() - timedelta(days=1)
        with tenant(organization.pk):
            sample_noise(organization, yesterday)
