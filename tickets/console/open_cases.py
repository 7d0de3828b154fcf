"""Other open cases above the composer: what each is, and the two ways on. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from helpdesk.ui.addresses import address
from helpdesk.ui.dates import day_words, zone
from helpdesk.ui.people import channel_label
from tickets.cases.models import Ticket
from tickets.console.queries.story import state_label
from tickets.console.rows import case_url
from tickets.enums import ClockKind
from tickets.privacy.rules.masking import mask
from tickets.replies.domain.open_cases import OpenCase, likely_cases, stopping


def likely_banner(ticket: Ticket, member: Membership, slug: str) -> dict[str, Any] | None:
    """The same for people who are likely the same: looked for apart from the first paint."""
    return banner_of(likely_cases(ticket), ticket, member, slug, likely=True)


def banner_of(
    cases: Iterable[OpenCase], ticket: Ticket, member: Membership, slug: str, *, likely: bool = False
) -> dict[str, Any] | None:
    """What stands above the composer about these cases (``open_cases/_banner.html``); None when there is none."""
    lines = [case_line(case, ticket, member, slug) for case in cases]
    if not lines:
        return None
    waiting = [line for line in lines if not line["is_kept"]]
    title = (
        _("Parece la misma persona, con otro caso abierto")
        if likely
        else ngettext("Ya tiene otro caso abierto", "Ya tiene otros %(n)s casos abiertos", len(lines))
        % {"n": len(lines)}
    )
    return {
        "title": title,
        "cases": lines,
        "waiting": waiting,
        "likely": likely,
        "may_join": member.can(Permission.JOIN_CASES),
        "may_unify": member.can(Permission.UNIFY_CUSTOMERS),
        "go_on_url": address("go_on_apart", slug, ticket.number),
        "join_url": address("join_open_case", slug, ticket.number),
        "unify_url": address("unify", slug, ticket.number),
    }


def stop_of(ticket: Ticket, text: str, member: Membership, slug: str) -> dict[str, Any] | None:
    """Why an answer was not taken: the cases, and the one that can be joined at once."""
    banner = banner_of(stopping(ticket, text), ticket, member, slug)
    own = [line for line in banner["waiting"] if line["customer"] == ticket.customer_id] if banner else []
    return banner and banner | {"own": own[0] if own else None}


def case_line(case: OpenCase, ticket: Ticket, member: Membership, slug: str) -> dict[str, Any]:
    """One case: by which channel, its numbers, where it stands and by when it is owed."""
    return {
        "id": case.id,
        "customer": case.customer_id,
        "name": case.name,
        "number": case.shown_number,
        "url": case_url(slug, case.number),
        "channel": case.channel,
        "by": _("por %s") % channel_label(case.channel),
        "references": case.references,
        "state_label": state_label(case.state),
        "text": case.last_text if member.sees_data else mask(case.last_text),
        "due_at": case.due_at,
        "clock": str(ClockKind(case.clock_kind).label) if case.clock_kind in ClockKind.values else "",
        "clock_kind": case.clock_kind,
        "due_on": day_words(datetime.combine(case.due_on, time(12), zone())) if case.due_on else "",
        "kept_by": case.kept_by,
        "is_kept": case.kept_at is not None,
    }
