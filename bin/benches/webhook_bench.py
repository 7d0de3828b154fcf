"""X's deliveries at the real door, eight at a time, beside a bare view that verifies and inserts one row."""

from __future__ import annotations

import os
import time
from typing import Any

from benches.ground import TICKETS, Ground, ground, started
from benches.loads import Load, Request, Requests, median, send
from benches.mix import Mix

CLIENTS = 8
BODIES = int(os.environ.get("BENCH_BODIES", "10000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "3"))
DONE = "UPDATE channels_social_inboundevent SET state = 'ignored', reason = 'bench' WHERE state = 'pending'"
COUNT = "SELECT count(*) FROM channels_social_inboundevent WHERE state = 'pending'"


def run() -> dict[str, Any]:
    """Alternate both sides, every body once; medians and the ratio of requests a second."""
    with ground(needs_twin=True) as here:
        for database in (here.database, here.twin):
            here.ask(DONE, database=database)
        here.catch_up()
        port = int(here.env["DOOR_PORT"])
        mix = Mix(seed=int(time.time()), people=TICKETS * 2 // 5)
        accounts = here.ask(
            "SELECT organization_id, id FROM channels_social_socialaccount WHERE network = 'x' ORDER BY id"
        )
        with started(here.program("door"), here.bare_door(port + 1)):
            _pair(here, mix, accounts, port, seconds=1)
            rounds = [_pair(here, mix, accounts, port, seconds=SECONDS) for _ in range(ROUNDS)]
        for database in (here.database, here.twin):
            here.ask(DONE, database=database)
    return _result(rounds)


def _pair(
    here: Ground, mix: Mix, accounts: list[tuple[int, ...]], port: int, *, seconds: int
) -> tuple[Load, Load]:
    product, bare = [], []
    for number, one in enumerate(mix.mentions(BODIES)):
        headers = one.headers(here.env)
        organization, account = accounts[mix.places[number % len(mix.places)] - 1]
        product.append(Request(one.path, "POST", headers, one.body))
        bare.append(Request(f"/hook/{organization}/{account}/", "POST", headers, one.body))
    loads = []
    for requests, at, database in ((product, port, here.database), (bare, port + 1, here.twin)):
        before = here.ask(COUNT, database=database)[0][0]
        load = send(Requests(requests), port=at, clients=CLIENTS, seconds=seconds)
        stored = here.ask(COUNT, database=database)[0][0] - before
        assert load.requests <= BODIES, (
            f"{load.requests} requests wrapped {BODIES} bodies: raise BENCH_BODIES"
        )
        assert stored >= load.requests, f"only {stored} of {load.requests} deliveries were stored"
        loads.append(load)
    print(
        f"door {loads[0].per_second:.0f} req/s, p95 {loads[0].p95_ms:.1f}, p99 {loads[0].p99_ms:.1f} ms; "
        f"bare {loads[1].per_second:.0f} req/s, p99 {loads[1].p99_ms:.1f} ms; "
        f"ratio {loads[0].per_second / loads[1].per_second:.3f}",
        flush=True,
    )
    return loads[0], loads[1]


def _result(rounds: list[tuple[Load, Load]]) -> dict[str, Any]:
    def figures(side: int) -> dict[str, float]:
        return {
            "requests_per_second": median((one[side].per_second for one in rounds), 0),
            **{
                name: median(getattr(one[side], name) for one in rounds)
                for name in ("p50_ms", "p95_ms", "p99_ms")
            },
        }

    return {
        "measured": figures(0) | {"clients": CLIENTS},
        "yardstick": figures(1),
        "ratio": median((door.per_second / bare.per_second for door, bare in rounds), 3),
        "ratios": {"p99": median(door.p99_ms / bare.p99_ms for door, bare in rounds)},
    }
