"""PostgreSQL and Valkey of one state folder: for bin/run, bin/test, the benches and by hand."""

import contextlib
import os
import subprocess
from pathlib import Path

from house import places, postgres, roles, valkey
from house.instance import Instance, addresses, load
from house.program import CHILD, Program, leftovers, spawn, stop_all, tail, wait_ready
from house.terminal import Trouble

NAMES = ("postgres", "valkey")
START_S = 60  # crash recovery after a kill -9 under load may take a while
_started: list[subprocess.Popen] = []


def start(var: Path, *, durable: bool = True) -> dict[str, str]:
    """Start what is not given by DATABASE_URL and REDIS_URL, make roles and database; the environment to use.

    Servers that already run in `var`, also under a living `bin/run`, are used as they are. Those started here
    outlive the caller: call `stop(var)`. `durable=False` gives up surviving a power loss (tests).
    """
    instance = load(var)
    with places.alone(instance.var / "run" / "services.lock"):
        with supervised(instance.var) as watched:
            for program in embedded(instance, durable=durable):
                _make_ready(program, watched=watched)
        return connect(instance)


def stop(var: Path) -> None:
    """Stop the servers of `var`. Trouble while a `bin/run` watches over them."""
    var = Path(os.path.realpath(var))
    if not (var / "run").exists():
        return
    with places.alone(var / "run" / "services.lock"), supervised(var) as watched:
        if watched:
            raise Trouble(
                f"bin/run is watching over the servers in {var}: stop it with Ctrl-C in its terminal."
            )
        stop_all(_servers(var, *NAMES))
    forget()


def forget() -> None:
    """Let go of the servers started here that have ended."""
    _started[:] = [popen for popen in _started if popen.poll() is None]


@contextlib.contextmanager
def supervised(var: Path):
    """Is a `bin/run` alive for this folder? While the block runs, none can begin."""
    with places.alone(var / "run" / "supervisor.lock", wait=False) as mine:
        yield not mine


def embedded(instance: Instance, *, durable: bool = True) -> list[Program]:
    """The servers to run ourselves, in order; a new cluster is made on the way."""
    programs = []
    if not os.environ.get("DATABASE_URL"):
        cluster = postgres.locate(instance)
        postgres.create(cluster)
        programs.append(postgres.program(cluster, durable=durable))
    if not os.environ.get("REDIS_URL"):
        programs.append(valkey.program(instance))
    return programs


def connect(instance: Instance, door: int = 0, sandbox: int = 0) -> dict[str, str]:
    """Ask both servers, make roles and database; the environment for them. Trouble when unreachable."""
    env = environment(instance, door, sandbox)
    if not os.environ.get("DATABASE_URL"):
        superuser = postgres.locate(instance).superuser_url()
        roles.make_owner(superuser, instance.name, instance.kept["owner_password"])
    roles.ensure(env["DATABASE_URL"], instance.name, env["SECRET_KEY"])
    if os.environ.get("REDIS_URL"):
        _ask_redis(env["REDIS_URL"])
    return env


def environment(instance: Instance, door: int = 0, sandbox: int = 0) -> dict[str, str]:
    """The contract's variables: an instance's state, servers and addresses; those set already win."""
    remembered = addresses(instance)
    door, sandbox = door or remembered[0], sandbox or remembered[1]
    env = {
        "CIRCUNFLEJO_INSTANCE": instance.name,
        "CIRCUNFLEJO_VAR": str(instance.var),
        "DATABASE_URL": os.environ.get("DATABASE_URL") or postgres.locate(instance).owner_url(),
        "REDIS_URL": os.environ.get("REDIS_URL") or valkey.url(instance),
        "DOOR_PORT": str(door),
        "BASE_URL": os.environ.get("BASE_URL") or f"http://localhost:{door}",
        # Set but empty is an answer: no sandbox.
        "SANDBOX_URL": os.environ.get("SANDBOX_URL", f"http://localhost:{sandbox}"),
    }
    for variable in ("SECRET_KEY", "ENCRYPTION_KEYS"):
        env[variable] = os.environ.get(variable) or instance.kept[variable.lower()]
    return env


def _servers(var: Path, *names: str):
    return [one for one in leftovers(var) if one.environ().get(CHILD) in names]


def _make_ready(program: Program, *, watched: bool) -> None:
    if program.ready():
        return
    if watched:  # it is being restarted by its supervisor
        if not wait_ready(program, lambda: True, seconds=START_S):
            raise Trouble(f"{program.name} does not answer, though bin/run is alive; see {program.log}.")
        return
    stop_all(_servers(Path(program.env["CIRCUNFLEJO_VAR"]), program.name))
    popen = spawn(program)
    _started.append(popen)  # kept: a collected Popen of a living server would warn
    if not wait_ready(program, lambda: popen.poll() is None, seconds=START_S):
        raise Trouble(f"{program.name} did not start; the end of {program.log}:\n{tail(program.log)}")


def _ask_redis(url: str) -> None:
    import redis

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=10) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        raise Trouble(f"REDIS_URL is set, but its server cannot be used: {error}") from None
