"""Events stored → cases visible and searchable, one worker process, beside the same rows by execute_values."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from house.terminal import Trouble
from psycopg2.extras import execute_values

from benches.ground import BIN, ROOT, TICKETS, Ground, ground
from benches.loads import median
from benches.mix import Mix
from benches.twin import Recorder, Table, write

EVENTS = int(os.environ.get("BENCH_EVENTS", "3000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))


def run() -> dict[str, Any]:
    """One round to warm, then alternate: the product takes in, the twin gets the same rows."""
    with ground(needs_twin=True) as here, _worker(here) as ask, contextlib.ExitStack() as stack:
        product = stack.enter_context(contextlib.closing(here.connect()))
        twin = stack.enter_context(contextlib.closing(here.connect(here.twin)))
        product.autocommit = True
        recorder = Recorder(product.cursor())
        mix = Mix(seed=int(time.time()), people=TICKETS * 2 // 5)
        _round(here, ask, recorder, twin, mix, "calentamiento", EVENTS // 4)
        rounds = [_round(here, ask, recorder, twin, mix, f"marca{turn}", EVENTS) for turn in range(ROUNDS)]
    return _result(rounds)


def _round(
    here: Ground, ask: Any, recorder: Recorder, twin: Any, mix: Mix, mark: str, count: int
) -> dict[str, float]:
    # In letters: thirteen digits are a card number when their checksum allows, and are cut at the edge.
    mark += "".join(chr(ord("a") + int(digit)) for digit in str(mix.serial))
    recorder.begin()
    stored = ask({"store": [[one.network, one.body.decode()] for one in mix.deliveries(count, mark=mark)]})
    columns, events = recorder.events()
    with twin, twin.cursor() as cursor:
        table = Table("channels_social_inboundevent", columns, [])
        execute_values(cursor, table.insert, events, page_size=500)
    taken = ask({"take": True})
    if taken["events"] != stored["fresh"] or taken["quarantined"] or taken["waiting"]:
        raise Trouble(f"of {stored} only this was taken in: {taken}")
    _find(here, mark)
    batches = recorder.batches()
    seconds = write(twin, recorder.tables, batches)
    messages = sum(len(batch.new["tickets_message"]) for batch in batches)
    cases = sum(len(batch.new["tickets_ticket"]) for batch in batches)
    rows = sum(
        len(rows) for batch in batches for part in (batch.new, batch.changed) for rows in part.values()
    )
    product, yardstick = messages / taken["seconds"], messages / seconds
    print(
        f"{messages} messages, {cases} new cases, {rows} rows: product {product:.0f} msg/s (its own processor time "
        f"{taken['cpu_seconds'] / messages * 1e6:.0f} µs each), rows alone {yardstick:.0f} msg/s, ratio "
        f"{product / yardstick:.3f}",
        flush=True,
    )
    return {
        "product": product, "yardstick": yardstick, "cpu_us": taken["cpu_seconds"] / messages * 1e6,
        "new_share": cases / messages, "rows": rows / messages,
    }  # fmt: skip


def _find(here: Ground, mark: str) -> None:
    """Searchable at once, as the application's role: the marked message is found by its word."""
    with contextlib.closing(here.connect(which="app")) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.tenant', id::text, true) FROM helpdesk_organization WHERE slug = 'banca-01'"
        )
        cursor.execute("SELECT count(*) FROM tickets_search(%s, 10)", [mark])
        if cursor.fetchone()[0] != 1:
            raise Trouble(f"the message that says {mark} is not found by search")


@contextlib.contextmanager
def _worker(here: Ground) -> Iterator[Any]:
    """The worker's process, and how it is asked."""
    env = os.environ | here.env | {"DATABASE_ROLE": "worker", "DJANGO_SETTINGS_MODULE": "helpdesk.settings"}
    log = open(here.var / "log" / "bench-ingest.log", "w")  # noqa: SIM115
    worker = subprocess.Popen(
        [sys.executable, "-m", "benches.taking"],
        cwd=ROOT, env=env | {"PYTHONPATH": f"{BIN}:{ROOT}"}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=log, text=True,
    )  # fmt: skip

    def ask(command: dict[str, Any]) -> Any:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(json.dumps(command) + "\n")
        worker.stdin.flush()
        answer = worker.stdout.readline()
        if not answer:
            raise Trouble(f"the worker died:\n{(here.var / 'log' / 'bench-ingest.log').read_text()[-3000:]}")
        return json.loads(answer)

    try:
        yield ask
    finally:
        worker.kill()
        worker.communicate()
        log.close()


def _result(rounds: list[dict[str, float]]) -> dict[str, Any]:
    def middle(name: str, digits: int = 1) -> float:
        return median((one[name] for one in rounds), digits)

    return {
        "measured": {
            "messages_per_second": middle("product"),
            "processor_us_per_message": middle("cpu_us"),
            "messages_a_round": EVENTS,
            "new_case_share": middle("new_share", 2),
            "rows_per_message": middle("rows", 2),
        },
        "yardstick": {"messages_per_second": middle("yardstick")},
        "ratio": median((one["product"] / one["yardstick"] for one in rounds), 3),
        "ratios": {"worst_round": round(min(one["product"] / one["yardstick"] for one in rounds), 3)},
    }
