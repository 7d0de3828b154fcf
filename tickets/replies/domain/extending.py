"""More time for a legal term: a supervisor's, with its reason, before it is over, once; and the customer is told."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.utils.translation import gettext as _

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from helpdesk.text import clean
from helpdesk.ui.dates import date_words
from protocols.models import LegalTerm
from tickets.cases.models import Message, Ticket
from tickets.clocks.domain import marks
from tickets.clocks.domain.legal import eve_of, legal_clock, legal_rules
from tickets.clocks.models import Clock, TermExtension
from tickets.replies.domain.reply import Refused, reply

REASON = 300


def most_days(running: Clock) -> int:
    """How many more days the law allows this term; 0: none."""
    term = LegalTerm.objects.filter(pk=running.why.get("term") or 0).first()
    return term.extension_days if term else 0


def extended_until(ticket: Ticket, running: Clock, days: int) -> datetime:
    """When the term would end with these many days more."""
    rules = legal_rules(ticket.organization).days
    return rules.due_at(running.started_at, running.why["days"] + days, running.why["unit"])


def check_extension(ticket: Ticket, *, days: int, reason: str) -> Clock:
    """The term as it runs. Raises :class:`Refused`: ``term_none``, ``extension_reason``, ``extension_late``,
    ``extension_twice``, ``extension_never``, ``extension_days`` (with the most that may be)."""
    running = legal_clock(ticket)
    if running is None:
        raise Refused("term_none")
    if not reason.strip():
        raise Refused("extension_reason")
    if clock.now() >= running.due_at:
        raise Refused("extension_late")
    if TermExtension.objects.filter(organization_id=ticket.organization_id, clock=running).exists():
        raise Refused("extension_twice")
    most = most_days(running)
    if most == 0:
        raise Refused("extension_never")
    if not 1 <= days <= most:
        raise Refused("extension_days", str(most))
    return running


def extend_term(
    ticket: Ticket, *, days: int, reason: str, mode: str, by: Membership, text: str = ""
) -> TermExtension:
    """Give the term these days more, and tell the customer why and until when in ``mode``; blank: nobody can be.

    The case is locked. Raises what `check_extension` and `reply` raise: nothing was changed then.
    """
    running = check_extension(ticket, days=days, reason=reason)
    said, former = " ".join(clean(reason).split())[:REASON], running.due_at
    due_at = extended_until(ticket, running, days)
    message = _tell(ticket, text or words(due_at, said), mode, by) if mode else None
    extension = TermExtension.objects.create(
        organization_id=ticket.organization_id, ticket=ticket, clock=running, reason=said, former_due_at=former,
        due_at=due_at, given_by=by, told_message=message,
    )  # fmt: skip
    _move(running, due_at, days)
    marks.place_in_queue(ticket)
    ticket.version += 1
    ticket.save()
    audit.record(
        ticket.organization_id, "term.extended", actor_id=by.pk, ticket_id=ticket.pk, days=days, reason=said,
        extension=extension.pk, told=message is not None,
    )  # fmt: skip
    return extension


def words(due_at: datetime, reason: str) -> str:
    """The sentence a customer gets: the reason and the new date, before the first one is over."""
    return _(
        "Para responderle de fondo necesitamos más tiempo: %(reason)s. Le respondemos a más tardar el %(day)s."
    ) % {
        "reason": reason.rstrip("."),
        "day": date_words(due_at),
    }


def _move(running: Clock, due_at: datetime, days: int) -> None:
    """The new end, with an alarm on the morning of the day before it."""
    running.alarms = sorted({*running.alarms, eve_of(due_at)})
    now = clock.now()
    running.warned = sum(one <= now for one in running.alarms)
    running.warn_at = next((one for one in running.alarms if one > now), None)
    running.due_at, running.breached_at = due_at, None
    running.why = running.why | {"extended": days}
    running.save(update_fields=["alarms", "warned", "warn_at", "due_at", "breached_at", "why"])


def _tell(ticket: Ticket, text: str, mode: str, by: Membership) -> Message:
    return reply(ticket, by=by, text=text, mode=mode, client_token=uuid4().hex, goes_on=True)[0]
