"""What networks send becomes rows: split, cut, sealed, stored by one statement. No ORM: it must be quick."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from django.db import connection

from channels_social.domain.billing import note_pushed
from channels_social.domain.doorbell import ring_soon, soon
from channels_social.networks import registry
from channels_social.networks.base import Entry
from helpdesk.secrets.crypto import vault
from helpdesk.tenancy.planned import ask
from helpdesk.text import clean

STORE = "SELECT organization_id, fresh FROM channels_receive(%s, %s, %s, %s, %s, %s::text[], %s::bytea[])"
# Widths of the columns; what is longer is named by its hash.
ACCOUNT, KIND, EXTERNAL_ID = 64, 40, 120


def store(entries: Sequence[Entry], *, source: str, network: str) -> dict[int, int]:
    """Store entries, each to the organization that holds its account; organization → how many were new.

    The same entry again changes nothing. What is for an account nobody connected is kept aside for 24 hours.
    """
    if not entries:
        return {}
    seal = vault().seal
    rows = [
        (
            _fit(entry.account_external_id, ACCOUNT),
            _fit(entry.kind, KIND),
            _fit(entry.external_id, EXTERNAL_ID),
            entry.digest,
            # ASCII: lone surrogates and NUL are legal in JSON and in nothing else we use.
            seal(json.dumps(entry.payload, separators=(",", ":"))),
        )
        for entry in entries
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        ask(cursor, STORE, [network, source, *columns])
        return dict(cursor.fetchall())


def receive_entries(entries: Sequence[Entry], *, network: str) -> int:
    """Store a webhook's entries and ring when something was new; how many were."""
    fresh = sum(store(entries, source="webhook", network=network).values())
    if fresh:
        ring_soon("inbox")
    if registry.get(network).push_prices:
        soon(note_pushed, (network, entries))
    return fresh


def _fit(value: str, width: int) -> str:
    value = clean(value)
    if len(value) <= width:
        return value
    return "sha256:" + hashlib.sha256(value.encode()).hexdigest()[: width - 7]
