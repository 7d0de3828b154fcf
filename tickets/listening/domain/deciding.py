"""What a colleague does with a finding: a case of it, nothing, or an answer given in X itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from channels_social.domain.findings import said_in
from channels_social.enums import FindingState
from channels_social.models import Finding
from helpdesk import audit, clock
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership
from tickets.cases.models import Message
from tickets.intake.domain import take_chosen
from tickets.intake.plan import Arrival


class Refused(Exception):
    """It cannot be done; ``code`` has its sentence (``listening.sentences``)."""

    def __init__(self, code: str, **detail: str) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Opened:
    """The case of a finding; ``native_id`` the answer that was counted with it."""

    ticket_id: int
    number: int
    message_id: int
    native_id: int | None = None


@transaction.atomic
def open_case(finding_id: int, *, by: Membership, native: Arrival | None = None) -> Opened:
    """Make the finding a message of a new or open case, its clock from when it was said. Inside ``tenant``.

    Twice is once: the case it has is given back. ``native``: our answer in X, taken in with it. Announcing is the
    caller's. Raises ``Refused`` (``no_case`` when it came in meanwhile and triage kept it out of the queue).
    """
    finding = _locked(finding_id)
    item = said_in(finding)
    arrivals = [Arrival(0, finding.account_id, finding.network, item, is_chosen=True)]
    take_chosen(by.organization, [*arrivals, native] if native else arrivals)
    with whole():
        message = _message(finding, finding.external_id)
        if message is None or message.ticket is None:
            raise Refused("no_case")
        answer = _message(finding, native.item.external_id) if native else None  # type: ignore[union-attr]
        opened = Opened(message.ticket_id, message.ticket.number, message.pk, answer.pk if answer else None)
    if finding.state in (FindingState.NEW, FindingState.DISMISSED, FindingState.MESSAGE):
        _decide(finding.pk, FindingState.OPENED, by, message_id=message.pk)
        audit.record(
            finding.organization_id, "finding.opened", actor_id=by.pk, ticket_id=message.ticket_id,
            finding=finding.pk, message=message.pk,
        )  # fmt: skip
    return opened


@transaction.atomic
def dismiss(finding_id: int, *, by: Membership) -> bool:
    """It needs no attention; False when somebody decided otherwise first. Inside ``tenant``."""
    return _step(finding_id, FindingState.NEW, FindingState.DISMISSED, "finding.dismissed", by)


@transaction.atomic
def restore(finding_id: int, *, by: Membership) -> bool:
    """Undo a dismissal. Inside ``tenant``."""
    return _step(finding_id, FindingState.DISMISSED, FindingState.NEW, "finding.restored", by)


def mark_answered(finding_id: int, *, by: Membership, message_id: int) -> None:
    """It was answered in X itself."""
    _decide(finding_id, FindingState.ANSWERED, by, message_id=message_id)


def _step(finding_id: int, former: FindingState, to: FindingState, action: str, by: Membership) -> bool:
    finding = _locked(finding_id)
    if finding.state != former:
        return False
    _decide(finding_id, to, by, message_id=None)
    audit.record(finding.organization_id, action, actor_id=by.pk, finding=finding.pk)
    return True


def _decide(finding_id: int, state: FindingState, by: Membership, *, message_id: int | None) -> None:
    Finding.objects.filter(organization_id=by.organization_id, pk=finding_id).update(
        state=state, decided_by=by, decided_at=clock.now(), message_id=message_id
    )


def _locked(finding_id: int) -> Finding:
    """The finding, nobody else deciding meanwhile. Raises ``Refused`` for one that is not there."""
    found = (
        Finding.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(pk=finding_id)
        .first()
    )
    if found is None:
        raise Refused("gone")
    return found


def _message(finding: Finding, external_id: str) -> Message | None:
    return (
        Message.objects.select_related("ticket")
        .filter(organization_id=finding.organization_id, network=finding.network, external_id=external_id)
        .first()
    )
