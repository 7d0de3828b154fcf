"""A support address spoken as itself, for one task: reads by IMAP, writes by SMTP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from channels_social.enums import ActionKind
from channels_social.networks.base import Entry, NetworkError, Outgoing, Page, Receipt, Trace
from channels_social.networks.email import mime, reading, smtp
from channels_social.networks.email.addresses import words_of
from channels_social.networks.email.imap import Mailbox, opened
from channels_social.networks.email.letters import address_of, message_id, wire_address, written
from channels_social.networks.email.servers import Server
from helpdesk.secrets.cutting import cut_secrets


class EmailClient:
    """One address, one task. Raises :class:`NetworkError` from every call and nothing else."""

    def __init__(
        self, *, external_id: str, credentials: dict[str, Any], capabilities: dict[str, Any]
    ) -> None:
        self.external_id, self.capabilities = external_id, capabilities
        self.trace = Trace()
        self.imap, self.smtp = Server.of(credentials, "imap"), Server.of(credentials, "smtp")
        self.name = words_of(credentials.get("name") or "")

    def poll(self, stream: str, cursor: str) -> Page:
        """One page of ``inbox`` or ``sent`` from the cursor."""
        return reading.walk(self, stream, cursor)

    def look_up(self, external_ids: Iterable[str]) -> tuple[Entry, ...]:
        """Nothing: a mail that was never sent to us cannot be asked for."""
        return ()

    def upload(self, action: Outgoing) -> tuple[str, ...]:
        """A letter takes its files along: nothing is handed over before."""
        return ()

    def send(self, action: Outgoing) -> Receipt:
        """Hand the letter over, once; then see to it that a copy stands among what was sent."""
        if action.kind != ActionKind.DIRECT_MESSAGE:
            raise NetworkError("refused", "not_supported")
        content = written(action, own=self.external_id, name=self.name)
        to = wire_address(address_of(action))
        smtp.submit(self.smtp, sender=self.external_id, recipient=to, content=content)
        number = message_id(action.client_token, self.external_id)
        self._keep_copy(number, content)
        return Receipt(number)

    def _keep_copy(self, number: str, content: bytes) -> None:
        """Some servers keep a copy by themselves; whether this one does is learned from the first letter.

        The letter has left: nothing that happens here may say otherwise.
        """
        if self.capabilities.get("saves_sent"):
            return
        try:
            with opened(self.imap) as mailbox:
                folder = self.sent_folder(mailbox)
                if not folder:
                    return
                mailbox.select(folder)
                if mailbox.has(number):
                    self.trace.learned["saves_sent"] = True
                else:
                    self.trace.learned["saves_sent"] = False
                    mailbox.append(folder, content)
        except NetworkError:
            return

    def find_sent(self, action: Outgoing) -> Receipt | None:
        """Look for a letter whose answer was lost, by the name we gave it.

        Absence proves something only where the server keeps copies by itself; elsewhere nobody can tell, and
        the letter waits for a person.
        """
        number = message_id(action.client_token, self.external_id)
        with opened(self.imap) as mailbox:
            folder = self.sent_folder(mailbox)
            for name in filter(None, (folder, "INBOX")):
                mailbox.select(name)
                if mailbox.has(number):
                    return Receipt(number)
        if not self.capabilities.get("saves_sent"):
            raise NetworkError("person", "cannot_tell")
        return None

    def who(self, external_id: str) -> str:
        """Mails name their senders; there is nobody to ask."""
        return ""

    def check(self) -> dict[str, Any]:
        """Whether both servers let us in."""
        with opened(self.imap) as mailbox:
            mailbox.select("INBOX")
        smtp.knock(self.smtp)
        return {"external_id": self.external_id, "name": self.name, "handle": "", "capabilities": {}}

    def fetch(self, url: str) -> tuple[bytes, str]:
        """A file of a mail: ``imap:<folder>/<validity>/<uid>/<place>``."""
        try:
            stream, validity, uid, place = url.removeprefix("imap:").split("/")
            numbers = int(validity), int(uid), int(place)
        except ValueError:
            raise NetworkError("refused", "unknown_host") from None
        content = reading.fetch_whole(self, stream, numbers[0], numbers[1])
        try:
            data, kind = mime.bytes_in(mime.read(content), numbers[2])
        except (LookupError, mime.Broken):
            raise NetworkError("refused", "gone") from None
        if kind.startswith("text/"):
            # What people write is cut wherever it lies; a text file is something people write.
            data = cut_secrets(mime.decoded(data, "")).encode()
        return data, kind

    def sent_folder(self, mailbox: Mailbox) -> str:
        """The folder of what was sent: as set by hand, else as the server marks it."""
        return str(self.capabilities.get("sent_folder") or "") or mailbox.sent_folder()
