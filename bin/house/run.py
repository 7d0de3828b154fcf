"""What `bin/run` does: servers, tables, demo data, programs; then it watches over them until Ctrl-C."""

import argparse
import errno
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from house import demo, places, services
from house.instance import ROOT, choose_ports, load
from house.program import CHILD, leftovers, stop_all
from house.programs import applications
from house.supervisor import Supervisor
from house.terminal import Trouble, step

SPACE_NEEDED = 200 * 1024 * 1024  # bytes; PostgreSQL stops badly on a full disk


def main(arguments: list[str]) -> int:
    """Run until asked to stop; the exit code."""
    # From the first second, the making of the environment included.
    began = float(os.environ.pop("CIRCUNFLEJO_BEGAN", time.time()))
    started = time.monotonic() - max(0.0, time.time() - began)
    asked = _arguments(arguments)
    try:
        with places.alone(_lock(asked.var), wait=False) as mine:
            if not mine:
                raise Trouble(_already(asked.var))
            return _run(asked, started)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(f"The disk is full: free some space under {asked.var} and start again.", file=sys.stderr)
    return 1


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/run",
        description="Start Circunflejo on this machine. DATABASE_URL and REDIS_URL replace the own servers,"
        " PORT and SANDBOX_PORT choose the ports, SANDBOX_URL= (empty) starts without the sandbox.",
    )
    parser.add_argument("--no-demo", action="store_true", help="without the demo organizations")
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="state folder (default var)")
    asked = parser.parse_args(arguments)
    asked.var = Path(os.path.realpath(asked.var))
    return asked


def _lock(var: Path) -> Path:
    places.folder(var, mode=0o755)
    return places.folder(var / "run") / "supervisor.lock"


def _already(var: Path) -> str:
    try:
        state = json.loads((var / "run" / "supervisor.json").read_text())
        pid, address = state["pid"], state["address"]
    except (OSError, ValueError, KeyError):
        pid, address = "", ""
    if not address:
        return f"bin/run is already starting in {var}, in another terminal."
    return f"bin/run is already running here (pid {pid}): {address}. Stop it with Ctrl-C in its terminal."


def _run(asked: argparse.Namespace, started: float) -> int:
    if shutil.disk_usage(asked.var).free < SPACE_NEEDED:
        raise Trouble(f"The disk is almost full: free 200 MB or more under {asked.var} and start again.")
    supervisor = Supervisor(asked.var)
    supervisor.listen()
    try:
        env = _start(supervisor, asked)
        demo.welcome(env, seconds=time.monotonic() - started, people=not asked.no_demo)
        supervisor.watch()
    except KeyboardInterrupt:
        print()
    finally:
        if supervisor.watched:
            with step("stopping"):
                supervisor.stop()
                stop_all(leftovers(asked.var), seconds=2)  # what was being started at that very moment
    return 0


def _start(supervisor: Supervisor, asked: argparse.Namespace) -> dict[str, str]:
    _stop_leftovers(asked.var)
    instance = load(asked.var)
    door, sandbox = choose_ports(instance)
    for program in services.embedded(instance):
        supervisor.begin(program)
    env = services.connect(instance, door, sandbox)
    supervisor.address = env["BASE_URL"]
    programs = applications(env)
    supervisor.begin(*(one for one in programs if one.name == "sandbox"))
    prepare(env, no_demo=asked.no_demo)
    supervisor.begin(*(one for one in programs if one.name != "sandbox"))
    return env


def _stop_leftovers(var: Path) -> None:
    found = leftovers(var)
    if found:
        with step(f"stopping {len(found)} programs left over from a bin/run that was killed"):
            stop_all(found, seconds=4)


def prepare(env: dict[str, str], *, no_demo: bool) -> None:
    """In a Python of its own: this one stays small, and the tables are made with the owner's rights."""
    argv = [sys.executable, "-m", "house.prepare", *(["--no-demo"] if no_demo else [])]
    own = os.environ | env | {"PYTHONPATH": str(ROOT / "bin"), CHILD: "prepare"}
    if subprocess.run(argv, cwd=ROOT, env=own, check=False, start_new_session=True).returncode:
        raise Trouble("The application could not be prepared; its words are above.")
