"""The ground every bench stands on: servers in var/bench, a database of a million cases named by its schema."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from house import places, programs, roles, services
from house.instance import ROOT, Instance, choose_ports, load, role, role_password
from house.program import Program, leftovers, spawn, stop_all, tail, wait_ready
from house.terminal import Trouble, step

BIN = ROOT / "bin"
TICKETS = int(os.environ.get("BENCH_TICKETS", "1000000"))
VAR = Path(os.environ.get("BENCH_VAR", str(ROOT / "var" / "bench")))
# Tables the yardsticks write.
TWINNED = {
    "tickets_message", "tickets_ticket", "channels_social_outboundaction", "channels_social_inboundevent",
    "helpdesk_auditevent",
}  # fmt: skip
FAR = 10**12
# What shapes a database: when any of these changes, another one is built.
SOURCES = ("*/migrations/[0-9]*.py", "helpdesk/tenancy/rls.py", "bin/benches/data.py", "bin/benches/fill.sql")
READY_S = 60


@dataclass(frozen=True)
class Ground:
    """Servers and databases that are ready. ``env`` is the contract's, for the product's database."""

    var: Path
    env: dict[str, str]
    database: str

    @property
    def twin(self) -> str:
        """The yardstick's database: a copy of the product's, taken when it was built."""
        return f"{self.database}_twin"

    def url(self, database: str = "", which: str = "owner") -> str:
        """A log-in to a database as ``owner``, ``app`` or ``worker``."""
        parts = urlsplit(self.env["DATABASE_URL"])
        where = parts.netloc.rpartition("@")[2]
        account = parts.netloc.rpartition("@")[0]
        if which != "owner":
            name = role(self.env["CIRCUNFLEJO_INSTANCE"], which)
            account = f"{name}:{role_password(self.env['SECRET_KEY'], name)}"
        return urlunsplit(parts._replace(netloc=f"{account}@{where}", path=f"/{database or self.database}"))

    def connect(self, database: str = "", which: str = "owner") -> Any:
        """A psycopg2 connection."""
        return psycopg2.connect(self.url(database, which))

    def ask(self, sql: str, params: Any = None, database: str = "") -> list[tuple[Any, ...]]:
        """Rows of one statement as the owner, committed."""
        with (
            contextlib.closing(self.connect(database)) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, params)
            return cursor.fetchall() if cursor.description else []

    def catch_up(self) -> None:
        """The twin gets rows with their ids from the product; its own begin far above them."""
        for table in TWINNED:
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            self.ask(f"SELECT setval({sequence}, greatest(max(id), {FAR})) FROM {table}", database=self.twin)

    def python(self, module: str, *arguments: str, which: str, database: str = "", **extra: str) -> Any:
        """Run one of our modules in a process of its own, in a role; what it prints last, as JSON."""
        env = os.environ | self.env | {"DJANGO_SETTINGS_MODULE": "helpdesk.settings"} | extra
        env |= {"DATABASE_ROLE": which, "PYTHONPATH": f"{BIN}:{ROOT}"}
        env["DATABASE_URL"] = self.url(database)
        ran = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise Trouble(f"{module} failed:\n{ran.stderr[-4000:]}")
        (self.var / "log" / f"{module}.log").write_text(ran.stdout)
        return json.loads(ran.stdout.strip().splitlines()[-1])

    def program(self, name: str, **extra: str) -> Program:
        """One program of the house, with this ground's environment."""
        return programs.named(name, self.env | extra)

    def bare_door(self, port: int, database: str = "") -> Program:
        """The yardstick's server: the same granian, dispatcher and pool, with a bare Django behind; on the twin."""
        found = self.program("door")
        env = found.env | {
            "DJANGO_SETTINGS_MODULE": "benches.bare.settings",
            "PYTHONPATH": f"{BIN}:{ROOT}",
            "GRANIAN_PORT": str(port),
            "BENCH_DATABASE": self.url(database or self.twin),
        }
        log = self.var / "log" / "bare.log"
        ready = lambda: programs.answers(f"http://127.0.0.1:{port}/healthz") == 200  # noqa: E731
        return Program(
            "bare", ["python", "-m", "helpdesk.door"], env | {"CIRCUNFLEJO_CHILD": "bare"}, log, ready
        )


@contextlib.contextmanager
def ground(*, needs_twin: bool = False) -> Iterator[Ground]:
    """Start the servers, build what is missing, stop what was started here at the end."""
    instance = load(VAR)
    with places.alone(instance.var / "bench.lock", wait=False) as mine:
        if not mine:
            raise Trouble(
                f"Another bench is at work in {instance.var}: two at once would measure each other."
            )
        yield from _stood_on(instance, needs_twin=needs_twin)


