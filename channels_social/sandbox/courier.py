"""Webhook deliveries: rows in the file until they are delivered or given up, carried by background threads.

Order is kept per account while nothing goes wrong. Meta tries again with growing pauses; X does not (its
documentation promises no push retry), which is why the product must also poll.
"""

from __future__ import annotations

import contextlib
import hashlib
import heapq
import http.client
import json
import queue
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from channels_social.sandbox.faults import Faults
from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.store import Store
from channels_social.sandbox.web.wire import Wire

LANES = 4
TIMEOUT_S = 10.0
# Seconds before each new attempt; then the delivery is given up.
RETRIES = {"facebook": (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600), "x": ()}


class Courier:
    """Queues deliveries inside the caller's transaction and carries them as soon as it is committed."""

    def __init__(self, store: Store, faults: Faults, wire: Wire) -> None:
        self.store, self.faults, self.wire = store, faults, wire
        self._lanes: list[queue.SimpleQueue[int | None]] = [queue.SimpleQueue() for _ in range(LANES)]
        self._later: list[tuple[float, int, str]] = []
        self._wake, self._stop = threading.Condition(), False
        self._road, self._under_way = threading.Condition(), 0
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the threads and take up what an earlier run left undelivered."""
        for lane in self._lanes:
            self._threads.append(threading.Thread(target=self._carry, args=(lane,), daemon=True))
        self._threads.append(threading.Thread(target=self._keep_time, daemon=True))
        for thread in self._threads:
            thread.start()
        for row in self.store.all("SELECT id, account, due_ms FROM delivery ORDER BY id"):
            self._schedule(row["id"], row["account"], row["due_ms"])

    def stop(self) -> None:
        """Stop the threads; what is undelivered stays in the file."""
        self._stop = True
        for lane in self._lanes:
            lane.put(None)
        with self._wake:
            self._wake.notify()

    def send(
        self, *, network: str, account: str, kind: str, url: str, headers: dict[str, str], body: bytes
    ) -> None:
        """Deliver `body` to `url`, through the faults that are on."""
        strikes = self.faults.strikes
        if strikes(network, "webhooks_off", what=kind, account=account):
            return
        if strikes(network, "lose_webhooks", what=kind, account=account):
            self.wire.note("out", network, f"POST → {kind}", "perdido", 0)
            return
        wait = 0.0
        if fault := strikes(network, "delay_webhooks", what=kind, account=account):
            wait += fault.seconds
        copies = 2 if strikes(network, "duplicate_webhooks", what=kind, account=account) else 1
        for _ in range(copies):
            fault = strikes(network, "reorder_webhooks", what=kind, account=account)
            due = now_ms() + int(1000 * (wait + (self.faults.within(fault.seconds) if fault else 0)))
            self._queue(network, account, kind, url, headers, body, due)

    def _queue(
        self, network: str, account: str, kind: str, url: str, headers: dict[str, str], body: bytes, due: int
    ) -> None:
        columns: dict[str, Any] = {"network": network, "account": account, "kind": kind, "url": url}
        columns |= {"body": body, "headers": json.dumps(headers), "created_ms": now_ms(), "due_ms": due}
        number = self.store.add("delivery", **columns)
        self.store.after_commit(lambda: self._schedule(number, account, due))

    def _schedule(self, number: int, account: str, due_ms: int) -> None:
        if due_ms <= now_ms():
            self._lane(account).put(number)
            return
        with self._wake:
            heapq.heappush(self._later, (due_ms / 1000, number, account))
            self._wake.notify()

    def _lane(self, account: str) -> queue.SimpleQueue[int | None]:
        return self._lanes[hashlib.md5(account.encode(), usedforsecurity=False).digest()[0] % LANES]

    def _keep_time(self) -> None:
        while not self._stop:
            with self._wake:
                wait = self._later[0][0] - time.time() if self._later else 60.0
                if wait > 0:
                    self._wake.wait(wait)
                    continue
                _, number, account = heapq.heappop(self._later)
            self._lane(account).put(number)

    def _carry(self, lane: queue.SimpleQueue[int | None]) -> None:
        lines: dict[str, http.client.HTTPConnection] = {}
        while (number := lane.get()) is not None and not self._stop:
            with self._on_the_road():
                row = self.store.one("SELECT * FROM delivery WHERE id = ?", number)
                if row is not None:
                    started = time.perf_counter()
                    status = post(lines, row["url"], json.loads(row["headers"]), row["body"])
                    self._settle(row, status, (time.perf_counter() - started) * 1000)

    @contextlib.contextmanager
    def _on_the_road(self) -> Iterator[None]:
        with self._road:
            self._under_way += 1
        try:
            yield
        finally:
            with self._road:
                self._under_way -= 1
                self._road.notify_all()

    def arrived(self, seconds: float) -> bool:
        """Wait until what is being delivered has arrived, so long at most; whether it has."""
        with self._road:
            return self._road.wait_for(lambda: not self._under_way, seconds)

    def _settle(self, row: Any, status: int, ms: float) -> None:
        self.wire.note("out", row["network"], f"POST → {row['kind']}", status or "sin conexión", ms)
        waits = RETRIES[row["network"]]
        if 200 <= status < 300 or row["attempt"] >= len(waits):
            self.store.run("DELETE FROM delivery WHERE id = ?", row["id"])
            return
        due = now_ms() + int(waits[row["attempt"]] * 1000)
        sql = "UPDATE delivery SET attempt = attempt + 1, due_ms = ? WHERE id = ?"
        if self.store.run(sql, due, row["id"]):
            self._schedule(row["id"], row["account"], due)


def post(lines: dict[str, http.client.HTTPConnection], url: str, headers: dict[str, str], body: bytes) -> int:
    """POST over a kept connection; the status, or 0 when nobody answered within TIMEOUT_S."""
    parts = urlsplit(url)
    for fresh in (False, True):
        line = None if fresh else lines.get(parts.netloc)
        reused = line is not None
        if line is None:
            kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
            line = lines[parts.netloc] = kind(parts.netloc, timeout=TIMEOUT_S)
        try:
            line.request("POST", parts.path + (f"?{parts.query}" if parts.query else ""), body, headers)
            answer = line.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            line.close()
            lines.pop(parts.netloc, None)
            # A kept connection may have been closed while idle: try once on a new one, else it was not
            # answered.
            if not reused:
                return 0
    return 0
