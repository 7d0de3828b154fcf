"""Whoever follows a case is told by e-mail that it was answered on its page, where they asked for that.

The mail says that there is an answer and never what: an address nobody has proved may be somebody else's. It leaves
within the hours in which the organization contacts customers, once for an answer, and not when the page was opened
since. A worker that dies between the mail and the row tells it again. As the worker, in *net*.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from channels_social.enums import ConversationKind
from helpdesk import audit, clock
from helpdesk.secrets.crypto import vault
from helpdesk.site.visitors import base_url, site_of
from helpdesk.tenancy.context import tenant, whole
from helpdesk.tenancy.models import Organization
from tickets.aftercontact.domain.planning import business_days, moment_after, policy_of
from tickets.cases.following import CaseSecret
from tickets.cases.models import Message, Ticket
from tickets.customers.rules.data import recognise
from tickets.enums import Direction
from tickets.public.queries.followed import joined_at

logger = logging.getLogger(__name__)
LIMIT = 100
# Somebody is sending it; then it is tried again, until it is no news any more.
LEASE = timedelta(minutes=10)
STALE = timedelta(days=7)
_SALT = "site.told"


@dataclass(frozen=True, slots=True)
class Letter:
    """What leaves for one person."""

    row_id: int
    ticket_id: int
    lease: datetime
    address: str
    sender: str
    subject: str
    text: str
    key: str


def sends_mail() -> bool:
    """Whether letters of this house leave it at all: without a server they would stand in a log."""
    return bool(settings.EMAIL_HOST)


def tell_followers() -> int:
    """Tell everybody who is to be told now; how many letters left."""
    gone = 0
    for organization in Organization.objects.filter(closed_at=None):
        with tenant(organization.pk):
            due = CaseSecret.objects.filter(tell_at__lte=clock.now()).order_by("tell_at")
            keys = list(due.values_list("pk", flat=True)[:LIMIT])
        for key in keys:
            with tenant(organization.pk), whole():
                letter = _claim(organization, key)
            if letter is not None and _leaves(letter):
                with tenant(organization.pk), whole():
                    _note(organization, letter)
                gone += 1
    return gone


def told_where(row: CaseSecret, country: str) -> str:
    """The address its letters go to, masked; nothing where none were asked for."""
    return recognise(vault().open_text(row.email), country, "email").masked if row.email else ""


def stop_link(organization: Organization, row: CaseSecret) -> str:
    """The address at which the letters of this row can be ended by whoever gets them."""
    token = signing.dumps([organization.pk, row.pk], salt=_SALT)
    return base_url(organization.slug) + reverse("public:told", args=[organization.slug, token])


def row_of(organization: Organization, token: str) -> CaseSecret | None:
    """The row whose letters a link ends; None for what is no such link here. Inside ``tenant``."""
    try:
        org_id, key = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return CaseSecret.objects.filter(pk=key).first() if org_id == organization.pk else None


def stop_telling(row: CaseSecret) -> None:
    """Tell nothing more, and forget the address."""
    if CaseSecret.objects.filter(pk=row.pk, email__isnull=False).update(email=None, tell_at=None):
        audit.record(row.organization_id, "site.telling_stopped", ticket_id=row.ticket_id)


def _claim(organization: Organization, key: int) -> Letter | None:
    """Lease it and write its letter; nothing where it is no hour for it, or it is known, or too old."""
    now = clock.now()
    row = CaseSecret.objects.select_for_update(skip_locked=True).filter(pk=key, tell_at__lte=now).first()
    if row is None:
        return None
    at = _answered_at(row)
    site = site_of(organization)
    is_read = at is not None and row.used_at is not None and row.used_at >= at
    if at is None or is_read or at < now - STALE or site is None or not site.is_on:
        row.tell_at = None
        row.save(update_fields=["tell_at"])
        return None
    policy, days = policy_of(organization.pk), business_days(organization.pk)
    moment = moment_after(now, 0, policy, days)
    row.tell_at = moment if moment > now else now + LEASE
    row.save(update_fields=["tell_at"])
    return _letter(organization, row, at) if moment <= now else None


def _answered_at(row: CaseSecret) -> datetime | None:
    """When the newest answer was written on the page."""
    said = Message.objects.filter(
        ticket_id=row.ticket_id, direction=Direction.OUT, is_notice=False, deleted_at=None,
        conversation__kind=ConversationKind.WEB,
    )  # fmt: skip
    return said.order_by("-occurred_at").values_list("occurred_at", flat=True).first()


def _letter(organization: Organization, row: CaseSecret, at: datetime) -> Letter:
    ticket = Ticket.objects.get(pk=row.ticket_id)
    # Of a case that took others in, the number on its head may be another's: they know theirs.
    number = "" if joined_at(ticket) else ticket.radicado or str(ticket.number)
    with translation.override(row.language or "es"):
        text = render_to_string(
            "public/mail/answered.txt",
            {
                "org": organization,
                "number": number,
                "url": base_url(organization.slug) + reverse("public:status", args=[organization.slug]),
                "stop": stop_link(organization, row),
            },
        )
        subject = (
            _("Hay una respuesta en el caso %(number)s") % {"number": number}
            if number
            else _("Hay una respuesta en el caso")
        )
    address = vault().open_text(row.email)  # type: ignore[arg-type]
    assert row.tell_at is not None
    key = f"told-{row.pk}-{int(at.timestamp())}"
    sender = formataddr((" ".join(organization.name.split()), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    return Letter(row.pk, row.ticket_id, row.tell_at, address, sender, subject, text, key)


def _leaves(letter: Letter) -> bool:
    mail = EmailMessage(letter.subject, letter.text, letter.sender, [letter.address])
    mail.extra_headers["Message-ID"] = f"<cf.{settings.INSTANCE}.{letter.key}@circunflejo>"
    mail.extra_headers["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers it
    try:
        mail.send()
    except OSError as error:  # tried again when the lease is over
        logger.warning("a follower's letter did not leave: %s", type(error).__name__)
        return False
    return True


def _note(organization: Organization, letter: Letter) -> None:
    """It was told; an answer written meanwhile has moved the moment, and is told by a letter of its own."""
    CaseSecret.objects.filter(pk=letter.row_id, tell_at=letter.lease).update(tell_at=None)
    audit.record(organization.pk, "site.follower_told", ticket_id=letter.ticket_id)
