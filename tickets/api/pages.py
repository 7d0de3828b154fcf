"""Pages by key: where the next one goes on, never how many there are."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from rest_framework import serializers

from tickets.api.problems import Problem

MOST = 100
# How many rows a filtered page looks at. A rare filter gives short pages with a cursor, never a slow one.
WINDOW = 2000
LARGEST = 2**63 - 1


class PageInput(serializers.Serializer):
    """What every list takes."""

    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=50, help_text="Filas por página.")
    cursor = serializers.CharField(
        max_length=200, required=False, help_text="El next_cursor de la página anterior."
    )


def write_cursor(*parts: Any) -> str:
    """An opaque cursor."""
    return base64.urlsafe_b64encode("|".join(map(str, parts)).encode()).decode().rstrip("=")


def read_cursor(text: str) -> list[str]:
    """The parts of a cursor. Raises 400 for what none of our pages gave."""
    try:
        padded = text + "=" * (-len(text) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii").split("|")
    except (binascii.Error, UnicodeError, ValueError):
        raise Problem(400, "cursor") from None


def before(cursor: str | None) -> int:
    """The key a page of falling keys goes on below."""
    if not cursor:
        return LARGEST
    (text,) = parts if len(parts := read_cursor(cursor)) == 1 else ("",)
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise Problem(400, "cursor")
    return int(text)


def falling(
    rows: Any, *, limit: int, cursor: str | None, filters: dict[str, Any]
) -> tuple[list[Any], str | None]:
    """One page of ``rows``, the newest key first, and the cursor of the next.

    ``filters`` that no index serves are tried on a window of keys only.
    """
    rows = rows.filter(pk__lt=before(cursor)).order_by("-pk")
    edge = None
    if filters:
        edge = rows.values_list("pk", flat=True)[WINDOW - 1 : WINDOW].first()
        rows = rows.filter(**filters, **({"pk__gte": edge} if edge else {}))
    found = list(rows[: limit + 1])
    if len(found) > limit:
        return found[:limit], write_cursor(found[limit - 1].pk)
    return found, write_cursor(edge) if edge else None
