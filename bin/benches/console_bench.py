"""The list of 50 and a case's page at a million cases, beside fifty raw rows as JSON from the same server."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from benches.ground import TICKETS, Ground, ground, started
from benches.loads import Load, Request, Requests, median, send

SLUG = "banca-01"
VIEWS = ("open", "mine", "unanswered", "overdue")
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
# Eight messages, a note and an event; only built cases are known to have them.
LONG = (
    "SELECT t.number FROM tickets_ticket t JOIN helpdesk_organization o ON o.id = t.organization_id "
    f"WHERE o.slug = %s AND t.id <= {TICKETS} AND t.id %% 40 = 7 AND t.state IN ('new', 'open') "
    "ORDER BY t.id DESC LIMIT 300"
)


def run() -> dict[str, Any]:
    """Alternate the sides; medians and ratios."""
    with ground(needs_twin=True) as here:
        numbers = [row[0] for row in here.ask(LONG, [SLUG])]
        counted = here.python("benches.console_bench", SLUG, str(numbers[0]), which="app", DATABASE_PLANS="0")
        print(f"queries after authentication: list {counted['list']}, case {counted['detail']}")
        port = int(here.env["DOOR_PORT"])
        with started(here.program("door"), here.bare_door(port + 1)):
            return _result(_rounds(here, numbers, port), counted)


def _rounds(here: Ground, numbers: list[int], port: int) -> list[dict[str, Load]]:
    organization = here.ask("SELECT id FROM helpdesk_organization WHERE slug = %s", [SLUG])[0][0]
    headers = here.python("benches.entry", SLUG, which="app")
    pages = Requests(Request(f"/{SLUG}/casos/?view={view}", headers=headers) for view in VIEWS)
    cases = Requests(Request(f"/{SLUG}/casos/{number}/", headers=headers) for number in numbers)
    raw = Requests([Request(f"/page/{organization}/")])

    def side(requests: Requests, at: int, clients: int) -> Callable[[float], Load]:
        return lambda seconds: send(requests, port=at, clients=clients, seconds=seconds)

    sides = {
        f"{name}_c{clients}": side(requests, at, clients)
        for clients in (1, 8)
        for name, requests, at in (("list", pages, port), ("raw", raw, port + 1), ("detail", cases, port))
    }
    for call in sides.values():
        call(1)  # warm: connections, templates, the cache of the database
    rounds = []
    for turn in range(ROUNDS):
        rounds.append({name: call(SECONDS) for name, call in sides.items()})
        shown = "  ".join(f"{name} {load.p95_ms:.1f}" for name, load in rounds[-1].items())
        print(f"round {turn + 1}, p95 ms: {shown}", flush=True)
    return rounds


def _result(rounds: list[dict[str, Load]], counted: dict[str, int]) -> dict[str, Any]:
    def ratio(name: str, clients: int) -> float:
        return median(one[f"{name}_c{clients}"].p95_ms / one[f"raw_c{clients}"].p95_ms for one in rounds)

    def figures(name: str) -> dict[str, float]:
        return {
            f"{name}_c{clients}_{figure}": median(
                getattr(one[f"{name}_c{clients}"], figure) for one in rounds
            )
            for clients in (1, 8)
            for figure in ("p50_ms", "p95_ms", "p99_ms", "per_second")
        }

    return {
        "measured": figures("list")
        | figures("detail")
        | {"list_requests_c1": sum(one["list_c1"].requests for one in rounds)}
        | {"list_queries": counted["list"], "detail_queries": counted["detail"]}
        | {"list_queries_cold": counted["list_cold"], "detail_queries_cold": counted["detail_cold"]},
        "yardstick": figures("raw"),
        "ratio": ratio("list", 1),
        "ratios": {
            "detail": ratio("detail", 1),
            "list_c8": ratio("list", 8),
            "detail_c8": ratio("detail", 8),
        },
    }


def count(slug: str, number: str) -> dict[str, int]:
    """Statements of both pages, in this process, as the role it has: asked for first, and while it keeps the rules."""
    from benches.pages import after_authentication, client_of, member_of, watched

    client = client_of(member_of(slug))
    found = {}
    for name, path in (("list", f"/{slug}/casos/"), ("detail", f"/{slug}/casos/{number}/")):
        for turn in (f"{name}_cold", name):
            statements: list[str] = []
            with watched(lambda sql, params, cursor, into=statements: into.append(sql)):
                assert client.get(path).status_code == 200, path
            found[turn] = len(after_authentication(statements))
    return found


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(count(*sys.argv[1:])))
