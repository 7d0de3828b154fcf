"""The application: the *door* and Celery's workers *inbox* and *net*, forked from one parent that has read everything.

``python -m helpdesk.serve`` runs all three, ``python -m helpdesk.serve inbox net`` those named. What the parent has
read they share, which is half of what three programs hold (``bin/bench memory``). Each becomes its own role of the
database before it asks anything. A part that dies is forked anew.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Intake and clocks, one thing at a time; and all that is outside, most of it waiting.
WORKERS: dict[str, dict[str, Any]] = {
    "inbox": {"queues": ["inbox"], "pool_cls": "solo", "announces": True},
    "net": {"queues": ["net"], "pool_cls": "threads", "concurrency": 16, "ticks": True},
}
# The parts, and the role each has in the database.
ROLES = {"door": "app", "inbox": "worker", "net": "worker"}
USED = (
    "celery.apps.worker", "celery.concurrency.solo", "celery.concurrency.thread", "celery.app.log",
    "celery.beat", "kombu.transport.redis", "kombu.transport.virtual", "celery.backends.redis",
)  # fmt: skip
FIRST_PAUSE_S, LONGEST_PAUSE_S, PROVEN_S = 0.3, 15.0, 30.0
ENDING_S = 4.5
TURN_S = 0.1
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


@dataclass
class Part:
    """A part of the application, alive or due to be forked again."""

    name: str
    pid: int = 0
    since: float = 0.0
    pause: float = FIRST_PAUSE_S
    due: float = 0.0


def main(names: list[str]) -> int:
    """Run the parts of these names (all, without any) until SIGTERM or Ctrl-C; 2 for a name that is none."""
    unknown = [name for name in names if name not in ROLES]
    if unknown:
        print(f"There is no part {unknown[0]}; there are {', '.join(ROLES)}.", file=sys.stderr)
        return 2
    wanted = names or list(ROLES)
    read(wanted)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    # What a killed part leaves behind becomes ours: it would keep the door's port.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    parts = [Part(name) for name in wanted]
    try:
        while True:
            _bury(parts)
            for one in parts:
                if not one.pid and time.monotonic() >= one.due:
                    _fork(one)
            time.sleep(TURN_S)
    except KeyboardInterrupt:
        _stop(parts)
    return 0


def read(names: list[str]) -> None:
    """Read what these parts may need."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    import django

    django.setup()
    from helpdesk import preload

    if "door" in names:
        from helpdesk import door

        door.read()
    if names != ["door"]:
        _read_for_workers()
    preload.read_routes_and_words()
    preload.settle_memory()


def _read_for_workers() -> None:
    from helpdesk.celery import app

    app.loader.import_default_modules()
    for name in USED:
        importlib.import_module(name)
    from tickets.triage.model import built

    built()


def _end(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _bury(parts: list[Part]) -> None:
    """Collect who has ended; a part is due again after a pause, and what it left behind is killed."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        one = next((part for part in parts if part.pid == pid), None)
        if one is None:
            continue
        now = time.monotonic()
        one.pause = FIRST_PAUSE_S if now - one.since > PROVEN_S else min(one.pause * 2, LONGEST_PAUSE_S)
        one.pid, one.due = 0, now + one.pause
        print(
            f"{one.name} ended ({os.waitstatus_to_exitcode(status)}); again in {one.pause:.1f} s", flush=True
        )
        _kill_orphans(parts)


def _kill_orphans(parts: list[Part]) -> None:
    ours = {part.pid for part in parts}
    for pid in map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()):
        if pid not in ours:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _fork(one: Part) -> None:
    parent = os.getpid()
    one.since, one.pid = time.monotonic(), os.fork()
    if one.pid:
        print(f"{one.name} is process {one.pid}", flush=True)
        return
    # A parent that is killed takes its parts along.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    code = 1
    try:
        _become(one.name)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _become(name: str) -> None:
    from helpdesk.tenancy import role

    role.become(ROLES[name])
    if name == "door":
        from helpdesk import door

        door.run()
        return
    # The parent has checked models and routes; a second look would touch, and so copy, a third of what it shares.
    os.environ["CELERY_SKIP_CHECKS"] = "1"
    _work(name)


def _work(name: str) -> None:
    """Be a Celery worker until asked to end; SystemExit with its code.

    Without Celery's command line: it brings a terminal's line editor along, four MiB nobody types in.
    """
    from celery.utils.nodenames import host_format

    from helpdesk.celery import app

    worker = app.Worker(
        hostname=host_format(f"{name}@%h"),
        loglevel="INFO",
        without_gossip=True,
        without_mingle=True,
        **WORKERS[name],
    )
    worker.start()
    sys.exit(worker.exitcode)


def _stop(parts: list[Part]) -> None:
    """Ask them to end, and wait a little."""
    living = [one for one in parts if one.pid]
    for one in living:
        with contextlib.suppress(ProcessLookupError):
            os.kill(one.pid, signal.SIGTERM)
    until = time.monotonic() + ENDING_S
    while living and time.monotonic() < until:
        living = [one for one in living if not os.waitpid(one.pid, os.WNOHANG)[0]]
        time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
