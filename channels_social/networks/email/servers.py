"""Which mail server, how it is spoken to, and where we refuse to connect.

An admin types the host: without a guard the form would be a way to knock on this house's own doors. The
address is resolved once and that address is connected to, so that a name cannot mean something else later.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from channels_social.networks.base import NetworkError

CONNECT_S, READ_S = 8.0, 30.0
# Of the registry of ports (IANA): mail submission and reading, encrypted from the first byte or after STARTTLS.
PORTS = {25, 465, 587, 2525, 143, 993}
TLS, STARTTLS, PLAIN = "tls", "starttls", "none"


@dataclass(frozen=True, slots=True)
class Server:
    """One door of a mail server."""

    host: str
    port: int
    security: str
    user: str
    password: str

    @classmethod
    def of(cls, credentials: dict[str, Any], which: str) -> Server:
        """``imap`` or ``smtp`` of an account's credentials; each may have its own user and password."""
        told = credentials.get(which) or {}
        return cls(
            host=str(told.get("host") or ""),
            port=int(told.get("port") or 0),
            security=str(told.get("security") or TLS),
            user=str(told.get("user") or credentials.get("user") or ""),
            password=str(told.get("password") or credentials.get("password") or ""),
        )


def trusted(host: str) -> bool:
    """Whether the house's administrator vouches for this host: it may be inside, and without encryption."""
    return host.lower() in {name.lower() for name in settings.MAIL_TRUSTED_HOSTS}


def connect(server: Server) -> socket.socket:
    """A connected socket. Raises :class:`NetworkError` (``later``): nothing was said yet."""
    if server.security == PLAIN and not trusted(server.host):
        raise NetworkError("refused", "not_encrypted", server.host[:80])
    if server.port not in PORTS and not trusted(server.host):
        raise NetworkError("refused", "port_refused", str(server.port))
    last: OSError | None = None
    for family, address in _addresses(server):
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(CONNECT_S)
        try:
            sock.connect(address)
        except OSError as error:
            sock.close()
            last = error
            continue
        sock.settimeout(min(READ_S, settings.NETWORK_TIMEOUT[1]))
        return sock
    raise NetworkError("later", "unreachable", type(last).__name__)


def _addresses(server: Server) -> list[tuple[int, Any]]:
    try:
        found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NetworkError("later", "unknown_host", server.host[:80]) from None
    if not trusted(server.host):
        inside = [one for one in found if not ipaddress.ip_address(one[4][0]).is_global]
        if inside:
            raise NetworkError("refused", "host_refused", server.host[:80])
    return [(one[0], one[4]) for one in found]


def context() -> ssl.SSLContext:
    """Certificates are always checked; a company's own authority comes with ``SSL_CERT_FILE``."""
    return ssl.create_default_context()
