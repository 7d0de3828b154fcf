"""One row of the queue, written once per change and pushed to every console that shows it.

A plain function and not a template: fifty rows cost a template engine 6 ms and this about one
(``tests/ui/test_row.py`` keeps it so).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from helpdesk import clock as watch
from helpdesk.ui.clocks import clock
from helpdesk.ui.dates import ago, iso
from helpdesk.ui.people import agent, channel_label, person
from helpdesk.ui.tags import priority_tag
from helpdesk.ui.text import escaped, name, one_line

# Whom a post speaks to is what all of them begin with: in a list it hides what they say.
_ADDRESSED = re.compile(r"^(?:\s{0,3}@\w{1,50}[\s,:]+){1,8}")


class Row(Protocol):
    """What a row needs to know of a case. Plain values, already allowed to be seen by the reader."""

    ticket_id: int
    number: str
    url: str
    name: str
    network: str
    private: bool
    priority: str
    priority_label: str
    kind_label: str
    last_text: str
    last_at: datetime
    unread: bool
    due_at: datetime | None
    clock_kind: str
    clock_state: str
    assignee_initials: str
    assignee_name: str
    state: str
    # Since when somebody waits for us, and how much of that fell within the hours of the account.
    unanswered_since: datetime | None
    worked: timedelta | None


def queue_row(
    row: Row, *, now: datetime | None = None, tz: tzinfo | str | None = None, version: int | None = None
) -> SafeString:
    """``<li id="row-…">`` with everything the page needs to place it: ``data-due``, ``data-v``.

    The clock is left out when there is none to keep (nothing is owed).
    """
    at = now or watch.now()
    due = iso(row.due_at) if row.due_at and row.clock_state not in ("paused", "met") else ""
    v = getattr(row, "version", 0) if version is None else version
    return SafeString(
        f'<li id="row-{row.ticket_id}" data-ticket="{row.ticket_id}" data-due="{due}" data-v="{v}">'
        f'<a class="row" href="{escaped(row.url)}"{" data-unread" if row.unread else ""}>'
        f"{person(row.name, row.network, row.private)}"
        f'<span class="row-main"><span class="row-1"><b>{name(row.name)}</b>'
        f"{priority_tag(row.priority, row.priority_label)}{_clock(row, at, tz)}</span>"
        f'<span class="row-2">{_last(row)}{_meta(row, at, tz)}</span></span></a></li>'
    )


def _clock(row: Row, now: datetime, tz: tzinfo | str | None) -> str:
    if row.due_at is None and not row.clock_state:
        return ""
    return clock(row.due_at, row.clock_kind or "next_response", row.clock_state, now=now, tz=tz)


def _last(row: Row) -> str:
    kind = f"<span>{escaped(row.kind_label)} · </span>" if row.kind_label else ""
    said = _ADDRESSED.sub("", row.last_text, count=1) or row.last_text
    # A picture alone, or what the customer deleted.
    words = f"<bdi>{escaped(one_line(said))}</bdi>" if said else f"<em>{escaped(_('sin texto'))}</em>"
    return f'<span class="last">{kind}{words}</span>'


def _meta(row: Row, now: datetime, tz: tzinfo | str | None) -> str:
    how = _("Privado, por") if row.private else _("Por")
    return (
        f'<span class="meta"><span class="sr">{how} {escaped(channel_label(row.network))}, </span>'
        f"{_waited(row, now, tz)} {agent(row.assignee_initials, row.assignee_name)}</span>"
    )


# Below this the wait and the hours of the account say the same.
_TELLING = timedelta(hours=1)


def _waited(row: Row, now: datetime, tz: tzinfo | str | None) -> str:
    """«41 h · hábil 0 h»: how long somebody really waits, and how much of it we were there (care.md, finding 18)."""
    since = row.unanswered_since
    if since is None:
        return ago(row.last_at, now, tz)
    waits = ago(since, now, tz, in_hours=True)
    if row.worked is None or now - since - row.worked < _TELLING:
        return waits
    hours = int(row.worked.total_seconds()) // 3600
    title = _("Del tiempo que espera, lo que cae en el horario de atención")
    said = _("hábil %(hours)s h") % {"hours": hours}
    return f'<span>{waits} <span class="worked" data-at="{iso(now)}" title="{title}">· {said}</span></span>'
