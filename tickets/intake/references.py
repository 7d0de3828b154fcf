"""Numbers a case has in other systems, as a batch brings them: looked up together, noted, kept up to date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.models import Membership, Organization
from tickets.cases.filings import Reference
from tickets.cases.models import Ticket
from tickets.cases.rules import fold_number
from tickets.enums import TicketState
from tickets.intake.asked import Ref
from tickets.intake.rules.refs import key_of

Key = tuple[str, str]


@dataclass(slots=True)
class References:
    """The references of a batch: which exist, on which case; which are new."""

    organization: Organization
    by: Membership | None
    _known: dict[Key, Reference] = field(default_factory=dict)
    _cases: dict[int, int] = field(default_factory=dict)
    _fresh: list[Reference] = field(default_factory=list)
    _changed: list[Reference] = field(default_factory=list)

    def look_up(self, refs: Iterable[Ref]) -> None:
        """Read those that exist; a case that was joined into another counts as that one."""
        numbers = sorted({fold_number(ref.number) for ref in refs})
        rows = Reference.objects.filter(organization=self.organization, number_key__in=numbers)
        self._known |= {(row.system, row.number_key): row for row in rows}
        tickets = Ticket.objects.filter(
            organization=self.organization, pk__in={row.ticket_id for row in self._known.values()}
        )
        for pk, state, into in tickets.values_list("pk", "state", "joined_into_id"):
            self._cases[pk] = into if state == TicketState.JOINED and into else pk

    def case_of(self, refs: Sequence[Ref]) -> int | None:
        """The case one of these numbers belongs to."""
        for ref in refs:
            row = self._known.get(key_of(ref))
            if row is not None:
                return self._cases.get(row.ticket_id, row.ticket_id)
        return None

    def would_change(self, refs: Sequence[Ref]) -> bool:
        """Whether noting these would say anything new."""
        for ref in refs:
            row = self._known.get(key_of(ref))
            if row is None or (ref.state or row.state, ref.due_on or row.due_on) != (row.state, row.due_on):
                return True
        return False

    def note(self, refs: Sequence[Ref], ticket_id: int) -> list[Ref]:
        """Note on the case what is new or different of these; the ones that were. What is unsaid stays."""
        news = []
        for ref in refs:
            row = self._known.get(key_of(ref))
            if row is None:
                self._add(ref, ticket_id)
            elif not self._update(row, ref):
                continue
            news.append(ref)
        return news

    def write(self) -> None:
        """Store them, with their audit lines, as ``replies.domain.references`` writes them."""
        Reference.objects.bulk_create(self._fresh, batch_size=500)
        Reference.objects.bulk_update(self._changed, ["state", "due_on"], batch_size=500)
        AuditEvent.objects.bulk_create(
            AuditEvent(
                organization=self.organization,
                action=action,
                actor=self.by,
                ticket_id=row.ticket_id,
                data={"system": row.system, "number": row.number},
            )
            for action, rows in (("reference.added", self._fresh), ("reference.changed", self._changed))
            for row in rows
        )
        self._fresh, self._changed = [], []

    def _add(self, ref: Ref, ticket_id: int) -> None:
        row = Reference(
            organization=self.organization,
            ticket_id=ticket_id,
            system=ref.system,
            number=ref.number,
            number_key=fold_number(ref.number),
            state=ref.state,
            due_on=ref.due_on,
            by=self.by,
        )
        self._fresh.append(row)
        self._known[key_of(ref)] = row
        self._cases[ticket_id] = ticket_id

    def _update(self, row: Reference, ref: Ref) -> bool:
        fresh = (ref.state or row.state, ref.due_on or row.due_on)
        if fresh == (row.state, row.due_on):
            return False
        row.state, row.due_on = fresh
        if row.pk and row not in self._changed:
            self._changed.append(row)
        return True
