"""The audit, newest first, in pages by key. Inside ``tenant``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from channels_social.models import SocialAccount
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.tokens import ApiToken
from tickets.cases.models import Ticket
from tickets.settings.lines import sentence_of

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line as it is read."""

    pk: int
    at: datetime
    actor: Membership | None
    sentence: str
    ticket: Ticket | None
    # The name of the key of the API that did it, when no person did.
    key: str = ""


def page_of(
    organization: Organization, *, before: int | None, with_cases: bool, own: Membership | None = None
) -> tuple[list[AuditLine], int | None]:
    """One page and the key of the next, if there is one. ``with_cases``: lines about cases too.

    ``own``: only what this member did, and what was done in the cases that are theirs.
    """
    events = AuditEvent.objects.filter(organization=organization).select_related("actor")
    if not with_cases:
        events = events.filter(ticket_id__isnull=True)
    if own is not None:
        theirs = Ticket.objects.filter(organization=organization, assignee=own).values("pk")
        events = events.filter(Q(actor=own) | Q(ticket_id__in=theirs))
    if before is not None:
        events = events.filter(pk__lt=before)
    found = list(events.order_by("-id")[: AT_ONCE + 1])
    page = found[:AT_ONCE]
    return _lines(organization, page), page[-1].pk if len(found) > AT_ONCE else None


def _lines(organization: Organization, events: list[AuditEvent]) -> list[AuditLine]:
    accounts = {one.pk: str(one) for one in SocialAccount.objects.filter(organization=organization)}
    members = {
        pk: f"{name} ^{initials}"
        for pk, name, initials in Membership.objects.filter(organization=organization).values_list(
            "pk", "display_name", "initials"
        )
    }
    keys = dict(ApiToken.objects.filter(organization=organization).values_list("pk", "name"))
    wanted = {event.ticket_id for event in events if event.ticket_id}
    tickets = Ticket.objects.filter(organization=organization).only("number", "radicado").in_bulk(wanted)
    return [
        AuditLine(
            event.pk,
            event.at,
            event.actor,
            sentence_of(event.action, event.data, accounts, members, keys),
            tickets.get(event.ticket_id or 0),
            keys.get(event.token_id or 0, ""),
        )
        for event in events
    ]
