"""The page of an incident as its template shows it. Inside ``tenant``; of its cases only those one may see."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

from django.db.models import Count

from channels_social.enums import Lane
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.console.queries.story import state_label
from tickets.console.rows import case_url
from tickets.incidents.enums import AnswerStage, IncidentState, NoticeStage
from tickets.incidents.models import AnswerBatch, BatchedAnswer, Incident, IncidentCase, IncidentNotice
from tickets.incidents.sentences import sentence
from tickets.replies.sentences import sentence as reply_sentence
from tickets.supervision.incident_words import event_words
from tickets.supervision.queries.channels import channels_of
from tickets.supervision.words import whole_minutes

SHOWN = 200
# Lines of the audit that are looked through: those of no case, newest first.
READ = 5000


def incident_context(incident: Incident, member: Membership) -> dict[str, Any]:
    """Everything of one incident."""
    slug = member.organization.slug
    notices = list(
        IncidentNotice.objects.filter(incident=incident)
        .select_related("written_by", "decided_by")
        .order_by("-id")[:20]
    )
    waits = next((one for one in notices if one.stage == NoticeStage.PENDING), None)
    linked = IncidentCase.objects.filter(incident=incident)
    newest = linked.select_related("ticket", "ticket__customer").order_by("-id")
    batches = AnswerBatch.objects.filter(incident=incident).select_related("made_by").order_by("-id")
    may = member.can(Permission.DECLARE_INCIDENTS)
    case_count = linked.count()
    told = [_batch(one) for one in batches[:10]]
    return {
        "incident": incident,
        "is_open": incident.state == IncidentState.OPEN,
        "is_proposed": incident.state == IncidentState.PROPOSED,
        "may_declare": may,
        "published": next((one for one in notices if one.stage == NoticeStage.PUBLISHED), None),
        "waits": waits,
        "may_approve": waits is not None
        and member.can(Permission.APPROVE_NOTICES)
        and waits.written_by_id != member.pk,
        "is_author": waits is not None and waits.written_by_id == member.pk,
        "nobody_approves": waits is not None and not _approvers(waits, member),
        "former": [one for one in notices if one.stage not in (NoticeStage.PENDING, NoticeStage.PUBLISHED)],
        "cases": [_case(row, slug) for row in newest[:SHOWN]],
        "case_count": case_count,
        "cases_hidden": max(case_count - SHOWN, 0),
        "batches": told,
        "last_leaves_in": _last_leaves_in(member) if any(one.waiting for one in told) else "",
        "may_answer": may and member.can(Permission.REPLY_PRIVATE) and member.can(Permission.REPLY_PUBLIC),
        "history": history_of(incident),
    }  # fmt: skip


def _last_leaves_in(member: Membership) -> str:
    """In how long the last answer in bulk has left, whatever account it leaves from: «2 h»; nothing when none waits."""
    channels = channels_of(member.organization, None, clock.now())
    times = [line.leaves_in for one in channels for line in one.lanes if line.lane == Lane.BULK]
    return whole_minutes(max(times)) if times else ""


def _approvers(waits: IncidentNotice, member: Membership) -> bool:
    """Whether anybody can approve it at all: otherwise the page says what is missing."""
    team = Membership.objects.filter(organization_id=member.organization_id, is_active=True)
    return any(one.can(Permission.APPROVE_NOTICES) for one in team.exclude(pk=waits.written_by_id))


def _case(row: IncidentCase, slug: str) -> dict[str, Any]:
    ticket = row.ticket
    return {
        "number": ticket.number,
        "shown": ticket.radicado or ticket.number,
        "url": case_url(slug, ticket.number),
        "name": ticket.customer.name,
        "channel": ticket.channel,
        "state": state_label(ticket.state),
        "words": row.words,
        "answered": ticket.unanswered_since is None,
    }


def _batch(batch: AnswerBatch) -> SimpleNamespace:
    """How far a batch is: by what became of each answer."""
    # One statement: what is handed over meanwhile is not counted on both sides.
    rows = BatchedAnswer.objects.filter(batch=batch).values_list("stage", "code", "message__send_state")
    stages, states, left_out = Counter[str](), Counter[str](), Counter[str]()
    for stage, code, state, n in rows.annotate(n=Count("id")).order_by():
        stages[stage] += n
        if stage == AnswerStage.QUEUED:
            states[state] += n
        elif stage == AnswerStage.LEFT_OUT:
            left_out[code] += n
    going = states["queued"] + states["retrying"] + states["sending"]
    stoppable = stages[AnswerStage.WAITING] + states["queued"] + states["retrying"] + states["held"]
    return SimpleNamespace(
        row=batch,
        total=sum(stages.values()),
        waiting=stages[AnswerStage.WAITING] + going,
        sent=states["sent"],
        held=states["held"],
        failed=states["failed"],
        unknown=states["unknown"],
        cancelled=stages[AnswerStage.CANCELLED] + states["cancelled"],
        left_out=[(why_words(code), n) for code, n in left_out.most_common()],
        stoppable=stoppable,
    )


def why_words(code: str) -> str:
    """Why a case was left out, by whichever room said so."""
    return sentence(code) or reply_sentence(code)


def history_of(incident: Incident) -> list[dict[str, Any]]:
    """What was done with it and by whom, newest first, from the audit; single cases are told in theirs."""
    newest = AuditEvent.objects.filter(organization_id=incident.organization_id, ticket_id__isnull=True)
    lines = AuditEvent.objects.filter(
        pk__in=newest.order_by("-id").values("pk")[:READ],
        action__startswith="incident.",
        data__incident=incident.pk,
    )
    lines = lines.select_related("actor").order_by("-id")[:50]
    return [{"at": one.at, "who": one.actor, "said": event_words(one)} for one in lines]
