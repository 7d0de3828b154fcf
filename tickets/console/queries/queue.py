"""The queue: views by what falls due first, in keyset pages, and the figures on their tabs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from helpdesk.tenancy.counters import TABS, tabs_of
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.planned import ask
from helpdesk.text import fold_handle
from helpdesk.ui.dates import day_end
from tickets.cases.domain.queries.seen import accounts_of
from tickets.cases.filings import System
from tickets.cases.rules import clean_number, fold_number
from tickets.console.rows import SAME_PLAN, QueueRow, fetch
from tickets.enums import OPEN_STATES

PAGE = 50
_OPEN = "t.state IN ({})".format(", ".join(f"'{state.value}'" for state in OPEN_STATES))
SHARED = "AND t.id IN (SELECT x.ticket_id FROM tickets_caseaccess x WHERE x.organization_id = %s AND x.member_id = %s)"
BY_DUE = "ORDER BY t.queue_at, t.id"

# view → condition, keyset condition, order. All literal: a view is an index of the ticket table.
VIEWS: dict[str, tuple[str, str, str]] = {
    "open": (_OPEN, "(t.queue_at, t.id) > (%s, %s)", BY_DUE),
    "mine": (f"{_OPEN} AND t.assignee_id = %s", "(t.queue_at, t.id) > (%s, %s)", BY_DUE),
    "unanswered": (
        f"{_OPEN} AND t.unanswered_since IS NOT NULL",
        "(t.unanswered_since, t.id) > (%s, %s)",
        "ORDER BY t.unanswered_since, t.id",
    ),
    "overdue": (f"{_OPEN} AND t.is_overdue", "(t.queue_at, t.id) > (%s, %s)", BY_DUE),
    "resolved": (
        "t.state = 'resolved'",
        "(t.resolved_at, t.id) < (%s, %s)",
        "ORDER BY t.resolved_at DESC, t.id DESC",
    ),
}


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of rows; ``after`` continues it, empty at the end."""

    rows: list[QueueRow]
    after: str


def page_of(
    organization: Organization, view: str, *, member: Membership, after: str, now: datetime
) -> QueuePage:
    """Fifty rows of a view, from where the last page ended. No COUNT, no OFFSET. Inside ``tenant``."""
    where, keyset, order = VIEWS[view]
    params: list[Any] = [member.pk] if view == "mine" else []
    cursor = _parse(after)
    if cursor is not None:
        where, params = f"{where} AND {keyset}", [*params, *cursor]
    accounts = accounts_of(member)
    if accounts is not None:
        found = _of_accounts(organization, sorted(accounts), member, f"{where} {{}}", params, order)
        where, params = "t.id = ANY(%s)", [found]
    rows = fetch(organization, where, params, f"{order} LIMIT {PAGE + 1}", now, setting=SAME_PLAN)
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return QueuePage(rows, _after(rows[-1], view) if more else "")


def _of_accounts(
    organization: Organization,
    accounts: list[int],
    member: Membership,
    where: str,
    params: list[Any],
    order: str,
) -> list[int]:
    """The first cases of a view of who is limited: of each account by its own index, and what is shared with them.

    The policy would find the same by asking of every open case whether it is theirs.
    """
    one = (
        f"SELECT t.id FROM tickets_ticket t WHERE t.organization_id = %s AND {where} {order} LIMIT {PAGE + 1}"
    )
    sql = (
        f"SELECT s.id FROM unnest(%s::bigint[]) a(id) CROSS JOIN LATERAL ({one.format('AND t.account_id = a.id')}) s "
        f"UNION ({one.format(SHARED)})"
    )
    return _ids(
        sql, [accounts, organization.pk, *params, organization.pk, *params, organization.pk, member.pk]
    )


def _after(row: QueueRow, view: str) -> str:
    ordered_by = {"unanswered": row.unanswered_since, "resolved": row.resolved_at}
    return f"{(ordered_by.get(view) or row.queue_at).astimezone(UTC):%Y%m%dT%H%M%S.%fZ}_{row.ticket_id}"


def _parse(after: str) -> tuple[datetime, int] | None:
    """A keyset position; nonsense is no position."""
    instant, _sep, ticket = after.partition("_")
    try:
        return datetime.strptime(instant, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC), int(ticket)
    except ValueError:
        return None


def counts_of(organization: Organization, member: Membership) -> dict[str, int]:
    """The figures on the tabs, kept by the database beside every change, for what this member sees."""
    places = places_of(member)
    keys = [f"{key}{place}" for key in TABS for place in places] + [f"mine:{member.pk}"]
    with connection.cursor() as cursor:
        ask(
            cursor,
            "SELECT key, sum(delta)::int FROM tickets_countdelta "
            "WHERE organization_id = %s AND key = ANY(%s) GROUP BY key",
            [organization.pk, keys],
        )
        found = dict(cursor.fetchall())
    counts = tabs_of(found, places, member.pk, member.scope)
    return counts | own_counts(organization, counts) if "own" in member.scope.split() else counts


