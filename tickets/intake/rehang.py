"""Threads that began without their root are hung again once it is known, before the batch that tells it is decided.

One rule, in both directions of time: a post stands under the root its network names, else under its parent's. What
was provisional is moved, never erased: its messages, its answers in the outbox and, by joining, its case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from django.db import connection

from channels_social.enums import ConversationKind
from channels_social.networks.base import IncomingMessage, thread_under
from helpdesk.tenancy.planned import ask
from tickets.intake.plan import Arrival
from tickets.intake.rehang_write import Bare, hang

# Keys of provisional threads are a range of the unique index: where there are none, asking costs next to nothing.
BARE_THREADS = """
SELECT c.id, c.thread_key, c.customer_id, c.current_ticket_id, i.external_id
FROM tickets_conversation c
JOIN tickets_identity i ON i.organization_id = c.organization_id AND i.id = c.identity_id
WHERE c.organization_id = %s AND c.network = 'x' AND c.kind = 'x_public'
  AND c.thread_key >= 'provisional:' AND c.thread_key < 'provisional;'
ORDER BY c.id DESC LIMIT 2000
"""
WORDS = (
    "SELECT conversation_id, external_id, parent_external_id FROM tickets_message "
    "WHERE organization_id = %s AND conversation_id = ANY(%s)"
)
ROOTS = """
SELECT m.external_id, c.root_external_id FROM tickets_message m
JOIN tickets_conversation c ON c.organization_id = m.organization_id AND c.id = m.conversation_id
WHERE m.organization_id = %s AND m.network = 'x' AND m.external_id = ANY(%s)
  AND c.kind = 'x_public' AND c.root_external_id <> '' AND NOT c.is_provisional
"""


@dataclass(frozen=True, slots=True)
class Rehung:
    """The arrivals, with their threads where these are known now, and the cases that changed."""

    arrivals: list[Arrival]
    tickets: frozenset[int] = frozenset()


def rehang(organization_id: int, arrivals: Sequence[Arrival]) -> Rehung:
    """Hang what this batch tells the root of. Inside ``tenant``, holding the inbox, before the batch is loaded."""
    posts = [arrival.item for arrival in arrivals if _is_post(arrival.item)]
    if not posts:
        return Rehung(list(arrivals))
    bare = _bare_threads(organization_id)
    answers = [post for post in posts if not post.thread_key]
    if not bare and not answers:
        return Rehung(list(arrivals))
    roots = _roots(organization_id, [post.parent_external_id for post in answers]) | _told(posts)
    found = [one for one in settle([*bare, *map(_unwritten, answers)], roots) if one.id]
    tickets = hang(organization_id, found) if found else frozenset()
    return Rehung([_under(arrival, roots) for arrival in arrivals], tickets)


def settle(threads: Sequence[Bare], roots: dict[str, str]) -> list[Bare]:
    """The threads whose root follows from what is known; ``roots`` (post → root) grows by what stands in them. Pure.

    Until nothing more follows: what answers a post that has just been placed is placed too.
    """
    left, found = list(threads), []
    while now := [one for one in left if _root_of(one, roots)]:
        for one in now:
            one.root = _root_of(one, roots)
            roots |= {number: one.root for number, _parent in one.words}
        found += now
        left = [one for one in left if not one.root]
    return found


def _root_of(thread: Bare, roots: dict[str, str]) -> str:
    known = (roots.get(number) or roots.get(parent) for number, parent in thread.words)
    return next((root for root in known if root), "")


def _is_post(item: object) -> TypeGuard[IncomingMessage]:
    return isinstance(item, IncomingMessage) and item.kind is ConversationKind.X_PUBLIC


def _unwritten(post: IncomingMessage) -> Bare:
    """A post of this batch that does not name its conversation, as a thread that is not there yet."""
    return Bare(id=0, words=[(post.external_id, post.parent_external_id)])


def _told(posts: Iterable[IncomingMessage]) -> dict[str, str]:
    """Post → root, of those that name it."""
    return {
        number: post.root_external_id
        for post in posts
        if post.thread_key
        for number in (post.external_id, *post.version_ids)
    }


def _under(arrival: Arrival, roots: dict[str, str]) -> Arrival:
    """The arrival in its thread, where the root it stands under is known."""
    item = arrival.item
    if not _is_post(item) or item.thread_key or item.external_id not in roots:
        return arrival
    whose = item.person if item.is_ours else item.author
    if whose is None:
        return arrival
    root = roots[item.external_id]
    key = thread_under(root, whose.external_id)
    return replace(arrival, item=replace(item, thread_key=key, root_external_id=root, missing_root=""))


def _bare_threads(org: int) -> list[Bare]:
    with connection.cursor() as cursor:
        ask(cursor, BARE_THREADS, [org])
        threads = {row[0]: Bare(*row) for row in cursor.fetchall()}
        if threads:
            cursor.execute(WORDS, [org, list(threads)])
            for thread_id, number, parent in cursor.fetchall():
                threads[thread_id].words.append((number or "", parent))
    return sorted(threads.values(), key=lambda one: one.id)


def _roots(org: int, numbers: Sequence[str]) -> dict[str, str]:
    """Post → root, of what is here already."""
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(ROOTS, [org, sorted(set(numbers))])
        return dict(cursor.fetchall())
