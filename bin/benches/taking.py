"""The product's side of `ingest`: one worker process that takes in what is pending, whenever it is told to.

Reads commands from standard input, one JSON a line, and answers each with one: {"store": [[network, body], …]}
puts deliveries through the network's own splitting into the inbox; {"take": true} takes everything in.
"""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import sys
import time
from typing import Any


def store(deliveries: list[list[str]]) -> dict[str, Any]:
    """As the webhook does, without HTTP and without ringing."""
    from channels_social.domain.receiving import store as keep
    from channels_social.networks import registry

    fresh = 0
    for name, body in deliveries:
        entries = registry.get(name).split(json.loads(body))
        fresh += sum(keep(entries, source="webhook", network=name).values())
    return {"fresh": fresh}


def take() -> dict[str, Any]:
    """Take all in, with the push that follows each turn."""
    from tickets.intake.domain import take_in_all
    from tickets.tasks import _tell

    seen = {"waiting": 0, "quarantined": 0, "tickets": 0}

    def tell(turn: Any) -> None:
        seen["waiting"] += turn.waiting
        seen["quarantined"] += turn.quarantined
        seen["tickets"] += len(turn.tickets)
        _tell(turn)

    profile = cProfile.Profile() if os.environ.get("BENCH_PROFILE") else None
    if profile:
        profile.enable()
    started, cpu = time.perf_counter(), time.process_time()
    events = take_in_all(tell)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    if profile:
        profile.disable()
        with open(os.environ["BENCH_PROFILE"], "w") as out:
            pstats.Stats(profile, stream=out).sort_stats(os.environ.get("BENCH_SORT", "tottime")).print_stats(
                70
            )
    return {"events": events, "seconds": seconds, "cpu_seconds": cpu, **seen}


def main() -> None:
    """Answer commands until the input ends."""
    from helpdesk import serve

    # As the parent of the product's worker does before it forks.
    serve.read(["inbox"])
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(store(asked["store"]) if "store" in asked else take()), flush=True)


if __name__ == "__main__":
    main()
