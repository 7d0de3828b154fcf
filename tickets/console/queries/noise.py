"""What needs no attention: messages without a case, cases put aside, and the sample a second person looks at.

Keyset pages, no COUNT, no OFFSET; scope and reserved cases are the policies' business. Inside ``tenant``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils.safestring import SafeString

from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.permissions import Permission
from helpdesk.ui.people import channel_label
from helpdesk.ui.text import text_with_links
from tickets.console.queries.verdicts import verdict_of
from tickets.console.rows import case_url
from tickets.privacy.rules.masking import mask

PAGE = 50
_COLUMNS = """
SELECT m.id, m.text, m.occurred_at, m.is_public, m.is_encrypted, m.verdict, v.kind, i.name, i.handle, s.name,
       t.number, t.radicado, ''
FROM {source} JOIN tickets_conversation v ON v.organization_id = m.organization_id AND v.id = m.conversation_id
JOIN tickets_identity i ON i.organization_id = v.organization_id AND i.id = v.identity_id
JOIN channels_social_socialaccount s ON s.organization_id = v.organization_id AND s.id = v.account_id
LEFT JOIN tickets_ticket t ON t.organization_id = m.organization_id AND t.id = m.ticket_id
"""
# The words of the partial index `message_noise`, so that a page is fifty steps along it.
MESSAGES = (
    _COLUMNS.format(source="tickets_message m")
    + "WHERE m.organization_id = %s AND m.direction = 'in' AND m.ticket_id IS NULL AND NOT m.needs_attention "
    "AND m.deleted_at IS NULL AND (m.occurred_at, m.id) < (%s, %s) "
    "ORDER BY m.occurred_at DESC, m.id DESC LIMIT %s"
)
FOUND = (
    _COLUMNS.format(source="tickets_message m")
    + "WHERE m.organization_id = %s AND m.id = ANY(ARRAY(SELECT message_id FROM tickets_search_noise(%s, %s, %s, %s))) "
    "ORDER BY m.occurred_at DESC, m.id DESC"
)
_SAMPLE = (
    "tickets_noisesample n "
    "JOIN tickets_message m ON m.organization_id = n.organization_id AND m.id = n.message_id "
)
# Still to be looked at, by somebody else than who judged it; what has become a case meanwhile needs nobody's look.
_WAITING = (
    "n.organization_id = %s AND n.reviewed_at IS NULL AND m.deleted_at IS NULL "
    "AND (m.ticket_id IS NULL OR t.state = 'no_motive') AND NOT EXISTS (SELECT 1 FROM tickets_triagecorrection c "
    "WHERE c.organization_id = n.organization_id AND c.message_id = n.message_id AND c.aspect = 'service' "
    "AND c.by_id = %s)"
)
SAMPLE = f"{_COLUMNS.format(source=_SAMPLE)} WHERE {_WAITING} ORDER BY n.day, n.id LIMIT {PAGE}"
WAITING = (
    f"SELECT count(*) FROM {_SAMPLE} LEFT JOIN tickets_ticket t ON t.organization_id = m.organization_id "
    f"AND t.id = m.ticket_id WHERE {_WAITING}"
)
ASIDE = """
SELECT a.id, t.last_text, a.at, true, false, NULL, t.channel, c.name, '', coalesce(b.display_name, ''), t.number,
       t.radicado, a.reason
FROM tickets_attentionchange a
JOIN tickets_ticket t ON t.organization_id = a.organization_id AND t.id = a.ticket_id AND t.state = 'no_motive'
JOIN tickets_customer c ON c.organization_id = t.organization_id AND c.id = t.customer_id
LEFT JOIN helpdesk_membership b ON b.organization_id = a.organization_id AND b.id = a.by_id
WHERE a.organization_id = %s AND NOT a.is_needed AND a.undone_at IS NULL AND a.id < %s
ORDER BY a.id DESC LIMIT %s
"""
_LAST = (datetime.max.replace(tzinfo=UTC), 2**62)


@dataclass(slots=True)
class NoiseRow:
    """One of a list: a message, or a case put aside (``id`` is then of the change, ``account`` of who did it)."""

    id: int
    html: SafeString
    at: datetime
    private: bool
    channel: str
    channel_label: str
    name: str
    handle: str
    account: str
    number: int | None
    radicado: str | None
    url: str
    why: str
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class NoisePage:
    """A page of rows; ``after`` continues it, empty at the end."""

    rows: list[NoiseRow]
    after: str


def noise_page(organization: Organization, *, words: str, after: str, is_masked: bool) -> NoisePage:
    """Fifty messages that need no attention, newest first, or those in which ``words`` were said."""
    at, pk = _parse(after)
    if words:
        found = _rows(FOUND, [organization.pk, words[:200], at, pk, PAGE + 1], organization, is_masked)
    else:
        found = _rows(MESSAGES, [organization.pk, at, pk, PAGE + 1], organization, is_masked)
    return _page(found)


def aside_page(organization: Organization, *, after: str, is_masked: bool) -> NoisePage:
    """Fifty cases that a colleague put aside, the last first."""
    _at, pk = _parse(after)
    return _page(_rows(ASIDE, [organization.pk, pk, PAGE + 1], organization, is_masked))


def sample_page(organization: Organization, *, member: Membership, is_masked: bool) -> NoisePage:
    """What of the sample waits for this person, oldest first."""
    return NoisePage(_rows(SAMPLE, [organization.pk, member.pk], organization, is_masked), "")


def may_review(member: Membership) -> bool:
    """Whether this person looks again at what others and the rules judged: supervisors."""
    return member.can(Permission.APPROVE_REPLIES) and member.can(Permission.CLOSE_WITHOUT_MOTIVE)


def samples_waiting(organization: Organization, member: Membership) -> int:
    """How much of the sample waits for this person: few rows, under an index of their own."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [organization.pk, member.pk])
        return int(cursor.fetchone()[0])


def _rows(sql: str, params: list[Any], organization: Organization, is_masked: bool) -> list[NoiseRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [_row(row, organization.slug, is_masked) for row in cursor.fetchall()]


def _row(row: tuple[Any, ...], slug: str, is_masked: bool) -> NoiseRow:
    pk, text, at, is_public, is_encrypted, verdict, kind, name, handle, account, number, radicado, why = row
    return NoiseRow(
        id=pk,
        html=SafeString("") if is_encrypted else text_with_links(mask(text) if is_masked else text),
        at=at,
        private=not is_public,
        channel=kind,
        channel_label=channel_label(kind),
        name=name,
        handle=handle or "",
        account=account,
        number=number,
        radicado=radicado,
        url=case_url(slug, number) if number else "",
        why=why,
        reasons=verdict_of(verdict, is_masked=is_masked).reasons,
    )


def _page(rows: list[NoiseRow]) -> NoisePage:
    more, rows = len(rows) > PAGE, rows[:PAGE]
    return NoisePage(rows, f"{rows[-1].at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}_{rows[-1].id}" if more else "")


def _parse(after: str) -> tuple[datetime, int]:
    """A keyset position; nonsense is the beginning."""
    instant, _sep, pk = after.partition("_")
    try:
        return datetime.strptime(instant, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC), int(pk[:18])
    except ValueError:
        return _LAST
