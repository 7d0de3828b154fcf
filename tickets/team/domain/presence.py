"""What a colleague says they are doing, and that whoever is gone is not there. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.push import here, leave
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization, Presence

# A console that reconnects, or a page that loads, is not somebody who left.
GRACE = timedelta(minutes=2)
# Why somebody is offline who never said so.
GONE = ("session", "logout")


@transaction.atomic
def set_presence(member: Membership, presence: str, *, cause: str = "self") -> bool:
    """Say what one is doing; False when that is what was said already. Raises ``ValueError`` for another word."""
    value = Presence(presence)
    changed = (
        Membership.objects.filter(pk=member.pk)
        .exclude(presence=value)
        # Without an hour nobody said it themselves: who opens a console again is back.
        .update(presence=value, presence_at=None if cause in GONE else clock.now())
    )
    if changed:
        member.presence = value
        actor = member.pk if cause == "self" else None
        audit.record(
            member.organization_id, "member.presence", actor_id=actor, member=member.pk,
            presence=value.value, cause=cause,
        )  # fmt: skip
    return bool(changed)


def sweep_presence(organizations: Iterable[Organization] | None = None) -> int:
    """Whoever closed their console or whose session is over is offline, whoever opened one again is available; how
    many changed. As the worker.

    The streams of open consoles say who is there (``helpdesk.push.here``); when that cannot be known, nobody is
    sent away.
    """
    changed = 0
    for organization in organizations or Organization.objects.all():
        present = here(organization.pk)
        if present is None:
            return changed
        with tenant(organization.pk):
            members = Membership.objects.filter(organization=organization, is_active=True)
            away = members.filter(presence_at__lt=clock.now() - GRACE).exclude(presence=Presence.OFFLINE)
            for member in away.exclude(pk__in=present):
                changed += set_presence(member, Presence.OFFLINE, cause="session")
            for member in members.filter(pk__in=present, presence=Presence.OFFLINE, presence_at=None):
                changed += set_presence(member, Presence.AVAILABLE, cause="console")
    return changed


def leave_everywhere(user_id: int) -> None:
    """A person logs out: offline wherever they work."""
    from helpdesk.tenancy.context import acting_user

    with acting_user(user_id):
        rows = list(Membership.objects.filter(user_id=user_id, is_active=True).exclude(presence="offline"))
    for member in rows:
        leave(member.organization_id, member.pk)
        with tenant(member.organization_id):
            set_presence(member, Presence.OFFLINE, cause="logout")
