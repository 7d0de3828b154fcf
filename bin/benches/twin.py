"""The yardstick of `ingest`: what a run of the product wrote, written once more into the twin, without rules.

Every row the run left (new ones whole, changed ones as they ended), in the same tables with the same indexes, keys
and triggers, by ``execute_values`` of 100, one transaction for each 100 messages, as the owner.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from psycopg2.extras import execute_values

# In the order in which foreign keys allow them; and what ties a row to the message it came with.
TABLES = (
    "tickets_customer", "tickets_identity", "tickets_ticket", "tickets_conversation", "tickets_message",
    "tickets_messageversion", "tickets_tombstone", "channels_social_media", "tickets_attachment", "tickets_clock",
    "tickets_filing", "helpdesk_auditevent",
)  # fmt: skip
CHANGEABLE = (
    "tickets_identity",
    "tickets_ticket",
    "tickets_conversation",
    "tickets_message",
    "tickets_clock",
)
PAGE = 100
Row = tuple[Any, ...]


@dataclass
class Table:
    """Columns of a table as they are read and written."""

    name: str
    columns: list[str]
    types: list[str]

    @classmethod
    def of(cls, cursor: Any, name: str) -> Table:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = %s::regclass "
            "AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
            [name],
        )
        found = cursor.fetchall()
        return cls(name, [row[0] for row in found], [row[1] for row in found])

    @property
    def selected(self) -> str:
        """jsonb is read as text: Python would make it another thing."""
        pairs = zip(self.columns, self.types, strict=True)
        return ", ".join(f'"{name}"::text' if kind == "jsonb" else f'"{name}"' for name, kind in pairs)

    @property
    def insert(self) -> str:
        names = ", ".join(f'"{name}"' for name in self.columns)
        return f"INSERT INTO {self.name} ({names}) VALUES %s"

    @property
    def update(self) -> str:
        names = ", ".join(f'"{name}"' for name in self.columns)
        sets = ", ".join(
            f'"{name}" = v."{name}"' for name in self.columns if name not in ("id", "organization_id")
        )
        return (
            f"UPDATE {self.name} AS t SET {sets} FROM (VALUES %s) AS v ({names}) "
            "WHERE t.organization_id = v.organization_id AND t.id = v.id"
        )

    @property
    def template(self) -> str:
        return "(" + ", ".join(f"%s::{kind}" for kind in self.types) + ")"

    def at(self, name: str) -> int:
        return self.columns.index(name)


@dataclass
class Batch:
    """What came with a hundred messages."""

    new: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    counted: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    events: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


class Recorder:
    """Remembers where a run began in the product's database, and what it wrote."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor
        self.tables = {name: Table.of(cursor, name) for name in TABLES}
        self.begin()

    def begin(self) -> None:
        """What is written from now on counts."""
        self.marks = {name: self._one(f"SELECT coalesce(max(id), 0) FROM {name}") for name in TABLES}
        self.event_mark = self._one("SELECT coalesce(max(id), 0) FROM channels_social_inboundevent")
        self.cursor.execute("SELECT organization_id, year, n FROM tickets_counter")
        self.counters = {(org, year): n for org, year, n in self.cursor.fetchall()}
        self.xid = self._one("SELECT pg_current_xact_id()::text::bigint % 4294967296")

    def _one(self, sql: str) -> Any:
        self.cursor.execute(sql)
        return self.cursor.fetchone()[0]

    def events(self) -> tuple[list[str], list[Row]]:
        """The pending events as they were stored, for the twin."""
        table = Table.of(self.cursor, "channels_social_inboundevent")
        self.cursor.execute(
            f"SELECT {table.selected} FROM {table.name} WHERE id > %s ORDER BY id", [self.event_mark]
        )
        return table.columns, self.cursor.fetchall()

    def batches(self) -> list[Batch]:
        """What the run wrote, by hundreds of messages of one organization."""
        new = {name: self._rows(name, "id > %s", self.marks[name]) for name in TABLES}
        changed = {
            name: self._rows(name, f"id <= {self.marks[name]} AND xmin::text::bigint >= %s", self.xid)
            for name in CHANGEABLE
        }
        return list(self._cut(new, changed))

    def _rows(self, name: str, where: str, value: int) -> list[Row]:
        self.cursor.execute(
            f"SELECT {self.tables[name].selected} FROM {name} WHERE {where} ORDER BY id", [value]
        )
        return self.cursor.fetchall()

    def _cut(self, new: dict[str, list[Row]], changed: dict[str, list[Row]]) -> Iterator[Batch]:
        message, conversation = self.tables["tickets_message"], self.tables["tickets_conversation"]
        org_at, ticket_at = message.at("organization_id"), message.at("ticket_id")
        thread_at, id_at = message.at("conversation_id"), message.at("id")
        threads = {row[conversation.at("id")]: row for row in new["tickets_conversation"]}
        messages = sorted(new["tickets_message"], key=lambda row: (row[org_at], row[id_at]))
        pools = {name: self._by_parent(name, rows) for name, rows in new.items() if name != "tickets_message"}
        changes = {name: self._by_parent(name, rows) for name, rows in changed.items()}
        made: list[Batch] = []
        for rows in _pages(messages, org_at):
            batch = Batch()
            batch.new["tickets_message"] = rows
            for row in rows:
                thread = threads.get(row[thread_at])
                owners = {
                    "message": row[id_at], "ticket": row[ticket_at], "conversation": row[thread_at],
                    "identity": thread and thread[conversation.at("identity_id")],
                    "customer": thread and thread[conversation.at("customer_id")],
                }  # fmt: skip
                for into, pool in ((batch.new, pools), (batch.changed, changes)):
                    for name, by_parent in pool.items():
                        into[name] += by_parent.pop(owners[PARENT[name][0]], [])
            made.append(batch)
        self._leftovers(made, pools, changes)
        self._count(made)
        yield from made

    def _by_parent(self, name: str, rows: Iterable[Row]) -> dict[int, list[Row]]:
        at = self.tables[name].at(PARENT[name][1])
        found: dict[int, list[Row]] = defaultdict(list)
        for row in rows:
            found[row[at]].append(row)
        return found

    def _leftovers(self, made: list[Batch], pools: Any, changes: Any) -> None:
        """What no message of its own explains (an audit line of an account) goes with the last batch."""
        for pool, into in ((pools, made[-1].new), (changes, made[-1].changed)):
            for name, by_parent in pool.items():
                for rows in by_parent.values():
                    into[name] += rows

    def _count(self, made: list[Batch]) -> None:
        """Numbers given, shared out by cases; events by the hundred."""
        filing, ticket = self.tables["tickets_filing"], self.tables["tickets_ticket"]
        for batch in made:
            for row in batch.new["tickets_ticket"]:
                batch.counted[row[ticket.at("organization_id")], 0] += 1
            for row in batch.new["tickets_filing"]:
                batch.counted[row[filing.at("organization_id")], int(row[filing.at("radicado")][:4])] += 1
        self.cursor.execute(
            "SELECT id, organization_id FROM channels_social_inboundevent WHERE id > %s ORDER BY organization_id, id",
            [self.event_mark],
        )
        events = self.cursor.fetchall()
        size = -(-len(events) // len(made))
        for place, batch in enumerate(made):
            for event, organization in events[place * size : (place + 1) * size]:
                batch.events[organization].append(event)


# Table → whose row it is, and the column that says so.
PARENT = {
    "tickets_customer": ("customer", "id"), "tickets_identity": ("identity", "id"), "tickets_ticket": ("ticket", "id"),
    "tickets_conversation": ("conversation", "id"), "tickets_message": ("message", "id"),
    "tickets_messageversion": ("message", "message_id"), "tickets_tombstone": ("message", "id"),
    "channels_social_media": ("message", "id"), "tickets_attachment": ("message", "message_id"),
    "tickets_clock": ("ticket", "ticket_id"), "tickets_filing": ("ticket", "ticket_id"),
    "helpdesk_auditevent": ("ticket", "ticket_id"),
}  # fmt: skip


def _pages(rows: list[Row], org_at: int) -> Iterator[list[Row]]:
    page: list[Row] = []
    for row in rows:
        if page and (len(page) == PAGE or page[-1][org_at] != row[org_at]):
            yield page
            page = []
        page.append(row)
    if page:
        yield page


def write(connection: Any, tables: dict[str, Table], batches: list[Batch]) -> float:
    """Write them; seconds. One transaction a batch."""
    sql = {name: (table.insert, table.update, table.template) for name, table in tables.items()}
    started = time.perf_counter()
    for batch in batches:
        with connection, connection.cursor() as cursor:
            for name in TABLES:
                insert, update, template = sql[name]
                if batch.new[name]:
                    execute_values(cursor, insert, batch.new[name], page_size=PAGE)
                if batch.changed[name]:
                    execute_values(cursor, update, batch.changed[name], template=template, page_size=PAGE)
            for organization, events in batch.events.items():
                cursor.execute(
                    "UPDATE channels_social_inboundevent SET state = 'done', taken_at = now() "
                    "WHERE organization_id = %s AND id = ANY(%s)",
                    [organization, events],
                )
            for (organization, year), count in batch.counted.items():
                cursor.execute(
                    "INSERT INTO tickets_counter AS c (organization_id, year, n) VALUES (%s, %s, %s) "
                    "ON CONFLICT (organization_id, year) DO UPDATE SET n = c.n + excluded.n",
                    [organization, year, count],
                )
    return time.perf_counter() - started
