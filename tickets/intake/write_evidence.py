"""What a batch tells of who people are: the keys of their handles and names, and what they quote. No rule here.

Written beside the messages, in their transaction, so that looking for the same person elsewhere is a look-up.
"""

from __future__ import annotations

from typing import Any

from helpdesk.secrets.digest import digest_of
from helpdesk.tenancy.models import Organization
from tickets.cases.rules import fold_number
from tickets.customers.rules.likeness import keys_of
from tickets.customers.rules.quoting import Quoted, quoted
from tickets.enums import Direction
from tickets.intake.plan import Intake, Person, Said
from tickets.intake.rows import Writes, inserting

KEYS = inserting(
    "tickets_identitykey", "organization_id bigint, identity_id bigint, key text", "ON CONFLICT DO NOTHING"
)
NO_KEYS = "DELETE FROM tickets_identitykey WHERE organization_id = %s AND identity_id = ANY(%s)"
QUOTES = inserting(
    "tickets_quote",
    "organization_id bigint, message_id bigint, identity_id bigint, sort text, digest text, number text, "
    "masked text, at timestamptz",
    "ON CONFLICT DO NOTHING",
)
NO_QUOTES = "DELETE FROM tickets_quote WHERE organization_id = %s AND message_id = ANY(%s)"


def evidence(organization: Organization, intake: Intake, writes: Writes) -> None:
    """Keys of new and renamed people, quotes of new messages; quotes of deleted ones go."""
    _keys(organization.pk, intake.people, writes)
    _quotes(organization, intake, writes)
    dead = [said.id for said in intake.messages if said.deleted_at is not None and not said.is_new]
    if dead:
        writes.add(NO_QUOTES, [organization.pk, dead])


def _keys(org: int, people: list[Person], writes: Writes) -> None:
    renamed = [person.identity_id for person in people if not person.is_new]
    if renamed:
        writes.add(NO_KEYS, [org, renamed])
    writes.rows(
        KEYS,
        [
            (org, person.identity_id, key)
            for person in people
            if not person.is_anonymous
            for key in sorted(keys_of(person.handle, person.name))
        ],
    )


def _known_by(org: int, quote: Quoted) -> tuple[str, str]:
    """What a quote is looked up by: the digest, and a case's number as references fold it."""
    if quote.sort not in ("radicado", "order"):
        return digest_of(org, f"{quote.sort}:{quote.key}"), ""
    number = quote.key if quote.sort == "radicado" else fold_number(quote.key)
    return digest_of(org, f"{quote.sort}:{number}"), number[:60]


def _quotes(organization: Organization, intake: Intake, writes: Writes) -> None:
    speakers = {thread.id: thread.identity_id for thread in intake.threads}
    org, country = organization.pk, organization.country

    def rows(said: Said) -> list[tuple[Any, ...]]:
        return [
            (
                org,
                said.id,
                speakers[said.thread_id],
                q.sort,
                *_known_by(org, q),
                q.masked[:80],
                said.occurred_at,
            )
            for q in quoted(said.text, country)
        ]

    writes.rows(
        QUOTES,
        [
            row
            for said in intake.messages
            if said.is_new
            and said.direction == Direction.IN
            and not said.deleted_at
            and said.thread_id in speakers
            for row in rows(said)
        ],
    )
