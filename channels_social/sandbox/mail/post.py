"""The boxes. Every address has one; it is made when it is first written to or opened.

In memory: a restart empties them and gives the folders new numbers, as a server that was restored does.
"""

from __future__ import annotations

import itertools
import re
import ssl
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

PASSWORD = "sandbox-mail"
FOLDERS = ("INBOX", "Enviados")
_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.I | re.M)


@dataclass
class Kept:
    """A letter in a folder."""

    uid: int
    content: bytes
    received_at: datetime
    flags: set[str] = field(default_factory=set)

    @property
    def message_id(self) -> str:
        found = _MESSAGE_ID.search(self.content[:20_000])
        return found[1].decode("ascii", "replace") if found else ""


@dataclass
class Folder:
    """A numbered list of letters."""

    validity: int
    letters: list[Kept] = field(default_factory=list)
    next_uid: int = 1

    def add(self, content: bytes, received_at: datetime | None = None) -> Kept:
        kept = Kept(self.next_uid, content, received_at or datetime.now(UTC))
        self.next_uid += 1
        self.letters.append(kept)
        return kept


class Post:
    """All boxes, and the switches of a bad day. Safe to share between threads."""

    def __init__(self, *, password: str = PASSWORD) -> None:
        self.password = password
        self.lock = threading.RLock()
        self.boxes: dict[str, dict[str, Folder]] = {}
        # Name of a fault → how many times it still happens, or its settings.
        self.faults: dict[str, Any] = {}
        # Whether what is handed over also lands in the sender's «Enviados», as some providers do.
        self.saves_sent = False
        # A certificate makes STARTTLS possible.
        self.starttls: ssl.SSLContext | None = None
        self._validity = itertools.count(int(time.time()))
        # Every letter handed over by SMTP, in order: (sender, recipients, content). The witness.
        self.handed: list[tuple[str, list[str], bytes]] = []

    def box(self, address: str) -> dict[str, Folder]:
        """The folders of an address."""
        with self.lock:
            if address.lower() not in self.boxes:
                self.boxes[address.lower()] = {name: Folder(next(self._validity)) for name in FOLDERS}
            return self.boxes[address.lower()]

    def deliver(self, to: str, content: bytes, *, received_at: datetime | None = None) -> Kept:
        """Put a letter into somebody's INBOX."""
        with self.lock:
            return self.box(to)["INBOX"].add(content, received_at)

    def take(self, sender: str, recipients: list[str], content: bytes) -> None:
        """What SMTP hands over: to every recipient, and to the sender's own copy where the server keeps one."""
        with self.lock:
            self.handed.append((sender, recipients, content))
            for to in recipients:
                self.deliver(to, b"Return-Path: <" + sender.encode() + b">\r\n" + content)
            if self.saves_sent and sender:
                self.box(sender)["Enviados"].add(content)

    def clear(self) -> None:
        """Empty every box; the folders get new numbers."""
        with self.lock:
            self.boxes.clear()
            self.handed.clear()
            self.faults.clear()

    def renumber(self, address: str) -> None:
        """Give the folders of an address new numbers, as after a restore (UIDVALIDITY changes)."""
        with self.lock:
            for folder in self.box(address).values():
                folder.validity = next(self._validity)
                for number, kept in enumerate(folder.letters, start=1):
                    kept.uid = number
                folder.next_uid = len(folder.letters) + 1

    def fault(self, name: str) -> Any:
        """The fault's setting when it happens now; a number counts down."""
        with self.lock:
            told = self.faults.get(name)
            if isinstance(told, int) and not isinstance(told, bool):
                self.faults[name] = told - 1
                if told <= 1:
                    self.faults.pop(name)
            return told
