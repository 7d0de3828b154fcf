"""A mail server on localhost, support addresses of both organizations, and the workers that carry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from django.db import connection

from channels_social.domain.accounts import connect_account
from channels_social.domain.delivery import claim_next, deliver, sweep_leases
from channels_social.domain.polling import Claim, poll_one
from channels_social.domain.reconciling import claim_unknown, reconcile
from channels_social.models import InboundEvent, OutboundAction, PollCursor, SocialAccount
from channels_social.sandbox.mail.post import PASSWORD
from channels_social.sandbox.mail.start import Running
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization
from tests.cast import Cast
from tests.tickets.together import worker
from tickets.cases.models import Message, Ticket
from tickets.intake.domain import take_in_all
from tickets.replies.domain.outbox import OutboxDesk
from tickets.replies.domain.reply import new_token, reply
from tickets.settings.domain.organization import give_policy

DESK = OutboxDesk()
SUPPORT, THEIRS = "soporte@frailejon.example", "ayuda@alisios.example"
DIANA = "Diana Rojas <diana@correo.example>"


def letter(
    text: str = "No puedo entrar a la app.",
    *,
    sender: str = DIANA,
    to: str = SUPPORT,
    subject: str = "No puedo entrar",
    number: str = "",
    answers: str | list[str] = "",
    **headers: str,
) -> bytes:
    """A plain letter; ``number`` is its Message-ID, ``answers`` what it refers to, without brackets."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    if number:
        mail["Message-ID"] = f"<{number}>"
    references = [answers] if isinstance(answers, str) else answers
    if answers:
        mail["In-Reply-To"] = f"<{references[-1]}>"
        mail["References"] = " ".join(f"<{one}>" for one in references)
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def credentials(server: Running, address: str, **more: Any) -> dict[str, Any]:
    """What an admin types, for that server."""
    return {
        "user": address,
        "password": PASSWORD,
        "name": "Servicio",
        "imap": {"host": server.host, "port": server.imap_port, "security": "none"},
        "smtp": {"host": server.host, "port": server.smtp_port, "security": "none"},
    } | more


def address_of(organization: Organization, server: Running, address: str) -> SocialAccount:
    """A connected support address."""
    with tenant(organization.pk):
        account = connect_account(
            organization_id=organization.pk,
            network="email",
            external_id=address,
            handle="",
            name=address,
            credentials=credentials(server, address),
        )
        give_policy(account, voice="usted")
    return account


class MailHouse:
    """Customers who write, colleagues who answer, workers who carry."""

    def __init__(self, cast: Cast, server: Running) -> None:
        self.cast, self.server, self.post = cast, server, server.post
        self.bank = address_of(cast.bank, server, SUPPORT)
        self.airline = address_of(cast.airline, server, THEIRS)

    def arrive(self, *contents: bytes, to: str = SUPPORT, at: datetime | None = None) -> None:
        """Letters land in the mailbox, and are taken in."""
        for content in contents:
            self.post.deliver(to, content, received_at=at)
        self.hear(self.bank if to == SUPPORT else self.airline)

    def hear(self, account: SocialAccount | None = None, *streams: str) -> None:
        """Poll to the end and take everything in."""
        account = account or self.bank
        with tenant(account.organization_id):
            cursors = list(PollCursor.objects.filter(account=account, stream__in=streams or ("inbox",)))
        for cursor in cursors:
            self._read(account, cursor)
        with worker():
            take_in_all(lambda turn: None)

    def _read(self, account: SocialAccount, cursor: PollCursor) -> None:
        for _page in range(200):
            with worker():
                poll_one(Claim(account.organization_id, cursor.pk))
            with tenant(account.organization_id):
                former, cursor = cursor, PollCursor.objects.get(pk=cursor.pk)
            if cursor.cursor == former.cursor:
                return

    def tickets(self, organization: Organization | None = None) -> list[Ticket]:
        with tenant((organization or self.cast.bank).pk):
            return list(Ticket.objects.select_related("organization", "customer").order_by("pk"))

    def messages(self) -> list[Message]:
        with tenant(self.cast.bank.pk):
            return list(Message.objects.select_related("conversation", "ticket").order_by("pk"))

    def answer(
        self,
        ticket: Ticket,
        text: str = "Diana, lo revisamos.",
        by: Membership | None = None,
        **more: Any,
    ) -> Message:
        """Queue an answer."""
        with tenant(self.cast.bank.pk):
            fresh = Ticket.objects.select_related("organization").get(pk=ticket.pk)
            asked = {"mode": "private", "client_token": new_token()} | more
            return reply(fresh, by=by or self.cast.juan, text=text, **asked)[-1]

    def carry(self) -> list[str]:
        """Send what may leave now; the states reached, in order."""
        states = []
        with worker():
            while (claim := claim_next()) is not None:
                states.append(deliver(claim, DESK))
        return states

    def read_back(self) -> list[str]:
        """Read the next unknown action back; the state reached."""
        with worker():
            unknown = claim_unknown()
            return [] if unknown is None else [reconcile(unknown[0], unknown[1], DESK)]

    def sweep(self) -> int:
        with worker():
            return sweep_leases(DESK)

    def later(self) -> None:
        """Whatever waited for its moment has it now."""
        with tenant(self.cast.bank.pk), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE channels_social_outboundaction SET not_before = least(not_before, now()), "
                "lease_until = CASE WHEN lease_until > now() THEN now() - interval '1 second' ELSE lease_until END"
            )

    def action(self, message: Message) -> OutboundAction:
        with tenant(self.cast.bank.pk):
            return OutboundAction.objects.get(pk=message.action_id)

    def events(self, **where: Any) -> list[InboundEvent]:
        with tenant(self.cast.bank.pk):
            return list(InboundEvent.objects.filter(**where).order_by("pk"))

    def account(self) -> SocialAccount:
        with tenant(self.cast.bank.pk):
            return SocialAccount.objects.get(pk=self.bank.pk)


@contextmanager
def mail_house(cast: Cast, settings: Any) -> Iterator[MailHouse]:
    """The house with a server of its own; nothing waits."""
    settings.MAIL_TRUSTED_HOSTS = ["127.0.0.1"]
    settings.OUTBOX_RECONCILE_GAP = 0
    for organization in (cast.bank, cast.airline):
        organization.undo_seconds = 0
        organization.save()
    with Running() as server:
        yield MailHouse(cast, server)
