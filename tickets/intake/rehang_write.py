"""The statements that hang provisional threads, and what becomes of their cases. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection
from psycopg2.extras import execute_values

from channels_social.networks.base import thread_under
from helpdesk import audit
from helpdesk.tenancy.models import TenantForeignKey
from tickets.cases.models import Conversation, Ticket
from tickets.clocks.domain import marks
from tickets.intake.again import go_on, wait_for_us
from tickets.replies.domain import moves
from tickets.replies.domain.joining import join_cases
from tickets.replies.domain.reply import Refused

OWN = (
    "UPDATE channels_social_outboundaction AS a SET thread_key = v.key FROM (VALUES %s) AS v(org, thread, old, key), "
    "tickets_message m WHERE m.organization_id = v.org AND m.conversation_id = v.thread "
    "AND a.organization_id = v.org AND a.id = m.action_id AND a.thread_key = v.old"
)
RENAME = (
    "UPDATE tickets_conversation AS c SET thread_key = v.key, root_external_id = v.root, is_provisional = false "
    "FROM (VALUES %s) AS v(org, id, key, root) WHERE c.organization_id = v.org AND c.id = v.id"
)
# The thread that takes others in was spoken in last where any of them was.
MERGE = """
UPDATE tickets_conversation AS c SET
    last_customer_at = greatest(c.last_customer_at, g.customer_at), last_sent_at = greatest(c.last_sent_at, g.sent_at),
    last_external_id = CASE WHEN g.customer_at >= coalesce(c.last_customer_at, g.customer_at)
                            THEN g.last_id ELSE c.last_external_id END,
    current_ticket_id = coalesce(c.current_ticket_id, g.ticket)
FROM (SELECT v.taker, max(o.last_customer_at) AS customer_at, max(o.last_sent_at) AS sent_at,
             (array_agg(o.last_external_id ORDER BY o.last_customer_at DESC NULLS LAST))[1] AS last_id,
             (array_agg(o.current_ticket_id ORDER BY o.id) FILTER (WHERE o.current_ticket_id IS NOT NULL))[1] AS ticket
      FROM unnest(%(gone)s::bigint[], %(taker)s::bigint[]) AS v(gone, taker)
      JOIN tickets_conversation o ON o.organization_id = %(org)s AND o.id = v.gone GROUP BY v.taker) g
WHERE c.organization_id = %(org)s AND c.id = g.taker
"""
# What was said without a case where there is one now; in the order it was said.
ADOPT = """
UPDATE tickets_message AS m SET ticket_id = c.current_ticket_id FROM tickets_conversation c
WHERE m.organization_id = %s AND m.conversation_id = ANY(%s) AND m.ticket_id IS NULL
  AND c.organization_id = m.organization_id AND c.id = m.conversation_id AND c.current_ticket_id IS NOT NULL
