"""Data asked of a customer by a link that opens one form, once. Inside ``tenant``.

What is given is cut of secrets, sealed, and shown masked to everybody; in clear only to whoever says why. The link
is dead once it was answered, taken back, or a day has passed; of it only a keyed digest is kept.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.secrets.crypto import vault
from helpdesk.secrets.cutting import cut_secrets
from helpdesk.secrets.digest import digest_of
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.text import clean
from tickets.cases.models import Ticket
from tickets.customers.domain.identities import add
from tickets.customers.domain.people import Refused as NotTheirs
from tickets.customers.rules.data import Unrecognised, recognise
from tickets.enums import Door
from tickets.intake.asked import Asked, Who
from tickets.intake.by_hand import open_case
from tickets.public.models import SecureLink
from tickets.public.queries.asking import is_document

LASTS = timedelta(hours=24)
MOST_LABELS, LONGEST_VALUE = 10, 500
DOT = "·"


class Refused(Exception):
    """``code``: ``nothing_asked``, ``not_in_protocol``, ``over``, ``empty`` or ``reason``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def ask(
    ticket: Ticket, *, labels: Sequence[str], allowed: Sequence[str], by: Membership
) -> tuple[SecureLink, str]:
    """A new link for what is asked; its token is told once, here. Raises :class:`Refused`.

    ``allowed`` is what the protocol of the case lets us ask: nothing else can be.
    """
    wanted = [label for label in dict.fromkeys(labels) if label][:MOST_LABELS]
    if not wanted:
        raise Refused("nothing_asked")
    if not set(wanted) <= set(allowed):
        raise Refused("not_in_protocol")
    token = secrets.token_urlsafe(32)
    link = SecureLink.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        digest=_digest(ticket.organization_id, token),
        labels=wanted,
        asked_by=by,
        expires_at=clock.now() + LASTS,
    )
    audit.record(
        ticket.organization_id,
        "secure.asked",
        actor_id=by.pk,
        ticket_id=ticket.pk,
        link=link.pk,
        n=len(wanted),
    )
    return link, token


def link_of(organization: Organization, token: str, *, lock: bool = False) -> SecureLink | None:
    """The link of a token, dead or not; None for what was never one."""
    with whole():  # the customer was asked, also about a reserved case
        rows = SecureLink.objects.filter(organization=organization, digest=_digest(organization.pk, token))
        return (rows.select_for_update() if lock else rows).first()


def why_over(link: SecureLink) -> str:
    """Why it takes nothing more: ``answered``, ``revoked`` or ``expired``; empty while it does."""
    if link.answered_at is not None:
        return "answered"
    if link.revoked_at is not None:
        return "revoked"
    return "expired" if link.expires_at <= clock.now() else ""


@transaction.atomic
def give(organization: Organization, link: SecureLink, *, values: Sequence[str]) -> SecureLink:
    """Seal what was given and tell the desk that it came. The link must be locked. Raises :class:`Refused`."""
    if why_over(link):
        raise Refused("over")
    said = [cut_secrets(clean(value)).strip()[:LONGEST_VALUE] for value in values]
    if not any(said):
        raise Refused("empty")
    link.sealed = vault().seal(json.dumps(said, ensure_ascii=False))
    link.masked = [hidden(value) for value in said]
    link.answered_at = clock.now()
    with whole():
        ticket = Ticket.objects.select_related("customer").get(pk=link.ticket_id)
        _note_documents(ticket, link.labels, said)
        told = "\n".join(
            f"{label}: {value}" for label, value in zip(link.labels, link.masked, strict=True) if value
        )
        opened = open_case(
            organization,
            Asked(
                door=Door.WEB,
                text=f"Formulario seguro\n{told}",
                happened_at=link.answered_at,
                who=Who(customer_id=ticket.customer_id),
                key=f"secure:{link.pk}",
                ticket_id=ticket.pk,
            ),
            by=None,
            source="site",
        )
        link.message_id = opened.message_id  # type: ignore[assignment]
        link.save(update_fields=["sealed", "masked", "answered_at", "message"])
        audit.record(organization.pk, "secure.answered", ticket_id=ticket.pk, link=link.pk)
    return link


@transaction.atomic
def revoke(link: SecureLink, *, by: Membership) -> None:
    """Nobody can answer it any more; what was answered stays. Raises :class:`Refused`."""
    if why_over(link):
        raise Refused("over")
    link.revoked_at = clock.now()
    link.save(update_fields=["revoked_at"])
    audit.record(
        link.organization_id, "secure.revoked", actor_id=by.pk, ticket_id=link.ticket_id, link=link.pk
    )


@transaction.atomic
def see(link: SecureLink, *, reason: str, by: Membership) -> list[tuple[str, str]]:
    """What was given, in clear, with what was asked; recorded with the reason. Raises :class:`Refused`."""
    if not reason.strip():
        raise Refused("reason")
    if link.sealed is None:
        raise Refused("empty")
    audit.record(
        link.organization_id, "secure.seen", actor_id=by.pk, ticket_id=link.ticket_id, link=link.pk,
        reason=reason.strip()[:200],
    )  # fmt: skip
    return list(zip(link.labels, json.loads(vault().open_text(link.sealed)), strict=True))


def hidden(value: str) -> str:
    """A datum as everybody may see it: that it is there, and its last two signs when it is long enough."""
    if not value:
        return ""
    return DOT * 5 + (value[-2:] if len(value) > 5 else "")


def _note_documents(ticket: Ticket, labels: Sequence[str], said: Sequence[str]) -> None:
    """An identity document is a datum of the person, as by every door; one that is none stays what it is."""
    for label, value in zip(labels, said, strict=True):
        if value and is_document(label):
            try:
                datum = recognise(value, ticket.organization.country, "document")
                add(ticket.customer, datum, by=None, ticket_id=ticket.pk)
            except (Unrecognised, NotTheirs):
                continue


def _digest(organization_id: int, token: str) -> str:
    return digest_of(organization_id, f"secure-link:{token[:100]}")
