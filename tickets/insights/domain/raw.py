"""The figures of some days, counted from the rows themselves: the one definition that everything else is held to.

What happened is a row (``EVENTS``): when, in which case, what. A case's kind, priority, motive, area and colleague are
those it has now; a day is one of the organization's zone. The same statement counts a day for the sweep, a year for a
rebuild and any day for a proof; ``queries/behind.py`` shows the cases of the same rows.
"""

from __future__ import annotations

from tickets.insights.rules.histogram import BOUNDS, DIGITS

# Of the columns of DayFigure, those that are summed.
COUNTS = (
    "messages", "noise", "reiterations", "opened", "reopened", "transfers", "first_met", "first_late", "next_met",
    "next_late", "solved_met", "solved_late", "legal_met", "legal_late", "kept", "broken", "renegotiated", "asked",
    "scored", "satisfied", "micros",
)  # fmt: skip
HISTOGRAMS = ("first_wall", "first_open", "next_wall", "next_open", "solved_wall", "solved_open")
MEASURES = (*COUNTS, "hours", *HISTOGRAMS)

# Who answered, where a message of ours went out at that instant; not who has the case.
ANSWERED_BY = (
    "(SELECT m.author_id FROM tickets_message m WHERE m.organization_id = c.organization_id "
    "AND m.ticket_id = c.ticket_id AND m.occurred_at = c.met_at AND m.direction = 'out' "
    "AND m.author_id IS NOT NULL ORDER BY m.id LIMIT 1)"
)
# Its place in the index of what ended, and of what was late.
MEASURED = "c.kind IN ('first_response', 'next_response', 'resolution', 'legal')"
LATE = "coalesce(c.met_at > c.due_at, c.breached_at IS NOT NULL)"
TRANSFER = "a.action = 'ticket.assigned' AND a.data ->> 'former' <> a.data ->> 'to'"
AGAIN = "m.ticket_id IS NOT NULL AND NOT m.is_courtesy AND m.verdict ->> 'kind' = 'seguimiento'"
NOISE = "m.ticket_id IS NULL AND NOT m.needs_attention"

# Each begins «what, at, ticket_id, account_id, agent_id, area_id, sign, started_at, why»; ``{at}`` is its instant.
NO_ONE, NO_TIME = "NULL::bigint, NULL::bigint, NULL::bigint", "NULL::timestamptz, NULL::jsonb"
EVENTS: dict[str, tuple[str, str]] = {
    "message": (
        "m.occurred_at",
        "SELECT 'message' AS what, m.occurred_at AS at, m.ticket_id, v.account_id, NULL::bigint AS agent_id, "
        f"NULL::bigint AS area_id, CASE WHEN {NOISE} THEN 1 WHEN {AGAIN} THEN 2 ELSE 0 END AS sign, "
        "NULL::timestamptz AS started_at, NULL::jsonb AS why FROM tickets_message m "
        "JOIN tickets_conversation v ON v.organization_id = m.organization_id AND v.id = m.conversation_id "
        "WHERE m.organization_id = %(org)s AND m.direction = 'in'",
    ),
    "opened": (
        "t.opened_at",
        f"SELECT 'opened', t.opened_at, t.id, {NO_ONE}, 0, {NO_TIME} FROM tickets_ticket t "
        "WHERE t.organization_id = %(org)s AND t.state <> 'joined'",
    ),
    "met": (
        "c.met_at",
        f"SELECT c.kind, c.met_at, c.ticket_id, NULL::bigint, CASE WHEN c.kind LIKE '%%_response' THEN {ANSWERED_BY} "
        "END, NULL::bigint, (c.met_at <= c.due_at)::int, c.started_at, c.why FROM tickets_clock c "
        f"WHERE c.organization_id = %(org)s AND c.cancelled_at IS NULL AND {MEASURED}",
    ),
    "late": (
        "c.due_at",
        f"SELECT c.kind || '_late', c.due_at, c.ticket_id, NULL::bigint, CASE WHEN c.met_at IS NOT NULL AND c.kind "
        f"LIKE '%%_response' THEN {ANSWERED_BY} END, NULL::bigint, 0, {NO_TIME} FROM tickets_clock c "
        f"WHERE c.organization_id = %(org)s AND {LATE} AND {MEASURED}",
    ),
    "promise": (
        "p.settled_at",
        "SELECT p.state, p.settled_at, p.ticket_id, NULL::bigint, p.owner_id, (SELECT q.area_id "
        "FROM tickets_consultation q WHERE q.organization_id = p.organization_id AND q.ticket_id = p.ticket_id "
        f"AND q.commitment_id = p.id ORDER BY q.id DESC LIMIT 1), 0, {NO_TIME} FROM tickets_commitment p "
        "WHERE p.organization_id = %(org)s AND p.state IN ('kept', 'broken', 'renegotiated')",
    ),
    "asked": (
        "k.asked_at",
        f"SELECT 'asked', k.asked_at, k.ticket_id, {NO_ONE}, 0, {NO_TIME} FROM tickets_aftercontact k "
        "WHERE k.organization_id = %(org)s AND k.scale = 'csat'",
    ),
    "scored": (
        "k.answered_at",
        f"SELECT 'scored', k.answered_at, k.ticket_id, {NO_ONE}, (k.score >= 4)::int, {NO_TIME} "
        "FROM tickets_aftercontact k "
        "WHERE k.organization_id = %(org)s AND k.scale = 'csat' AND k.score IS NOT NULL",
    ),
    "reopened": (
        "a.at",
        f"SELECT 'reopened', a.at, a.ticket_id, {NO_ONE}, 0, {NO_TIME} FROM helpdesk_auditevent a "
        "WHERE a.organization_id = %(org)s AND a.action IN ('ticket.reopened', 'ticket.assigned') "
        "AND a.action = 'ticket.reopened'",
    ),
    "transfer": (
        "a.at",
        f"SELECT 'transfer', a.at, a.ticket_id, {NO_ONE}, 0, {NO_TIME} FROM helpdesk_auditevent a "
        "WHERE a.organization_id = %(org)s AND a.action IN ('ticket.reopened', 'ticket.assigned') "
        f"AND {TRANSFER}",
    ),
}  # fmt: skip


