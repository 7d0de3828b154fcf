"""The statements of intake about what was said: people, threads, messages, files. No rule in any of them."""

from __future__ import annotations

from typing import Any

from helpdesk.secrets.crypto import vault
from helpdesk.text import fold_handle
from tickets.customers.domain.identities import digest_for
from tickets.intake.plan import Intake, Person, Said, Thread
from tickets.intake.rows import Row, Writes, inserting, with_rows

CUSTOMERS = inserting("tickets_customer", "organization_id bigint, id bigint, name text")
IDENTITIES = inserting(
    "tickets_identity",
    "organization_id bigint, id bigint, customer_id bigint, network text, scope text, external_id text, handle text, "
    "handle_key text, name text, avatar_url text, accepts_dm boolean, is_anonymous boolean, check_state text, "
    "sealed bytea, digest text, masked text",
)
RENAMED = with_rows(
    "UPDATE tickets_identity AS i SET handle = v.handle, handle_key = v.key, name = v.name, avatar_url = v.url, "
    "accepts_dm = v.dm FROM v WHERE i.organization_id = v.org AND i.id = v.id",
    "org bigint, id bigint, handle text, key text, name text, url text, dm boolean",
)
THREADS = inserting(
    "tickets_conversation",
    "organization_id bigint, id bigint, account_id bigint, network text, kind text, thread_key text, "
    "customer_id bigint, identity_id bigint, root_external_id text, current_ticket_id bigint, "
    "last_customer_at timestamptz, last_sent_at timestamptz, last_external_id text, is_provisional boolean",
)
ADOPTED = with_rows(
    "UPDATE tickets_message AS m SET ticket_id = v.ticket FROM v "
    "WHERE m.organization_id = v.org AND m.conversation_id = v.thread AND m.ticket_id IS NULL",
    "org bigint, thread bigint, ticket bigint",
)
MOVED = with_rows(
    "UPDATE tickets_conversation AS c SET current_ticket_id = v.ticket_id, last_customer_at = v.customer_at, "
    "last_sent_at = v.sent_at, last_external_id = v.last_id FROM v "
    "WHERE c.organization_id = v.org AND c.id = v.id",
    "org bigint, id bigint, ticket_id bigint, customer_at timestamptz, sent_at timestamptz, last_id text",
)
MESSAGES = inserting(
    "tickets_message",
    "organization_id bigint, id bigint, conversation_id bigint, ticket_id bigint, network text, external_id text, "
    "parent_external_id text, direction text, is_public boolean, text text, occurred_at timestamptz, "
    "is_native boolean, needs_attention boolean, is_courtesy boolean, is_encrypted boolean, edited_at timestamptz, "
    "deleted_at timestamptz, hidden_at timestamptz, send_state text, verdict jsonb",
)
CHANGED = with_rows(
    "UPDATE tickets_message AS m SET text = v.text, edited_at = v.edited, deleted_at = v.deleted, "
    # The reasons quote the words: they go with them.
    "hidden_at = v.hidden, verdict = CASE WHEN v.deleted IS NULL THEN m.verdict END FROM v "
    "WHERE m.organization_id = v.org AND m.id = v.id",
    "org bigint, id bigint, text text, edited timestamptz, deleted timestamptz, hidden timestamptz",
)
VERSIONS = inserting(
    "tickets_messageversion",
    "organization_id bigint, message_id bigint, network text, external_id text, text text, at timestamptz",
    "ON CONFLICT DO NOTHING",
)
UNSAID = "UPDATE tickets_messageversion SET text = '' WHERE organization_id = %s AND message_id = ANY(%s)"
FILES = inserting(
    "channels_social_media",
    "organization_id bigint, account_id bigint, source_key text, source_url text, kind text, name text, state text, "
    "reason text, sha256 text, content_type text, file text, attempts int",
    "ON CONFLICT (organization_id, account_id, source_key) DO UPDATE SET source_url = excluded.source_url "
    "RETURNING account_id, source_key, id",
)
ATTACHED = inserting(
    "tickets_attachment",
    "organization_id bigint, message_id bigint, media_id bigint",
    "ON CONFLICT DO NOTHING",
)
GRAVES = inserting(
    "tickets_tombstone AS t",
    "organization_id bigint, network text, external_id text, change text, at timestamptz, text text",
    "ON CONFLICT (organization_id, network, external_id, change) DO UPDATE "
    "SET at = excluded.at, text = excluded.text WHERE excluded.at > t.at",
)
FORGOTTEN = "UPDATE tickets_tombstone SET text = '' WHERE organization_id = %s AND external_id = ANY(%s)"


