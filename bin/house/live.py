"""The whole house inside a test or a bench: the real programs on a state folder of their own."""

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from house import run, services
from house.instance import choose_ports, load
from house.program import leftovers, stop_all
from house.programs import applications
from house.supervisor import TURN_S, Supervisor


@contextlib.contextmanager
def running(
    var: Path, *, demo: bool = True, watch: bool = False, only: tuple[str, ...] = (), **extra: str
) -> Iterator[dict[str, str]]:
    """Start servers, tables, demo data and programs in `var`; the environment; everything stopped at the end.

    `only` names the programs to start (all by default), `extra` adds variables (`OUTBOX_UNDO="0"`); with
    `watch`, what dies is started again, as under bin/run. Pids: `var/run/supervisor.json`. Servers that
    DATABASE_URL and REDIS_URL name are not used; the folder gets its own.
    """
    outer = {name: os.environ.pop(name, None) for name in _INHERITED}
    try:
        instance = load(var)
        env = services.start(var, durable=False)
        ports = choose_ports(instance)
        env |= services.environment(instance, *ports) | extra
    finally:
        os.environ.update({name: value for name, value in outer.items() if value is not None})
    supervisor, over = Supervisor(instance.var), threading.Event()
    watcher = threading.Thread(target=_watch, args=(supervisor, over), daemon=True)
    try:
        run.prepare(env, no_demo=not demo)
        supervisor.begin(*(one for one in applications(env) if not only or one.name in only))
        if watch:
            watcher.start()
        yield env
    finally:
        over.set()
        if watcher.is_alive():
            watcher.join()
        supervisor.stop()
        stop_all(leftovers(instance.var), seconds=3)
        services.forget()


# What bin/test set for the other tests' servers.
_INHERITED = (
    *("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ENCRYPTION_KEYS", "BASE_URL", "SANDBOX_URL", "DOOR_PORT"),
    *("DATABASE_ROLE", "PORT", "SANDBOX_PORT"),
)


def _watch(supervisor: Supervisor, over: threading.Event) -> None:
    while not over.wait(TURN_S):
        supervisor.look()
