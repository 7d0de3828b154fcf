"""The joins between rooms that run by themselves. A Celery message is only a doorbell: rows are the queues."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from celery import shared_task
from django.conf import settings

from channels_social.domain.delivery import claim_next, deliver, sweep_leases
from channels_social.domain.doorbell import answer, ring, stay
from channels_social.domain.naming import names_of
from channels_social.domain.reconciling import claim_unknown, reconcile
from faq.domain.readers import forget_missed
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Organization
from tickets.aftercontact.domain.sweep import sweep_after_contacts
from tickets.api.domain.deliveries import forget_deliveries, tell_all
from tickets.api.domain.repeats import forget_calls
from tickets.api.posting import post
from tickets.api.rules.addresses import Unsafe, read_address
from tickets.areas.domain.sweep import sweep_areas
from tickets.cases.domain.counts import fold
from tickets.clocks.domain.recompute import work_recounts
from tickets.clocks.domain.sweep import sweep_clocks
from tickets.commitments.domain.sweep import sweep_commitments
from tickets.console.push import announce, announce_account
from tickets.customers.domain.names import give_names
from tickets.doors.domain.importing import work
from tickets.doors.domain.imports import tidy
from tickets.escalation.domain.articles import remind
from tickets.escalation.domain.leaving import leave_all
from tickets.escalation.domain.sweep import sweep_escalation, sweep_silence
from tickets.incidents.domain.spikes import watch_spikes
from tickets.insights.domain.sweeping import sweep as sweep_figures
from tickets.intake.attention import sample_noise
from tickets.intake.domain import Turn, take_in_all
from tickets.public.domain.telling import tell_followers
from tickets.questions.domain.grouping import group_asked, group_last_week
from tickets.replies.domain import closed_notices, filing, telling
from tickets.replies.domain.absent import sweep_absent
from tickets.replies.domain.files import forget_uploads
from tickets.replies.domain.outbox import OutboxDesk, message_of
from tickets.replies.domain.waiting import sweep_waits
from tickets.supervision.domain.batches import work_batches
from tickets.supervision.domain.watching import watch_incidents
from tickets.supervision.push import announce_incidents
from tickets.team.domain.presence import sweep_presence
from tickets.triage.domain.corrections import teach

DESK = OutboxDesk()
SENDS_A_RING = 50
UNANSWERED_TURNS = 50


@shared_task(name="tickets.take_in")
def take_in() -> None:
    """Take in what is pending, of every organization, and what comes meanwhile."""
    stay("inbox", lambda: take_in_all(_tell))


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


@shared_task(name="tickets.sweep_waits")
def sweep_waiting() -> None:
    """Remind customers we wait for, once, and close what they never answered."""
    found = sweep_waits()
    for organization_id, pairs in found.items():
        said = [(ticket, message) for ticket, message in pairs if message]
        announce(organization_id, [ticket for ticket, _message in pairs], said)
    if found:
        ring("net")


@shared_task(name="tickets.sweep_absent")
def sweep_absences() -> None:
    """Give back to everybody what waits for a colleague who is not there, and show it."""
    for organization_id, tickets in sweep_absent().items():
        announce(organization_id, tickets, [])


@shared_task(name="tickets.sweep_commitments")
def sweep_promises() -> None:
    """Warn of promised dates, mark the broken ones, and show it."""
    for organization_id, tickets in sweep_commitments().items():
        announce(organization_id, tickets, [])


@shared_task(name="tickets.net_recount")
def net_recount() -> None:
    """Count open clocks anew where a calendar or a policy changed; in *net*, so that intake never waits for it."""
    answer("recount")
    work_recounts(lambda organization_id, tickets: announce(organization_id, tickets, []))


@shared_task(name="tickets.file_unanswered")
def file_unanswered() -> None:
    """File what nobody answered on the business day of its receipt, where the organization says so."""
    for organization in Organization.objects.all():
        for _turn in range(UNANSWERED_TURNS):
            filed = filing.file_unanswered(organization, now=clock.now())
            announce(organization.pk, filed, [])
            if len(filed) < filing.LIMIT:
                break


@shared_task(name="tickets.tell_filings")
def tell_filings() -> None:
    """Tell customers their radicado."""
    told = telling.tell_filings()
    for organization_id, pairs in told.items():
        announce(organization_id, [ticket for ticket, _message in pairs], pairs)
    if told:
        ring("net")


@shared_task(name="tickets.tell_closed")
def tell_closed() -> None:
    """Tell who writes out of hours when somebody reads it."""
    told = closed_notices.tell_closed()
    for organization_id, pairs in told.items():
        announce(organization_id, [ticket for ticket, _message in pairs], pairs)
    if told:
        ring("net")


@shared_task(name="tickets.sweep_after_contacts")
def sweep_contacts() -> None:
    """Ask customers whether it stayed solved, and show it."""
    told = sweep_after_contacts()
    for organization_id, pairs in told.items():
        announce(organization_id, [ticket for ticket, _message in pairs], [pair for pair in pairs if pair[1]])
    if told:
        ring("net")


@shared_task(name="tickets.sweep_areas")
def sweep_consultations() -> None:
    """Remind areas, mark what they did not answer in time, and show it; the mails leave by the outbox."""
    found = sweep_areas()
    for organization_id, tickets in found.items():
        announce(organization_id, tickets, [])
    if found:
        ring("net")


@shared_task(name="tickets.sweep_escalation")
def sweep_escalations() -> None:
    """Do what rules say of marks, pass on what nobody took, and show it."""
    for organization_id, tickets in sweep_escalation().items():
        announce(organization_id, tickets, [])
    ring("alarms")


@shared_task(name="tickets.sweep_silence")
def sweep_silences() -> None:
    """Call about channels that are not read and answers nobody approves; end what is over."""
    sweep_silence()
    ring("alarms")


@shared_task(name="tickets.net_alarms")
def net_alarms() -> None:
    """Let alarms leave the screen; several of these may run side by side."""
    answer("alarms")
    leave_all(_push)


def _push(endpoint: str, body: bytes, headers: dict[str, str]) -> int:
    try:
        address = read_address(endpoint, settings.WEBHOOK_DEV_HOSTS)
    except Unsafe:
        return 0
    return post(address, body, headers).status or 0


@shared_task(name="tickets.sweep_presence")
def sweep_away() -> None:
    """Whoever closed their console is offline."""
    sweep_presence()


@shared_task(name="tickets.net_batches")
def net_batches() -> None:
    """Hand answers in bulk to the outbox, fifty a turn; in *net*, so that intake never waits for them."""
    answer("batches")
    told = work_batches()
    for organization_id, pairs in told.items():
        announce(organization_id, [ticket for ticket, _message in pairs], [])
    if told:
        ring("net")
        ring("batches")


@shared_task(name="tickets.watch_incidents")
def watch_all_incidents() -> None:
    """Propose incidents for cases that are alike, and call about notices that did not come."""
    for organization_id in watch_spikes():
        announce_incidents(organization_id)
    if watch_incidents():
        ring("alarms")


@shared_task(name="tickets.announce_case")
def announce_case(organization_id: int, ticket_id: int) -> None:
    """Show a case that somebody without a console has changed."""
    announce(organization_id, [ticket_id], [])


def _tell_action(organization_id: int, action_id: int) -> None:
    found = message_of(organization_id, action_id)
    if found is not None:
        announce(organization_id, [found[0]], [found])
    announce_account(organization_id)


@shared_task(name="tickets.net_import")
def net_import() -> None:
    """Go on with the files of cases that wait; in *net*, so that intake never waits for a file."""
    while work(lambda organization_id, tickets: announce(organization_id, tickets, [])):
        pass


@shared_task(name="tickets.tidy_doors")
def tidy_doors() -> None:
    """Forget the nonces and the files whose time is over."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with tenant(organization_id):
            tidy(organization_id)