def _stood_on(instance: Instance, *, needs_twin: bool) -> Iterator[Ground]:
    base = services.start(VAR)
    env = (
        base
        | services.environment(instance, *choose_ports(instance))
        | {"SANDBOX_URL": "", "LOG_LEVEL": "WARNING"}
    )
    env |= {name: value for name, value in SANDBOX_VALUES.items() if name not in os.environ}
    name = _name(base["DATABASE_URL"])
    env["DATABASE_URL"] = _named(base["DATABASE_URL"], name)
    made = Ground(instance.var, env, name)
    try:
        with _built(made, base["DATABASE_URL"]) as is_new:
            if needs_twin:
                _copy(made, base["DATABASE_URL"], is_new=is_new)
        yield made
    finally:
        stop_all(leftovers(instance.var))
        services.forget()


# The fixed demo credentials, so that bodies can be signed though no sandbox runs.
SANDBOX_VALUES = {"X_CONSUMER_SECRET": "sandbox-x-consumer-secret", "FB_APP_SECRET": "sandbox-fb-app-secret"}


@contextlib.contextmanager
def started(*wanted: Program) -> Iterator[list[int]]:
    """Programs that answer, for the block; their pids."""
    running = []
    try:
        for program in wanted:
            popen = spawn(program)
            running.append(popen)
            if not wait_ready(program, lambda popen=popen: popen.poll() is None, seconds=READY_S):
                raise Trouble(f"{program.name} did not start; the end of {program.log}:\n{tail(program.log)}")
        yield [popen.pid for popen in running]
    finally:
        for popen in running:
            popen.terminate()
        for popen in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                popen.wait(8)
            popen.kill()
            popen.wait()


def _name(server: str) -> str:
    """The database of this schema; with BENCH_KEEP=1 the one there is, migrated, for looks while schemas change."""
    prefix = f"{urlsplit(server).path.lstrip('/')}_bench_"
    if os.environ.get("BENCH_KEEP"):
        with contextlib.closing(psycopg2.connect(server)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [f"^{prefix}[0-9a-f]+$"])
            if found := cursor.fetchone():
                return str(found[0])
    return prefix + _schema()


def _schema() -> str:
    """Names a database by everything that shapes it."""
    digest = hashlib.sha256(str(TICKETS).encode())
    for pattern in SOURCES:
        for file in sorted(ROOT.glob(pattern)):
            digest.update(file.name.encode() + _meaning(file))
    return digest.hexdigest()[:10]


def _meaning(file: Path) -> bytes:
    """A file's content; of Python what it does, not how it is laid out."""
    if file.suffix != ".py":
        return file.read_bytes()
    body = [
        node for node in ast.parse(file.read_text()).body if not isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return "\n".join(map(ast.dump, body)).encode()


def _named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _run(server: str, *statements: str) -> None:
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _exists(server: str, database: str) -> bool:
    with contextlib.closing(psycopg2.connect(server)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        return cursor.fetchone() is not None


@contextlib.contextmanager
def _built(made: Ground, server: str) -> Iterator[bool]:
    """The database filled; True when it was made now. Databases of other schemas are dropped."""
    is_new = not _exists(server, made.database)
    if is_new:
        draft = f"{made.database}_draft"
        _run(server, f"DROP DATABASE IF EXISTS {draft} WITH (FORCE)")
        drafted = Ground(made.var, made.env | {"DATABASE_URL": _named(server, draft)}, draft)
        _prepare(drafted)
        with step(f"{TICKETS:,} cases in 20 organizations (once for this schema)"):
            drafted.python("benches.data", str(TICKETS), which="owner")
        _run(server, f"ALTER DATABASE {draft} RENAME TO {made.database}")
        _drop_others(made, server)
    else:
        _prepare(made)
    yield is_new


def _prepare(made: Ground) -> None:
    """Roles' rights, migrations, static files: what bin/run does before it starts the programs."""
    roles.ensure(made.env["DATABASE_URL"], made.env["CIRCUNFLEJO_INSTANCE"], made.env["SECRET_KEY"])
    ran = subprocess.run(
        [sys.executable, "-m", "house.prepare", "--no-demo"],
        cwd=ROOT, env=os.environ | made.env | {"PYTHONPATH": f"{BIN}:{ROOT}"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if ran.returncode:
        raise Trouble(ran.stderr[-4000:])


def _drop_others(made: Ground, server: str) -> None:
    prefix = made.database.rpartition("_")[0]
    with contextlib.closing(psycopg2.connect(server)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        others = [row[0] for row in cursor.fetchall() if row[0] != made.database]
    _run(server, *(f'DROP DATABASE "{other}" WITH (FORCE)' for other in others))


def _copy(made: Ground, server: str, *, is_new: bool) -> None:
    """The twin, as a file copy of the product's database; again when an interrupted run left them different."""
    if not is_new and _exists(server, made.twin) and made.ask(_LATER) == made.ask(_LATER, database=made.twin):
        return
    with step("its twin, for the yardstick"):
        _run(
            server,
            f"DROP DATABASE IF EXISTS {made.twin} WITH (FORCE)",
            f"CREATE DATABASE {made.twin} TEMPLATE {made.database} STRATEGY file_copy",
        )


# Cases opened since by people of the built data: later rows of a run may refer to them.
_LATER = (
    f"SELECT count(*), max(id) FROM tickets_ticket WHERE id > {TICKETS} AND customer_id <= {TICKETS * 2 // 5}"
)
