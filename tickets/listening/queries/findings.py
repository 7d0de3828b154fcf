"""The pages of «Escucha»: newest first, by state, search or words; keyset, no COUNT, no OFFSET. Inside ``tenant``."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from channels_social.enums import FindingState
from channels_social.models import Finding

PAGE = 50
LAST = 9_223_372_036_854_775_807
# What the page calls its views; a message that came in by itself is none of them.
VIEWS = {
    "nuevos": FindingState.NEW,
    "con-caso": FindingState.OPENED,
    "respondidos": FindingState.ANSWERED,
    "descartados": FindingState.DISMISSED,
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of findings; ``after`` continues it, 0 at the end."""

    rows: list[Finding]
    after: int


def page_of(state: FindingState, *, words: str = "", search_id: int | None = None, before: int = 0) -> Page:
    """Fifty findings older than ``before``; ``words`` looks in texts, names and handles."""
    edge = before or LAST
    found = Finding.objects.select_related("account", "search", "decided_by")
    if words:
        found = found.filter(pk__in=_matching(words, state, search_id, edge))
    else:
        of_search = {} if search_id is None else {"search_id": search_id}
        found = found.filter(state=state, pk__lt=edge, **of_search)
    rows = list(found.order_by("-pk")[: PAGE + 1])
    return Page(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else 0)


def _matching(words: str, state: FindingState, search_id: int | None, before: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT finding_id FROM tickets_search_findings(%s, %s, %s, %s, %s)",
            [words[:200], state.value, search_id, before, PAGE + 1],
        )
        return [row[0] for row in cursor.fetchall()]
