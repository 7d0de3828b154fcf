"""Keys of the API: made, agreed to by somebody who may do what they do, taken away. Inside ``tenant``."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.tokens import ApiToken
from tickets.api.domain.subscriptions import silence_of

# How the words of a key begin: scanners of leaked secrets know a key by it.
BEGINS = "cfa_"
PREFIX = 12
USED_EVERY = timedelta(minutes=10)


def digest_of(words: str) -> str:
    """What is kept of a key. Its words are 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(words.encode()).hexdigest()


@transaction.atomic
def make_token(
    organization: Organization,
    *,
    name: str,
    initials: str,
    scopes: Sequence[str],
    days: int,
    by: Membership,
) -> tuple[ApiToken, str]:
    """A new key and its words, which nobody will see again.

    It opens nothing until somebody who holds all it may do has agreed; whoever makes it agrees by making it
    when they hold that themselves.
    """
    words = BEGINS + secrets.token_urlsafe(32)
    token = ApiToken(
        organization=organization,
        name=" ".join(name.split())[:60],
        initials=initials,
        prefix=words[:PREFIX],
        digest=digest_of(words),
        scopes=sorted(scopes),
        created_by=by,
        expires_at=clock.now() + timedelta(days=days),
    )
    if may_agree(token, by):
        token.approved_by, token.approved_at = by, clock.now()
    token.save()
    audit.record(
        organization.pk,
        "token.made",
        actor_id=by.pk,
        token=token.pk,
        scopes=token.scopes,
        waits=token.approved_at is None,
    )
    return token, words


def may_agree(token: ApiToken, by: Membership) -> bool:
    """Whether this person holds everything the key may do."""
    return all(by.can(permission) for permission in token.needed())


@transaction.atomic
def approve_token(token: ApiToken, *, by: Membership) -> bool:
    """Agree to a key a colleague made. False when it was so already, or when ``by`` may not."""
    if not may_agree(token, by) or token.created_by_id == by.pk:
        return False
    done = ApiToken.objects.filter(
        organization_id=token.organization_id, pk=token.pk, approved_at=None, revoked_at=None
    ).update(approved_at=clock.now(), approved_by=by)
    if done:
        audit.record(token.organization_id, "token.approved", actor_id=by.pk, token=token.pk)
    return bool(done)


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Membership) -> bool:
    """From now on it opens nothing. False when it was so already."""
    done = ApiToken.objects.filter(
        organization_id=token.organization_id, pk=token.pk, revoked_at=None
    ).update(revoked_at=clock.now(), revoked_by=by)
    if done:
        silence_of(token)
        audit.record(token.organization_id, "token.revoked", actor_id=by.pk, token=token.pk)
    return bool(done)


def find_token(organization: Organization, words: str) -> ApiToken | None:
    """The key with these words in this organization, whatever its state.

    The organization is in the path, so its rows are all there is to look in: no function of the owner is needed.
    """
    if not words.startswith(BEGINS) or len(words) > 100:
        return None
    return ApiToken.objects.filter(organization=organization, digest=digest_of(words)).first()


def used(token: ApiToken, now: datetime) -> None:
    """Note coarsely that it was used."""
    if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
        ApiToken.objects.filter(organization_id=token.organization_id, pk=token.pk).update(last_used_at=now)