def events() -> str:
    """All rows of ``%(since)s`` up to, not including, ``%(until)s``."""
    return "\nUNION ALL\n".join(
        f"{select} AND {at} >= %(since)s AND {at} < %(until)s" for at, select in EVENTS.values()
    )


# What a case is counted as.
FACTS = """
SELECT t.id, t.account_id, t.kind, t.priority, t.assignee_id, coalesce(n2.merged_into_id, n.merged_into_id, n.id)
    AS motive_id, (SELECT q.area_id FROM tickets_consultation q WHERE q.organization_id = t.organization_id
    AND q.ticket_id = t.id ORDER BY q.id DESC LIMIT 1) AS area_id
FROM (SELECT DISTINCT ticket_id FROM event WHERE ticket_id IS NOT NULL) e
JOIN tickets_ticket t ON t.organization_id = %(org)s AND t.id = e.ticket_id
LEFT JOIN tickets_classification x ON x.organization_id = t.organization_id AND x.ticket_id = t.id AND x.is_current
LEFT JOIN protocols_treenode n ON n.organization_id = x.organization_id AND n.id = x.motive_id
LEFT JOIN protocols_treenode n2 ON n2.organization_id = n.organization_id AND n2.id = n.merged_into_id
"""


def _worked(at: str) -> str:
    """Open seconds of a clock's calendar before an instant."""
    return (
        f"(SELECT o.before + extract(epoch FROM least({at}, o.closes_at) - o.opens_at) FROM tickets_openhours o "
        f"WHERE o.organization_id = %(org)s AND o.calendar_id = (e.why ->> 'calendar')::bigint "
        f"AND o.opens_at <= {at} ORDER BY o.opens_at DESC LIMIT 1)"
    )


def _lane(seconds: str) -> str:
    bounds = ",".join(map(str, BOUNDS))
    return f"('1e' || {DIGITS} * width_bucket({seconds}, '{{{bounds}}}'::int[]))::numeric"


def _when(what: str, more: str = "") -> str:
    return f"coalesce(sum(n) FILTER (WHERE what = '{what}'{more}), 0)"


def _many(what: str, lane: str) -> str:
    return f"coalesce(sum({lane}) FILTER (WHERE what = '{what}'), 0)"


