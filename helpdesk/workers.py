"""The program of the two workers, *inbox* and *net*: Celery's own, forked from one parent that has read everything.

``python -m helpdesk.workers`` runs both, ``python -m helpdesk.workers inbox`` one of them. What the parent has read
they share, which is half of what two programs hold (``bin/bench memory``). A worker that dies is forked anew.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
import signal
import sys
import time
from dataclasses import dataclass

COMMON = ["worker", "--without-gossip", "--without-mingle", "-l", "INFO"]
# Intake and clocks, one thing at a time; and all that is outside, most of it waiting.
WORKERS = {
    "inbox": ["-Q", "inbox", "-P", "solo", "-n", "inbox@%h"],
    "net": ["-Q", "net", "-P", "threads", "-c", "16", "--ticks", "-n", "net@%h"],
}
USED = (
    "celery.apps.worker", "celery.concurrency.solo", "celery.concurrency.thread", "celery.bin.celery",
    "celery.app.log", "celery.beat", "kombu.transport.redis", "kombu.transport.virtual", "celery.backends.redis",
)  # fmt: skip
FIRST_PAUSE_S, LONGEST_PAUSE_S, PROVEN_S = 0.3, 15.0, 30.0
ENDING_S = 4.0
TURN_S = 0.1
PR_SET_PDEATHSIG = 1


@dataclass
class Forked:
    """A worker, alive or due to be forked again."""

    name: str
    pid: int = 0
    since: float = 0.0
    pause: float = FIRST_PAUSE_S
    due: float = 0.0


def main(names: list[str]) -> int:
    """Run the workers of these names (all, without any) until SIGTERM or Ctrl-C; 2 for a name that is none."""
    unknown = [name for name in names if name not in WORKERS]
    if unknown:
        print(f"There is no worker {unknown[0]}; there are {', '.join(WORKERS)}.", file=sys.stderr)
        return 2
    read()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    workers = [Forked(name) for name in names or WORKERS]
    try:
        while True:
            for one in workers:
                _look_after(one)
            time.sleep(TURN_S)
    except KeyboardInterrupt:
        _stop(workers)
    return 0


def read() -> None:
    """Read what either worker may need."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    import django

    django.setup()
    from helpdesk import preload
    from helpdesk.celery import app

    app.loader.import_default_modules()
    for name in USED:
        importlib.import_module(name)
    from tickets.triage.model import built

    built()
    preload.read_routes_and_words()
    preload.settle_memory()


def _end(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _look_after(one: Forked) -> None:
    now = time.monotonic()
    if not one.pid:
        if now >= one.due:
            _fork(one)
        return
    pid, status = os.waitpid(one.pid, os.WNOHANG)
    if pid:
        one.pause = FIRST_PAUSE_S if now - one.since > PROVEN_S else min(one.pause * 2, LONGEST_PAUSE_S)
        one.pid, one.due = 0, now + one.pause
        print(
            f"{one.name} ended ({os.waitstatus_to_exitcode(status)}); again in {one.pause:.1f} s", flush=True
        )


def _fork(one: Forked) -> None:
    parent = os.getpid()
    one.since, one.pid = time.monotonic(), os.fork()
    if one.pid:
        print(f"{one.name} is process {one.pid}", flush=True)
        return
    # A parent that is killed takes its workers along.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    # The parent has checked models and routes; a second look would touch, and so copy, a third of what it shares.
    os.environ["CELERY_SKIP_CHECKS"] = "1"
    code = 1
    try:
        from helpdesk.celery import app

        app.worker_main([*COMMON, *WORKERS[one.name]])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _stop(workers: list[Forked]) -> None:
    """Ask them to end, and wait a little."""
    living = [one for one in workers if one.pid]
    for one in living:
        with contextlib.suppress(ProcessLookupError):
            os.kill(one.pid, signal.SIGTERM)
    until = time.monotonic() + ENDING_S
    while living and time.monotonic() < until:
        living = [one for one in living if not os.waitpid(one.pid, os.WNOHANG)[0]]
        time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
