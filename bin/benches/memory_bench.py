"""What the application's processes hold (PSS), idle and after work; sandbox, supervisor and servers beside."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
from house.program import CHILD, VAR
from house.terminal import Trouble

from benches.console_bench import LONG, SLUG, VIEWS
from benches.ground import BIN, ROOT, TICKETS, Ground, ground, started
from benches.loads import Request, Requests, send
from benches.mix import Mix

LIMIT_MIB = 350
SECONDS = int(os.environ.get("BENCH_SECONDS", "5"))
EVENTS = int(os.environ.get("BENCH_EVENTS", "3000"))
SETTLE_S = 3.0
OURS = ("app",)
PENDING = "SELECT count(*) FROM channels_social_inboundevent WHERE state = 'pending'"
# A bench sends nothing and asks no network.
NOWHERE = dict.fromkeys(("X_API_URL", "GRAPH_API_URL"), "http://127.0.0.1:9")


def run() -> dict[str, Any]:
    """Start all, measure, work, measure again."""
    with ground() as here:
        here.ask("UPDATE channels_social_inboundevent SET state = 'ignored' WHERE state = 'pending'")
        here.ask("UPDATE channels_social_outboundaction SET state = 'cancelled' WHERE state = 'queued'")
        port = int(here.env["DOOR_PORT"])
        sandbox = here.program("sandbox", SANDBOX_URL=f"http://127.0.0.1:{port + 1}")
        wanted = [here.program(name, **NOWHERE) for name in OURS]
        with started(sandbox, *wanted) as pids, _supervisor() as supervisor:
            named = dict(zip(("sandbox", *OURS), pids, strict=True)) | {"supervisor": supervisor}
            headers = here.python("benches.entry", SLUG, which="app")
            _visit(here, headers, port)
            time.sleep(SETTLE_S)
            idle = _measure(here, named)
            _work(here, headers, port)
            time.sleep(SETTLE_S)
            after = _measure(here, named)
    return _result(idle, after)


@contextlib.contextmanager
def _supervisor() -> Any:
    """bin/run's own modules loaded and waiting, as it waits."""
    waits = "import house.run, house.supervisor, time; time.sleep(600)"
    popen = subprocess.Popen(
        [sys.executable, "-c", waits], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(BIN)}
    )
    try:
        yield popen.pid
    finally:
        popen.kill()
        popen.wait()


def _visit(here: Ground, headers: dict[str, str], port: int) -> None:
    """A first look at both pages by each worker: nothing has worked yet, but all has been loaded."""
    number = here.ask(LONG, [SLUG])[0][0]
    paths = [f"/{SLUG}/casos/", f"/{SLUG}/casos/{number}/"]
    send(Requests(Request(path, headers=headers) for path in paths), port=port, clients=4, seconds=1)


def _work(here: Ground, headers: dict[str, str], port: int) -> None:
    """Deliveries through the door while the worker takes them in; then eight at the console."""
    mix = Mix(seed=int(time.time()), people=TICKETS * 2 // 5)
    bodies = Requests(
        Request(one.path, "POST", one.headers(here.env), one.body) for one in mix.deliveries(EVENTS)
    )
    stored = send(bodies, port=port, clients=8, seconds=SECONDS)
    numbers = [row[0] for row in here.ask(LONG, [SLUG])]
    paths = [f"/{SLUG}/casos/?view={view}" for view in VIEWS] + [
        f"/{SLUG}/casos/{number}/" for number in numbers
    ]
    looked = send(
        Requests(Request(path, headers=headers) for path in paths), port=port, clients=8, seconds=SECONDS
    )
    until = time.monotonic() + 60
    while here.ask(PENDING)[0][0]:
        if time.monotonic() > until:
            raise Trouble("the worker did not take everything in within a minute")
        time.sleep(0.2)
    print(f"work: {stored.requests} deliveries, {looked.requests} pages")


def _measure(here: Ground, named: dict[str, int]) -> dict[str, float]:
    found = {name: _pss(psutil.Process(pid)) for name, pid in named.items()}
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            env = one.environ()
            if env.get(VAR) == str(here.var) and env.get(CHILD) in ("postgres", "valkey") and one.ppid() == 1:
                found[env[CHILD]] = _pss(one)
    shown = ", ".join(f"{name} {mib:.0f}" for name, mib in found.items())
    print(f"PSS in MiB: {shown}; ours together {sum(found[name] for name in OURS):.0f}", flush=True)
    return found


def _pss(process: psutil.Process) -> float:
    """Of a process and its children, in MiB."""
    total = 0
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{one.pid}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def _result(idle: dict[str, float], after: dict[str, float]) -> dict[str, Any]:
    before, now = (sum(found[name] for name in OURS) for found in (idle, after))
    return {
        "measured": {"pss_mib": round(now, 1), "idle_pss_mib": round(before, 1)}
        | {f"{name}_pss_mib": round(mib, 1) for name, mib in after.items()},
        "yardstick": {"pss_mib": LIMIT_MIB},
        "ratio": round(now / LIMIT_MIB, 3),
        "ratios": {"growth": round(now / before, 3)},
    }
