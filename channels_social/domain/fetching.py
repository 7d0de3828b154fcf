"""Our copies of files: networks' addresses expire. Fetched from known hosts, measured, typed by content."""

from __future__ import annotations

import hashlib
import logging
import random
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from channels_social.domain.refreshing import client_for
from channels_social.domain.sniffing import kind_of, sniff
from channels_social.enums import MediaState
from channels_social.models import Media
from channels_social.networks.base import NetworkError
from helpdesk import clock
from helpdesk.tenancy.context import tenant

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
ATTEMPTS = 6
BACK_OFF_S = 20

CLAIM = """
WITH due AS (
    SELECT m.id FROM channels_social_media m
    JOIN channels_social_socialaccount a ON a.organization_id = m.organization_id AND a.id = m.account_id
    WHERE m.state = 'pending' AND m.next_attempt_at <= now() AND a.state = 'live'
    ORDER BY m.next_attempt_at LIMIT %s FOR UPDATE OF m SKIP LOCKED
)
UPDATE channels_social_media m SET next_attempt_at = now() + %s, attempts = m.attempts + 1
FROM due WHERE m.id = due.id RETURNING m.organization_id, m.id
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A leased file."""

    organization_id: int
    media_id: int


def claim_media(limit: int = 1) -> list[Claim]:
    """Lease files to fetch, of any organization; as the worker. A lease that expires is taken again."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, [limit, LEASE])
        return [Claim(*row) for row in cursor.fetchall()]


def fetch_one(claim: Claim) -> str:
    """Fetch one file and keep it; the state it ends in. Outside any transaction."""
    with tenant(claim.organization_id):
        media = Media.objects.select_related("account").get(
            organization_id=claim.organization_id, pk=claim.media_id
        )
    try:
        if not media.source_url:
            raise NetworkError("refused", "no_address")
        data, _declared = client_for(media.account).fetch(media.source_url)
    except NetworkError as error:
        return _not_now(media, error)
    except Exception as error:  # an address nobody foresaw must not be tried for ever
        logger.exception("media %s", media.pk)
        return _not_now(media, NetworkError("later", type(error).__name__))
    return _store(media, data)


def _store(media: Media, data: bytes) -> str:
    """Write the bytes under their own hash, once per organization, then the row."""
    content_type, ending = sniff(data)
    sha256 = hashlib.sha256(data).hexdigest()
    name = f"org/{media.organization_id}/{sha256[:2]}/{sha256}.{ending}"
    if not default_storage.exists(name):
        name = default_storage.save(name, ContentFile(data))
    return _settle(
        media,
        state=MediaState.STORED,
        reason="",
        kind=kind_of(content_type),
        content_type=content_type,
        sha256=sha256,
        size=len(data),
        file=name,
    )


def _not_now(media: Media, error: NetworkError) -> str:
    """Refused for good, or tried again later until the attempts are used up."""
    if error.verdict == "refused":
        return _settle(media, state=MediaState.REFUSED, reason=error.code)
    if media.attempts >= ATTEMPTS:
        return _settle(media, state=MediaState.FAILED, reason=error.code)
    wait = timedelta(seconds=BACK_OFF_S * 2**media.attempts * random.uniform(0.8, 1.2))
    at = max(error.retry_at or clock.now(), clock.now() + wait)
    return _settle(media, state=MediaState.PENDING, reason=error.code, next_attempt_at=at)


def _settle(media: Media, *, state: MediaState, reason: str, **fields: object) -> str:
    with tenant(media.organization_id):
        mine = Media.objects.filter(organization_id=media.organization_id, pk=media.pk)
        mine.update(state=state, reason=reason[:200], **fields)
    return state
