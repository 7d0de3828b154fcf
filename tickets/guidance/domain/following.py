"""Following a protocol in a case: taking it up, ticking its steps, leaving it with a reason. The case is locked."""

from __future__ import annotations

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from protocols.guides.rules.guide import Step, guide_of
from protocols.models import ProtocolVersion
from tickets.cases.models import Ticket
from tickets.customers.models import Customer
from tickets.guidance.domain.queries.guidance import guidance_of, steps_of
from tickets.guidance.models import CaseProtocol


class NotPossible(Exception):
    """``code`` has its sentence in ``guidance.sentences``; nothing was changed."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@transaction.atomic
def follow(ticket: Ticket, *, by: Membership) -> CaseProtocol:
    """Follow the protocol of the case's motive in the version in force; what is followed already stays.

    One of another motive is left, because the motive changed. Raises :class:`NotPossible` ``no_protocol``.
    """
    found = guidance_of(ticket)
    if found.page is None or found.page.version is None:
        if found.followed is not None:
            return found.followed
        raise NotPossible("no_protocol")
    if found.followed is not None and not found.is_elsewhere:
        return found.followed
    if found.followed is not None:
        _leave(found.followed, by, "motive", found.motive_name)
    return _take_up(ticket, found.page.version, found.motive, by)


@transaction.atomic
def take_newer(ticket: Ticket, *, by: Membership) -> CaseProtocol:
    """Go on by the version in force; what was ticked and is still a step stays ticked."""
    found = guidance_of(ticket)
    if not found.newer or found.followed is None or found.page is None or found.page.version is None:
        raise NotPossible("no_newer")
    former = found.followed
    _leave(former, by, "newer", "")
    kept = {step.key for step in guide_of(found.page.version.document).steps}
    done = {key: said for key, said in former.done.items() if key in kept}
    return _take_up(ticket, found.page.version, found.motive, by, done=done)


@transaction.atomic
def tick(ticket: Ticket, key: str, *, by: Membership, done: bool = True) -> CaseProtocol:
    """Say that a step is done, or that it is not; the first one takes the protocol up.

    Raises :class:`NotPossible`: ``no_protocol``, ``no_step``, ``identity`` (its check, or that of a step before it,
    is missing), ``left`` (the protocol was left: it is taken up again first), ``closed``.
    """
    check_open(ticket)
    found = guidance_of(ticket)
    if found.followed is None and found.left is not None and found.left.left_code == "reason":
        raise NotPossible("left")
    row = found.followed or follow(ticket, by=by)
    row = CaseProtocol.objects.select_for_update(of=("self",)).select_related("version").get(pk=row.pk)
    customer = Customer.objects.get(pk=ticket.customer_id)
    state = next(
        (one for one in steps_of(guidance_of(ticket), customer, clock.now()) if one.step.key == key), None
    )
    if state is None:
        raise NotPossible("no_step")
    if done and state.waits_for is not None:
        raise NotPossible("identity", state.waits_for.text)
    if done == (key in row.done):
        return row
    now = clock.now()
    row.done = (
        row.done | {key: {"by": by.pk, "at": now.isoformat()}}
        if done
        else {one: said for one, said in row.done.items() if one != key}
    )
    row.save(update_fields=["done"])
    audit.record(
        ticket.organization_id, "step.done" if done else "step.undone", actor_id=by.pk, ticket_id=ticket.pk,
        version=row.version_id, step=key,
    )  # fmt: skip
    return row


@transaction.atomic
def leave(ticket: Ticket, *, reason: str, by: Membership) -> CaseProtocol:
    """Leave the protocol, which needs a reason. Raises :class:`NotPossible` ``no_reason`` or ``no_protocol``."""
    check_open(ticket)
    words = " ".join(reason.split())[:240]
    if len(words) < 3:
        raise NotPossible("no_reason")
    row = guidance_of(ticket).followed or follow(ticket, by=by)
    _leave(row, by, "reason", words)
    return row


def unticked(ticket: Ticket) -> list[Step]:
    """The steps that are owed before the case is resolved without saying why: those left of a protocol that is
    followed, or that asks for an identity check. None of one that was left with a reason.
    """
    found = guidance_of(ticket)
    is_left = found.left is not None and found.left.left_code == "reason"
    if found.guide is None or is_left or found.is_elsewhere:
        return []
    done = found.followed.done if found.followed else {}
    steps = [step for step in found.guide.steps if step.key not in done]
    return steps if found.followed is not None or any(step.identity for step in steps) else []


@transaction.atomic
def take_up_again(ticket: Ticket, *, by: Membership) -> CaseProtocol:
    """Follow once more what was left; what was done stays done."""
    found = guidance_of(ticket)
    if found.page is None or found.page.version is None:
        raise NotPossible("no_protocol")
    before = found.left.done if found.left and found.left.version.page_id == found.page.pk else {}
    kept = {step.key for step in guide_of(found.page.version.document).steps}
    done = {key: said for key, said in before.items() if key in kept}
    return found.followed or _take_up(ticket, found.page.version, found.motive, by, done=done)


def check_open(ticket: Ticket) -> None:
    """Raise :class:`NotPossible` ``closed`` for a case that is over."""
    if not ticket.is_open:
        raise NotPossible("closed")


def _take_up(
    ticket: Ticket,
    version: ProtocolVersion,
    motive: str,
    by: Membership,
    done: dict[str, dict[str, object]] | None = None,
) -> CaseProtocol:
    row = CaseProtocol.objects.create(
        organization_id=ticket.organization_id, ticket=ticket, version=version, motive=motive, followed_by=by,
        done=done or {},
    )  # fmt: skip
    audit.record(
        ticket.organization_id, "protocol.followed", actor_id=by.pk, ticket_id=ticket.pk,
        page=version.page_id, version=version.number,
    )  # fmt: skip
    return row


def _leave(row: CaseProtocol, by: Membership, code: str, reason: str) -> None:
    row.left_at, row.left_by, row.left_code, row.left_reason = clock.now(), by, code, reason
    row.save(update_fields=["left_at", "left_by", "left_code", "left_reason"])
    audit.record(
        row.organization_id, "protocol.left", actor_id=by.pk, ticket_id=row.ticket_id,
        page=row.version.page_id, why=code,
    )  # fmt: skip
