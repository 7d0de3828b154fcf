"""A mailbox read by IMAP (RFC 3501): the few commands we need, each with its verdict."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from channels_social.networks.base import NetworkError
from channels_social.networks.email import servers
from channels_social.networks.email.servers import Server

_UID = re.compile(rb"UID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_DATE = re.compile(rb'INTERNALDATE "([^"]+)"')
_FOLDER = re.compile(rb'\(([^)]*)\) (?:"[^"]*"|NIL) (.+)')
# What people call the folder of what they sent, where the server does not say which it is (RFC 6154).
SENT_NAMES = (
    "sent",
    "sent items",
    "sent messages",
    "inbox.sent",
    "enviados",
    "elementos enviados",
    "[gmail]/sent mail",
)


class _Plain(imaplib.IMAP4):
    server: Server

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return servers.connect(self.server)


class _Tls(imaplib.IMAP4):
    server: Server

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return servers.context().wrap_socket(servers.connect(self.server), server_hostname=self.server.host)


@dataclass(frozen=True, slots=True)
class Header:
    """What the server says of a message without its content. ``size`` in bytes."""

    uid: int
    size: int
    received_at: datetime


class Mailbox:
    """A logged-in connection with one folder open, read only. Made by :func:`opened`."""

    def __init__(self, imap: imaplib.IMAP4) -> None:
        self.imap = imap
        self.validity = 0
        self.next_uid = 0

    def select(self, folder: str, *, readonly: bool = True) -> None:
        """Open a folder; ``validity`` and ``next_uid`` are the server's."""
        self._ok(*self.imap.select(_quoted(folder), readonly=readonly))
        self.validity = self._number("UIDVALIDITY")
        self.next_uid = self._number("UIDNEXT")

    def _number(self, name: str) -> int:
        told = self.imap.response(name)[1]
        return int(told[0]) if told and told[0] else 0

    def uids(self, *criteria: str) -> list[int]:
        """Message numbers that match, ascending."""
        data = self._ok(*self.imap.uid("SEARCH", *criteria))
        return sorted(int(one) for one in (data[0] or b"").split())

    def headers(self, uids: list[int]) -> list[Header]:
        """Size and time of arrival of each message that is still there."""
        wanted = ",".join(map(str, uids))
        data = self._ok(*self.imap.uid("FETCH", wanted, "(UID RFC822.SIZE INTERNALDATE)"))
        lines = [one if isinstance(one, bytes) else one[0] for one in data if one]
        return sorted((_header(line) for line in lines if _UID.search(line)), key=lambda one: one.uid)

    def body(self, uid: int, *, first: int = 0) -> bytes | None:
        """A message's bytes, without marking it read; only the first so many when asked. None when gone."""
        section = f"BODY.PEEK[]<0.{first}>" if first else "BODY.PEEK[]"
        data = self._ok(*self.imap.uid("FETCH", str(uid), f"({section})"))
        return next((one[1] for one in data if isinstance(one, tuple)), None)

    def sent_folder(self) -> str:
        """The folder of what was sent; empty when there is none we recognise."""
        data = self._ok(*self.imap.list())
        found = [_FOLDER.match(line) for line in data if isinstance(line, bytes)]
        folders = [(one[1].lower(), _unquoted(one[2])) for one in found if one]
        marked = [name for flags, name in folders if b"\\sent" in flags]
        named = [name for _flags, name in folders if name.lower() in SENT_NAMES]
        return (marked or named or [""])[0]

    def append(self, folder: str, content: bytes) -> None:
        """Put a copy into a folder, read."""
        self._ok(*self.imap.append(_quoted(folder), "(\\Seen)", None, content))  # type: ignore[arg-type]

    def has(self, message_id: str) -> bool:
        """Whether the open folder holds a message that calls itself so."""
        return bool(self.uids("HEADER", "Message-ID", _quoted(f"<{message_id}>")))

    def _ok(self, status: str, data: Any) -> Any:
        if status != "OK":
            raise NetworkError("later", "imap_refused", _words(data))
        return data


@contextmanager
def opened(server: Server) -> Iterator[Mailbox]:
    """Connect and log in. Every failure inside is a :class:`NetworkError`: reading can always be tried again."""
    imap = None
    try:
        imap = _connected(server)
        _log_in(imap, server)
        yield Mailbox(imap)
    except NetworkError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise NetworkError("later", "certificate", error.verify_message[:200]) from None
    except ssl.SSLError as error:
        raise NetworkError("later", "tls", str(error.reason)[:200]) from None
    except (OSError, imaplib.IMAP4.error, ValueError) as error:
        raise NetworkError("later", "no_answer", type(error).__name__) from None
    finally:
        if imap is not None:
            _leave(imap)


def _connected(server: Server) -> imaplib.IMAP4:
    kind = type("_Imap", (_Tls if server.security == servers.TLS else _Plain,), {"server": server})
    imap: imaplib.IMAP4 = kind(server.host, server.port)
    if server.security == servers.STARTTLS:
        imap.starttls(servers.context())
    return imap


def _log_in(imap: imaplib.IMAP4, server: Server) -> None:
    try:
        imap.login(_quoted(server.user), server.password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        detail = str(error).replace(server.password, "•••") if server.password else str(error)
        if "UNAVAILABLE" in detail.upper():  # RFC 5530: the server's trouble, not the password's
            raise NetworkError("later", "imap_unavailable", detail[:200]) from None
        raise NetworkError("auth", "password_refused", detail[:200]) from None


def _leave(imap: imaplib.IMAP4) -> None:
    try:
        imap.logout()
    except (OSError, imaplib.IMAP4.error):
        imap.shutdown()


def _header(line: bytes) -> Header:
    uid, size, date = _UID.search(line), _SIZE.search(line), _DATE.search(line)
    if not (uid and size and date):
        raise NetworkError("later", "imap_not_understood")
    told = datetime.strptime(date[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z")
    return Header(int(uid[1]), int(size[1]), told.astimezone(UTC))


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unquoted(name: bytes) -> str:
    text = name.strip().decode("ascii", "replace")
    return text[1:-1].replace('\\"', '"').replace("\\\\", "\\") if text.startswith('"') else text


def _words(data: Any) -> str:
    first = data[0] if data else b""
    return first.decode("utf-8", "replace")[:200] if isinstance(first, bytes) else str(first)[:200]