RETURNING m.ticket_id, m.occurred_at, m.direction = 'in' AND NOT m.is_courtesy
"""


@dataclass(slots=True)
class Bare:
    """A provisional thread, and the posts in it, each with what it answers. ``id`` 0: not written yet."""

    id: int
    thread_key: str = ""
    customer_id: int = 0
    ticket_id: int | None = None
    person: str = ""
    words: list[tuple[str, str]] = field(default_factory=list)
    # Once it is known.
    root: str = ""

    @property
    def key(self) -> str:
        """The key it has under its root."""
        return thread_under(self.root, self.person)


def hang(organization_id: int, found: Sequence[Bare]) -> frozenset[int]:
    """Hang these threads under their roots; the cases that changed.

    A thread whose key is free takes it. Another is emptied into the thread that has it, and goes. Cases that stood
    in both are joined, so that every number, note and answer of either stays and it can be undone; those that
    cannot be joined (reserved, closed, somebody else's since) stay two, and what is said next goes to the case of
    the thread.
    """
    found = sorted(found, key=lambda one: one.id)
    takers = _takers(organization_id, found)
    cases = {one.ticket_id for one in found} | {taker.current_ticket_id for taker in takers.values()}
    # Before any row of theirs: whoever answers or records an answer waits here, and then reads them as they are.
    moves.lock_cases(organization_id, [case for case in cases if case is not None])
    kept: dict[str, int] = {key: taker.pk for key, taker in takers.items()}
    renamed = [one for one in found if kept.setdefault(one.key, one.id) == one.id]
    gone = [one for one in found if kept[one.key] != one.id]
    _move(organization_id, found, renamed, [(one.id, kept[one.key]) for one in gone])
    changed = {one.ticket_id for one in renamed if one.ticket_id}
    for one in gone:
        changed |= _join(one, kept[one.key])
    changed |= _adopt(organization_id, sorted(set(kept.values())))
    _record(organization_id, found, kept)
    return frozenset(changed)


def _takers(org: int, found: Sequence[Bare]) -> dict[str, Conversation]:
    """The threads that have these keys already."""
    threads = Conversation.objects.filter(
        organization_id=org, network="x", kind="x_public", thread_key__in={one.key for one in found}
    )
    return {thread.thread_key: thread for thread in threads}


def _move(org: int, found: Sequence[Bare], renamed: Sequence[Bare], pairs: list[tuple[int, int]]) -> None:
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, OWN, [(org, one.id, one.thread_key, one.key) for one in found])
        if renamed:
            execute_values(cursor.cursor, RENAME, [(org, one.id, one.key, one.root) for one in renamed])
        if not pairs:
            return
        gone, taker = (list(ids) for ids in zip(*pairs, strict=True))
        for table, column in _columns():
            cursor.execute(
                f'UPDATE "{table}" AS t SET "{column}" = v.taker FROM unnest(%s::bigint[], %s::bigint[]) '
                f'AS v(gone, taker) WHERE t.organization_id = %s AND t."{column}" = v.gone',
                [gone, taker, org],
            )
        cursor.execute(MERGE, {"org": org, "gone": gone, "taker": taker})
        cursor.execute(
            "DELETE FROM tickets_conversation WHERE organization_id = %s AND id = ANY(%s)", [org, gone]
        )


def _columns() -> list[tuple[str, str]]:
    """Table and column of everything that stands in a thread: a room to come cannot be forgotten."""
    return sorted(
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, TenantForeignKey) and field.related_model is Conversation
    )


def _join(one: Bare, thread_id: int) -> set[int]:
    """The case of a thread that went becomes one with that of the thread it went to, where both have one."""
    own = Ticket.objects.filter(pk=one.ticket_id).first()
    there = Conversation.objects.select_related("current_ticket").get(pk=thread_id).current_ticket
    if own is None or there is None or own.pk == there.pk:
        return {own.pk} if own else set()
    into, other = (there, own) if there.is_open or not own.is_open else (own, there)
    with suppress(Refused):
        join_cases(into=into, other=other, by=None)
    return {own.pk, there.pk}


def _adopt(org: int, threads: Sequence[int]) -> set[int]:
    """What was said there without a case is said in it now; noise said to an open case is owed an answer."""
    with connection.cursor() as cursor:
        cursor.execute(ADOPT, [org, list(threads)])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    cases = moves.lock_cases(org, {row[0] for row in rows})
    for ticket_id, at, asks in sorted(rows, key=lambda row: row[1]):
        ticket = cases[ticket_id]
        if asks and ticket.is_open and at >= ticket.opened_at:
            go_on(ticket, at)
            wait_for_us(ticket, at)
    for ticket in cases.values():
        marks.place_in_queue(ticket)
        ticket.version += 1
        ticket.save()
    return set(cases)


def _record(org: int, found: Sequence[Bare], kept: dict[str, int]) -> None:
    """A line for each thread, in the case it stands in now."""
    now = dict(
        Conversation.objects.filter(organization_id=org, pk__in=set(kept.values())).values_list(
            "pk", "current_ticket_id"
        )
    )
    audit.record_all(
        org,
        "thread.rehung",
        (
            (now[kept[one.key]], {"thread": one.id, "into": kept[one.key], "posts": len(one.words)})
            for one in found
        ),
    )
