"""The organization's own log-in: who edits it, who approves it. Inside ``tenant``; each writes its audit line.

Whoever names the provider can be anybody there: so every change waits for a second person, and nothing works
meanwhile (roles are changed by two people, care.md 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.secrets.crypto import vault
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.permissions import Permission
from helpdesk.tenancy.sign_on import SignOn
from tickets.settings.domain.rights import RightsRefused


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an admin wrote. An empty secret keeps the one there is."""

    issuer: str
    client_id: str
    secret: str
    domains: tuple[str, ...]
    default_role: str
    is_required: bool


@transaction.atomic
def save(organization: Organization, wanted: Wanted, *, authorize_endpoint: str, by: Membership) -> SignOn:
    """Keep it; it works once another person approves it. The passwords that opened the organization open it again."""
    row = SignOn.objects.select_for_update().filter(organization=organization).first()
    sealed = (
        vault().seal(wanted.secret) if wanted.secret else (row.client_secret if row else vault().seal(""))
    )
    parts = urlsplit(authorize_endpoint)
    facts = {
        "issuer": wanted.issuer.rstrip("/"), "client_id": wanted.client_id, "client_secret": sealed,
        "domains": list(wanted.domains), "default_role": wanted.default_role, "is_required": wanted.is_required,
        "authorize_origin": f"{parts.scheme}://{parts.netloc}", "edited_by": by, "edited_at": clock.now(),
        "approved_by": None, "approved_at": None,
    }  # fmt: skip
    row, _made = SignOn.objects.update_or_create(organization=organization, defaults=facts)
    Organization.objects.filter(pk=organization.pk).update(needs_sign_on=False)
    audit.record(
        organization.pk, "sign_on.changed", actor_id=by.pk, issuer=row.issuer, domains=list(wanted.domains),
        role=wanted.default_role, required=wanted.is_required, new_secret=bool(wanted.secret),
    )  # fmt: skip
    return row


def may_approve(row: SignOn, by: Membership) -> bool:
    """Another person than who edited it: who changes roles, or a supervisor where nobody else does."""
    if by.pk == row.edited_by_id:
        return False
    if by.can(Permission.MANAGE_ROLES):
        return True
    others = Membership.objects.filter(
        organization_id=row.organization_id, is_active=True, permissions__contains=["manage_roles"]
    ).exclude(pk=row.edited_by_id)
    return by.can(Permission.APPROVE_REPLIES) and not others.exists()


def waits_for(member: Membership) -> bool:
    """Whether there is a provider that works once this person approves it."""
    row = SignOn.objects.filter(organization_id=member.organization_id).first()
    return row is not None and not row.is_live and may_approve(row, member)


@transaction.atomic
def approve(row: SignOn, *, seen: str, by: Membership) -> None:
    """Let it work. ``seen`` is the edit this person looked at. Raises :class:`RightsRefused`."""
    row = SignOn.objects.select_for_update().get(pk=row.pk)
    if not may_approve(row, by):
        raise RightsRefused("own" if by.pk == row.edited_by_id else "may_not")
    if seen != row.edited_at.isoformat():
        raise RightsRefused("gone")
    row.approved_by, row.approved_at = by, clock.now()
    row.save(update_fields=["approved_by", "approved_at"])
    Organization.objects.filter(pk=row.organization_id).update(needs_sign_on=row.is_required)
    audit.record(row.organization_id, "sign_on.approved", actor_id=by.pk, edited_by=row.edited_by_id)


@transaction.atomic
def stop(row: SignOn, *, by: Membership) -> None:
    """Nobody comes in that way any more, at once: what takes away needs one person."""
    SignOn.objects.filter(pk=row.pk).update(approved_by=None, approved_at=None)
    Organization.objects.filter(pk=row.organization_id).update(needs_sign_on=False)
    # What it had opened is over too.
    Membership.objects.filter(organization_id=row.organization_id).exclude(subject="").update(
        refused_at=clock.now()
    )
    audit.record(row.organization_id, "sign_on.stopped", actor_id=by.pk)