_COLUMNS = ", ".join(
    f"{formula} AS {name}"
    for name, formula in {
        "messages": _when("message"),
        "noise": _when("message", " AND sign = 1"),
        "reiterations": _when("message", " AND sign = 2"),
        "opened": _when("opened"),
        "reopened": _when("reopened"),
        "transfers": _when("transfer"),
        "first_met": _when("first_response", " AND sign = 1"),
        "first_late": _when("first_response_late"),
        "next_met": _when("next_response", " AND sign = 1"),
        "next_late": _when("next_response_late"),
        "solved_met": _when("resolution", " AND sign = 1"),
        "solved_late": _when("resolution_late"),
        "legal_met": _when("legal", " AND sign = 1"),
        "legal_late": _when("legal_late"),
        "kept": _when("kept"),
        "broken": _when("broken"),
        "renegotiated": _when("renegotiated"),
        "asked": _when("asked"),
        "scored": _when("scored"),
        "satisfied": _when("scored", " AND sign = 1"),
        "micros": _when("spent"),
        "hours": _many("message", "wall"),
        "first_wall": _many("first_response", "wall"),
        "first_open": _many("first_response", "open"),
        "next_wall": _many("next_response", "wall"),
        "next_open": _many("next_response", "open"),
        "solved_wall": _many("resolution", "wall"),
        "solved_open": _many("resolution", "open"),
    }.items()
)
assert _COLUMNS.count(" AS ") == len(MEASURES)

# Rows of figures from day %(first)s to day %(last)s. First what is alike is put together, then taken apart by each cut.
FIGURES = f"""
WITH event AS MATERIALIZED (
{events()}
), fact AS MATERIALIZED ({FACTS}), timed AS (
    SELECT e.*, least(greatest(extract(epoch FROM e.at - e.started_at), 0), 2000000000)::int AS wall_s,
        CASE WHEN (e.why ->> 'wall')::boolean THEN extract(epoch FROM e.at - e.started_at)
            ELSE coalesce({_worked("e.at")} - coalesce({_worked("e.started_at")}, 0),
                extract(epoch FROM e.at - e.started_at)) END
            - coalesce((e.why ->> 'waited')::float, 0) AS open_s
    FROM event e
), plain AS (
    SELECT (e.at AT TIME ZONE %(zone)s)::date AS day, coalesce(f.account_id, e.account_id, 0) AS account,
        nullif(f.kind, '') AS kind, f.motive_id AS motive, coalesce(e.area_id, f.area_id) AS area,
        coalesce(e.agent_id, f.assignee_id) AS agent, f.priority, e.what, e.sign,
        CASE WHEN e.what = 'message' THEN ('1e' || {DIGITS} * extract(hour FROM e.at AT TIME ZONE %(zone)s))::numeric
            WHEN e.started_at IS NOT NULL THEN {_lane("e.wall_s")} END AS wall,
        CASE WHEN e.started_at IS NOT NULL THEN {_lane("least(greatest(e.open_s, 0), 2000000000)::int")} END AS open
    FROM timed e LEFT JOIN fact f ON f.id = e.ticket_id
), alike AS (
    SELECT day, account, kind, motive, area, agent, priority, what, sign, count(*) AS n, sum(wall) AS wall,
        sum(open) AS open
    FROM plain GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    UNION ALL
    SELECT day, account_id, NULL, NULL, NULL, NULL, NULL, 'spent', 0, sum(micros), NULL, NULL
    FROM channels_social_creditspend
    WHERE organization_id = %(org)s AND day BETWEEN %(first)s AND %(last)s GROUP BY 1, 2
)
SELECT CASE WHEN grouping(kind) = 0 THEN 'kind' WHEN grouping(motive) = 0 THEN 'motive' WHEN grouping(area) = 0 THEN
    'area' WHEN grouping(agent) = 0 THEN 'agent' WHEN grouping(priority) = 0 THEN 'priority' ELSE 'all' END AS cut,
    day, account,
    coalesce(CASE WHEN grouping(kind) = 0 THEN kind WHEN grouping(motive) = 0 THEN motive::text
        WHEN grouping(area) = 0 THEN area::text WHEN grouping(agent) = 0 THEN agent::text
        WHEN grouping(priority) = 0 THEN priority END, '') AS key, {_COLUMNS}
FROM alike
GROUP BY GROUPING SETS ((day, account), (day, account, kind), (day, account, motive), (day, account, area),
    (day, account, agent), (day, account, priority))
"""
