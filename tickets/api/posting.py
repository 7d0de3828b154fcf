"""One POST to somebody else's server, guarded: the name is resolved once, every address it has is looked at, and
the connection is made to the very address that was looked at. Nothing is followed, little is read, not for long."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tickets.api.rules.addresses import Address, is_public

CONNECT_S = 5.0
DEADLINE_S = 10.0
MOST_READ = 64 * 1024
Resolver = Callable[[str, int], Sequence[str]]
Dialer = Callable[[str, int, float], socket.socket]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it; ``failure`` is empty when it was taken."""

    status: int | None
    took_ms: int
    failure: str = ""
    detail: str = ""


class _Failed(Exception):
    def __init__(self, code: str, detail: str = "", status: int | None = None) -> None:
        super().__init__(code)
        self.code, self.detail, self.status = code, detail[:200], status


def system_resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def system_dial(ip: str, port: int, timeout: float) -> socket.socket:
    """A connection to an address; no name is looked up here."""
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.settimeout(timeout)
        made.connect((ip, port))
    except OSError:
        made.close()
        raise
    return made


def post(
    address: Address,
    body: bytes,
    headers: dict[str, str],
    *,
    resolve: Resolver = system_resolve,
    dial: Dialer = system_dial,
    deadline: float = DEADLINE_S,
) -> Outcome:
    """Send it. Never raises for what the other side does."""
    began = time.monotonic()

    def took() -> int:
        return int((time.monotonic() - began) * 1000)

    try:
        ip = _pin(address, resolve)
        status = _exchange(address, ip, body, headers, dial, began + deadline)
    except _Failed as failed:
        return Outcome(failed.status, took(), failed.code, failed.detail)
    return Outcome(status, took())


def _pin(address: Address, resolve: Resolver) -> str:
    """The address to connect to. One bad one among several is a trap, not a choice."""
    found = _in_time(lambda: resolve(address.host, address.port))
    if not found:
        raise _Failed("dns")
    for text in found:
        if not address.is_dev and not is_public(ipaddress.ip_address(text.partition("%")[0])):
            raise _Failed("address_private")
    return found[0]


def _in_time(resolve: Callable[[], Sequence[str]]) -> Sequence[str]:
    """A resolver knows no time-out: it is asked from a thread that may be left behind."""
    answers: list[Sequence[str]] = []

    def ask() -> None:
        with contextlib.suppress(OSError, UnicodeError):
            answers.append(resolve())

    asker = threading.Thread(target=ask, name="resolve", daemon=True)
    asker.start()
    asker.join(CONNECT_S)
    return answers[0] if answers else []


def _exchange(
    address: Address, ip: str, body: bytes, headers: dict[str, str], dial: Dialer, until: float
) -> int:
    try:
        made = dial(ip, address.port, CONNECT_S)
    except TimeoutError:
        raise _Failed("timeout") from None
    except OSError as error:
        raise _Failed("connection", type(error).__name__) from None
    # Time-outs of a socket are per read: who trickles would hold us for ever.
    late = threading.Event()
    alarm = threading.Timer(max(until - time.monotonic(), 0.1), _hang_up, [made, late])
    alarm.daemon = True
    alarm.start()
    try:
        status = _ask(address, made, body, headers)
    except ssl.SSLError as error:
        raise _Failed("timeout" if late.is_set() else "tls", error.reason or "") from None
    except (OSError, http.client.HTTPException) as error:
        slow = late.is_set() or isinstance(error, TimeoutError)
        raise _Failed("timeout" if slow else "connection", "" if slow else type(error).__name__) from None
    finally:
        alarm.cancel()
        made.close()
    if late.is_set():
        raise _Failed("timeout", "", status)
    return status


def _hang_up(made: socket.socket, late: threading.Event) -> None:
    late.set()
    with contextlib.suppress(OSError):
        made.shutdown(socket.SHUT_RDWR)


def _ask(address: Address, made: socket.socket, body: bytes, headers: dict[str, str]) -> int:
    made.settimeout(DEADLINE_S)
    line = http.client.HTTPConnection(address.host, address.port)
    line.auto_open = 0
    line.sock = made
    if address.scheme == "https":
        line.sock = ssl.create_default_context().wrap_socket(made, server_hostname=address.host)
    try:
        line.request("POST", address.target, body=body, headers={"Host": address.authority, **headers})
        answer = line.getresponse()
        answer.read(MOST_READ)
    finally:
        line.close()
    if 200 <= answer.status < 300:
        return answer.status
    if 300 <= answer.status < 400:
        raise _Failed("redirect", _host_of(answer.getheader("Location", "")), answer.status)
    raise _Failed("gone" if answer.status == 410 else "status", str(answer.status), answer.status)


def _host_of(location: str) -> str:
    """Where it pointed: the host alone, the rest is nobody's business."""
    try:
        return (urlsplit(location).hostname or "")[:80]
    except ValueError:
        return ""
