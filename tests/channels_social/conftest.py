"""A sandbox of our own on a free port, and somebody who catches what it delivers."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from channels_social.models import SocialAccount

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@dataclass
class Delivery:
    """One POST of the sandbox to our webhook."""

    path: str
    headers: dict[str, str]
    body: bytes

    def meta(self) -> dict[str, str]:
        """Headers as Django's test client takes them."""
        kept = ("x-twitter-webhooks-signature", "x-hub-signature-256")
        return {
            "HTTP_" + name.upper().replace("-", "_"): value
            for name, value in self.headers.items()
            if name in kept
        }


class Catcher(ThreadingHTTPServer):
    """Answers 200 and keeps what came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Catch)
        self.caught: list[Delivery] = []

    def wait(self, count: int = 1, *, seconds: float = 10) -> list[Delivery]:
        """The deliveries, once there are this many."""
        until = time.monotonic() + seconds
        while len(self.caught) < count and time.monotonic() < until:
            time.sleep(0.01)
        assert len(self.caught) >= count, f"{len(self.caught)} of {count} deliveries came"
        return list(self.caught)


class _Catch(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.caught.append(Delivery(self.path, headers, body))  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@dataclass
class Sandbox:
    """The sandbox's control API."""

    url: str
    catcher: Catcher
    session: requests.Session = field(default_factory=requests.Session)

    def call(self, method: str, path: str, **form: Any) -> Any:
        """A control call; its answer."""
        answer = self.session.request(method, f"{self.url}/control{path}", json=form, timeout=10)
        assert answer.ok, answer.text
        return answer.json()

    def post(self, path: str, **form: Any) -> Any:
        """A control call that makes something; ``as_`` stands for ``as``."""
        if "as_" in form:
            form["as"] = form.pop("as_")
        return self.call("POST", path, **form)

    def fault(self, network: str, name: str, **form: Any) -> None:
        """Turn a switch on."""
        self.call("PUT", "/faults", **{network: {name: form or True}})


@pytest.fixture(scope="session")
def catcher() -> Iterator[Catcher]:
    """What stands where the product's webhooks would be."""
    server = Catcher()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory, catcher: Catcher) -> Iterator[Sandbox]:
    """The real sandbox, in its own process with its own file."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environ = os.environ | {
        "SANDBOX_URL": url,
        "BASE_URL": f"http://127.0.0.1:{catcher.server_port}",
        "CIRCUNFLEJO_VAR": str(tmp_path_factory.mktemp("sandbox")),
    }
    command = [sys.executable, "-m", "channels_social.sandbox"]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True)
    try:
        _ready(url, process)
        sandbox = Sandbox(url, catcher)
        yield sandbox
        sandbox.session.close()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)


def _ready(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        assert process.poll() is None, "the sandbox did not start"
        try:
            if requests.get(f"{url}/health", timeout=1).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise AssertionError("the sandbox is not ready after 20 s")


@pytest.fixture
def sandbox(sandbox_process: Sandbox, settings: Any) -> Sandbox:
    """The sandbox as new, with our settings pointing to it."""
    sandbox_process.post("/reset")
    sandbox_process.catcher.caught.clear()
    url = sandbox_process.url
    settings.SANDBOX_URL = url
    settings.X_API_URL = f"{url}/x"
    settings.X_AUTHORIZE_URL = f"{url}/x/i/oauth2/authorize"
    settings.GRAPH_API_URL = f"{url}/graph"
    settings.FB_DIALOG_URL = f"{url}/facebook/{settings.GRAPH_VERSION}/dialog/oauth"
    return sandbox_process


def client_of(account: SocialAccount) -> Any:
    """A client with the account's own credentials."""
    from channels_social.domain.accounts import credentials_of
    from channels_social.networks import registry

    return registry.get(account.network).client(
        external_id=account.external_id,
        credentials=credentials_of(account),
        capabilities=account.capabilities,
    )


def body_of(delivery: Delivery) -> dict[str, Any]:
    """The delivery as JSON."""
    return json.loads(delivery.body)
