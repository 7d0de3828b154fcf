"""Kept pages of two public sites at the real door, a visitor in eight after the other, beside the same pages made anew.

A core's second is a second of processor time of everything that answers: the door, PostgreSQL and Valkey (not wrk,
which is the visitor). While it runs one site is changed again and again: the next visitor must see each change, and
nobody anything of the other organization.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# How many cases there are is nothing to these pages: a small ground of its own.
os.environ.setdefault("BENCH_TICKETS", "2000")
os.environ.setdefault("BENCH_VAR", str(Path(__file__).resolve().parents[2] / "var" / "bench-public"))

import psutil  # noqa: E402
from house.program import CHILD, VAR  # noqa: E402
from house.terminal import Trouble  # noqa: E402

from benches.ground import Ground, ground, started  # noqa: E402
from benches.loads import Load, Request, Requests, median, send  # noqa: E402

CLIENTS = 8
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
WANTED = 1000
CHANGE_S = 0.15
# What a browser sends with a first visit.
BROWSER = {
    "Accept": "text/html", "Accept-Encoding": "gzip, deflate, br", "Accept-Language": "es-CO,es;q=0.9",
    "User-Agent": "Mozilla/5.0 (Linux; Android 14)",
}  # fmt: skip


def run() -> dict[str, Any]:
    """Alternate kept and made; medians, and what a visitor saw while a site was changing."""
    with ground() as here:
        slugs = [row[0] for row in here.ask("SELECT slug FROM helpdesk_organization ORDER BY id LIMIT 2")]
        pages = here.python("benches.public_data", *slugs, which="owner")
        door = here.program("door")
        port = int(here.env["DOOR_PORT"])
        with started(door) as pids:
            paths = [path for slug in slugs for path in pages[slug]]
            kept = Requests(Request(path, headers=BROWSER) for path in paths)
            made = Requests(Request(f"{path}?n=1", headers=BROWSER) for path in paths)
            for requests in (kept, made):
                send(requests, port=port, clients=CLIENTS, seconds=1)
            rounds = [_round(here, pids[0], port, kept, made, turn) for turn in range(ROUNDS)]
            with _changing(here, port, slugs) as seen:
                busy = send(kept, port=port, clients=CLIENTS, seconds=SECONDS * 2)
            if seen["stale"] or seen["strangers"] or not seen["changes"]:
                raise Trouble(f"not what should be seen: {seen}")
            print(
                f"while one site changed {seen['changes']} times: {busy.per_second:.0f} req/s, nothing stale"
            )
    return _result(rounds, busy, seen)


def _round(
    here: Ground, pid: int, port: int, kept: Requests, made: Requests, turn: int
) -> dict[str, tuple[Load, float]]:
    found = {}
    for name, requests in (("kept", kept), ("made", made)):
        before = _processor(here, pid)
        load = send(requests, port=port, clients=CLIENTS, seconds=SECONDS)
        found[name] = load, (_processor(here, pid) - before) / load.requests
    shown = "; ".join(
        f"{name} {load.per_second:.0f} req/s, p95 {load.p95_ms:.1f} ms, {cpu * 1e6:.0f} µs of processor each"
        for name, (load, cpu) in found.items()
    )
    print(f"round {turn + 1}: {shown}", flush=True)
    return found


def _processor(here: Ground, pid: int) -> float:
    """Seconds of processor time until now: of the door and its workers, and of the servers behind it."""
    mine = [psutil.Process(pid)]
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            env = one.environ()
            if env.get(VAR) == str(here.var) and env.get(CHILD) in ("postgres", "valkey") and one.ppid() == 1:
                mine.append(one)
    total = 0.0
    for parent in mine:
        for one in (parent, *parent.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                spent = one.cpu_times()
                # Children that ended are in their parent's sum.
                total += spent.user + spent.system + spent.children_user + spent.children_system
    return total


@contextlib.contextmanager
def _changing(here: Ground, port: int, slugs: list[str]) -> Iterator[dict[str, int]]:
    """Change the first site's greeting and look at once; look at the second's home as well."""
    seen = {"changes": 0, "stale": 0, "strangers": 0}
    over = threading.Event()

    def change() -> None:
        turn = 0
        while not over.wait(CHANGE_S):
            turn += 1
            word = f"cambio-{turn}"
            here.ask(
                "UPDATE helpdesk_site SET greeting = %s WHERE organization_id = "
                "(SELECT id FROM helpdesk_organization WHERE slug = %s)",
                [word, slugs[0]],
            )
            first, second = (_read(port, f"/ayuda/{slug}/") for slug in slugs)
            seen["changes"] += 1
            seen["stale"] += re.search(rf"\b{word}\b", first) is None
            seen["strangers"] += "cambio-" in second or f"/ayuda/{slugs[0]}/" in second

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _read(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=10) as answer:
        return str(answer.read().decode())


def _result(rounds: list[dict[str, tuple[Load, float]]], busy: Load, seen: dict[str, int]) -> dict[str, Any]:
    def side(name: str) -> dict[str, float]:
        loads = [one[name][0] for one in rounds]
        spent = [one[name][1] for one in rounds]
        return {
            "rps_per_core": median((1 / cpu for cpu in spent), 0),
            "processor_us": median((cpu * 1e6 for cpu in spent), 0),
            "requests_per_second": median((load.per_second for load in loads), 0),
            "p50_ms": median(load.p50_ms for load in loads),
            "p95_ms": median(load.p95_ms for load in loads),
            "p99_ms": median(load.p99_ms for load in loads),
        }

    measured = side("kept")
    return {
        "measured": measured
        | {"clients": CLIENTS, "changing_requests_per_second": round(busy.per_second), **seen},
        "yardstick": {"rps_per_core": WANTED}
        | {f"made_{name}": value for name, value in side("made").items()},
        "ratio": round(measured["rps_per_core"] / WANTED, 2),
    }
