"""A call under an ``Idempotency-Key`` is carried out once, however often and however simultaneously it is made."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from helpdesk import clock
from helpdesk.secrets.crypto import vault
from helpdesk.tenancy.tokens import ApiToken
from tickets.api.models import RepeatableCall

KEPT = timedelta(hours=24)
# How long a second call waits for the first; then it is told to come again.
PATIENCE_MS = 10_000
FORM = re.compile(r"[A-Za-z0-9._:\-]{1,120}")


class KeyReused(Exception):
    """Another request stands under this key."""


def digest_of(method: str, address: str, body: bytes) -> str:
    """What makes two requests the same."""
    return hashlib.sha256(b"\n".join([method.encode(), address.encode(), body])).hexdigest()


@transaction.atomic
def carry_out(
    token: ApiToken, *, key: str, digest: str, call: Callable[[], tuple[int, Any]]
) -> tuple[int, Any, bool]:
    """Status and answer of ``call``, and whether they are those of an earlier one. Inside ``tenant``.

    The unique key is taken first, in the transaction of the effect: a second call waits on it, and finds either
    the answer or, when the first failed, the key free. Raises :class:`KeyReused`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{PATIENCE_MS}ms"])
    try:
        with transaction.atomic():
            row = RepeatableCall.objects.create(
                organization_id=token.organization_id, token=token, key=key, digest=digest
            )
    except IntegrityError:
        return _again(token, key, digest)
    status, answer = call()
    row.status, row.answer = status, vault().seal(json.dumps(answer, separators=(",", ":")))
    row.save(update_fields=["status", "answer"])
    return status, answer, False


def _again(token: ApiToken, key: str, digest: str) -> tuple[int, Any, bool]:
    former = RepeatableCall.objects.get(organization_id=token.organization_id, token=token, key=key)
    if former.digest != digest or former.answer is None or former.status is None:
        raise KeyReused
    return former.status, json.loads(vault().open(former.answer)), True


def forget_calls(organization_id: int) -> int:
    """Drop what is older than a day; how many. Inside ``tenant``."""
    old = RepeatableCall.objects.filter(organization_id=organization_id, at__lt=clock.now() - KEPT)
    return old.delete()[0]
