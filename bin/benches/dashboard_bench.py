"""«Cifras» of ninety days over a million cases, beside ninety days of the rollup as JSON from the same server; what
one day costs to count; and that figures of a month are what the rows say."""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import date, timedelta
from typing import Any

from benches.ground import Ground, ground, started
from benches.loads import Load, Request, Requests, median, send

SLUG, WHO = "banca-01", "PM"
PAGES = {
    "page": f"/{SLUG}/tablero/cifras/?periodo=90&por=kind",
    "filtered": f"/{SLUG}/tablero/cifras/?periodo=90&cut=kind&key=queja",
    "day": f"/{SLUG}/tablero/cifras/?periodo=1",
}
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))


def run() -> dict[str, Any]:
    """Alternate the sides; medians and ratios."""
    with ground() as here:
        counted = here.python("benches.dashboard_bench", SLUG, which="worker", DATABASE_PLANS="0")
        print(
            f"one day counted in {counted['day_ms']} ms, a month proved in {counted['prove_s']} s", flush=True
        )
        port = int(here.env["DOOR_PORT"])
        with started(here.program("door"), here.bare_door(port + 1, here.database)):
            rounds = _rounds(here, port)
    return _result(rounds, counted)


def _rounds(here: Ground, port: int) -> list[dict[str, Load]]:
    organization, account = here.ask(
        "SELECT o.id, min(a.id) FROM helpdesk_organization o JOIN channels_social_socialaccount a "
        "ON a.organization_id = o.id WHERE o.slug = %s GROUP BY o.id",
        [SLUG],
    )[0]
    headers = here.python("benches.entry", SLUG, WHO, which="app")
    sides = {name: Requests([Request(path, headers=headers)]) for name, path in PAGES.items()}
    # Never the same period twice: nothing of it is kept from the request before.
    ends = [date.today() - timedelta(days=back) for back in range(1, 200)]
    sides["cold"] = Requests(
        Request(
            f"/{SLUG}/tablero/cifras/?desde={end - timedelta(days=89)}&hasta={end}&por=kind", headers=headers
        )
        for end in ends
    )
    sides["raw"] = Requests([Request(f"/rollup/{organization}/{account}/")])
    rounds = []
    for turn in range(-1, ROUNDS):  # the first only warms: connections, templates, the cache of the database
        found = {
            name: send(requests, port=port + (name == "raw"), clients=1, seconds=SECONDS)
            for name, requests in sides.items()
        }
        if turn < 0:
            continue
        rounds.append(found)
        shown = "  ".join(f"{name} {load.p95_ms:.1f}" for name, load in found.items())
        print(f"round {turn + 1}, p95 ms: {shown}", flush=True)
    return rounds


def _result(rounds: list[dict[str, Load]], counted: dict[str, Any]) -> dict[str, Any]:
    def ratio(name: str) -> float:
        return median(one[name].p95_ms / one["raw"].p95_ms for one in rounds)

    def figures(name: str) -> dict[str, float]:
        return {
            f"{name}_{figure}": median(getattr(one[name], figure) for one in rounds)
            for figure in ("p50_ms", "p95_ms", "p99_ms", "per_second")
        }

    return {
        "measured": figures("page") | figures("cold") | figures("filtered") | figures("day") | counted,
        "yardstick": figures("raw"),
        "ratio": ratio("page"),
        "ratios": {name: ratio(name) for name in ("cold", "filtered", "day")},
    }


def count(slug: str) -> dict[str, Any]:
    """What a day and its proof cost, in this process, as the worker."""
    from benches.pages import after_authentication, client_of, member_of, watched
    from helpdesk import clock
    from helpdesk.tenancy.context import tenant
    from helpdesk.tenancy.models import Organization
    from tickets.insights.domain.counting import differences, put_days
    from tickets.insights.domain.sweeping import sweep

    organization = Organization.objects.get(slug=slug)
    # Other benches let workers mark what is late; what they left to count is counted first.
    with tenant(organization.pk):
        sweep(organization, now=clock.now(), turn=10**6)
    yesterday = clock.now().date() - timedelta(days=1)
    days = []
    for back in range(10):
        begun = time.perf_counter()
        with tenant(organization.pk):
            put_days(organization, yesterday - timedelta(days=back), yesterday - timedelta(days=back))
        days.append((time.perf_counter() - begun) * 1000)
    begun = time.perf_counter()
    with tenant(organization.pk):
        wrong = differences(organization, yesterday - timedelta(days=30), yesterday)
    assert wrong == [], wrong[:3]
    proved = time.perf_counter() - begun
    statements: list[str] = []
    client = client_of(member_of(slug, WHO))
    with watched(lambda sql, params, cursor: statements.append(sql)):
        answer = client.get(PAGES["page"])
    assert answer.status_code == 200, answer.status_code
    return {
        "day_ms": round(sorted(days)[len(days) // 2], 1),
        "prove_s": round(proved, 2),
        "queries": len(after_authentication(statements)),
        "bytes": len(answer.content),
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(count(*sys.argv[1:])))
