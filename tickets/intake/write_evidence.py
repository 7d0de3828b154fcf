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
from tickets.intake.write_talk import Insert


def evidence(organization: Organization, intake: Intake, insert: Insert, cursor: Any) -> None:
    """Keys of new and renamed people, quotes of new messages; quotes of deleted ones go."""
    _keys(organization.pk, intake.people, insert, cursor)
    _quotes(organization, intake, insert)
    dead = [said.id for said in intake.messages if said.deleted_at is not None and not said.is_new]
    if dead:
        cursor.execute(
            "DELETE FROM tickets_quote WHERE organization_id = %s AND message_id = ANY(%s)",
            [organization.pk, dead],
        )


def _keys(org: int, people: list[Person], insert: Insert, cursor: Any) -> None:
    renamed = [person.identity_id for person in people if not person.is_new]
    if renamed:
        cursor.execute(
            "DELETE FROM tickets_identitykey WHERE organization_id = %s AND identity_id = ANY(%s)",
            [org, renamed],
        )
    insert(
        "INSERT INTO tickets_identitykey (organization_id, identity_id, key) VALUES %s ON CONFLICT DO NOTHING",
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


def _quotes(organization: Organization, intake: Intake, insert: Insert) -> None:
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

    insert(
        "INSERT INTO tickets_quote (organization_id, message_id, identity_id, sort, digest, number, masked, at) "
        "VALUES %s ON CONFLICT DO NOTHING",
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
