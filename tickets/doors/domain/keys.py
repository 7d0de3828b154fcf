"""The secrets other systems sign with: made, replaced, taken away. Shown once, kept sealed. Inside ``tenant``."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.secrets.crypto import vault
from helpdesk.tenancy.models import Membership, Organization
from tickets.doors.models import DoorKey

# How long a key that was replaced goes on.
GRACE = timedelta(hours=24)
# A last use is written at most this often.
USED_EVERY = timedelta(minutes=1)


@transaction.atomic
def make_key(organization: Organization, *, label: str, by: Membership) -> tuple[DoorKey, str]:
    """A new key and its secret, which nobody will see again."""
    secret = f"cfs_{secrets.token_urlsafe(32)}"
    key = DoorKey.objects.create(
        organization=organization,
        label=" ".join(label.split())[:60],
        key_id=secrets.token_hex(8),
        secret=vault().seal(secret),
        created_by=by,
    )
    audit.record(organization.pk, "door_key.made", actor_id=by.pk, key=key.pk)
    return key, secret


@transaction.atomic
def rotate_key(key: DoorKey, *, by: Membership) -> tuple[DoorKey, str]:
    """A new secret in its place; the former one goes on for a day."""
    DoorKey.objects.filter(pk=key.pk, expires_at=None).update(expires_at=clock.now() + GRACE)
    audit.record(key.organization_id, "door_key.replaced", actor_id=by.pk, key=key.pk)
    return make_key(key.organization, label=key.label, by=by)


@transaction.atomic
def revoke_key(key: DoorKey, *, by: Membership) -> bool:
    """Nothing signed with it is taken from now on. False when it was so already."""
    done = DoorKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.now())
    if done:
        audit.record(key.organization_id, "door_key.revoked", actor_id=by.pk, key=key.pk)
    return bool(done)


def secret_of(key: DoorKey) -> bytes:
    """The secret in clear, to check a signature with."""
    return vault().open(key.secret)


def used(key: DoorKey, now: datetime) -> None:
    """Note that it was used, at most once a minute."""
    if key.last_used_at is None or now - key.last_used_at > USED_EVERY:
        DoorKey.objects.filter(pk=key.pk).update(last_used_at=now)
