"""The cases behind a figure: the same rows the figure counts, newest first, for who asks. Pages by key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from tickets.insights.domain.counting import bounds_of
from tickets.insights.domain.raw import EVENTS
from tickets.insights.enums import Cut
from tickets.insights.queries.figures import Asked

PAGE = 50
# By the word in the address: which of the rows of ``EVENTS``, and what of them.
WHAT = {
    "message": ("message", "true"),
    "again": ("message", "e.sign = 2"),
    "opened": ("opened", "true"),
    "first_response": ("met", "e.what = 'first_response'"),
    "next_response": ("met", "e.what = 'next_response'"),
    "resolution": ("met", "e.what = 'resolution'"),
    "first_response_late": ("late", "e.what = 'first_response_late'"),
    "next_response_late": ("late", "e.what = 'next_response_late'"),
    "resolution_late": ("late", "e.what = 'resolution_late'"),
    "legal_late": ("late", "e.what = 'legal_late'"),
    "late": ("late", "e.what <> 'legal_late'"),
    "kept": ("promise", "e.what = 'kept'"),
    "broken": ("promise", "e.what = 'broken'"),
    "renegotiated": ("promise", "e.what = 'renegotiated'"),
    "asked": ("asked", "true"),
    "scored": ("scored", "true"),
    "reopened": ("reopened", "true"),
    "transfer": ("transfer", "true"),
}
_MOTIVE = (
    "(SELECT coalesce(n2.merged_into_id, n.merged_into_id, n.id) FROM tickets_classification x "
    "JOIN protocols_treenode n ON n.organization_id = x.organization_id AND n.id = x.motive_id "
    "LEFT JOIN protocols_treenode n2 ON n2.organization_id = n.organization_id AND n2.id = n.merged_into_id "
    "WHERE x.organization_id = t.organization_id AND x.ticket_id = t.id AND x.is_current)"
)
_AREA = (
    "coalesce(e.area_id, (SELECT q.area_id FROM tickets_consultation q WHERE q.organization_id = t.organization_id "
    "AND q.ticket_id = t.id ORDER BY q.id DESC LIMIT 1))"
)
_OF = {
    Cut.KIND: "t.kind = %(key)s",
    Cut.PRIORITY: "t.priority = %(key)s",
    Cut.AGENT: "coalesce(coalesce(e.agent_id, t.assignee_id)::text, '') = %(key)s",
    Cut.AREA: f"coalesce({_AREA}::text, '') = %(key)s",
    Cut.MOTIVE: f"coalesce({_MOTIVE}::text, '') = %(key)s",
}
_LIST = """
SELECT e.at, e.started_at, t.id, t.number, t.radicado, c.name, t.kind, t.state, t.channel, m.initials, m.display_name
FROM ({event} AND {at} >= %(since)s AND {at} < %(until)s) e(what, at, ticket_id, account_id, agent_id, area_id, sign,
    started_at, why)
JOIN tickets_ticket t ON t.organization_id = %(org)s AND t.id = e.ticket_id
JOIN tickets_customer c ON c.organization_id = t.organization_id AND c.id = t.customer_id
LEFT JOIN helpdesk_membership m ON m.organization_id = t.organization_id
    AND m.id = coalesce(e.agent_id, t.assignee_id)
WHERE {which} AND (%(account)s::bigint IS NULL OR coalesce(t.account_id, 0) = %(account)s) AND {of}
    AND (%(weekday)s::int IS NULL OR extract(isodow FROM e.at AT TIME ZONE %(zone)s) = %(weekday)s)
    AND (%(hour)s::int IS NULL OR extract(hour FROM e.at AT TIME ZONE %(zone)s) = %(hour)s)
    AND (%(until_at)s::timestamptz IS NULL OR (e.at, t.id) < (%(until_at)s, %(until_id)s))
ORDER BY e.at DESC, t.id DESC LIMIT %(limit)s
"""


def cases_behind(
    organization: Any,
    asked: Asked,
    what: str,
    *,
    weekday: int | None = None,
    hour: int | None = None,
    after: tuple[datetime, int] | None = None,
) -> tuple[list[dict[str, Any]], tuple[datetime, int] | None]:
    """A page of cases with the instant that counts, and where the next begins; ``KeyError`` for an unknown word.

    Row-level security leaves out what who asks may not see. ``weekday`` is 1 for Monday.
    """
    source, which = WHAT[what]
    at, event = EVENTS[source]
    of = _OF[Cut(asked.cut)] if asked.cut != Cut.ALL else "true"
    since, until = bounds_of(organization, asked.period.first, asked.period.last)
    params = {
        "org": organization.pk, "zone": organization.timezone, "since": since, "until": until, "key": asked.key,
        "account": asked.account, "weekday": weekday, "hour": hour, "until_at": after[0] if after else None,
        "until_id": after[1] if after else None, "limit": PAGE + 1,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LIST.format(event=event, at=at, which=which, of=of), params)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return rows[:PAGE], (last["at"], last["id"]) if last else None
