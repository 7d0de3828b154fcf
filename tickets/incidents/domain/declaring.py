"""The life of an incident: proposed, declared, told anew, closed, reopened, taken back. Inside ``tenant``.

Each verb locks the organization's row of incidents first, so that of two supervisors the second one is told; each
writes its line in the audit. None of them says anything in public: that takes a notice and another person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.text import clean
from tickets.incidents.domain.notices import withdraw_all
from tickets.incidents.enums import IncidentState
from tickets.incidents.models import Incident, SpikeWatch
from tickets.incidents.rules.likeness import are_one
from tickets.incidents.rules.moments import next_hour, refusal_of

# Two of the same words later than this after each other are two incidents.
SAME_WITHIN = timedelta(hours=12)


class NotDeclared(Exception):
    """``code`` has its sentence in ``incidents.sentences``; ``other`` is the incident that stands in the way."""

    def __init__(self, code: str, other: Incident | None = None) -> None:
        super().__init__(code)
        self.code, self.other = code, other


@dataclass(frozen=True, slots=True)
class Facts:
    """What somebody says of an incident. Situation and measures may come later: publishing asks for them."""

    title: str
    situation: str = ""
    measures: str = ""
    statement: str = ""
    estimated_at: datetime | None = None
    next_notice_at: datetime | None = None
    starts_at: datetime | None = None


@transaction.atomic
def declare(
    organization: Organization,
    facts: Facts,
    *,
    by: Membership,
    is_another: bool = False,
    proposal: Incident | None = None,
) -> Incident:
    """Declare it; no case is needed. ``proposal``: the one it was proposed as. ``is_another``: whoever declares saw
    the one that is alike. Raises :class:`NotDeclared`."""
    _lock(organization.pk)
    if proposal is not None:
        proposal = Incident.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if proposal.state == IncidentState.OPEN:
            raise NotDeclared("same", proposal)
    _check(facts)
    twin = None if is_another else _twin(organization.pk, facts, proposal)
    if twin is not None:
        raise NotDeclared("same", twin)
    incident = proposal or Incident(organization=organization, number=_next_number(organization.pk))
    _take(incident, facts)
    incident.state, incident.declared_by, incident.declared_at = IncidentState.OPEN, by, clock.now()
    incident.version += proposal is not None
    incident.save()
    _record(incident, "incident.declared", by, estimated=facts.estimated_at is not None)
    return incident


@transaction.atomic
def propose(organization: Organization, facts: Facts, *, by: Membership) -> Incident:
    """Say that something seems to fail; somebody who declares decides. Raises :class:`NotDeclared`."""
    _lock(organization.pk)
    if not clean(facts.title).strip():
        raise NotDeclared("no_title")
    twin = _twin(organization.pk, facts, None)
    if twin is not None:
        raise NotDeclared("same", twin)
    incident = Incident(
        organization=organization, number=_next_number(organization.pk), state=IncidentState.PROPOSED,
        proposed_by=by, seen_at=clock.now(),
    )  # fmt: skip
    _take(incident, facts)
    incident.save()
    _record(incident, "incident.proposed", by)
    return incident


@transaction.atomic
def tell_anew(incident: Incident, facts: Facts, *, by: Membership, version: int) -> Incident:
    """Change what is said among colleagues; customers read it when a new notice is approved.

    Raises :class:`NotDeclared`: ``changed`` when somebody changed it since ``version`` was read, and what ``declare``
    does.
    """
    incident = locked(incident)
    if incident.state != IncidentState.OPEN:
        raise NotDeclared("not_open", incident)
    if incident.version != version:
        raise NotDeclared("changed", incident)
    _check(facts, incident)
    _take(incident, facts)
    _save(incident, "incident.changed", by)
    return incident


@transaction.atomic
def close(incident: Incident, *, prevention: str, by: Membership) -> Incident:
    """It is over. ``prevention``: what is done so that it does not happen again; without it :class:`NotDeclared`."""
    incident = locked(incident)
    if incident.state != IncidentState.OPEN:
        raise NotDeclared("not_open", incident)
    words = clean(prevention).strip()
    if not words:
        raise NotDeclared("no_prevention", incident)
    incident.prevention, incident.state = words, IncidentState.CLOSED
    incident.closed_at, incident.closed_by = clock.now(), by
    _save(incident, "incident.closed", by)
    return incident


@transaction.atomic
def reopen(incident: Incident, *, by: Membership) -> Incident:
    """It is not over after all, or was no mistake. What was promised for a past hour is promised anew."""
    incident = locked(incident)
    if incident.state not in (IncidentState.CLOSED, IncidentState.DISMISSED):
        raise NotDeclared("not_over", incident)
    now, former = clock.now(), incident.state
    was_declared = incident.declared_at is not None
    incident.state = IncidentState.OPEN if was_declared else IncidentState.PROPOSED
    incident.closed_at, incident.closed_by = None, None
    if incident.estimated_at is not None and incident.estimated_at <= now:
        incident.estimated_at = None
    if incident.estimated_at is None and (incident.next_notice_at is None or incident.next_notice_at <= now):
        incident.next_notice_at = next_hour(now)
    _save(incident, "incident.reopened", by, former=former)
    return incident


@transaction.atomic
def dismiss(incident: Incident, *, by: Membership) -> Incident:
    """It is none: a proposal that was not one, or declared by mistake. What was published is taken back."""
    incident = locked(incident)
    if incident.state not in (IncidentState.PROPOSED, IncidentState.OPEN):
        raise NotDeclared("not_open", incident)
    former, incident.state = incident.state, IncidentState.DISMISSED
    incident.seen_at = clock.now()
    withdraw_all(incident, by=by)
    _save(incident, "incident.dismissed", by, former=former)
    return incident


def locked(incident: Incident) -> Incident:
    """The incident as it is now, locked until the transaction ends."""
    _lock(incident.organization_id)
    return Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)


def _lock(organization_id: int) -> None:
    """One writer of incidents per organization: numbers have no gaps, and nobody declares twice."""
    SpikeWatch.objects.get_or_create(organization_id=organization_id)
    SpikeWatch.objects.select_for_update().get(organization_id=organization_id)


def _next_number(organization_id: int) -> int:
    rows = Incident.objects.filter(organization_id=organization_id)
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


def _twin(organization_id: int, facts: Facts, proposal: Incident | None) -> Incident | None:
    """An open one that says the same."""
    live = Incident.objects.filter(
        organization_id=organization_id, state=IncidentState.OPEN, declared_at__gt=clock.now() - SAME_WITHIN
    ).select_related("declared_by")
    if proposal is not None:
        live = live.exclude(pk=proposal.pk)
    words = f"{facts.title} {facts.situation}"
    return next((one for one in live.order_by("id") if are_one(words, f"{one.title} {one.situation}")), None)


def _check(facts: Facts, former: Incident | None = None) -> None:
    if not clean(facts.title).strip():
        raise NotDeclared("no_title")
    now = clock.now()
    starts_at = facts.starts_at or (former.starts_at if former else now)
    code = refusal_of(
        starts_at=starts_at, estimated_at=facts.estimated_at, next_notice_at=facts.next_notice_at, now=now
    )
    if code:
        raise NotDeclared(code)


def _take(incident: Incident, facts: Facts) -> None:
    incident.title = clean(facts.title).strip()[:120]
    incident.situation, incident.measures = clean(facts.situation).strip(), clean(facts.measures).strip()
    incident.statement = clean(facts.statement).strip()
    incident.estimated_at, incident.next_notice_at = facts.estimated_at, facts.next_notice_at
    if facts.starts_at is not None or incident.pk is None:
        incident.starts_at = facts.starts_at or clock.now()


def _save(incident: Incident, action: str, by: Membership, **data: object) -> None:
    incident.version += 1
    incident.save()
    _record(incident, action, by, **data)


def _record(incident: Incident, action: str, by: Membership, **data: object) -> None:
    audit.record(
        incident.organization_id, action, actor_id=by.pk, incident=incident.pk, number=incident.number, **data
    )
