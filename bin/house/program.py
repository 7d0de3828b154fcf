"""A program of ours: how it is started, recognised, and stopped."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from house.instance import ROOT

# Children carry these two in their environment: that is how leftovers of a killed supervisor are recognised.
CHILD, VAR = "CIRCUNFLEJO_CHILD", "CIRCUNFLEJO_VAR"


@dataclass(frozen=True)
class Program:
    """One program ready to start. `ready` answers whether it works, by asking it."""

    name: str
    argv: list[str]
    env: dict[str, str]
    log: Path
    ready: Callable[[], bool]
    account: str | None = None  # run as this user of the system (only root can)
    cwd: Path = ROOT
    stop_signal: int = signal.SIGTERM
    before: Callable[[], None] = field(default=lambda: None)  # tidies up what a killed one left behind


def spawn(program: Program) -> subprocess.Popen:
    """Start it in a session of its own (a Ctrl-C at the terminal reaches us alone), output to its log."""
    program.before()
    argv = [sys.executable if part == "python" else part for part in program.argv]
    account = {"user": program.account, "group": _group(program.account), "extra_groups": []}
    log = os.open(program.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            argv,
            env=program.env,
            cwd=program.cwd,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **(account if program.account else {}),
        )
    finally:
        os.close(log)


def _group(account: str | None) -> int | None:
    import pwd

    return pwd.getpwnam(account).pw_gid if account else None


def leftovers(var: Path) -> list[psutil.Process]:
    """Living programs, with their own children, that some supervisor of this state folder once started."""
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            env = one.environ()
            if env.get(CHILD) and env.get(VAR) == str(var) and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
    return found


def stop_all(found: Iterable[psutil.Process], *, seconds: float = 5) -> None:
    """Ask them to end (PostgreSQL by SIGINT, its *fast* stop), programs before services; then make them."""
    found = list(found)
    services = [one for one in found if _kind(one) in ("postgres", "valkey")]
    for group in ([one for one in found if one not in services], services):
        for one in group:
            with contextlib.suppress(psutil.Error):
                one.send_signal(signal.SIGINT if _kind(one) == "postgres" else signal.SIGTERM)
        for one in _still_there(group, seconds):
            with contextlib.suppress(psutil.Error):
                one.kill()
        _still_there(group, 2)


def _still_there(group: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait until all have ended; those that have not. A zombie nobody collects has ended."""
    until = time.monotonic() + seconds
    while True:
        group = [one for one in group if _lives(one)]
        if not group or time.monotonic() > until:
            return group
        time.sleep(0.02)


def _lives(one: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
    return False


def _kind(one: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return one.environ().get(CHILD, "")
    return ""


def wait_ready(program: Program, alive: Callable[[], bool], *, seconds: float) -> bool:
    """Ask until it works, dies or the time is over."""
    until = time.monotonic() + seconds
    pause = 0.02
    while time.monotonic() < until and alive():
        if program.ready():
            return True
        time.sleep(pause)
        pause = min(pause * 1.5, 0.3)
    return False


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, for a message."""
    with contextlib.suppress(OSError), open(log, "rb") as text:
        text.seek(max(0, log.stat().st_size - 4000))
        return "\n".join(text.read().decode(errors="replace").splitlines()[-lines:])
    return ""
