"""Rows of the queue: read with one statement, the same for the page, for the next page and for a push."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db import connection
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from channels_social.enums import ConversationKind
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.planned import Setting, ask
from helpdesk.ui.addresses import address
from helpdesk.ui.clocks import state_of
from helpdesk.ui.row import queue_row
from tickets.clocks.domain.terms import rules_by_account
from tickets.clocks.rules import TimeRules
from tickets.enums import OPEN_STATES, PqrKind, Priority, TicketState
from tickets.privacy.rules.masking import mask

COLUMNS = (
    "t.id, t.number, t.radicado, c.name, t.channel, t.priority, t.kind, t.last_text, t.last_at, "
    "t.unanswered_since, t.next_deadline_at, t.next_clock_kind, t.is_overdue, t.state, t.version, "
    "t.assignee_id, coalesce(m.initials, ''), coalesce(m.display_name, ''), t.queue_at, t.resolved_at, t.account_id, "
    "t.is_reserved"
)
TABLES = (
    "tickets_ticket t "
    "JOIN tickets_customer c ON c.organization_id = t.organization_id AND c.id = t.customer_id "
    "LEFT JOIN helpdesk_membership m ON m.organization_id = t.organization_id AND m.id = t.assignee_id"
)
_LABELS = {str(kind.value): kind for kind in PqrKind}


@dataclass(slots=True)
class QueueRow:
    """A case as its row shows it (see ``helpdesk.ui.row.Row``)."""

    ticket_id: int
    case_number: int
    radicado: str | None
    name: str
    channel: str
    priority: str
    kind: str
    last_text: str
    last_at: datetime
    unanswered_since: datetime | None
    deadline_at: datetime | None
    clock_kind: str
    is_overdue: bool
    state: str
    version: int
    assignee_id: int | None
    assignee_initials: str
    assignee_name: str
    queue_at: datetime
    resolved_at: datetime | None
    account_id: int | None
    is_reserved: bool
    slug: str = ""
    clock_state: str = ""
    worked: timedelta | None = None

    @property
    def number(self) -> str:
        return self.radicado or str(self.case_number)

    @property
    def url(self) -> str:
        return case_url(self.slug, self.case_number)

    @property
    def network(self) -> str:
        return self.channel

    @property
    def private(self) -> bool:
        return not ConversationKind(self.channel).is_public

    @property
    def priority_label(self) -> str:
        return str(Priority(self.priority).label) if self.priority in ("critical", "high") else ""

    @property
    def kind_label(self) -> str:
        return str(_LABELS[self.kind].label) if self.kind else ""

    @property
    def unread(self) -> bool:
        return self.unanswered_since is not None

    @property
    def due_at(self) -> datetime | None:
        return self.deadline_at

    @property
    def views(self) -> list[str]:
        """The views this case stands in; ``mine`` depends on who looks and is left to the page."""
        if self.state not in OPEN_STATES:
            return ["resolved"] if self.state == TicketState.RESOLVED else []
        views = ["open"]
        if self.unanswered_since is not None:
            views.append("unanswered")
        if self.is_overdue:
            views.append("overdue")
        return views


def case_url(slug: str, number: int) -> str:
    """The address of a case; written by hand because a list needs fifty of them."""
    return f"/{slug}/casos/{number}/"


# A page of a view costs the server less than planning it anew for each organization, which it would prefer.
SAME_PLAN = Setting("plan_cache_mode", "force_generic_plan")


def fetch(
    organization: Organization,
    where: str,
    params: Sequence[Any],
    tail: str,
    now: datetime,
    *,
    setting: Setting | None = None,
) -> list[QueueRow]:
    """Rows by a condition and an order, both literal SQL of this room. Inside ``tenant``."""
    with connection.cursor() as cursor:
        ask(
            cursor,
            f"SELECT {COLUMNS} FROM {TABLES} WHERE t.organization_id = %s AND {where} {tail}",
            [organization.pk, *params],
            setting=setting,
        )
        rows = [QueueRow(*values, slug=organization.slug) for values in cursor.fetchall()]
    waiting = any(row.unanswered_since for row in rows)
    rules = rules_by_account(organization.pk) if waiting else {}
    for row in rows:
        row.clock_state = _clock_state(row, now)
        row.worked = _worked(row, rules.get(row.account_id or 0), now)
    return rows


def _worked(row: QueueRow, rules: TimeRules | None, now: datetime) -> timedelta | None:
    """How much of a wait fell within the hours of its account, in whole hours: a row is the same for an hour."""
    since = row.unanswered_since
    if rules is None or since is None:
        return None
    return timedelta(hours=rules.calendar.between(since, max(since, now)) // timedelta(hours=1))


def _clock_state(row: QueueRow, now: datetime) -> str:
    if row.state == TicketState.WAITING_CUSTOMER:
        return "paused"
    return state_of(row.deadline_at, now) if row.deadline_at else ""


_FACTS = attrgetter(*QueueRow.__slots__)


def html_of(
    row: QueueRow, organization: Organization, now: datetime, *, is_masked: bool = False
) -> SafeString:
    """The row, in the language that is active; its words («hace 3 min») are of this minute.

    With personal data hidden for who may not see it.
    """
    minute = now.replace(second=0, microsecond=0)
    return _html(_FACTS(row), organization.timezone, get_language(), minute, is_masked)


def list_html(
    rows: Iterable[QueueRow], organization: Organization, now: datetime, *, is_masked: bool = False
) -> SafeString:
    """The rows of a list, one a line; each as ``html_of`` writes it."""
    language, minute = get_language(), now.replace(second=0, microsecond=0)
    return SafeString(
        "\n".join(_html(_FACTS(row), organization.timezone, language, minute, is_masked) for row in rows)
    )


@lru_cache(maxsize=1500)
def _html(
    facts: tuple[Any, ...], tz: str, _language: str | None, minute: datetime, is_masked: bool
) -> SafeString:
    """Thirty colleagues look at the same fifty rows: written once a minute, not once a reader.

    All that a row shows is in the key, so nothing has to be invalidated. About 2 MB when full.
    """
    row = QueueRow(*facts)
    row.last_text = mask(row.last_text) if is_masked else row.last_text
    return queue_row(row, now=minute, tz=tz, version=row.version)


def queue_address(slug: str) -> str:
    return address("queue", slug)
