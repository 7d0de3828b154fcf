"""A legal term stands still where its law says so: asked of the customer what is missing, or offered a settlement."""

from __future__ import annotations

from uuid import uuid4

from django.utils.translation import gettext as _

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from helpdesk.text import clean
from protocols.models import LegalTerm, Suspension
from protocols.rules.legal import BUSINESS
from tickets.cases.models import Ticket
from tickets.clocks.domain import marks
from tickets.clocks.domain.legal import legal_clock, legal_rules
from tickets.clocks.models import Clock
from tickets.replies.domain.reply import Refused, reply

# Within so many business days of receipt a person may be asked to complete what they asked (CO, Ley 1755, art. 17).
ASK_WITHIN = 10
REASON = 300


def suspended_by(running: Clock) -> str:
    """What the law lets this term stand still for, a value of :class:`Suspension`."""
    term = LegalTerm.objects.filter(pk=running.why.get("term") or 0).first()
    return term.suspended_by if term else Suspension.NOTHING.value


def check_suspension(ticket: Ticket, *, reason: str) -> tuple[Clock, str]:
    """The term as it runs and what suspends it. Raises :class:`Refused`: ``term_none``, ``suspend_reason``,
    ``suspend_never``, ``suspend_already``, ``suspend_late``."""
    running = legal_clock(ticket)
    if running is None or not ticket.is_open:
        raise Refused("term_none")
    if not reason.strip():
        raise Refused("suspend_reason")
    if running.paused_at is not None:
        raise Refused("suspend_already")
    by_law, now = suspended_by(running), clock.now()
    if by_law == Suspension.NOTHING:
        raise Refused("suspend_never")
    last = legal_rules(ticket.organization).days.due_at(running.started_at, ASK_WITHIN, BUSINESS)
    if now >= running.due_at or (by_law == Suspension.INCOMPLETE and now > last):
        raise Refused("suspend_late")
    return running, by_law


def suspend_term(ticket: Ticket, *, reason: str, mode: str, by: Membership, text: str = "") -> None:
    """Tell the customer what is missing, or what is offered, and let the term wait for their answer.

    Their next word lets it go on, the day after; an offer that nobody took lapses after five business days. The case
    is locked. Raises what `check_suspension` and `reply` raise: nothing was changed then.
    """
    running, by_law = check_suspension(ticket, reason=reason)
    said = " ".join(clean(reason).split())[:REASON]
    message = reply(
        ticket, by=by, text=text or words(by_law, said), mode=mode, client_token=uuid4().hex, goes_on=True
    )[0]
    is_offer = by_law == Suspension.OFFER
    marks.suspend(ticket, running, clock.now(), reason=marks.OFFER if is_offer else marks.CUSTOMER)
    marks.place_in_queue(ticket)
    ticket.version += 1
    ticket.save()
    audit.record(
        ticket.organization_id, "term.suspended", actor_id=by.pk, ticket_id=ticket.pk, cause=by_law,
        clock=running.pk, message=message.pk,
    )  # fmt: skip


def words(by_law: str, reason: str) -> str:
    """The sentence a customer gets."""
    said = reason.rstrip(".")
    if by_law == Suspension.OFFER:
        return _(
            "Le proponemos este arreglo: %(reason)s. Tiene cinco días hábiles para decirnos si lo acepta."
        ) % {"reason": said}
    return _(
        "Para responderle de fondo nos falta: %(reason)s. Tiene un mes para enviarlo por aquí; entre tanto el plazo "
        "queda suspendido, y sigue desde que lo recibamos."
    ) % {"reason": said}