@shared_task(name="tickets.forget_uploads")
def forget_unsent_files() -> None:
    """Forget the files nobody sent in a day, of every organization."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with tenant(organization_id):
            forget_uploads(organization_id)


@shared_task(name="tickets.fold_counts")
def fold_counts() -> None:
    """Keep the counters of every organization short."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with tenant(organization_id):
            fold(organization_id)


@shared_task(name="tickets.count_figures")
def count_figures() -> None:
    """Count the days anew in which something changed; a long backlog takes several rounds."""
    for organization in Organization.objects.all():
        with tenant(organization.pk):
            sweep_figures(organization, now=clock.now())


@shared_task(name="tickets.net_tell_webhooks")
def net_tell_webhooks() -> None:
    """Tell other systems what they subscribed to; several of these run side by side, one per subscription."""
    answer("webhooks")
    tell_all()


@shared_task(name="tickets.forget_api")
def forget_api() -> None:
    """Drop what the API kept long enough: answers of calls, the log of deliveries."""
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with tenant(organization_id):
            forget_calls(organization_id)
            forget_deliveries(organization_id)


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


@shared_task(name="tickets.tend_articles")
def tend_articles() -> None:
    """Remind who answers for articles of their last day, and forget what readers looked for long ago."""
    raised = 0
    for organization in Organization.objects.all():
        with tenant(organization.pk):
            raised += remind(organization)
            forget_missed(organization.pk)
    if raised:
        ring("alarms")


@shared_task(name="tickets.net_group_questions")
def net_group_questions() -> None:
    """Group the questions of the week that is over where nobody has; in *net*, so that intake never waits for it."""
    for organization in Organization.objects.all():
        group_last_week(organization)


@shared_task(name="tickets.net_group_asked")
def net_group_asked() -> None:
    """Group the last seven days where somebody asks for it."""
    answer("questions")
    for organization in Organization.objects.all():
        group_asked(organization)


@shared_task(name="tickets.net_tell_followers")
def net_tell_followers() -> None:
    """Tell by e-mail who follows a case on its page, and asked for it, that it was answered there."""
    tell_followers()
