"""Our own words coming back: echoes of what left from here, and answers given elsewhere."""

from __future__ import annotations

from dataclasses import replace

from channels_social.networks.base import IncomingMessage
from helpdesk.text import excerpt, normalised
from tickets.intake.casework import answered
from tickets.intake.known import Known
from tickets.intake.people import listed
from tickets.intake.plan import Arrival, Case, Confirmed, Intake, Line, PendingAction, Said, Thread


def confirm(arrival: Arrival, item: IncomingMessage, known: Known, intake: Intake) -> bool:
    """Whether this is an action of ours: by the network's id, our echoed token, or thread and words.

    A delivery that arrives before the answer to our request proves the sending: "a late receipt always wins".
    """
    action = known.actions_by_id.get(item.external_id) or known.actions_by_token.get(item.client_token)
    action = action or _by_words(item, known)
    if action is None:
        return False
    if action.state == "sent":
        return True
    ticket_id, at = action.ticket_id, item.occurred_at
    intake.confirmed.append(Confirmed(action.id, action.message_id, item.external_id, at, ticket_id))
    _take_off(action, item.external_id, known)
    if action.is_notice:
        return True
    thread = known.threads.get((arrival.network, item.kind.value, item.thread_key))
    if thread is not None:
        thread.last_sent_at = max(thread.last_sent_at or at, at)
        thread.is_changed = True
        listed(thread, intake)
    case = known.cases.get(ticket_id or 0)
    if case is not None:
        _touch(case, intake)
        answered(case, at, known.rules[arrival.account_id], written_at=action.written_at)
        intake.lines.append(Line("reply.sent", case.id, {"message": action.message_id, "by": "echo"}))
    return True


def _take_off(action: PendingAction, external_id: str, known: Known) -> None:
    """One proof is for one action: the same words once more are another."""
    sent = replace(action, state="sent", external_id=external_id)
    known.actions_by_id[external_id] = known.actions_by_token[action.client_token] = sent
    waiting = known.actions_by_thread[action.thread_key]
    waiting[:] = [one for one in waiting if one.id != action.id]


def thread_above(arrival: Arrival, item: IncomingMessage, known: Known) -> Thread | None:
    """The thread of what our own word hangs from, where the network does not say whom we answer (Facebook)."""
    if not item.is_ours or item.person is not None or not item.missing_root:
        return None
    above = known.messages.get((arrival.network, item.missing_root))
    if above is None:
        return None
    return next((thread for thread in known.threads.values() if thread.id == above.thread_id), None)


def take_native(said: Said, thread: Thread, known: Known, intake: Intake) -> None:
    """An answer given in the network's own app: it counts, and it stops the clock (channels C3).

    What the mailbox answered by itself («fuera de la oficina») is shown and is no answer.
    """
    said.needs_attention = False
    is_machine = said.letter is not None and said.letter.auto == "auto_reply"
    if not is_machine:
        thread.last_sent_at = max(thread.last_sent_at or said.occurred_at, said.occurred_at)
    thread.is_changed = True
    case = known.cases.get(thread.ticket_id or 0)
    if case is None:
        return
    said.ticket_id = case.id
    if said.occurred_at >= case.last_at:
        case.last_at, case.last_text = said.occurred_at, excerpt(said.text, 160)
    _touch(case, intake)
    if said.occurred_at >= case.opened_at and not is_machine:
        answered(case, said.occurred_at, known.rules[thread.account_id])


def _by_words(item: IncomingMessage, known: Known) -> PendingAction | None:
    candidates = known.actions_by_thread.get(item.thread_key)
    if not candidates:
        return None
    words = normalised(item.text)
    return next((one for one in candidates if one.state != "sent" and one.normalised_text == words), None)


def _touch(case: Case, intake: Intake) -> None:
    case.is_changed = True
    case.version += 0 if case.is_new else 1
    if not case.is_new and case not in intake.cases:
        intake.cases.append(case)
