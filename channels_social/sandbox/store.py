"""The sandbox's file: one SQLite connection behind one lock, written before anything is answered."""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).with_name("schema.sql")


def version() -> int:
    """A number that changes with the schema."""
    return zlib.crc32(SCHEMA.read_bytes()) & 0x7FFFFFFF


def make_room(file: Path) -> None:
    """Put aside a file written with another schema: nothing in a sandbox is worth a migration."""
    if not file.exists():
        return
    with closing(sqlite3.connect(file)) as db:
        found = db.execute("PRAGMA user_version").fetchone()[0]
    if found != version():
        for name in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            if name.exists():
                name.replace(f"{name}.old")


class Store:
    """Rows in and out; safe from any thread.

    A commit survives the death of the process (WAL, synchronous NORMAL).
    """

    def __init__(self, file: str) -> None:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        make_room(Path(file))
        self.lock = self._lock = threading.RLock()
        self._depth = 0
        self._after: list[Callable[[], None]] = []
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None, timeout=10)
        self._db.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-16000", "temp_store=MEMORY"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(SCHEMA.read_text(encoding="utf-8"))
        self._db.execute(f"PRAGMA user_version = {version()}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside or nothing; nested uses join the outer one.

        Then what was asked for `after_commit`.
        """
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._after.clear()
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("COMMIT")
                waiting, self._after = self._after, []
                for call in waiting:
                    call()

    def after_commit(self, call: Callable[[], None]) -> None:
        """Run `call` once the surrounding transaction is in the file (at once when there is none)."""
        with self._lock:
            if self._depth:
                self._after.append(call)
                return
        call()

    def one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """First row, or None."""
        with self._lock:
            return self._db.execute(sql, values).fetchone()

    def all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Every row."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def all_named(self, sql: str, values: dict[str, Any]) -> list[sqlite3.Row]:
        """Every row, for a statement with named values."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def run(self, sql: str, *values: Any) -> int:
        """Write; gives the number of rows changed."""
        with self._lock:
            return self._db.execute(sql, values).rowcount

    def run_many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write once for each tuple of values."""
        with self._lock:
            self._db.executemany(sql, rows)

    def add(self, table: str, **columns: Any) -> int:
        """Insert one row; gives its rowid. Column names are ours, never a caller's."""
        marks = ",".join("?" * len(columns))
        with self._lock:
            sql = f"INSERT INTO {table} ({','.join(columns)}) VALUES ({marks})"
            return self._db.execute(sql, tuple(columns.values())).lastrowid or 0

    def setting(self, key: str, default: Any = None) -> Any:
        """A value kept under `key`, or `default`."""
        row = self.one("SELECT value FROM setting WHERE key = ?", key)
        return default if row is None else json.loads(row["value"])

    def keep(self, key: str, value: Any) -> None:
        """Remember `value` (anything JSON can say) under `key`."""
        self.run("INSERT OR REPLACE INTO setting VALUES (?, ?)", key, json.dumps(value))

    def empty(self) -> None:
        """Forget everything, settings included."""
        with self.transaction():
            tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            for row in self.all(tables):
                self.run(f"DELETE FROM {row['name']}")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()