def places_of(member: Membership) -> list[str]:
    """What the keys of the counters end with for this member: nothing, or the accounts they see."""
    accounts = accounts_of(member)
    return [""] if accounts is None else [f"@{pk}" for pk in sorted(accounts)]


def own_counts(organization: Organization, pool: dict[str, int]) -> dict[str, int]:
    """Of who sees only their own: few rows, each theirs by the policy, and what they may take."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(t.unanswered_since), count(*) FILTER (WHERE t.is_overdue) "
            "FROM tickets_ticket t WHERE t.organization_id = %s AND t.assignee_id = "
            f"nullif(current_setting('app.member', true), '')::bigint AND {_OPEN} AND NOT t.is_reserved",
            [organization.pk],
        )
        found = dict(zip(("open", "unanswered", "overdue"), cursor.fetchone(), strict=True))
    return {key: n + pool[key] for key, n in found.items()} | {"mine": found["open"]}


def groups_of(
    rows: list[QueueRow], organization: Organization, now: datetime
) -> list[tuple[str, str, bool, list[QueueRow]]]:
    """Rows by when: late, in half an hour, today, later."""
    end = day_end(organization.timezone, now)
    parts: dict[str, list[QueueRow]] = {"late": [], "soon": [], "today": [], "later": []}
    for row in rows:
        parts[_group(row, now, end)].append(row)
    return [
        ("late", _("Vencidas"), True, parts["late"]),
        ("soon", _("En los próximos 30 minutos"), False, parts["soon"]),
        ("today", _("Hoy"), False, parts["today"]),
        ("later", _("Más adelante"), False, parts["later"]),
    ]


def _group(row: QueueRow, now: datetime, end: datetime) -> str:
    if row.deadline_at is None or row.clock_state in ("paused", "met"):
        return "later"
    if row.deadline_at < now:
        return "late"
    if row.deadline_at <= now + timedelta(minutes=30):
        return "soon"
    return "today" if row.deadline_at < end else "later"


def by_number(organization: Organization, asked: str) -> list[int]:
    """The cases that answer for this number, radicado or reference. Inside ``tenant``."""
    asked = asked.strip()[:200]
    return _by_number(organization, asked) if asked else []


def search(
    organization: Organization, words: str, *, now: datetime, member: Membership | None = None
) -> list[QueueRow]:
    """Cases by radicado or number, handle, or words said in them; newest first. Inside ``tenant``."""
    asked = words.strip()[:200]
    if not asked:
        return []
    ids = _by_number(organization, asked) or _by_handle(organization, asked) + _by_words(
        asked, is_narrow=member is not None and bool(member.scope)
    )
    if not ids:
        return []
    return fetch(
        organization, "t.id = ANY(%s)", [ids], f"ORDER BY t.last_at DESC, t.id DESC LIMIT {PAGE}", now
    )


def _ids(sql: str, params: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row[0] for row in cursor.fetchall() if row[0] is not None]


def _by_number(organization: Organization, asked: str) -> list[int]:
    """The cases that answer for a number today: their own, a radicado, or a reference in another system."""
    number = int(asked) if asked.isdecimal() and len(asked) < 15 else -1
    return _ids(
        "SELECT coalesce(joined_into_id, id) FROM tickets_ticket WHERE organization_id = %s AND number = %s "
        "UNION SELECT ticket_id FROM tickets_filing WHERE organization_id = %s AND radicado = %s "
        "UNION SELECT ticket_id FROM tickets_reference WHERE organization_id = %s AND number_key = ANY(%s)",
        [organization.pk, number, organization.pk, clean_number(asked), organization.pk, _keys(asked)],
    )


def _keys(asked: str) -> list[str]:
    """«70002» finds what was written down as «SAC-70002», and «sac 70002» what was as «70002»."""
    key = fold_number(asked)
    if not any(map(str.isdecimal, key)):
        return [key]
    bare = [key.removeprefix(system) for system in System.values if key.startswith(system)]
    return [key, *bare, *(system + key for system in System.values if key.isdecimal())]


def _by_handle(organization: Organization, asked: str) -> list[int]:
    key = fold_handle(asked)
    if not key or " " in asked:
        return []
    return _ids(
        "SELECT t.id FROM tickets_identity i JOIN tickets_ticket t "
        "ON t.organization_id = i.organization_id AND t.customer_id = i.customer_id "
        "WHERE i.organization_id = %s AND i.handle_key >= %s AND i.handle_key < %s "
        "ORDER BY t.id DESC LIMIT 50",
        [organization.pk, key, f"{key}\U0010ffff"],
    )


def _by_words(asked: str, *, is_narrow: bool) -> list[int]:
    # Who is narrowed searches what they see: a hundred hits of others' cases would leave them none.
    function = "tickets_search_seen" if is_narrow else "tickets_search"
    return _ids(
        f"SELECT DISTINCT m.ticket_id FROM {function}(%s, 100) s JOIN tickets_message m ON m.id = s.message_id",
        [asked],
    )
