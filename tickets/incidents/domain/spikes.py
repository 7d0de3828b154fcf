"""Watches for cases that are alike: counts what comes in by half hours, and proposes an incident. As the worker.

An organization is leased and looked at once a turn: what is new since the last look is counted with one statement,
the cases of the last half hour are compared in memory. What was proposed, or dismissed a little ago, is not proposed
again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from helpdesk import audit, clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Organization
from tickets.cases.models import Ticket
from tickets.incidents.domain.linking import link
from tickets.incidents.domain.queries.flow import HALF_HOUR, half_hour_of
from tickets.incidents.enums import IncidentState, LinkCause
from tickets.incidents.models import CaseFlow, Incident, SpikeWatch
from tickets.incidents.rules.likeness import Cluster, Said, largest_cluster, told_words
from tickets.incidents.rules.spikes import WITHIN, is_flood, is_spike, same_half_hours

LEASE = timedelta(seconds=60)
EVERY = timedelta(seconds=15)
# So many new cases are counted in a turn, and compared of an account.
AT_ONCE, COMPARED = 20_000, 1000
# A half hour is measured against those of four weeks; older ones are forgotten.
KEPT = timedelta(weeks=5)
# What was decided about the same words is not asked again for so long.
DECIDED_FOR = timedelta(hours=6)
CLAIM = """
UPDATE tickets_spikewatch SET lease_until = %(until)s WHERE id = (
    SELECT id FROM tickets_spikewatch
    WHERE (lease_until IS NULL OR lease_until < %(now)s) AND (looked_at IS NULL OR looked_at < %(since)s)
    ORDER BY looked_at NULLS FIRST LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING organization_id
"""
COUNT = """
WITH fresh AS (
    SELECT id, account_id, opened_at FROM tickets_ticket
    WHERE organization_id = %(org)s AND id > %(last)s ORDER BY id LIMIT %(most)s
), counted AS (
    INSERT INTO tickets_caseflow (organization_id, account_id, starts_at, opened)
    SELECT %(org)s, account_id, date_bin('30 minutes', opened_at, 'epoch'), count(*) FROM fresh
    WHERE account_id IS NOT NULL AND opened_at > %(kept)s GROUP BY 2, 3
    ON CONFLICT (organization_id, starts_at, account_id) DO UPDATE
    SET opened = tickets_caseflow.opened + excluded.opened RETURNING 1
)
SELECT max(id), (SELECT count(*) FROM counted) FROM fresh
"""
LATELY = """
SELECT t.id, t.account_id, t.opened_at, said.text
FROM (SELECT id, account_id, opened_at FROM tickets_ticket
      WHERE organization_id = %(org)s AND NOT is_reserved AND account_id IS NOT NULL
      ORDER BY id DESC LIMIT %(most)s) t
CROSS JOIN LATERAL (
    SELECT left(m.text, 400) AS text FROM tickets_message m
    WHERE m.organization_id = %(org)s AND m.ticket_id = t.id AND m.direction = 'in' AND m.deleted_at IS NULL
    ORDER BY m.occurred_at, m.id LIMIT 1) said
WHERE t.opened_at > %(since)s ORDER BY t.id
"""


@dataclass(frozen=True, slots=True)
class Spike:
    """Cases of one account that are alike, and the words they share."""

    account_id: int
    cluster: Cluster


def watch_spikes() -> list[int]:
    """Look at every organization whose turn it is; those where something was proposed or grew. With no tenant."""
    _enroll()
    changed = []
    while (organization_id := _claim()) is not None:
        with tenant(organization_id):
            if look(Organization.objects.get(pk=organization_id)):
                changed.append(organization_id)
    return changed


def look(organization: Organization) -> list[Incident]:
    """Count what is new and propose what is alike; the proposals made or grown. Inside ``tenant``."""
    watch = SpikeWatch.objects.select_for_update().get(organization=organization)
    now = clock.now()
    is_new = _count(organization.pk, watch, now)
    found = [_propose(organization, spike, now) for spike in _spikes(organization.pk, now)] if is_new else []
    watch.looked_at, watch.lease_until = now, None
    watch.save(update_fields=["last_ticket_id", "looked_at", "lease_until"])
    return [one for one in found if one is not None]


def _enroll() -> None:
    for organization in Organization.objects.all():
        with tenant(organization.pk):
            SpikeWatch.objects.get_or_create(organization=organization)


def _claim() -> int | None:
    now = clock.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "until": now + LEASE, "since": now - EVERY})
        row = cursor.fetchone()
    return row[0] if row else None


def _count(organization_id: int, watch: SpikeWatch, now: datetime) -> bool:
    """Add new cases to their half hours; whether there were any."""
    asked = {"org": organization_id, "last": watch.last_ticket_id, "most": AT_ONCE, "kept": now - KEPT}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, asked)
        last, _rows = cursor.fetchone()
    CaseFlow.objects.filter(organization_id=organization_id, starts_at__lt=now - KEPT).delete()
    if last is None:
        return False
    watch.last_ticket_id = last
    return True


def _spikes(organization_id: int, now: datetime) -> list[Spike]:
    """The accounts where enough cases of the last minutes are alike."""
    asked = {"org": organization_id, "most": COMPARED, "since": now - HALF_HOUR}
    with connection.cursor() as cursor:
        cursor.execute(LATELY, asked)
        rows = cursor.fetchall()
    by_account: dict[int, list[tuple[datetime, Said]]] = defaultdict(list)
    for ticket_id, account_id, opened_at, text in rows:
        by_account[account_id].append((opened_at, Said(ticket_id, told_words(text))))
    spikes = []
    for account_id, cases in by_account.items():
        is_flooded = is_flood(*_flow(organization_id, account_id, now))
        near = now - (HALF_HOUR if is_flooded else WITHIN)
        cluster = largest_cluster([said for at, said in cases if at > near])
        if cluster.words and is_spike(len(cluster.tickets), is_flooded=is_flooded):
            spikes.append(Spike(account_id, cluster))
    return spikes


def _flow(organization_id: int, account_id: int, now: datetime) -> tuple[int, list[int]]:
    """The half hour that runs, and the same one of the weeks in which the account was counted already."""
    this, rows = (
        half_hour_of(now),
        CaseFlow.objects.filter(organization_id=organization_id, account_id=account_id),
    )
    first = rows.order_by("starts_at").values_list("starts_at", flat=True).first()
    weeks = [at for at in same_half_hours(this) if first is not None and at >= first]
    opened = dict(rows.filter(starts_at__in=[this, *weeks]).values_list("starts_at", "opened"))
    return opened.get(this, 0), [opened.get(at, 0) for at in weeks]


def _propose(organization: Organization, spike: Spike, now: datetime) -> Incident | None:
    """A proposal, or more cases for the one that stands; None when it was decided already that it is none."""
    recent = Incident.objects.filter(organization=organization, created_at__gt=now - DECIDED_FOR)
    twin = next((one for one in recent.order_by("-id") if _is_same(one, spike)), None)
    if twin is not None and twin.state != IncidentState.PROPOSED:
        return None
    tickets = list(Ticket.objects.filter(pk__in=spike.cluster.tickets).values_list("pk", flat=True))
    incident = twin or _new(organization, spike, now)
    added = link(incident, tickets, by=None, cause=LinkCause.LIKENESS)
    if added:
        Incident.objects.filter(pk=incident.pk).update(seen=incident.seen + added, seen_at=now)
    return incident if added else None


def _is_same(incident: Incident, spike: Spike) -> bool:
    known = told_words(f"{incident.title} {incident.situation} {' '.join(incident.words)}")
    return len(known.keys() & told_words(" ".join(spike.cluster.words)).keys()) >= 2


def _new(organization: Organization, spike: Spike, now: datetime) -> Incident:
    last = Incident.objects.filter(organization=organization).aggregate(last=Max("number"))["last"] or 0
    with translation.override("es"):
        title = _("Casos parecidos: %s") % ", ".join(spike.cluster.words[:4])
    incident = Incident.objects.create(
        organization=organization, number=last + 1, state=IncidentState.PROPOSED, title=title[:120],
        account_id=spike.account_id, words=[word[:40] for word in spike.cluster.words], seen_at=now, starts_at=now,
    )  # fmt: skip
    audit.record(
        organization.pk, "incident.proposed", incident=incident.pk, number=incident.number,
        cases=len(spike.cluster.tickets), account=spike.account_id,
    )  # fmt: skip
    return incident
