"""The programs of the house, in the order in which they start. docker-compose.yml runs the same commands.

name      command                                                            database role
"""

import contextlib
import http.client
import os
import shlex
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from house.program import CHILD, Program


@dataclass(frozen=True)
class Entry:
    """One line of the table. `role` is DATABASE_ROLE; none means: gets no database and no keys."""

    name: str
    command: str
    role: str | None


TABLE = [
    Entry("sandbox", "python -m channels_social.sandbox", None),
    # Door, inbox and net, forked from one parent that has read everything; what dies is forked anew. `app` is what the
    # parent and the door are in the database; inbox and net become `worker`.
    Entry("app", "python -m helpdesk.serve", "app"),
]

PARTS = ("door", "inbox", "net")
# Threads share two heaps instead of up to sixteen: measured with `bin/bench memory`.
LEAN = {"MALLOC_ARENA_MAX": "2"}

# What a program without a database role must not get.
PRIVATE = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ENCRYPTION_KEYS")


def applications(env: dict[str, str]) -> list[Program]:
    """The table ready to start with the environment of an instance; no sandbox when SANDBOX_URL is empty."""
    return [_program(entry, env) for entry in TABLE if entry.name != "sandbox" or env["SANDBOX_URL"]]


def named(name: str, env: dict[str, str]) -> Program:
    """One of them, for tests and benches; a part of the application (`door`, `inbox`, `net`) runs alone."""
    entry = next(entry for entry in TABLE if entry.name == ("app" if name in PARTS else name))
    program = _program(entry, env)
    if name not in PARTS:
        return program
    return replace(program, name=name, argv=[*program.argv, name], ready=_works((name,), env, program.log))


def _program(entry: Entry, env: dict[str, str]) -> Program:
    log = Path(env["CIRCUNFLEJO_VAR"]) / "log" / f"{entry.name}.log"
    own = os.environ | env | {CHILD: entry.name, "PYTHONUNBUFFERED": "1", **LEAN}
    if entry.role:
        own |= {"DATABASE_ROLE": entry.role, "DATABASE_URL": without_password(env["DATABASE_URL"])}
    else:
        own = {name: value for name, value in own.items() if name not in PRIVATE}
    if entry.name == "app":
        own |= {"GRANIAN_HOST": os.environ.get("BIND", "127.0.0.1"), "GRANIAN_PORT": env["DOOR_PORT"]}
    return Program(entry.name, shlex.split(entry.command), own, log, _probe(entry.name, env, log))


def without_password(url: str) -> str:
    """The server's address only: `app` and `worker` derive their own log-in and never learn the owner's."""
    parts = urlsplit(url)
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=where))


def _probe(name: str, env: dict[str, str], log: Path) -> Callable[[], bool]:
    if name == "sandbox":
        return lambda: answers(f"{env['SANDBOX_URL']}/health") == 200
    return _works(PARTS, env, log)


def _works(parts: Iterable[str], env: dict[str, str], log: Path) -> Callable[[], bool]:
    """Whether all of these parts work: the door by asking it, workers by what they say."""
    workers = [name for name in parts if name != "door"]
    heard = _CeleryReady(workers, log) if workers else lambda: True
    opened = "door" in parts
    address = f"http://127.0.0.1:{env['DOOR_PORT']}/healthz"
    return lambda: (not opened or answers(address, host="localhost") == 200) and heard()


def answers(url: str, *, host: str = "", seconds: float = 2) -> int:
    """HTTP status of a GET, 0 when nobody answers."""
    request = urllib.request.Request(url, headers={"Host": host} if host else {})
    # Probes go to this machine: never through a proxy of the environment.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=seconds) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, ValueError, http.client.HTTPException):
        return 0


class _CeleryReady:
    """Celery says `inbox@host ready.` in its log once it consumes; only what was written since counts."""

    def __init__(self, names: Iterable[str], log: Path) -> None:
        self.names, self.log = [f"{name}@".encode() for name in names], log
        self.waited_for = set(self.names)
        self.start = log.stat().st_size if log.exists() else 0

    def __call__(self) -> bool:
        with contextlib.suppress(OSError), open(self.log, "rb") as lines:
            if self.log.stat().st_size < self.start:  # rotated meanwhile
                self.start = 0
            lines.seek(self.start)
            said = lines.read()
            whole = said[: said.rfind(b"\n") + 1]
            ready = [line for line in whole.splitlines() if line.rstrip().endswith(b" ready.")]
            self.waited_for -= {name for name in self.names if any(name in line for line in ready)}
            self.start += len(whole)
            if not self.waited_for:
                self.waited_for = set(self.names)  # the next start must say it again
                return True
        return False
