"""The protocol of a case: which one its motive has, which version it follows, how far it is. Inside ``tenant``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Sum

from helpdesk.tenancy.context import whole
from protocols.guides.domain.queries.pages import protocol_for
from protocols.guides.rules.following import StepState, states_of
from protocols.guides.rules.guide import Guide, guide_of
from protocols.models import Protocol, ProtocolVersion
from protocols.typification.domain.queries.published import published
from tickets.cases.domain.queries.typified import current
from tickets.cases.models import Ticket
from tickets.customers.models import Customer
from tickets.enums import IdentityCheck
from tickets.guidance.models import CaseProtocol, Grant


@dataclass(frozen=True, slots=True)
class Guidance:
    """What a case is guided by. ``page`` is the published protocol of its motive, ``followed`` what it follows."""

    motive: str
    motive_name: str
    page: Protocol | None
    followed: CaseProtocol | None
    # The last one that was left, while nothing is followed.
    left: CaseProtocol | None

    @property
    def version(self) -> ProtocolVersion | None:
        """The version to work by: the one that is followed, else the one in force."""
        if self.followed is not None:
            return self.followed.version
        return self.page.version if self.page else None

    @property
    def guide(self) -> Guide | None:
        """Its text."""
        return guide_of(self.version.document) if self.version else None

    @property
    def newer(self) -> int:
        """The number of the version in force, when the case follows an older one of the same protocol; 0 if not."""
        if self.followed is None or self.page is None or self.page.version is None:
            return 0
        same = (
            self.followed.version.page_id == self.page.pk and self.followed.version_id != self.page.version_id
        )
        return self.page.version.number if same else 0

    @property
    def is_elsewhere(self) -> bool:
        """Whether the motive has another protocol than the one that is followed."""
        if self.followed is None or self.page is None:
            return False
        return self.followed.version.page_id != self.page.pk


def guidance_of(ticket: Ticket) -> Guidance:
    """Read it."""
    rows = list(
        CaseProtocol.objects.filter(organization_id=ticket.organization_id, ticket=ticket)
        .select_related("version", "version__page", "left_by")
        .order_by("-pk")[:5]
    )
    followed = next((one for one in rows if one.left_at is None), None)
    left = rows[0] if rows and followed is None else None
    key, name = motive_of(ticket)
    page = protocol_for(ticket.organization_id, key) if key else None
    return Guidance(key, name, page, followed, left)


def motive_of(ticket: Ticket) -> tuple[str, str]:
    """Key and name of what the case is about today, merges followed; empty while nobody said it."""
    said, tree = current(ticket), published(ticket.organization_id)
    if said is None or tree is None:
        return "", ""
    node = tree.tree.target(tree.keys.get(said.motive_id, ""))
    return (node.key, node.name) if node else ("", "")


def proven(customer: Customer, now: datetime) -> str:
    """How far the person's identity is proven now; what has expired proves nothing more."""
    if customer.check_state == IdentityCheck.VERIFIED and not customer.is_verified(now):
        return IdentityCheck.NONE.value
    return IdentityCheck(customer.check_state).value


def steps_of(guidance: Guidance, customer: Customer, now: datetime) -> list[StepState]:
    """The steps with whether they may be ticked."""
    guide = guidance.guide
    done = guidance.followed.done if guidance.followed else {}
    return states_of(guide.steps, done, proven(customer, now)) if guide else []


@dataclass(frozen=True, slots=True)
class Total:
    """What a customer was granted of one unit, in this case and in all of theirs."""

    unit: str
    here: Decimal
    everywhere: Decimal


def grants_of(ticket: Ticket) -> list[Grant]:
    """What was granted in this case, newest first."""
    rows = Grant.objects.filter(organization_id=ticket.organization_id, ticket=ticket)
    return list(rows.select_related("by").order_by("-pk")[:20])


def totals_of(ticket: Ticket) -> list[Total]:
    """What the customer was granted, by unit; cases the reader may not see count too, as a sum."""
    with whole():
        theirs = Grant.objects.filter(
            organization_id=ticket.organization_id, ticket__customer_id=ticket.customer_id
        )
        rows = theirs.values("unit").annotate(
            all=Sum("amount"), here=Sum("amount", filter=Q(ticket=ticket), default=Decimal(0))
        )
        return [Total(one["unit"], one["here"], one["all"]) for one in rows.order_by("unit")]
