"""From a delivery at the door to its frame in eight consoles: webhook → inbox → worker → push → event stream."""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import time
from typing import Any

from house.terminal import Trouble

from benches.ground import TICKETS, Ground, ground, started
from benches.loads import Request
from benches.mix import Mix

SLUG = "banca-01"
CONSOLES = 8
A_SECOND = 50
SECONDS = int(os.environ.get("BENCH_SECONDS", "24"))
WARM_SECONDS = min(3, SECONDS)
LATE_S = 5.0
SENDERS = 4
LIMITS = {"p50_ms": 25, "p95_ms": 60, "p99_ms": 150}
# What the clock, which does not run here, does every twenty seconds: other benches leave thousands of steps.
FOLD = (
    "WITH gone AS (DELETE FROM tickets_countdelta RETURNING organization_id, key, delta) "
    "INSERT INTO tickets_countdelta (organization_id, key, delta) "
    "SELECT organization_id, key, sum(delta) FROM gone GROUP BY organization_id, key"
)
MARK = re.compile(rb"zqx(\d+)z")


def run() -> dict[str, Any]:
    """Fifty a second for some twenty seconds; the wait of every console for every message."""
    with ground() as here:
        here.ask("UPDATE channels_social_inboundevent SET state = 'ignored' WHERE state = 'pending'")
        here.ask(FOLD)
        last = here.ask("SELECT max(id) FROM tickets_message")[0][0]
        port = int(here.env["DOOR_PORT"])
        with started(here.program("door"), here.program("inbox")):
            cookies = here.python("benches.entry", SLUG, which="app")
            sent, seen = asyncio.run(_measure(here, cookies, port))
        aside = _put_aside(here, last)
    shown = [number for number in sent if number >= WARM_SECONDS * A_SECOND and number not in aside]
    waits = [console[number] - sent[number] for console in seen for number in shown if number in console]
    if len(waits) < CONSOLES * len(shown):
        missed = [sorted(set(shown) - set(console)) for console in seen]
        print("not seen: " + "; ".join(f"{len(one)} ({one[0]}–{one[-1]})" for one in missed if one))
        # A machine that stood still makes a burst of what is late, and of a burst consoles are told to look again.
        began = min(sent[number] - number / A_SECOND for number in sent)
        late = max(sent[number] - number / A_SECOND - began for number in sent)
        print(f"what was sent latest was {late:.1f} s behind its time", flush=True)
        raise Trouble(f"only {len(waits)} of {CONSOLES * len(shown)} frames arrived")
    return _result([wait * 1000 for wait in waits], len(aside))


def _put_aside(here: Ground, last: int) -> set[int]:
    """The messages of this run that triage took for noise: they open no case, and no console shows them."""
    rows = here.ask(
        "SELECT substring(text FROM 'zqx([0-9]+)z')::int FROM tickets_message "
        "WHERE id > %s AND ticket_id IS NULL AND NOT needs_attention",
        [last],
    )
    return {row[0] for row in rows}


async def _measure(
    here: Ground, headers: dict[str, str], port: int
) -> tuple[dict[int, float], list[dict[int, float]]]:
    requests = [
        Request(one.path, "POST", one.headers(here.env), one.body)
        for one in _marked(A_SECOND * (SECONDS + WARM_SECONDS))
    ]
    seen: list[dict[int, float]] = [{} for _ in range(CONSOLES)]
    ready = [asyncio.Event() for _ in range(CONSOLES)]
    consoles = [asyncio.create_task(_listen(port, headers, seen[n], ready[n])) for n in range(CONSOLES)]
    await asyncio.wait_for(asyncio.gather(*(one.wait() for one in ready)), 10)
    senders = [await asyncio.open_connection("127.0.0.1", port) for _ in range(SENDERS)]
    free: asyncio.Queue[Any] = asyncio.Queue()
    for one in senders:
        free.put_nowait(one)
    sent: dict[int, float] = {}
    began = time.perf_counter()
    posts = []
    for number, request in enumerate(requests):
        await asyncio.sleep(max(0.0, began + number / A_SECOND - time.perf_counter()))
        posts.append(asyncio.create_task(_post(free, request, number, sent)))
    await asyncio.gather(*posts)
    until = time.perf_counter() + LATE_S
    while time.perf_counter() < until and any(len(one) < len(sent) for one in seen):
        await asyncio.sleep(0.1)
    for task in consoles:
        task.cancel()
    await asyncio.gather(*consoles, return_exceptions=True)
    return sent, seen


def _marked(count: int) -> Any:
    mix = Mix(seed=int(time.time()), people=TICKETS * 2 // 5, places=(1,))
    return mix.mentions(count, mark="zqx", end="z")


async def _listen(port: int, headers: dict[str, str], seen: dict[int, float], ready: asyncio.Event) -> None:
    """One console: notes when the first frame about each message was read."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    asked = f"GET /{SLUG}/events/ HTTP/1.1\r\nHost: localhost\r\nCookie: {headers['Cookie']}\r\n\r\n"
    writer.write(asked.encode())
    kept = b""
    try:
        while chunk := await reader.read(2**18):
            now = time.perf_counter()
            if b"retry:" in chunk:
                ready.set()
            for found in MARK.finditer(kept + chunk):
                seen.setdefault(int(found[1]), now)
            kept = chunk[-24:]
    finally:
        writer.close()


async def _post(free: asyncio.Queue[Any], request: Request, number: int, sent: dict[int, float]) -> None:
    reader, writer = connection = await free.get()
    lines = "".join(f"{name}: {value}\r\n" for name, value in (request.headers or {}).items())
    head = f"POST {request.path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(request.body)}\r\n{lines}\r\n"
    sent[number] = time.perf_counter()
    writer.write(head.encode() + request.body)
    answer = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = re.search(rb"content-length: (\d+)", answer)
    if b" 200 " not in answer.split(b"\r\n")[0]:
        raise Trouble(answer.decode(errors="replace"))
    if length is not None:
        await reader.readexactly(int(length[1]))
    else:
        await reader.readuntil(b"0\r\n\r\n")
    free.put_nowait(connection)


def _result(waits: list[float], aside: int) -> dict[str, Any]:
    cuts = statistics.quantiles(waits, n=100)
    measured = {"p50_ms": cuts[49], "p95_ms": cuts[94], "p99_ms": cuts[98], "max_ms": max(waits)}
    print(f"{len(waits)} frames, " + ", ".join(f"{name} {value:.1f}" for name, value in measured.items()))
    return {
        "measured": {name: round(value, 1) for name, value in measured.items()}
        | {"messages_per_second": A_SECOND, "consoles": CONSOLES, "frames": len(waits), "put_aside": aside},
        "yardstick": LIMITS,
        # The worst of the three against its limit: at most 1 is good.
        "ratio": round(max(measured[name] / limit for name, limit in LIMITS.items()), 2),
        "ratios": {name: round(measured[name] / limit, 2) for name, limit in LIMITS.items()},
    }
