"""A sandbox in its own process, a tiny product that receives its webhooks, both libraries pointed at it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

with warnings.catch_warnings():
    # facebook-sdk 3.1 has an invalid escape in its source, which Python warns of when it compiles it.
    warnings.simplefilter("ignore")
    import facebook

ROOT = Path(__file__).resolve().parents[2]
BANK_ID, PAGE_ID = "1800000000000000001", "100000000000101"
X_TOKEN, FB_TOKEN = "sandbox-x-token-frailejon", "sandbox-fb-token-frailejon"


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


class Receiver:
    """Where the product would be: keeps what arrives, answers what it is told to answer."""

    def __init__(self) -> None:
        self.arrived: queue.Queue[tuple[str, dict[str, str], bytes]] = queue.Queue()
        self.status, self.challenge_ok, self.delay_s = 200, True, 0.0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                time.sleep(outer.delay_s)
                outer.arrived.put((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                self.answer(outer.status, b"")

            def do_GET(self) -> None:
                values = dict(parse_qsl(urlsplit(self.path).query))
                if "crc_token" in values:
                    self.answer(200, json.dumps({"response_token": outer.crc(values["crc_token"])}).encode())
                else:
                    self.answer(200 if outer.challenge_ok else 403, values.get("hub.challenge", "").encode())

            def answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def crc(self, token: str) -> str:
        secret = b"sandbox-x-consumer-secret" if self.challenge_ok else b"wrong"
        return (
            "sha256=" + base64.b64encode(hmac.new(secret, token.encode(), hashlib.sha256).digest()).decode()
        )

    def next(self, timeout: float = 15.0) -> tuple[str, dict[str, str], bytes]:
        return self.arrived.get(timeout=timeout)

    def x(self, timeout: float = 15.0) -> dict[str, Any]:
        """The next event of X."""
        path, _, body = self.next(timeout)
        assert path == "/hooks/x/"
        return json.loads(body)["data"]

    def meta(self, timeout: float = 15.0) -> dict[str, Any]:
        """The only entry of the next body of Facebook."""
        path, _, body = self.next(timeout)
        assert path == "/hooks/meta/"
        [entry] = json.loads(body)["entry"]
        return entry

    def silent(self, seconds: float = 0.2) -> bool:
        try:
            self.arrived.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def forget(self) -> None:
        while not self.arrived.empty():
            self.arrived.get()
        self.status, self.challenge_ok, self.delay_s = 200, True, 0.0


class Sandbox:
    """The sandbox in its own process."""

    def __init__(self, folder: Path, base_url: str) -> None:
        self.url, self.base_url, self.folder = f"http://127.0.0.1:{free_port()}", base_url, folder
        self.http = requests.Session()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        env = {
            **os.environ,
            "SANDBOX_URL": self.url,
            "BASE_URL": self.base_url,
            "CIRCUNFLEJO_VAR": str(self.folder),
        }
        command = [sys.executable, "-W", "error", "-m", "channels_social.sandbox"]
        log = (self.folder / "sandbox.log").open("ab")
        self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        log.close()
        for _ in range(200):
            try:
                if requests.get(self.url + "/health", timeout=1).ok:
                    return
            except requests.RequestException:
                time.sleep(0.05)
        raise AssertionError((self.folder / "sandbox.log").read_text())

    def stop(self, number: int = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(timeout=10)

    def control(self, method: str, path: str, body: Any = None, *, ok: bool = True) -> Any:
        answer = self.http.request(method, f"{self.url}/control{path}", json=body, timeout=10)
        assert answer.ok is ok, answer.text
        return answer.json()

    def say(self, **what: Any) -> dict[str, Any]:
        """A post on X by anyone."""
        return self.control("POST", "/x/posts", what)

    def faults(self, **switches: Any) -> None:
        self.control("PUT", "/faults", switches)

    def x(self, method: str, path: str, token: str = X_TOKEN, **more: Any) -> requests.Response:
        """A plain call to the local X."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return self.http.request(method, f"{self.url}/x{path}", headers=headers, timeout=10, **more)

    def graph(self, method: str, path: str, token: str = FB_TOKEN, **more: Any) -> requests.Response:
        """A plain call to the local Graph."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return self.http.request(method, f"{self.url}/graph/v25.0{path}", headers=headers, timeout=10, **more)


class Elsewhere(requests.Session):
    """The session tweepy is given: its fixed host becomes the sandbox's, and nothing waits for ever."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base

    def request(self, method: str, url: str, **more: Any) -> requests.Response:
        more.setdefault("timeout", 5)
        return super().request(method, url.replace("https://api.twitter.com", self.base, 1), **more)


class Graph(facebook.GraphAPI):
    """facebook-sdk with another base address, a pinned version, the token in a header and a proof."""

    def __init__(self, token: str, base: str) -> None:
        super().__init__(access_token=token, timeout=5)
        self.version, self.base_url = "v25.0", base

    def request(
        self, path: str, args: Any = None, post_args: Any = None, files: Any = None, method: str | None = None
    ) -> Any:
        args, method = dict(args or {}), method or ("POST" if post_args is not None else "GET")
        body = None
        if post_args is not None:
            body = {
                k: json.dumps(v) if isinstance(v, dict | list | bool) else v for k, v in post_args.items()
            }
        token = args.pop("access_token", None) or (body or {}).pop("access_token", None) or self.access_token
        secret = b"sandbox-fb-app-secret"
        args["appsecret_proof"] = hmac.new(secret, token.encode(), hashlib.sha256).hexdigest()
        headers = {"Authorization": f"Bearer {token}"}
        answer = self.session.request(
            method, f"{self.base_url}/{path}", params=args, data=body, headers=headers, timeout=5
        )
        result = answer.json()
        if isinstance(result, dict) and result.get("error"):
            raise facebook.GraphAPIError(result)
        return result
