"""All rules of intake, pure: ``decide(arrivals, known) -> Intake``. No database, no clock, no network.

Deliveries may come twice, backwards and one by one or all at once: the same messages end in the same
conversations with the same states (a property test says so).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from channels_social.networks.base import AccountSignal, Change, IncomingMessage
from tickets.enums import Direction
from tickets.intake import after_contact, answers, casework, changes
from tickets.intake.judging import judge_said
from tickets.intake.known import Known
from tickets.intake.people import listed, person_of, thread_of
from tickets.intake.plan import Arrival, Intake, Person, Said, Thread, Version


def decide(arrivals: Sequence[Arrival], known: Known) -> Intake:
    """What the batch changes. ``known`` is used up: it is changed along the way."""
    intake = Intake()
    for arrival in sorted(arrivals, key=_moment):
        item = arrival.item
        if isinstance(item, IncomingMessage):
            _take_in(arrival, item, known, intake)
        elif isinstance(item, Change):
            changes.apply(arrival, item, known, intake)
        elif isinstance(item, AccountSignal):
            intake.signals.append((arrival.account_id, item))
    return intake


def _moment(arrival: Arrival) -> tuple[float, int, str, bool]:
    """Provider's time first; at the same instant a message comes before what happened to it.

    Of two deliveries of a message the one that knows its thread comes first.
    """
    item = arrival.item
    if isinstance(item, AccountSignal):
        return (0.0, 0, "", False)
    rank = 0 if isinstance(item, IncomingMessage) else 1
    return (item.occurred_at.timestamp(), rank, item.external_id, not item.thread_key)


def _take_in(arrival: Arrival, item: IncomingMessage, known: Known, intake: Intake) -> None:
    said = known.messages.get((arrival.network, item.external_id))
    if said is not None:
        changes.apply_version(item, said, known, intake)
        return
    above = answers.thread_above(arrival, item, known)
    if above is not None:
        item = replace(item, thread_key=above.thread_key)
    if item.is_ours and answers.confirm(arrival, item, known, intake):
        return
    subject = item.person if item.is_ours else item.author
    if not item.is_for_desk or (subject is None and above is None):
        return
    if subject is not None:
        person = person_of(arrival, subject, item.external_id, known, intake)
        thread = thread_of(arrival, item, person, known, intake)
    elif above is not None:
        thread = listed(above, intake)
    said = _said(arrival, item, thread, known)
    intake.messages.append(said)
    known.messages[arrival.network, item.external_id] = said
    _remember_versions(arrival, item, said, known, intake)
    changes.bury_if_dead(arrival, said, known, intake)
    if item.is_ours:
        answers.take_native(said, thread, known, intake)
    else:
        _take_customers(arrival, said, item, person, thread, known, intake)
    if said.ticket_id is None:
        known.orphans.setdefault(thread.id, []).append(said)


def _take_customers(
    arrival: Arrival,
    said: Said,
    item: IncomingMessage,
    person: Person,
    thread: Thread,
    known: Known,
    intake: Intake,
) -> None:
    if thread.last_customer_at is None or said.occurred_at >= thread.last_customer_at:
        thread.last_customer_at, thread.last_external_id = said.occurred_at, said.external_id
        thread.is_changed = True
    # Judged as it was said: an edit or a deletion that came first must not change what it was.
    verdict = judge_said(said, item, known)
    if arrival.is_chosen:
        said.is_noise = said.is_courtesy = False
    after_contact.read(said, thread, known, intake)
    said.needs_attention = not said.is_noise
    casework.hang_where_named(arrival.ticket_id, person, thread, known)
    case = casework.case_for(said, verdict, person, thread, known, intake)
    if case is None:
        said.needs_attention = False
        if said.is_noise:
            thread.unheard.append(said.occurred_at)
        return
    said.ticket_id = case.id
    casework.hear(case, said, verdict, thread, known, intake)
    casework.hear_noise(case, thread, known)


def _said(arrival: Arrival, item: IncomingMessage, thread: Thread, known: Known) -> Said:
    return Said(
        id=next(known.ids.message),
        thread_id=thread.id,
        network=arrival.network,
        external_id=item.external_id,
        direction=Direction.OUT if item.is_ours else Direction.IN,
        is_public=item.kind.is_public,
        text=item.text,
        occurred_at=item.occurred_at,
        parent_external_id=item.parent_external_id,
        is_native=item.is_ours,
        is_encrypted=item.is_encrypted,
        edited_at=item.edited_at,
        hidden_at=item.occurred_at if item.is_hidden else None,
        account_id=arrival.account_id,
        media=item.media,
        letter=item.letter,
        is_new=True,
    )


def _remember_versions(
    arrival: Arrival, item: IncomingMessage, said: Said, known: Known, intake: Intake
) -> None:
    for version_id in item.version_ids:
        known.messages[arrival.network, version_id] = said
        if version_id != item.external_id:
            intake.versions.append(
                Version(said.id, arrival.network, version_id, item.text, item.edited_at or item.occurred_at)
            )
