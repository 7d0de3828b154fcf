"""What one person asks for and another does: modes A, asks and 2 of the matrix. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import F

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import ASKED, Mode, Permission
from helpdesk.text import clean
from tickets.cases.access import Petition, PetitionState
from tickets.cases.domain.classifying import require_typified
from tickets.cases.models import Message, Ticket
from tickets.guidance.domain.following import NotPossible
from tickets.guidance.domain.granting import grant, may_grant, read_wanted
from tickets.replies.domain import casework, manners
from tickets.replies.domain.extending import extend_term
from tickets.replies.domain.reply import Refused

# In a list of what waits.
LIMIT = 100
TWO = frozenset({Mode.TWO, Mode.REASON_TWO})
# What can be asked for, and the permission of who asks and of who does it.
NEEDED = {
    "resolve": Permission.RESOLVE_CASES,
    "reopen": Permission.RESOLVE_CASES,
    "wait": Permission.RESOLVE_CASES,
    "unwait": Permission.RESOLVE_CASES,
    "hide": Permission.HIDE_COMMENTS,
    "extend": Permission.EXTEND_TERM,
    "grant": Permission.GRANT_COMPENSATION,
}


class PetitionRefused(Exception):
    """``code``: ``may_not``, ``own``, ``gone``, ``reason``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def must_ask(member: Membership, permission: Permission) -> bool:
    """Whether this member does it only with another person."""
    mode = member.mode(permission)
    return mode in ASKED or mode in TWO


@transaction.atomic
def ask(ticket: Ticket, *, action: str, by: Membership, reason: str = "", **data: Any) -> Petition:
    """Ask another person to do something about a case; asking twice is once.

    Raises :class:`PetitionRefused` ``may_not``, or ``reason`` when the thing needs one, and ``NotTypified`` as
    ``casework.resolve`` does.
    """
    permission, said = NEEDED[action], " ".join(clean(reason).split())[:200]
    if not must_ask(by, permission) and action != "grant":
        raise PetitionRefused("may_not")
    if action in ("hide", "extend", "grant") and not said:
        raise PetitionRefused("reason")
    if action == "resolve":
        require_typified(ticket)
    waiting = Petition.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket, action=action, data=data,
        state=PetitionState.PENDING,
    ).first()  # fmt: skip
    if waiting is not None:
        return waiting
    petition = Petition.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        action=action,
        data=data,
        reason=said,
        asked_by=by,
    )
    # Whoever looks at the case sees it at once.
    Ticket.objects.filter(pk=ticket.pk).update(version=F("version") + 1)
    audit.record(
        ticket.organization_id, "petition.asked", actor_id=by.pk, ticket_id=ticket.pk, petition=petition.pk,
        what=action, reason=said, **data,
    )  # fmt: skip
    return petition


def ask_grant(ticket: Ticket, *, key: str, amount: str, reason: str, by: Membership) -> Petition:
    """Ask for more of an attribution than one may grant. The case is locked.

    Raises :class:`NotPossible` as ``grant`` does, ``nobody`` when it is above everybody's limit, and
    :class:`PetitionRefused` ``reason`` without one.
    """
    wanted = read_wanted(ticket, key, amount)
    if not any(member.pk != by.pk for member in may_grant(wanted)):
        raise NotPossible("nobody")
    words = {"name": wanted.attribution.name, "unit": wanted.attribution.unit, "amount": str(wanted.amount)}
    return ask(ticket, action="grant", by=by, reason=reason, key=key, **words)


def may_decide(petition: Petition, by: Membership) -> bool:
    """Whether this member is the other person: may do it themselves, and did not ask for it."""
    permission = NEEDED[petition.action]
    if by.pk == petition.asked_by_id or not by.can(permission):
        return False
    return petition.action != "grant" or _is_within(petition, by)


def petitions_for(by: Membership) -> list[Petition]:
    """What waits for this member's yes or no, oldest first, with its case and who asked. Inside ``tenant``."""
    rows = Petition.objects.filter(organization_id=by.organization_id, state=PetitionState.PENDING)
    found = rows.select_related("ticket__customer", "asked_by").order_by("asked_at", "pk")[:LIMIT]
    return [one for one in found if may_decide(one, by)]


def _is_within(petition: Petition, by: Membership) -> bool:
    """Whether what is asked for is within one's own attributions, with what was granted meanwhile."""
    try:
        return read_wanted(petition.ticket, petition.data["key"], petition.data["amount"]).may(by)
    except NotPossible:
        return False


@transaction.atomic
def decide(petition: Petition, *, approve: bool, by: Membership) -> None:
    """Do what was asked, or say no. Raises :class:`PetitionRefused`: ``own``, ``may_not``, ``gone``; and what the
    thing itself refuses.
    """
    petition = Petition.objects.select_for_update().get(pk=petition.pk)
    if petition.asked_by_id == by.pk:
        raise PetitionRefused("own")
    if not may_decide(petition, by):
        raise PetitionRefused("may_not")
    if petition.state != PetitionState.PENDING:
        raise PetitionRefused("gone")
    petition.state = PetitionState.DONE if approve else PetitionState.REFUSED
    petition.decided_by, petition.decided_at = by, clock.now()
    petition.save(update_fields=["state", "decided_by", "decided_at"])
    audit.record(
        petition.organization_id, f"petition.{petition.state}", actor_id=by.pk, ticket_id=petition.ticket_id,
        petition=petition.pk, what=petition.action, asked_by=petition.asked_by_id,
    )  # fmt: skip
    if approve:
        DO[petition.action](petition)


def _step(verb: Callable[..., bool]) -> Callable[[Petition], None]:
    def done(petition: Petition) -> None:
        verb(casework.lock(petition.ticket_id), by=petition.asked_by)

    return done


def _hide(petition: Petition) -> None:
    message = Message.objects.select_related("conversation").get(pk=petition.data["message"])
    manners.hide(message, hidden=True, reason=petition.reason, by=petition.asked_by)


def _extend(petition: Petition) -> None:
    """Of who decides: they extend it, for the reason of who asked."""
    days, mode = petition.data["days"], petition.data["mode"]
    ticket = casework.lock(petition.ticket_id)
    assert petition.decided_by is not None
    try:
        extend_term(ticket, days=days, reason=petition.reason, mode=mode, by=petition.decided_by)
    except Refused as refused:
        raise PetitionRefused("gone") from refused


def _grant(petition: Petition) -> None:
    """Of who decides: it is within their attributions, for the reason of who asked."""
    assert petition.decided_by is not None
    asked, ticket = petition.data, casework.lock(petition.ticket_id)
    grant(ticket, key=asked["key"], amount=asked["amount"], by=petition.decided_by, note=petition.reason)


DO: dict[str, Callable[[Petition], None]] = {
    "resolve": _step(casework.resolve),
    "reopen": _step(casework.reopen),
    "wait": _step(casework.wait_for_customer),
    "unwait": _step(casework.stop_waiting),
    "hide": _hide,
    "extend": _extend,
    "grant": _grant,
}
