"""Files that come to us and not from a network: kept as fetched ones are. Inside ``tenant``."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from channels_social.domain.sniffing import kind_of
from channels_social.enums import MediaState
from channels_social.models import Media, SocialAccount


def keep_file(
    account: SocialAccount, body: bytes, *, content_type: str, ending: str, key: str, name: str
) -> Media:
    """Store the bytes under their own hash, once per organization, and their row. ``key`` makes twice once."""
    sha256 = hashlib.sha256(body).hexdigest()
    _alone_with(account.organization_id, sha256)
    file = f"org/{account.organization_id}/{sha256[:2]}/{sha256}.{ending}"
    if not default_storage.exists(file):
        file = default_storage.save(file, ContentFile(body))
    media, _is_new = Media.objects.get_or_create(
        organization_id=account.organization_id,
        account=account,
        source_key=key[:160],
        defaults={
            "source_url": "",
            "state": MediaState.STORED,
            "kind": kind_of(content_type),
            "sha256": sha256,
            "content_type": content_type,
            "size": len(body),
            "name": name[:120],
            "file": file,
        },
    )
    return media


def forget_file(media: Media) -> None:
    """Drop a row that nothing names any more; its bytes with it, unless another row of the organization has them."""
    _alone_with(media.organization_id, media.sha256)
    mine = Media.objects.filter(organization_id=media.organization_id)
    mine.filter(pk=media.pk).delete()
    if media.file and not mine.filter(file=media.file).exists():
        default_storage.delete(media.file)


def _alone_with(organization_id: int, sha256: str) -> None:
    """Until the transaction ends nobody else keeps or forgets these bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [sha256, organization_id])
