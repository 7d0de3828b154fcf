"""The statements of intake about what was said: people, threads, messages, files. No rule in any of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from helpdesk.secrets.crypto import vault
from helpdesk.text import fold_handle
from tickets.customers.domain.identities import digest_for
from tickets.intake.plan import Intake, Person, Said, Thread

Row = tuple[Any, ...]
Insert = Callable[..., list[Row]]


def people(org: int, intake: Intake, insert: Insert, cursor: Any) -> None:
    fresh = [person for person in intake.people if person.is_new]
    insert(
        "INSERT INTO tickets_customer (organization_id, id, name) VALUES %s",
        [(org, person.customer_id, person.name[:160]) for person in fresh if not person.is_of_known],
    )
    insert(
        "INSERT INTO tickets_identity (organization_id, id, customer_id, network, scope, external_id, handle, "
        "handle_key, name, avatar_url, accepts_dm, is_anonymous, check_state, sealed, digest, masked) VALUES %s",
        [
            (
                org, p.identity_id, p.customer_id, p.network, p.scope, p.external_id, p.handle[:80],
                fold_handle(p.handle)[:80], p.name[:160], p.avatar_url, p.accepts_dm, p.is_anonymous, "none",
                *_sealed(org, p),
            )
            for p in fresh
        ],
    )  # fmt: skip
    insert(
        "UPDATE tickets_identity AS i SET handle = v.handle, handle_key = v.key, name = v.name, "
        "avatar_url = v.url, accepts_dm = v.dm::boolean "
        "FROM (VALUES %s) AS v(org, id, handle, key, name, url, dm) "
        "WHERE i.organization_id = v.org AND i.id = v.id",
        [
            (
                org, p.identity_id, p.handle[:80], fold_handle(p.handle)[:80], p.name[:160], p.avatar_url,
                p.accepts_dm,
            )
            for p in intake.people
            if not p.is_new
        ],
    )  # fmt: skip


def _sealed(org: int, person: Person) -> tuple[bytes | None, str, str]:
    datum = person.datum
    if datum is None:
        return None, "", ""
    return vault().seal(datum.value), digest_for(org, datum), datum.masked[:120]


def threads(org: int, intake: Intake, insert: Insert, cursor: Any) -> None:
    def row(t: Thread) -> Row:
        return (
            org, t.id, t.account_id, t.network, t.kind, t.thread_key, t.customer_id, t.identity_id,
            t.root_external_id, t.ticket_id, t.last_customer_at, t.last_sent_at, t.last_external_id,
            t.is_provisional,
        )  # fmt: skip

    insert(
        "INSERT INTO tickets_conversation (organization_id, id, account_id, network, kind, thread_key, "
        "customer_id, identity_id, root_external_id, current_ticket_id, last_customer_at, last_sent_at, "
        "last_external_id, is_provisional) VALUES %s",
        [row(thread) for thread in intake.threads if thread.is_new],
    )


def moved(org: int, intake: Intake, insert: Insert) -> None:
    """What was there already and now stands in a case: after the cases, by which whoever writes sees it."""
    insert(
        "UPDATE tickets_message AS m SET ticket_id = v.ticket FROM (VALUES %s) AS v(org, thread, ticket) "
        "WHERE m.organization_id = v.org AND m.conversation_id = v.thread AND m.ticket_id IS NULL",
        [(org, thread, ticket) for thread, ticket in intake.adopted],
    )
    insert(
        "UPDATE tickets_conversation AS c SET current_ticket_id = v.ticket_id::bigint, "
        "last_customer_at = v.customer_at::timestamptz, last_sent_at = v.sent_at::timestamptz, "
        "last_external_id = v.last_id "
        "FROM (VALUES %s) AS v(org, id, ticket_id, customer_at, sent_at, last_id) "
        "WHERE c.organization_id = v.org AND c.id = v.id",
        [
            (org, t.id, t.ticket_id, t.last_customer_at, t.last_sent_at, t.last_external_id)
            for t in intake.threads
            if t.is_changed and not t.is_new
        ],
    )


def messages(org: int, intake: Intake, insert: Insert, cursor: Any) -> None:
    def row(m: Said) -> Row:
        return (
            org, m.id, m.thread_id, m.ticket_id, m.network, m.external_id, m.parent_external_id, m.direction,
            m.is_public, m.text, m.occurred_at, m.is_native, m.needs_attention, m.is_courtesy,
            m.is_encrypted, m.edited_at, m.deleted_at, m.hidden_at, "",
            None if m.verdict is None or m.deleted_at else json.dumps(m.verdict),
        )  # fmt: skip

    insert(
        "INSERT INTO tickets_message (organization_id, id, conversation_id, ticket_id, network, external_id, "
        "parent_external_id, direction, is_public, text, occurred_at, is_native, needs_attention, is_courtesy, "
        "is_encrypted, edited_at, deleted_at, hidden_at, send_state, verdict) VALUES %s",
        [row(said) for said in intake.messages if said.is_new],
    )
    insert(
        "UPDATE tickets_message AS m SET text = v.text, edited_at = v.edited::timestamptz, "
        "deleted_at = v.deleted::timestamptz, hidden_at = v.hidden::timestamptz, "
        # The reasons quote the words: they go with them.
        "verdict = CASE WHEN v.deleted IS NULL THEN m.verdict END "
        "FROM (VALUES %s) AS v(org, id, text, edited, deleted, hidden) "
        "WHERE m.organization_id = v.org AND m.id = v.id",
        [
            (org, m.id, m.text, m.edited_at, m.deleted_at, m.hidden_at)
            for m in intake.messages
            if m.is_changed and not m.is_new
        ],
    )
    insert(
        "INSERT INTO tickets_messageversion (organization_id, message_id, network, external_id, text, at) "
        "VALUES %s ON CONFLICT DO NOTHING",
        [(org, v.message_id, v.network, v.external_id, v.text, v.at) for v in intake.versions],
    )
    _graves(org, intake, insert, cursor)
    dead = [said.id for said in intake.messages if said.deleted_at is not None]
    if dead:
        # What a customer deletes goes from the former versions too.
        cursor.execute(
            "UPDATE tickets_messageversion SET text = '' WHERE organization_id = %s AND message_id = ANY(%s)",
            [org, dead],
        )


def media(org: int, intake: Intake, insert: Insert, cursor: Any) -> None:
    wanted = [(said, ref) for said in intake.messages if said.is_new for ref in said.media]
    if not wanted:
        return
    files = {(said.account_id, ref.key): ref for said, ref in wanted}
    stored = insert(
        "INSERT INTO channels_social_media (organization_id, account_id, source_key, source_url, kind, name, "
        "state, reason, sha256, content_type, file, attempts) VALUES %s "
        "ON CONFLICT (organization_id, account_id, source_key) DO UPDATE SET source_url = excluded.source_url "
        "RETURNING account_id, source_key, id",
        [
            (org, account, key, ref.url, ref.kind[:12], ref.name[:120], "pending", "", "", "", "", 0)
            for (account, key), ref in files.items()
        ],
        fetch=True,
    )
    ids = {(account, key): media for account, key, media in stored}
    insert(
        "INSERT INTO tickets_attachment (organization_id, message_id, media_id) VALUES %s ON CONFLICT DO NOTHING",
        [(org, said.id, ids[said.account_id, ref.key]) for said, ref in wanted],
    )


def _graves(org: int, intake: Intake, insert: Insert, cursor: Any) -> None:
    """Tombstones, the newest of each sort; the words of what is deleted go from them too."""
    newest = {(g.network, g.external_id, g.change): g for g in sorted(intake.graves, key=lambda g: g.at)}
    insert(
        "INSERT INTO tickets_tombstone AS t (organization_id, network, external_id, change, at, text) VALUES %s "
        "ON CONFLICT (organization_id, network, external_id, change) DO UPDATE "
        "SET at = excluded.at, text = excluded.text WHERE excluded.at > t.at",
        [(org, *key, g.at, g.text) for key, g in newest.items()],
    )
    dead = [g.external_id for g in intake.graves if g.change == "delete"]
    dead += [said.external_id for said in intake.messages if said.deleted_at is not None]
    if dead:
        cursor.execute(
            "UPDATE tickets_tombstone SET text = '' WHERE organization_id = %s AND external_id = ANY(%s)",
            [org, dead],
        )


def receipts(org: int, intake: Intake, cursor: Any) -> None:
    """Delivered and read, by watermark or by id; the latest instant stays."""
    for change in intake.receipts:
        column = "read_at" if change.what == "read" else "delivered_at"
        where, value = (
            ("external_id = %s", change.external_id)
            if change.external_id
            else ("thread_key = %s", change.thread_key)
        )
        cursor.execute(
            f"UPDATE channels_social_outboundaction SET {column} = greatest({column}, %s) "
            f"WHERE organization_id = %s AND {where} AND state = 'sent' AND sent_at <= %s",
            [change.occurred_at, org, value, change.occurred_at],
        )
