"""Who speaks and in which thread: found, or made."""

from __future__ import annotations

from channels_social.enums import ConversationKind, Network
from channels_social.networks.base import Author, IncomingMessage
from tickets.customers.domain.names import NAMELESS
from tickets.intake.addresses import datum_of, owner_among
from tickets.intake.known import Known
from tickets.intake.plan import Arrival, Intake, Person, Thread


def person_of(arrival: Arrival, author: Author, message_id: str, known: Known, intake: Intake) -> Person:
    """The identity of an author. Without an id (Facebook hides it) each message has its own person."""
    external_id = author.external_id or f"anonymous:{message_id}"
    key = (arrival.network, author.scope, external_id)
    person = known.people.get(key)
    if person is None:
        owner = _owner(arrival, author, known)
        person = Person(
            identity_id=next(known.ids.identity),
            customer_id=owner or next(known.ids.customer),
            is_of_known=owner is not None,
            datum=datum_of(author.external_id) if arrival.network == Network.EMAIL else None,
            network=arrival.network,
            scope=author.scope,
            external_id=external_id,
            name=author.name or author.handle or NAMELESS,
            handle=author.handle,
            avatar_url=author.avatar_url,
            accepts_dm=author.accepts_dm,
            is_anonymous=not author.external_id,
            is_new=True,
        )
        known.people[key] = person
        intake.people.append(person)
        return person
    _refresh(person, author, intake)
    return person


def _owner(arrival: Arrival, author: Author, known: Known) -> int | None:
    """Whose a new address is already; a mail that is not from whom it says is nobody's we know."""
    item = arrival.item
    if isinstance(item, IncomingMessage) and item.letter is not None and item.letter.is_forged:
        return None
    return owner_among(known.owners.get(author.external_id, []), author.name)


def _refresh(person: Person, author: Author, intake: Intake) -> None:
    """Handles and names change; the id does not."""
    fresh = {
        "name": author.name or person.name,
        "handle": author.handle or person.handle,
        "avatar_url": author.avatar_url or person.avatar_url,
        "accepts_dm": person.accepts_dm if author.accepts_dm is None else author.accepts_dm,
    }
    changed = [name for name, value in fresh.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, fresh[name])
    if changed and not person.is_new and not person.is_changed:
        person.is_changed = True
        intake.people.append(person)


def thread_of(
    arrival: Arrival, item: IncomingMessage, person: Person, known: Known, intake: Intake
) -> Thread:
    """The conversation of a message: one thread of one person."""
    thread_key = item.thread_key or f"provisional:{item.missing_root}:{person.external_id}"
    key = (arrival.network, item.kind.value, thread_key)
    thread = known.threads.get(key)
    if thread is None:
        thread = Thread(
            id=next(known.ids.conversation),
            account_id=arrival.account_id,
            network=arrival.network,
            kind=ConversationKind(item.kind).value,
            thread_key=thread_key,
            customer_id=person.customer_id,
            identity_id=person.identity_id,
            root_external_id=item.root_external_id or item.missing_root,
            is_provisional=not item.thread_key,
            is_new=True,
        )
        known.threads[key] = thread
    return listed(thread, intake)


def listed(thread: Thread, intake: Intake) -> Thread:
    """The thread, among those that may be written."""
    if thread not in intake.threads:
        intake.threads.append(thread)
    return thread
