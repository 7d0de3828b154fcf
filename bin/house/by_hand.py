"""What `bin/services` does."""

import argparse
import os
import shlex
import sys
from pathlib import Path

from house import services
from house.instance import ROOT, load
from house.terminal import Trouble


def main(arguments: list[str]) -> int:
    """Run one command; the exit code."""
    parser = argparse.ArgumentParser(
        prog="bin/services", description="PostgreSQL and Valkey in the background."
    )
    parser.add_argument("command", choices=["up", "down", "env"])
    parser.add_argument(
        "--var", type=Path, default=ROOT / "var" / "dev", help="state folder (default var/dev)"
    )
    asked = parser.parse_args(arguments)
    try:
        if asked.command == "down":
            services.stop(asked.var)
            return 0
        env = services.start(asked.var)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    lines = [f"export {name}={shlex.quote(value)}" for name, value in env.items()]
    print("\n".join(lines) if asked.command == "env" else f"PostgreSQL and Valkey run in {asked.var}.")
    return 0


def adopt(var: Path) -> None:
    """Set the variables of an existing instance that are not set yet (manage.py by hand)."""
    for name, value in services.environment(load(var)).items():
        os.environ.setdefault(name, value)
