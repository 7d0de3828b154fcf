"""IMAP4rev1 (RFC 3501), the part a reader needs: LOGIN, LIST, SELECT, UID SEARCH, UID FETCH, APPEND."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime

from channels_social.sandbox.mail.post import Folder, Kept, Post

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|\(|\)|[^\s()"]+')
_LITERAL = re.compile(rb"\{(\d+)\}\r\n$")
_PARTIAL = re.compile(r"BODY(?:\.PEEK)?\[\](?:<(\d+)\.(\d+)>)?", re.I)


class Session:
    """One client."""

    def __init__(self, post: Post, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.post, self.reader, self.writer = post, reader, writer
        self.user = ""
        self.folder: Folder | None = None

    async def run(self) -> None:
        """Speak until the client goes."""
        try:
            self.write("* OK ensayo")
            while line := await self.reader.readline():
                if not await self.obey(line):
                    break
                await self.writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.writer.close()

    def write(self, line: str | bytes) -> None:
        """One line of an answer."""
        self.writer.write((line if isinstance(line, bytes) else line.encode()) + b"\r\n")

    async def obey(self, line: bytes) -> bool:
        """One command; False when the conversation is over."""
        literal = b""
        if found := _LITERAL.search(line):
            self.write("+ go on")
            await self.writer.drain()
            literal = await self.reader.readexactly(int(found[1]))
            await self.reader.readline()
        words = [m[1].replace('\\"', '"').replace("\\\\", "\\") if m[1] is not None else m[0]
                 for m in _TOKEN.finditer(line.decode("utf-8", "replace"))]  # fmt: skip
        if len(words) < 2:
            return True
        tag, verb, rest = words[0], words[1].upper(), words[2:]
        if verb == "UID":
            verb, rest = f"UID {rest[0].upper()}", rest[1:]
        if verb not in ("CAPABILITY", "NOOP", "LOGIN", "LOGOUT", "STARTTLS") and not self.user:
            self.write(f"{tag} NO log in first")
            return True
        if verb.startswith("UID") and self.post.fault("imap_closes"):
            return False
        if verb == "STARTTLS" and self.post.starttls:
            self.write(f"{tag} OK go on")
            await self.writer.drain()
            await self.writer.start_tls(self.post.starttls)
            return True
        with self.post.lock:
            told = self.answer(verb, rest, literal)
        self.write(f"{tag} {told}")
        return verb != "LOGOUT"

    def answer(self, verb: str, rest: list[str], literal: bytes) -> str:
        """What the last line says; lines before it are written on the way."""
        match verb:
            case "CAPABILITY":
                self.write("* CAPABILITY IMAP4rev1 SPECIAL-USE" + (" STARTTLS" if self.post.starttls else ""))
            case "LOGIN":
                return self.log_in(rest)
            case "LIST":
                self.write('* LIST (\\HasNoChildren) "/" "INBOX"')
                self.write('* LIST (\\HasNoChildren \\Sent) "/" "Enviados"')
            case "SELECT" | "EXAMINE":
                return self.select(rest[0])
            case "UID SEARCH":
                found = [str(kept.uid) for kept in self._letters() if _matches(kept, rest)]
                self.write(" ".join(["* SEARCH", *found]))
            case "UID FETCH":
                self.fetch(rest[0], " ".join(rest[1:]))
            case "APPEND":
                self.post.box(self.user)[rest[0]].add(literal)
            case "LOGOUT":
                self.write("* BYE")
            case "NOOP" | "CLOSE" | "UNSELECT":
                pass
            case _:
                return "BAD what"
        return "OK done"

    def log_in(self, rest: list[str]) -> str:
        """The same password opens every box."""
        if len(rest) < 2 or rest[1] != self.post.password or self.post.fault("imap_auth_refused"):
            return "NO [AUTHENTICATIONFAILED] Invalid credentials"
        self.user = rest[0]
        return "OK done"

    def select(self, name: str) -> str:
        """Open a folder."""
        self.folder = self.post.box(self.user).get("INBOX" if name.upper() == "INBOX" else name)
        if self.folder is None:
            return "NO there is no such folder"
        self.write(f"* {len(self.folder.letters)} EXISTS")
        self.write(f"* OK [UIDVALIDITY {self.folder.validity}]")
        self.write(f"* OK [UIDNEXT {self.folder.next_uid}]")
        return "OK [READ-ONLY] done"

    def _letters(self) -> list[Kept]:
        return self.folder.letters if self.folder else []

    def fetch(self, numbers: str, what: str) -> None:
        """Size and date, or the content."""
        partial = _PARTIAL.search(what)
        for place, kept in enumerate(self._letters(), start=1):
            if not _within(kept.uid, numbers):
                continue
            date = kept.received_at.astimezone(UTC).strftime("%d-%b-%Y %H:%M:%S +0000")
            head = f'UID {kept.uid} RFC822.SIZE {len(kept.content)} INTERNALDATE "{date}"'
            if partial is None:
                self.write(f"* {place} FETCH ({head})")
                continue
            content, name = kept.content, "BODY[]"
            if partial[1] is not None:
                start, length = int(partial[1]), int(partial[2])
                content, name = content[start : start + length], f"BODY[]<{start}>"
            self.writer.write(f"* {place} FETCH (UID {kept.uid} {name} {{{len(content)}}}\r\n".encode())
            self.writer.write(content + b")\r\n")


def _within(uid: int, numbers: str) -> bool:
    for part in numbers.split(","):
        low, _sep, high = part.partition(":")
        if int(low) <= uid <= (10**12 if high == "*" else int(high or low)):
            return True
    return False


def _matches(kept: Kept, words: list[str]) -> bool:
    match [word.upper() for word in words[:2]]:
        case ["UID", _]:
            return _within(kept.uid, words[1])
        case ["SINCE", _]:
            return kept.received_at.date() >= datetime.strptime(words[1], "%d-%b-%Y").date()
        case ["HEADER", "MESSAGE-ID"]:
            return words[2].lower() in kept.message_id.lower()
    return True
