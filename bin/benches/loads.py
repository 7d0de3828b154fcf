"""Load over HTTP with `wrk`: its own cost is a few microseconds a request, a Python client's a tenth of a page."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from house.terminal import Trouble

SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True)
class Request:
    """One request ready to be sent. The body must not hold line breaks."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] | None = None
    body: bytes = b""


@dataclass(frozen=True)
class Load:
    """What one run of requests took, in milliseconds."""

    requests: int
    seconds: float
    errors: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


class Requests:
    """Requests in a file, for as long as the object lives."""

    def __init__(self, requests: Iterable[Request]) -> None:
        with tempfile.NamedTemporaryFile(suffix=".requests", delete=False) as file:
            for one in requests:
                headers = "".join(f"{name}={value}\1" for name, value in (one.headers or {}).items())
                file.write(f"{one.method}\t{one.path}\t{headers}\t".encode() + one.body + b"\n")
        self.file = Path(file.name)

    def __del__(self) -> None:
        self.file.unlink(missing_ok=True)


def send(requests: Requests, *, port: int, clients: int, seconds: float) -> Load:
    """Send them over so many connections for so long. Trouble when any failed, or wrk is not there."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise Trouble("This bench needs the program wrk (apt-get install wrk).")
    asked = [wrk, "-t1", f"-c{clients}", f"-d{seconds:g}s", "--timeout", "10s", "-s", str(SCRIPT)]
    ran = subprocess.run(
        [*asked, f"http://127.0.0.1:{port}/", "--", str(requests.file)],
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise Trouble(f"wrk failed:\n{ran.stdout}{ran.stderr}")
    load = Load(**json.loads(ran.stdout.strip().splitlines()[-1]))
    if load.errors:
        raise Trouble(f"{load.errors} of {load.requests} requests failed:\n{ran.stdout}")
    return load


def median(values: Iterable[float], digits: int = 2) -> float:
    """The median, rounded."""
    return round(statistics.median(values), digits)
