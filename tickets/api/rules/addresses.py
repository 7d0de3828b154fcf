"""Where we are willing to send: public addresses only. Pure; the reasons are codes of ``api.sentences``."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

IP = ipaddress.IPv4Address | ipaddress.IPv6Address

# Not public, whatever a library's tables of the day say: the cloud's metadata and wire servers among them.
_CLOSED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16",
        "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
# Prefixes of IPv6 that carry an IPv4 address: the network, and where in the 128 bits the 32 lie.
_CARRIERS = (
    (ipaddress.ip_network("::ffff:0:0/96"), 0),
    (ipaddress.ip_network("64:ff9b::/96"), 0),
    (ipaddress.ip_network("2002::/16"), 80),
)
TLS_PORT = 443
LOWEST_PORT = 1024


class Unsafe(ValueError):
    """We do not send there; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart. ``is_dev`` ones were allowed by the settings, whatever they are."""

    scheme: str
    host: str
    port: int
    target: str
    is_dev: bool = False

    @property
    def authority(self) -> str:
        """For the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == TLS_PORT and self.scheme == "https" else f"{host}:{self.port}"


def read_address(url: str, dev_hosts: Collection[str] = ()) -> Address:
    """Take an address apart. Raises :class:`Unsafe` for what we would never send to.

    ``dev_hosts``: ``host:port`` that may be spoken to in plain http and on this machine.
    """
    if any(ord(letter) <= 32 or ord(letter) > 126 for letter in url) or "\\" in url:
        raise Unsafe("address_form")
    try:
        parts = urlsplit(url)
        port = parts.port or (TLS_PORT if parts.scheme == "https" else 80)
    except ValueError:
        raise Unsafe("address_form") from None
    host = (parts.hostname or "").rstrip(".")
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        raise Unsafe("address_form")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    is_dev = f"{host}:{port}" in dev_hosts
    found = Address(parts.scheme, host, port, target, is_dev)
    if not is_dev:
        _refuse(found)
    elif parts.scheme not in ("http", "https"):
        raise Unsafe("address_scheme")
    return found


def _refuse(address: Address) -> None:
    if address.scheme != "https":
        raise Unsafe("address_scheme")
    if address.port != TLS_PORT and address.port < LOWEST_PORT:
        raise Unsafe("address_port")
    literal = _literal(address.host)
    if literal is not None:
        if not is_public(literal):
            raise Unsafe("address_private")
    elif "." not in address.host or address.host.endswith((".localhost", ".local", ".internal", ".arpa")):
        raise Unsafe("address_private")
    elif address.host.rpartition(".")[2].isdecimal() or address.host.lower().startswith("0x"):
        # 127.1, 0x7f.1 and their like: the system reads numbers where we read a name.
        raise Unsafe("address_form")


def _literal(host: str) -> IP | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def is_public(ip: IP) -> bool:
    """Whether everybody on the internet means the same machine by it. What an IPv6 address carries counts."""
    if isinstance(ip, ipaddress.IPv6Address):
        for network, shift in _CARRIERS:
            if ip in network:
                return is_public(ipaddress.IPv4Address((int(ip) >> shift) & 0xFFFFFFFF))
    if any(ip.version == network.version and ip in network for network in _CLOSED):
        return False
    return ip.is_global and not ip.is_multicast
