"""What X charges, in millionths of a US dollar (docs.x.com, "Pricing", read 2026-08; channels.md 0.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from channels_social.networks.base import Spend
from channels_social.networks.x.links import links

PRICES = {
    "post_read": 5_000,
    # Reads of the account's own posts and mentions.
    "owned_read": 1_000,
    "dm_read": 10_000,
    "post_create": 15_000,
    "post_create_url": 200_000,
    "reply_summoned": 10_000,
    "dm_create": 15_000,
}
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def reads(kind: str, resources: Iterable[str]) -> Spend:
    """The price of reading these; a resource read again on the same UTC day is free."""
    names = tuple(dict.fromkeys(resources))
    return Spend(kind, len(names), len(names) * PRICES[kind], names)


def writes(kind: str) -> Spend:
    """The price of writing one."""
    return Spend(kind, 1, PRICES[kind])


def reply_kind(text: str, *, is_reply: bool) -> str:
    """What posting this text is charged as: a link is dear, an answer somebody asked for is cheap."""
    if _ADDRESS.search(text) or next(iter(links(text)), None) is not None:
        return "post_create_url"
    return "reply_summoned" if is_reply else "post_create"
