"""Our own words coming back: echoes of what left from here, and answers given elsewhere."""

from __future__ import annotations

from channels_social.networks.base import IncomingMessage
from helpdesk.text import excerpt, normalised
from tickets.intake.casework import answered
from tickets.intake.known import Known
from tickets.intake.plan import Arrival, Case, Confirmed, Intake, PendingAction, Said, Thread


def confirm(arrival: Arrival, item: IncomingMessage, known: Known, intake: Intake) -> bool:
    """Whether this is an action of ours: by the network's id, our echoed token, or thread and words.

    A delivery that arrives before the answer to our request proves the sending: "a late receipt always wins".
    """
    action = known.actions_by_id.get(item.external_id) or known.actions_by_token.get(item.client_token)
    action = action or _by_words(item, known)
    if action is None:
        return False
    if action.state != "sent":
        intake.confirmed.append(Confirmed(action.id, action.message_id, item.external_id, item.occurred_at))
        case = known.cases.get(action.ticket_id or 0)
        if case is not None:
            _mark(arrival, case, item, known, intake)
    return True


def take_native(said: Said, thread: Thread, known: Known, intake: Intake) -> None:
    """An answer given in the network's own app: it counts, and it stops the clock (channels C3)."""
    said.needs_attention = False
    thread.last_sent_at = max(thread.last_sent_at or said.occurred_at, said.occurred_at)
    thread.is_changed = True
    case = known.cases.get(thread.ticket_id or 0)
    if case is None:
        return
    said.ticket_id = case.id
    if said.occurred_at >= case.last_at:
        case.last_at, case.last_text = said.occurred_at, excerpt(said.text, 160)
    _touch(case, intake)
    if said.occurred_at >= case.opened_at:
        answered(case, said.occurred_at, known.rules[thread.account_id])


def _by_words(item: IncomingMessage, known: Known) -> PendingAction | None:
    candidates = known.actions_by_thread.get(item.thread_key)
    if not candidates:
        return None
    words = normalised(item.text)
    return next((one for one in candidates if one.state != "sent" and one.normalised_text == words), None)


def _mark(arrival: Arrival, case: Case, item: IncomingMessage, known: Known, intake: Intake) -> None:
    _touch(case, intake)
    answered(case, item.occurred_at, known.rules[arrival.account_id])


def _touch(case: Case, intake: Intake) -> None:
    case.is_changed = True
    case.version += 0 if case.is_new else 1
    if not case.is_new and case not in intake.cases:
        intake.cases.append(case)
