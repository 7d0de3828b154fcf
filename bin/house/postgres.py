"""Embedded PostgreSQL: where its data lies, how a cluster is made, started and cleaned up."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

from house import binaries, places
from house.instance import Instance, role
from house.program import CHILD, VAR, Program, stop_all
from house.terminal import Trouble

ACCOUNT = "nobody"  # PostgreSQL refuses to run as root; the account must be in passwd
SOCKET_PORT = "5432"  # only names the socket file: TCP is off
# Logs carry no values: neither statements (they hold what customers wrote) nor the DETAIL of a failed row.
OPTIONS = [
    "shared_buffers=256MB",
    "max_connections=100",
    "max_wal_size=2GB",
    "random_page_cost=1.1",
    "jit=off",
    "log_checkpoints=off",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
]


@dataclass(frozen=True)
class Cluster:
    """Where one embedded cluster lives."""

    instance: Instance
    binaries: Path
    data: Path
    sockets: Path
    account: str | None

    def url(self, user: str, password: str, database: str) -> str:
        """libpq URL over the Unix socket."""
        return (
            f"postgresql://{user}:{password}@/{database}?host={quote(str(self.sockets))}&port={SOCKET_PORT}"
        )

    def superuser_url(self, database: str = "postgres") -> str:
        """For making roles and the database only; nothing of ours runs with it."""
        return self.url("postgres", self.instance.kept["superuser_password"], database)

    def owner_url(self) -> str:
        """What DATABASE_URL becomes."""
        owner = role(self.instance.name, "owner")
        return self.url(owner, self.instance.kept["owner_password"], "circunflejo")


def locate(instance: Instance) -> Cluster:
    """Find binaries and data, as root moved to where `nobody` can reach them. Trouble on other majors."""
    programs = binaries.find()
    if os.geteuid() != 0:
        base, sockets = places.folder(instance.var / "pg"), places.sockets(instance.var)
        account = None
    else:
        home = _home_for_all(instance, programs)
        if home != instance.var:
            programs = binaries.copied(programs, places.folder(home / "binaries", mode=0o755))
        base = places.folder(home / "pg", mode=0o755)
        account = ACCOUNT
        sockets = places.folder(_sockets_for_all(home, instance), owner=pwd.getpwnam(ACCOUNT).pw_uid)
    major = binaries.major(programs)
    _refuse_other_major(base, major)
    return Cluster(instance, programs, base / str(major), sockets, account)


def _home_for_all(instance: Instance, programs: Path) -> Path:
    """The state folder, or one under /var/tmp when `nobody` cannot walk there (a home of mode 0700)."""
    elsewhere = places.SHARED / f"circunflejo-{instance.name}"
    if _has_data(elsewhere):
        return places.folder(elsewhere, mode=0o755)
    if places.open_to_all(instance.var) and binaries.reachable(programs):
        return instance.var
    if _has_data(instance.var):
        raise Trouble(
            f"{instance.var / 'pg'} holds data, but the account {ACCOUNT}, as which PostgreSQL runs, cannot "
            f"get there any more: make the folders above it passable again (chmod o+x)."
        )
    return places.folder(elsewhere, mode=0o755)


def _has_data(home: Path) -> bool:
    return any((home / "pg").glob("[0-9]*/PG_VERSION"))


def _sockets_for_all(home: Path, instance: Instance) -> Path:
    """Next to the data when that path is short and plain, else under /tmp."""
    here = home / "run-pg"
    if len(os.fsencode(here)) <= places.SHORT and places.PLAIN.fullmatch(str(here)):
        return here
    return Path("/tmp") / f"circunflejo-pg-{places.digest(instance.var)}"


def _refuse_other_major(base: Path, major: int) -> None:
    found = sorted((file.parent for file in base.glob("*/PG_VERSION")), key=lambda data: data.name)
    others = [data for data in found if data.name.isdigit() and data.name != str(major)]
    if others and not (base / str(major) / "PG_VERSION").exists():
        raise Trouble(
            f"{others[-1]} holds data of PostgreSQL {others[-1].name}, but the binaries are {major}. "
            f"Start the old version with PG_BINDIR, dump it with pg_dump, load it here; or move the folder."
        )


def create(cluster: Cluster) -> None:
    """initdb unless the cluster exists; an interrupted one is begun again."""
    if (cluster.data / "PG_VERSION").exists():
        return
    draft = cluster.data.with_name(f"{cluster.data.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    secret = cluster.sockets / "initial-password"
    with open(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(cluster.instance.kept["superuser_password"])
    if cluster.account:
        for path in (draft, secret):
            shutil.chown(path, cluster.account)
    argv = [
        *(
            cluster.binaries / "initdb",
            "-D",
            draft,
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--data-checksums",
            "--no-sync",
        ),
        *("--locale-provider=builtin", "--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={secret}"),
    ]
    made = subprocess.run(
        argv, cwd="/", env=_environment(), user=cluster.account, capture_output=True, text=True, check=False
    )
    secret.unlink()
    if made.returncode != 0:
        raise Trouble(f"PostgreSQL could not make its data folder:\n{made.stderr.strip()}")
    draft.rename(cluster.data)


def program(cluster: Cluster, *, durable: bool = True) -> Program:
    """The server. `durable=False` (tests) gives up surviving a power loss for speed."""
    options = OPTIONS + ([] if durable else ["fsync=off", "synchronous_commit=off", "full_page_writes=off"])
    argv = [str(cluster.binaries / "postgres"), "-D", str(cluster.data), "-p", SOCKET_PORT]
    argv += ["-c", "listen_addresses=", "-c", f"unix_socket_directories={cluster.sockets}"]
    argv += [part for option in options for part in ("-c", option)]
    return Program(
        name="postgres",
        argv=argv,
        env=_environment() | {CHILD: "postgres", VAR: str(cluster.instance.var)},
        log=cluster.instance.var / "log" / "postgres.log",
        ready=lambda: answers(cluster.superuser_url()),
        account=cluster.account,
        cwd=Path("/"),
        stop_signal=signal.SIGINT,
        before=lambda: clean(cluster),
    )


def answers(url: str) -> bool:
    """Does a query come back?"""
    import psycopg2

    try:
        connection = psycopg2.connect(url, connect_timeout=5)
    except psycopg2.OperationalError:
        return False
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def clean(cluster: Cluster) -> None:
    """After a kill -9: end orphaned backends of this cluster, remove its stale lock file and socket."""
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if one.name().startswith("postgres") and one.cwd() == str(cluster.data):
                stop_all([one], seconds=0)
    # The folder is ours alone (0700) and none of its servers live: the pid in the file is a stranger's.
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)
    for stale in cluster.sockets.glob(".s.PGSQL.*"):
        stale.unlink(missing_ok=True)


def _environment() -> dict[str, str]:
    """Nothing of ours and nothing named PG… reaches the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
