"""Opens a case by hand: a call, a visit, a letter, or what another system tells. One verb for every door.

The case is the same as a tweet's: clocks from when it happened, filed by rule of its kind, secrets cut, audited.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.db import transaction

from helpdesk import clock
from helpdesk.secrets.cutting import cut_secrets
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.text import clean
from tickets.cases.models import Message
from tickets.enums import Door
from tickets.intake import again, inbox
from tickets.intake.asked import Asked, Opened
from tickets.intake.by_hand_batch import Batch
from tickets.intake.references import References
from tickets.intake.rules.refs import normalised
from tickets.intake.whom import People

LONGEST_KEY = 100


@transaction.atomic
def open_case(organization: Organization, asked: Asked, *, by: Membership | None, source: str) -> Opened:
    """Write one matter down: a new case, or one more message in an open one. Inside ``tenant``.

    ``by`` is the colleague who writes it down, None for another system; ``source`` (``console:7``, ``hook:3``)
    is where ``asked.key`` is unique. A number of another system that a case has already makes it news of that
    case. Announcing to the consoles, after the commit, is the caller's.
    Raises ``ValueError`` for a case that is not there or a number that is none, ``Unrecognised`` (a
    ``ValueError``) for a telephone, document, e-mail or handle that is none.
    """
    return open_cases(organization, [asked], by=by, source=source)[0]


@transaction.atomic
def open_cases(
    organization: Organization, asked: Sequence[Asked], *, by: Membership | None, source: str
) -> list[Opened]:
    """Write many matters down, in their order, with few statements. Inside ``tenant``; raises as :func:`open_case`."""
    inbox.be_the_only_one(organization.pk)
    cut = [_cut(one, ZoneInfo(organization.timezone)) for one in asked]
    keys = [_message_key(source, one.key) for one in cut]
    known = _already(organization, [key for key, one in zip(keys, cut, strict=True) if one.key])
    references = References(organization, by)
    references.look_up(ref for one in cut for ref in one.references)
    people = People(organization, [one.who for one in cut], by)
    batch = Batch(organization, by, source, people, references, clock.now())
    opened = []
    for key, one in zip(keys, cut, strict=True):
        found = batch.news(one, known.get(key))
        if found is None:
            found = batch.take(one, key)
            known[key] = replace(found, what="known")
        opened.append(found)
    with whole():  # whoever takes it down may not be who sees it
        batch.write()
    return opened


@transaction.atomic
def tell_news(organization: Organization, asked: Asked, *, by: Membership | None) -> Opened:
    """What another system says of the case ``asked.ticket_id``: numbers, states, dates; the customer said nothing.

    Inside ``tenant``. A number that another case has stays with that one. Raises ``ValueError`` as
    :func:`open_case`.
    """
    inbox.be_the_only_one(organization.pk)
    cut = _cut(asked, ZoneInfo(organization.timezone))
    references = References(organization, by)
    references.look_up(cut.references)
    batch = Batch(organization, by, "", People(organization, [], by), references, clock.now())
    if cut.ticket_id is None:
        raise ValueError("no such case")
    again.must_be_there(organization, cut.ticket_id)
    opened = batch.tell(cut, cut.ticket_id)
    with whole():  # whoever takes it down may not be who sees it
        batch.write()
    return opened


def _message_key(source: str, key: str) -> str:
    """The id a message of that source and key has here: what makes telling it twice telling it once."""
    if not key:
        return f"by-hand:{uuid.uuid4().hex}"
    whole = f"{source}:{key}"
    return f"by-hand:{whole if len(whole) <= LONGEST_KEY else sha256(whole.encode()).hexdigest()}"


def _cut(asked: Asked, zone: ZoneInfo) -> Asked:
    """Without what must never be stored, and without what a database cannot hold."""
    who = replace(asked.who, name=cut_secrets(clean(asked.who.name)))
    text, answer = (cut_secrets(clean(words)).strip() for words in (asked.text, asked.answer))
    due_on = asked.due_at.astimezone(zone).date() if asked.due_at else None
    references = tuple(
        normalised(replace(ref, state=cut_secrets(clean(ref.state)), due_on=ref.due_on or due_on))
        for ref in asked.references
    )
    return replace(asked, who=who, text=text, answer=answer, references=references)


def _already(organization: Organization, keys: Sequence[str]) -> dict[str, Opened]:
    networks = [door.conversation.network for door in Door]
    rows = Message.objects.filter(
        organization=organization, network__in=networks, external_id__in=keys, ticket__isnull=False
    ).values_list("external_id", "ticket_id", "pk", "conversation__customer_id")
    return {key: Opened("known", ticket, pk, customer) for key, ticket, pk, customer in rows}
