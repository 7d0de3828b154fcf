"""What our one session guarantees: a deadline for the whole, a size, no redirect with a token, no ~/.netrc."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from channels_social.networks import http
from channels_social.networks.base import NetworkError
from helpdesk import clock


class Odd(BaseHTTPRequestHandler):
    """Trickles, floods, sends elsewhere, and tells what it was sent."""

    def do_GET(self) -> None:
        if self.path.startswith("/trickle"):
            self.send_response(200)
            self.send_header("content-length", "1000")
            self.end_headers()
            for _ in range(40):
                try:
                    self.wfile.write(b".")
                except OSError:
                    return
                time.sleep(0.1)
        elif self.path.startswith("/flood"):
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(64):
                    self.wfile.write(b"x" * 1_000_000)
            except OSError:
                return
        elif self.path.startswith("/silent"):
            time.sleep(0.6)
            self.close_connection = True
        elif self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("location", "/echo")
            self.send_header("content-length", "0")
            self.end_headers()
        else:
            body = self.headers.get("authorization", "nothing").encode()
            self.send_response(200)
            self.send_header("content-type", "text/plain")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def odd() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_server_that_trickles_is_given_up(odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "DEADLINE_S", 0.5)
    started = time.monotonic()
    with pytest.raises(http.TooSlow):
        http.Session().get(f"{odd}/trickle")
    assert time.monotonic() - started < 2


def test_a_file_has_a_largest_size(odd: str, settings: Any) -> None:
    settings.SANDBOX_URL = odd
    with pytest.raises(NetworkError) as error:
        http.fetch(http.Session(), f"{odd}/flood", frozenset({odd.partition("//")[2]}), {})
    assert (error.value.verdict, error.value.code) == ("refused", "too_large")


def test_a_token_is_not_carried_elsewhere(odd: str) -> None:
    session = http.Session()
    assert session.get(f"{odd}/echo", headers={"Authorization": "Bearer t"}).text == "Bearer t"
    assert session.get(f"{odd}/away", headers={"Authorization": "Bearer t"}).status_code == 302


def test_a_netrc_of_the_machine_is_not_read(
    odd: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert http.Session().get(f"{odd}/echo").text == "nothing"
    assert http.Session().get(f"{odd}/echo", headers={"Authorization": "Bearer t"}).text == "Bearer t"


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("http://pbs.twimg.com/a.jpg", {"pbs.twimg.com"}),  # the real network, without TLS
        ("https://evil.test/a.jpg", {"pbs.twimg.com", ".fbcdn.net"}),
        ("https://fbcdn.net.evil.test/a.jpg", {".fbcdn.net"}),
        ("https://pbs.twimg.com@evil.test/a.jpg", {"pbs.twimg.com"}),
        ("file:///etc/passwd", {"", "pbs.twimg.com"}),
    ],
)
def test_files_come_from_known_hosts_only(url: str, hosts: set[str]) -> None:
    with pytest.raises(NetworkError) as error:
        http.fetch(http.Session(), url, frozenset(hosts), {})
    assert (error.value.verdict, error.value.code) == ("refused", "unknown_host")


def test_retry_after_in_seconds_as_a_date_and_as_nonsense() -> None:
    soon = http.retry_after({"retry-after": "30"})
    assert soon is not None
    assert timedelta(seconds=28) < soon - clock.now() <= timedelta(seconds=30)
    date = datetime(2031, 1, 1, tzinfo=UTC)
    assert http.retry_after({"retry-after": format_datetime(date, usegmt=True)}) == date
    assert http.retry_after({"retry-after": "soon"}) is None
    assert http.retry_after({}) is None


def test_a_network_whose_clock_differs_is_believed_by_its_own_clock() -> None:
    ahead = clock.now() + timedelta(hours=1)
    headers = {"date": format_datetime(ahead, usegmt=True)}
    reset = http.by_our_clock(int(ahead.timestamp()) + 60, headers)
    assert timedelta(seconds=55) < reset - clock.now() < timedelta(seconds=65)


def test_what_requests_says_is_scrubbed() -> None:
    words = http.scrub("GET /me?access_token=EAAB123&fields=id Authorization: Bearer abc.def")
    assert "EAAB123" not in words
    assert "abc.def" not in words
    assert "fields=id" in words


def test_errors_before_and_after_the_bytes_left(odd: str, settings: Any) -> None:
    session = http.Session()
    with pytest.raises(requests.ConnectionError) as refused:
        session.post("http://127.0.0.1:9/x?access_token=secret")
    assert http.never_left(refused.value)
    settings.NETWORK_TIMEOUT = (1, 0.2)
    with pytest.raises(requests.RequestException) as late:
        session.get(f"{odd}/silent")
    assert not http.never_left(late.value)
    assert "secret" not in str(http.unreachable(refused.value, writes=True))
