"""One courtesy notice to who writes out of hours: that it came, and when it is read. Once while we are closed.

It is no answer: no clock stops for it, nobody signs it, and it leaves in the last lane (``notices``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from channels_social.models import SocialAccount
from helpdesk import audit, clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Organization
from protocols.calendars.rows import hours_of
from protocols.rules.business_time import NeverOpens, business_time
from protocols.rules.calendar import WeekHours
from protocols.rules.published import closed_since
from tickets.cases.models import Conversation, Message, Ticket
from tickets.enums import OPEN_STATES
from tickets.replies.domain.notices import queue_notice, refusal_of
from tickets.replies.domain.targets import PRIVATE_KINDS, PUBLIC_KINDS, target_in
from tickets.replies.notice_sentences import closed_sentence
from tickets.settings.models import AccountPolicy, Notices

TOKEN = "cierre"
LIMIT = 100
# A lunch break is not «out of hours», nor is it worth a notice that we open in a moment.
SHORTEST, SOON = timedelta(hours=2), timedelta(minutes=15)
# What else we said by ourselves in a thread keeps it quiet so long; and a person hears so many a day, in all threads.
QUIET, A_DAY = timedelta(hours=12), 2
# More than this from one account in an hour is not customers writing: it stops until somebody looks.
RUNAWAY, RUNAWAY_WINDOW = 200, timedelta(hours=1)
WAITING = """
SELECT v.id, t.id FROM tickets_ticket t
JOIN tickets_conversation v ON v.organization_id = t.organization_id AND v.current_ticket_id = t.id
WHERE t.organization_id = %(org)s AND t.state IN %(open)s AND t.unanswered_since IS NOT NULL
AND v.account_id = %(account)s AND v.kind IN %(kinds)s AND v.last_customer_at >= %(since)s
AND NOT EXISTS (
    SELECT 1 FROM tickets_message m WHERE m.organization_id = v.organization_id AND m.conversation_id = v.id
    AND m.direction = 'out' AND (m.occurred_at >= %(since)s OR (m.is_notice AND m.occurred_at >= %(quiet)s)))
AND (SELECT count(*) FROM tickets_message m
     JOIN tickets_conversation o ON o.organization_id = m.organization_id AND o.id = m.conversation_id
     JOIN channels_social_outboundaction a ON a.organization_id = m.organization_id AND a.id = m.action_id
     WHERE m.organization_id = %(org)s AND o.identity_id = v.identity_id AND m.is_notice
     AND a.client_token LIKE 'cierre:%%' AND m.occurred_at >= %(day)s) < %(a_day)s
ORDER BY v.id LIMIT %(limit)s
"""
SAID = """
SELECT count(*) FROM tickets_message m
JOIN channels_social_outboundaction a ON a.organization_id = m.organization_id AND a.id = m.action_id
WHERE m.organization_id = %(org)s AND a.account_id = %(account)s AND m.is_notice
AND m.occurred_at >= %(window)s AND a.client_token LIKE 'cierre:%%'
"""


def tell_closed() -> dict[int, list[tuple[int, int]]]:
    """Queue the notices that are due; ``(case, message)`` pairs by organization. As the worker, with no tenant."""
    told: dict[int, list[tuple[int, int]]] = {}
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with tenant(organization_id):
            policies = list(
                AccountPolicy.objects.exclude(notices=Notices.OFF)
                .filter(organization_id=organization_id, notices_stopped_at=None)
                .select_related("account", "calendar")
            )
        for policy in policies:
            with tenant(organization_id):
                pairs = _tell_account(policy, now=clock.now())
            if pairs:
                told.setdefault(organization_id, []).extend(pairs)
    return told


def _tell_account(policy: AccountPolicy, *, now: datetime) -> list[tuple[int, int]]:
    """The notices of one account, if it is closed for long enough."""
    hours = hours_of([policy.calendar])[policy.calendar_id]
    since = closed_since(hours, now)
    if since is None:
        return []
    try:
        opens_at = business_time(hours).next_opening(now)
    except NeverOpens:
        return []
    if opens_at - since < SHORTEST or opens_at - now < SOON:
        return []
    waiting = _waiting(policy, since, now)
    if waiting and _said(policy, now) + len(waiting) > RUNAWAY:
        _stop(policy, now)
        return []
    pairs = [_tell(policy, hours, pair, since, opens_at, now) for pair in waiting]
    return [pair for pair in pairs if pair is not None]


def _waiting(policy: AccountPolicy, since: datetime, now: datetime) -> list[tuple[int, int]]:
    kinds = (*PRIVATE_KINDS, *(PUBLIC_KINDS if policy.notices == Notices.ALL else ()))
    asked: dict[str, Any] = {
        "org": policy.organization_id,
        "account": policy.account_id,
        "open": tuple(state.value for state in OPEN_STATES),
        "kinds": tuple(kind.value for kind in kinds),
        "since": since,
        "quiet": now - QUIET,
        "day": now - timedelta(days=1),
        "a_day": A_DAY,
        "limit": LIMIT,
    }
    with connection.cursor() as cursor:
        cursor.execute(WAITING, asked)
        return cursor.fetchall()


def _said(policy: AccountPolicy, now: datetime) -> int:
    """How many notices this account gave lately."""
    asked = {"org": policy.organization_id, "account": policy.account_id, "window": now - RUNAWAY_WINDOW}
    with connection.cursor() as cursor:
        cursor.execute(SAID, asked)
        return cursor.fetchone()[0]


def _stop(policy: AccountPolicy, now: datetime) -> None:
    """The breaker: something answers our notices, or floods us. Nothing more leaves until a person says so."""
    AccountPolicy.objects.filter(pk=policy.pk).update(notices_stopped_at=now)
    audit.record(policy.organization_id, "account.notices_stopped", account=policy.account_id)


def _tell(
    policy: AccountPolicy,
    hours: WeekHours,
    pair: tuple[int, int],
    since: datetime,
    opens_at: datetime,
    now: datetime,
) -> tuple[int, int] | None:
    """Queue one notice; the case locked first as by every writer, one that somebody holds waits for the next round."""
    conversation_id, ticket_id = pair
    found = Ticket.objects.filter(pk=ticket_id).select_related("organization", "customer")
    ticket = found.select_for_update(of=("self",), skip_locked=True).first()
    if ticket is None or ticket.unanswered_since is None:
        return None
    thread = Conversation.objects.select_related("account", "identity").get(pk=conversation_id)
    target = target_in(thread, now=now)
    if refusal_of(target) or not _may(thread.account):
        return None
    text = closed_sentence(
        policy.voice, hours, opens_at=opens_at, now=now, name=ticket.customer.name, phone=policy.contact_phone
    )
    token = f"{TOKEN}:{conversation_id}:{since:%Y%m%dT%H%MZ}"
    message: Message | None = queue_notice(ticket, target, text=text, token=token)
    return (ticket_id, message.pk) if message is not None else None


def _may(account: SocialAccount) -> bool:
    """Not from an account that cannot send at the moment: what is held would arrive when we are open."""
    return account.is_live
