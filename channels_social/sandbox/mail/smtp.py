"""SMTP (RFC 5321) with AUTH PLAIN and LOGIN: enough for any client to hand a letter over."""

from __future__ import annotations

import asyncio
import base64
import re

from channels_social.sandbox.mail.post import Post

MOST = 40 * 1024 * 1024
_PATH = re.compile(r"<([^>]*)>")


class Session:
    """One client. Letters of people inside the house need a log-in; from outside anybody writes to a box."""

    def __init__(self, post: Post, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.post, self.reader, self.writer = post, reader, writer
        self.sender: str | None = None
        self.recipients: list[str] = []

    async def run(self) -> None:
        """Speak until the client goes."""
        try:
            if wait := self.post.fault("slow"):
                await asyncio.sleep(float(wait))
            await self.say("220 ensayo ESMTP")
            while line := await self.reader.readline():
                verb, _sep, rest = line.decode("utf-8", "replace").strip().partition(" ")
                if not await self.obey(verb.upper(), rest):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.writer.close()

    async def say(self, *lines: str) -> None:
        """One reply."""
        code = lines[0][:3]
        told = [f"{code}-{one[4:]}" for one in lines[:-1]] + [lines[-1]]
        self.writer.write(("\r\n".join(told) + "\r\n").encode())
        await self.writer.drain()

    async def obey(self, verb: str, rest: str) -> bool:
        """One command; False when the conversation is over."""
        match verb:
            case "EHLO" | "HELO":
                offers = ["250-STARTTLS"] if self.post.starttls else []
                await self.say(
                    "250-ensayo", "250-8BITMIME", f"250-SIZE {MOST}", *offers, "250 AUTH PLAIN LOGIN"
                )
            case "STARTTLS" if self.post.starttls:
                await self.say("220 go on")
                await self.writer.start_tls(self.post.starttls)
            case "AUTH":
                await self.log_in(rest)
            case "MAIL":
                self.sender, self.recipients = _path(rest), []
                await self.say("250 OK")
            case "RCPT":
                await self.to(_path(rest))
            case "DATA":
                return await self.data()
            case "RSET" | "NOOP":
                await self.say("250 OK")
            case "QUIT":
                await self.say("221 adiós".encode("ascii", "ignore").decode())
                return False
            case _:
                await self.say("502 no")
        return True

    async def log_in(self, rest: str) -> None:
        """PLAIN with or without its first answer, and LOGIN."""
        how, _sep, first = rest.partition(" ")
        if how.upper() == "LOGIN":
            user = first or await self._asked("VXNlcm5hbWU6")
            password = _decoded(await self._asked("UGFzc3dvcmQ6"))
            del user
        else:
            password = _decoded(first or await self._asked("")).rpartition("\0")[2]
        is_good = password == self.post.password and not self.post.fault("auth_refused")
        await self.say("235 OK" if is_good else "535 5.7.8 Username and Password not accepted")

    async def _asked(self, what: str) -> str:
        await self.say(f"334 {what}")
        return (await self.reader.readline()).decode().strip()

    async def to(self, address: str) -> None:
        """A recipient."""
        if self.post.fault("greylist"):
            await self.say("451 4.7.1 try again later")
        elif self.post.fault("no_such_user"):
            await self.say("550 5.1.1 no such user")
        else:
            self.recipients.append(address)
            await self.say("250 OK")

    async def data(self) -> bool:
        """The letter itself."""
        if not self.recipients:
            await self.say("503 nobody to send it to")
            return True
        await self.say("354 go on")
        content = await self._content()
        if len(content) > MOST or self.post.fault("too_large"):
            await self.say("552 5.3.4 message size exceeds fixed limit")
            return True
        if self.post.fault("lost_request"):
            return False
        self.post.take(self.sender or "", self.recipients, content)
        if self.post.fault("lost_response"):
            return False
        await self.say("250 OK queued")
        return True

    async def _content(self) -> bytes:
        lines: list[bytes] = []
        while (line := await self.reader.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)


def _path(rest: str) -> str:
    found = _PATH.search(rest)
    return found[1] if found else ""


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text).decode()
    except ValueError:
        return ""
