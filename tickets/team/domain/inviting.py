"""An invitation: sent, sent again, taken back, accepted once. Inside ``tenant``; each writes its audit line."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from tickets.team.models import Invitation


class NotInvited(Exception):
    """``code``: ``unknown``, ``used``, ``revoked``, ``replaced`` (a newer link was sent), ``expired``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def lasts() -> timedelta:
    """How long a link opens."""
    return timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


@transaction.atomic
def issue(member: Membership, *, by: Membership | None) -> Invitation:
    """A link for a person who was invited; links sent before open nothing any more."""
    now = clock.now()
    found, is_new = Invitation.objects.select_for_update().get_or_create(
        organization_id=member.organization_id,
        member=member,
        defaults={"sent_by": by, "expires_at": now + lasts(), "sent_at": now},
    )
    if not is_new:
        found.version += 1
        found.sent_at, found.sent_by, found.expires_at = now, by, now + lasts()
        found.accepted_at = found.revoked_at = None
        found.save()
    return found


@transaction.atomic
def revoke(member: Membership, *, by: Membership) -> bool:
    """The link opens nothing any more, and who was invited is not let in; False when it was accepted already."""
    now = clock.now()
    taken = Invitation.objects.filter(member=member, accepted_at=None, revoked_at=None).update(revoked_at=now)
    if not taken:
        return False
    Membership.objects.filter(pk=member.pk).update(is_active=False, left_at=now)
    audit.record(member.organization_id, "member.invitation_revoked", actor_id=by.pk, member=member.pk)
    return True


def look_up(invitation_id: int, version: int, *, lock: bool = False) -> Invitation:
    """The invitation that a link names, while it opens. Raises :class:`NotInvited`."""
    rows = Invitation.objects.select_related("member", "member__user", "organization")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=invitation_id).first()
    if found is None:
        raise NotInvited("unknown")
    if found.accepted_at is not None:
        raise NotInvited("used")
    if found.revoked_at is not None or not found.member.is_active:
        raise NotInvited("revoked")
    if found.version != version:
        raise NotInvited("replaced")
    if found.expires_at <= clock.now():
        raise NotInvited("expired")
    return found


@transaction.atomic
def accept(invitation: Invitation, *, name: str, password: str | None) -> Membership:
    """The person comes in: their name as they write it, and a password where they had none. Lock it first."""
    member, user = invitation.member, invitation.member.user
    if password is not None and not user.has_usable_password():
        user.set_password(password)
        user.name = user.name or name
        user.save(update_fields=["password", "name"])
    if name and name != member.display_name:
        member.display_name = name
        member.save(update_fields=["display_name"])
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    audit.record(
        invitation.organization_id, "member.accepted", actor_id=member.pk, member=member.pk,
        by=invitation.sent_by_id,
    )  # fmt: skip
    return member