def people(org: int, intake: Intake, writes: Writes) -> None:
    fresh = [person for person in intake.people if person.is_new]
    writes.rows(
        CUSTOMERS,
        [(org, person.customer_id, person.name[:160]) for person in fresh if not person.is_of_known],
    )
    writes.rows(
        IDENTITIES,
        [
            (
                org, p.identity_id, p.customer_id, p.network, p.scope, p.external_id, p.handle[:80],
                fold_handle(p.handle)[:80], p.name[:160], p.avatar_url, p.accepts_dm, p.is_anonymous, "none",
                *_sealed(org, p),
            )
            for p in fresh
        ],
    )  # fmt: skip
    writes.rows(
        RENAMED,
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


def threads(org: int, intake: Intake, writes: Writes) -> None:
    def row(t: Thread) -> Row:
        return (
            org, t.id, t.account_id, t.network, t.kind, t.thread_key, t.customer_id, t.identity_id,
            t.root_external_id, t.ticket_id, t.last_customer_at, t.last_sent_at, t.last_external_id,
            t.is_provisional,
        )  # fmt: skip

    writes.rows(THREADS, [row(thread) for thread in intake.threads if thread.is_new])


def moved(org: int, intake: Intake, writes: Writes) -> None:
    """What was there already and now stands in a case: after the cases, by which whoever writes sees it."""
    writes.rows(ADOPTED, [(org, thread, ticket) for thread, ticket in intake.adopted])
    writes.rows(
        MOVED,
        [
            (org, t.id, t.ticket_id, t.last_customer_at, t.last_sent_at, t.last_external_id)
            for t in intake.threads
            if t.is_changed and not t.is_new
        ],
    )


def messages(org: int, intake: Intake, writes: Writes) -> None:
    def row(m: Said) -> Row:
        return (
            org, m.id, m.thread_id, m.ticket_id, m.network, m.external_id, m.parent_external_id, m.direction,
            m.is_public, m.text, m.occurred_at, m.is_native, m.needs_attention, m.is_courtesy,
            m.is_encrypted, m.edited_at, m.deleted_at, m.hidden_at, "",
            None if m.deleted_at else m.verdict,
        )  # fmt: skip

    writes.rows(MESSAGES, [row(said) for said in intake.messages if said.is_new])
    writes.rows(
        CHANGED,
        [
            (org, m.id, m.text, m.edited_at, m.deleted_at, m.hidden_at)
            for m in intake.messages
            if m.is_changed and not m.is_new
        ],
    )
    writes.rows(
        VERSIONS, [(org, v.message_id, v.network, v.external_id, v.text, v.at) for v in intake.versions]
    )
    _graves(org, intake, writes)
    dead = [said.id for said in intake.messages if said.deleted_at is not None]
    if dead:
        # What a customer deletes goes from the former versions too.
        writes.add(UNSAID, [org, dead])


def media(org: int, intake: Intake, writes: Writes, cursor: Any) -> None:
    """Sends what was to be written until here: attachments need the ids of their files."""
    wanted = [(said, ref) for said in intake.messages if said.is_new for ref in said.media]
    if not wanted:
        return
    files = {(said.account_id, ref.key): ref for said, ref in wanted}
    writes.rows(
        FILES,
        [
            (org, account, key, ref.url, ref.kind[:12], ref.name[:120], "pending", "", "", "", "", 0)
            for (account, key), ref in files.items()
        ],
    )
    writes.send(cursor)
    ids = {(account, key): media for account, key, media in cursor.fetchall()}
    writes.rows(ATTACHED, [(org, said.id, ids[said.account_id, ref.key]) for said, ref in wanted])


def _graves(org: int, intake: Intake, writes: Writes) -> None:
    """Tombstones, the newest of each sort; the words of what is deleted go from them too."""
    newest = {(g.network, g.external_id, g.change): g for g in sorted(intake.graves, key=lambda g: g.at)}
    writes.rows(GRAVES, [(org, *key, g.at, g.text) for key, g in newest.items()])
    dead = [g.external_id for g in intake.graves if g.change == "delete"]
    dead += [said.external_id for said in intake.messages if said.deleted_at is not None]
    if dead:
        writes.add(FORGOTTEN, [org, dead])


def receipts(org: int, intake: Intake, writes: Writes) -> None:
    """Delivered and read, by watermark or by id; the latest instant stays."""
    for change in intake.receipts:
        column = "read_at" if change.what == "read" else "delivered_at"
        where, value = (
            ("external_id = %s", change.external_id)
            if change.external_id
            else ("thread_key = %s", change.thread_key)
        )
        writes.add(
            f"UPDATE channels_social_outboundaction SET {column} = greatest({column}, %s) "
            f"WHERE organization_id = %s AND {where} AND state = 'sent' AND sent_at <= %s",
            [change.occurred_at, org, value, change.occurred_at],
        )
