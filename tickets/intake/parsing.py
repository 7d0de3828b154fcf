"""A stored event as arrivals: opened, parsed by its network, cleaned of what PostgreSQL cannot hold. Pure."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from typing import Any

from channels_social.networks import registry
from helpdesk.secrets.crypto import vault
from helpdesk.text import clean
from tickets.intake.inbox import Raw
from tickets.intake.plan import Arrival


def parse(raw: Raw) -> list[Arrival]:
    """A stored event as arrivals, texts cleaned. Raises ``ValueError`` for a poison one."""
    stored = vault().open(raw.payload)
    items = registry.get(raw.network).parse(raw.kind, json.loads(stored), raw.account_external_id)
    if b"\\u0000" in stored or b"\\ud" in stored:  # stored as ASCII: the only ways to write them
        items = [_clean(item) for item in items]
    return [Arrival(raw.id, raw.account_id, raw.network, item, raw.is_provisional) for item in items]


def _clean(item: Any) -> Any:
    """PostgreSQL holds neither NUL nor lone surrogates, in whatever a network said; all else is kept exactly."""
    if isinstance(item, str):
        return clean(item)
    if isinstance(item, tuple):
        return tuple(_clean(part) for part in item)
    if not is_dataclass(item) or isinstance(item, type):
        return item
    cleaned = {one.name: (getattr(item, one.name), _clean(getattr(item, one.name))) for one in fields(item)}
    changed = {name: new for name, (old, new) in cleaned.items() if new != old}
    return replace(item, **changed) if changed else item
