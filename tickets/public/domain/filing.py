"""A case that somebody brings by the form of the public site: the desk's own verb, its files, its secret.

Inside ``tenant``. The same form sent twice is the same case, and says the same radicado and secret.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from channels_social.domain.keeping import keep_file
from channels_social.enums import Network
from helpdesk import clock
from helpdesk.secrets.crypto import vault
from helpdesk.secrets.digest import digest_of
from helpdesk.site.files import CleanFile
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Organization
from tickets.cases.following import CaseSecret
from tickets.cases.models import Attachment, Message, Note, Ticket
from tickets.clocks.domain.doors import door_account
from tickets.clocks.domain.legal import legal_clock
from tickets.customers.domain.identities import add
from tickets.customers.rules.data import recognise
from tickets.enums import Door, IdentityKind, PqrKind
from tickets.intake.asked import Asked, Opened, Who
from tickets.intake.by_hand import open_case
from tickets.public.rules import secret

SOURCE = "site"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was cleaned, and what its owner calls it."""

    file: CleanFile
    name: str


@dataclass(frozen=True, slots=True)
class Filed:
    """What whoever filed it is told: the number, the secret, and until when they are owed an answer."""

    ticket: Ticket
    number: str
    secret: str
    due_at: datetime | None
    days: int
    unit: str
    opened: Opened


@transaction.atomic
def file_case(
    organization: Organization,
    *,
    text: str,
    kind: PqrKind | None,
    who: Who,
    token: str,
    uploads: Sequence[Upload] = (),
    besides: Sequence[tuple[str, str]] = (),
    tells: bool = False,
) -> Filed:
    """Open it at the desk, with clocks and radicado as by every door. Raises as ``open_case``.

    ``besides``: what they gave of themselves that does not find them; of somebody known already it is only noted.
    ``tells``: they asked to be told by the e-mail they gave when there is an answer.
    """
    asked = Asked(door=Door.WEB, text=text, happened_at=clock.now(), who=who, key=token, kind=kind)
    opened = open_case(organization, asked, by=None, source=SOURCE)
    attach(organization, opened, uploads)
    said = secret_of(organization.pk, token)
    with whole():
        ticket = Ticket.objects.select_related("organization", "customer").get(pk=opened.ticket_id)
        row, _is_new = CaseSecret.objects.get_or_create(
            organization=organization,
            digest=digest_of_secret(organization.pk, said),
            defaults={"ticket": ticket, "threads": _threads_of(opened)},
        )
        if tells and _is_new:
            tell_at_address(row, who.email)
        if opened.what == "opened":
            _note(ticket, opened, besides)
        term = legal_clock(ticket)
    return Filed(
        ticket=ticket,
        number=ticket.radicado or str(ticket.number),
        secret=said,
        due_at=term.due_at if term else None,
        days=term.why.get("days", 0) if term else 0,
        unit=term.why.get("unit", "") if term else "",
        opened=opened,
    )


def tell_at_address(row: CaseSecret, address: str) -> None:
    """From now on an answer on the case's page is told at this address, in the language of this page."""
    row.email, row.language = vault().seal(address), (get_language() or "es")[:5]
    row.save(update_fields=["email", "language"])


def _threads_of(opened: Opened) -> list[int]:
    """The conversation that what was told began."""
    rows = Message.objects.filter(pk=opened.message_id)
    return list(rows.values_list("conversation_id", flat=True))


def attach(organization: Organization, opened: Opened, uploads: Sequence[Upload]) -> None:
    """Hang files on what was said; on something said before they hang already."""
    if opened.message_id is None or opened.what == "known":
        return
    account = door_account(organization, Network.WEB) if uploads else None
    for place, upload in enumerate(uploads):
        media = keep_file(
            account,  # type: ignore[arg-type]
            upload.file.body,
            content_type=upload.file.content_type,
            ending=upload.file.ending,
            key=f"{SOURCE}:{opened.message_id}:{place}",
            name=upload.name,
        )
        Attachment.objects.create(organization=organization, message_id=opened.message_id, media=media)


def _note(ticket: Ticket, opened: Opened, besides: Sequence[tuple[str, str]]) -> None:
    """Data of somebody new are theirs; whether they are somebody's we know is for a colleague to see."""
    if not besides:
        return
    if opened.is_new_customer:
        for kind, value in besides:
            datum = recognise(value, ticket.organization.country, kind)
            add(ticket.customer, datum, by=None, ticket_id=ticket.pk)
        return
    told = ", ".join(f"{IdentityKind(kind).label.lower()} {value}" for kind, value in besides)
    Note.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        by=str(Door.WEB.label),
        text=_("Dejó además, sin comprobar que sea suyo: %(data)s") % {"data": told},
    )


def secret_of(organization_id: int, token: str) -> str:
    """The secret of the case a form opens; nobody but us can make it of the form's token."""
    digest = digest_of(organization_id, f"site-secret:{token}")
    return secret.written(base64.urlsafe_b64decode(f"{digest}="))


def digest_of_secret(organization_id: int, said: str) -> str:
    """What a secret is looked up by."""
    return digest_of(organization_id, f"site-case:{secret.read(said)}")
