"""Which case a customer's message belongs to, and what hearing it does to the case."""

from __future__ import annotations

from datetime import datetime, timedelta

from helpdesk.text import excerpt
from tickets.clocks.rules import OWED, ClockRow, TimeRules
from tickets.enums import FILED_KINDS, ClockKind, PqrKind, Priority, TicketState
from tickets.intake.known import Known
from tickets.intake.plan import Case, Intake, Line, Person, Said, Thread
from tickets.intake.rules.kind import suggest_kind
from tickets.intake.rules.priority import History, suggest_priority
from tickets.triage.engine import Verdict

# The third unanswered message of one person raises its case (care.md, finding 3).
RAISE_AT = 3
LEFT_WAITING = "tercer mensaje sin respuesta"


def case_for(
    said: Said, verdict: Verdict, person: Person, thread: Thread, known: Known, intake: Intake
) -> Case | None:
    """The case a message is about: its thread's, an open one of the same person here, or a new one.

    None for a bare courtesy without a case: it is shown and opens nothing. Nor does noise open one, but it joins a case
    that is open: what somebody with a case says is never out of sight.
    """
    current = known.cases.get(thread.ticket_id) if thread.ticket_id else None
    if current is not None and _belongs(current, said, known):
        return current
    if said.is_courtesy:
        return current
    if current is None:
        joined = _open_elsewhere(said, person, known)
        if joined is not None:
            _hang(thread, joined)
            _adopt(thread, joined, known, intake)
            return joined
    if said.is_noise:
        return None
    return _open_case(said, verdict, person, thread, current, known, intake)


def hang_where_named(ticket_id: int | None, person: Person, thread: Thread, known: Known) -> None:
    """A thread without a case joins the one its author named, if it is theirs."""
    named = known.cases.get(ticket_id or 0)
    if named is not None and thread.ticket_id is None and named.customer_id == person.customer_id:
        _hang(thread, named)


def hear(case: Case, said: Said, verdict: Verdict, thread: Thread, known: Known, intake: Intake) -> None:
    """What a customer's message does to its case."""
    if not case.is_new and case not in intake.cases:
        intake.cases.append(case)
    case.is_changed = True
    case.version += 0 if case.is_new else 1
    _show_last(case, said, thread)
    if said.is_courtesy or (said.is_noise and (said.occurred_at < case.opened_at or not case.is_open)):
        return
    if said.occurred_at < case.opened_at:
        _move_opening(case, said, verdict, thread, known)
        case.last_asked_at = case.last_asked_at or said.occurred_at
        if thread.last_sent_at is not None and thread.last_sent_at >= said.occurred_at:
            _answered_in(case, thread, known)
    if case.resolved_at is not None and not case.is_open:
        if said.occurred_at <= case.resolved_at:
            return
        _reopen(case, said, known, thread, intake)
    _ask(case, said.occurred_at, known.rules[thread.account_id])


def hear_noise(case: Case, thread: Thread, known: Known) -> None:
    """Noise that came in before the older message that opened the case: it was said to an open case after all."""
    for at in sorted(thread.unheard):
        if at >= case.opened_at and case.is_open:
            _ask(case, at, known.rules[thread.account_id])
    thread.unheard.clear()


def _ask(case: Case, at: datetime, rules: TimeRules) -> None:
    case.last_asked_at = max(case.last_asked_at or at, at)
    if case.answered_until is None or at > case.answered_until:
        _wait_for_us(case, at, rules)


def _belongs(case: Case, said: Said, known: Known) -> bool:
    """Open, or resolved within the organization's window, or said before it was resolved."""
    if case.is_open:
        return True
    if case.state is not TicketState.RESOLVED or case.resolved_at is None:
        return False
    return said.occurred_at <= known.reopen_until.get(case.id, case.resolved_at)


def _open_elsewhere(said: Said, person: Person, known: Known) -> Case | None:
    """The newest open case of this person on the same network that is young enough to be the same matter."""
    window = timedelta(hours=known.join_hours)
    for case in reversed(known.open_cases.get((person.customer_id, said.network), [])):
        if case.is_open and case.opened_at - window <= said.occurred_at <= case.last_at + window:
            return case
    return None


def _open_case(
    said: Said,
    verdict: Verdict,
    person: Person,
    thread: Thread,
    previous: Case | None,
    known: Known,
    intake: Intake,
) -> Case:
    case = Case(
        id=next(known.ids.ticket),
        customer_id=person.customer_id,
        state=TicketState.NEW,
        opened_at=said.occurred_at,
        last_at=said.occurred_at,
        channel=thread.kind,
        network=said.network,
        account_id=thread.account_id,
        previous_id=previous.id if previous else None,
        tier_id=person.tier_id,
        is_new=True,
    )
    _suggest(case, verdict, _history(person, known))
    _start_clocks(case, thread, known)
    known.hold(case)
    known.open_cases.setdefault((person.customer_id, said.network), []).append(case)
    intake.cases.append(case)
    _adopt(thread, case, known, intake)
    if thread.last_sent_at is not None and thread.last_sent_at >= said.occurred_at:
        _answered_in(case, thread, known)
    _hang(thread, case)
    intake.lines.append(Line("ticket.opened", case.id, {"previous": case.previous_id, "kind": case.kind}))
    return case


def _adopt(thread: Thread, case: Case, known: Known, intake: Intake) -> None:
    """What was said in the thread before there was a case belongs to it."""
    ends = [thread.last_said] if thread.last_said else []
    for orphan in known.orphans.pop(thread.id, ()):
        orphan.ticket_id = case.id
        ends.append((orphan.occurred_at, orphan.text))
    for at, text in ends:
        if at > case.last_at:
            case.last_at, case.last_text, case.channel = at, excerpt(text, 160), thread.kind
    if not thread.is_new:
        intake.adopted.append((thread.id, case.id))


def _history(person: Person, known: Known) -> History:
    """What this person has been through with us, on any network."""
    cases = known.cases_of.get(person.customer_id, [])
    return History(
        open_cases=sum(case.is_open for case in cases),
        reopened=sum(case.reopened_count for case in cases),
    )


def _suggest(case: Case, verdict: Verdict, history: History) -> None:
    kind, case.kind_reasons = suggest_kind(verdict)
    case.suggested_kind = kind.value
    if not case.is_kind_corrected:
        case.kind = case.suggested_kind
    case.is_to_be_filed = case.radicado is None and PqrKind(case.kind) in FILED_KINDS
    case.priority, case.priority_reasons = suggest_priority(verdict, PqrKind(case.kind), history)


def _start_clocks(case: Case, thread: Thread, known: Known) -> None:
    rules = known.rules[thread.account_id]
    for kind in (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION):
        clock = rules.start(kind, case.priority, case.opened_at, case.about)
        if clock is not None:
            case.clocks[kind] = clock


def _hang(thread: Thread, case: Case) -> None:
    thread.ticket_id, thread.is_changed = case.id, True


def _show_last(case: Case, said: Said, thread: Thread) -> None:
    if said.occurred_at >= case.last_at:
        case.last_at, case.last_text = said.occurred_at, excerpt(said.text, 160)
        case.channel = thread.kind


def _move_opening(case: Case, said: Said, verdict: Verdict, thread: Thread, known: Known) -> None:
    """An earlier message arrived later: the case began then, and its clocks with it (channels F17)."""
    case.opened_at = said.occurred_at
    if not case.is_kind_corrected and case.radicado is None:
        _suggest(case, verdict, History())
    rules = known.rules[thread.account_id]
    _retarget(case, rules, known.now)
    for kind in (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION):
        clock = case.clocks.get(kind)
        if clock is not None and (clock.is_running or kind is ClockKind.FIRST_RESPONSE):
            rules.move(clock, said.occurred_at)


def _reopen(case: Case, said: Said, known: Known, thread: Thread, intake: Intake) -> None:
    case.state = TicketState.OPEN
    case.resolved_at = None
    case.reopened_count += 1
    known.open_cases.setdefault((case.customer_id, said.network), []).append(case)
    term = case.clocks.get(ClockKind.LEGAL)
    if term is not None and term.is_running:
        known.rules[thread.account_id].resume(term, said.occurred_at)
    clock = known.rules[thread.account_id].start(
        ClockKind.RESOLUTION, case.priority, said.occurred_at, case.about
    )
    if clock is not None:
        _put(case, clock)
    intake.lines.append(Line("ticket.reopened", case.id, {"by": "customer"}))


def _wait_for_us(case: Case, at: datetime, rules: TimeRules) -> None:
    if case.state is TicketState.WAITING_CUSTOMER:
        case.state, case.ended_wait_at = TicketState.OPEN, at
        for clock in case.clocks.values():
            rules.resume(clock, at)
    case.unanswered_since = min(case.unanswered_since or at, at)
    case.unanswered_count += 1
    case.asked.append(at)
    if case.unanswered_count >= RAISE_AT:
        _raise(case, rules, at)
    if case.first_sent_at is not None:
        _owe_next(case, rules)


def _raise(case: Case, rules: TimeRules, at: datetime) -> None:
    """Who was left waiting comes sooner; of what is urgent already, it is told all the same."""
    if case.priority in (Priority.MEDIUM, Priority.LOW):
        case.priority = Priority.HIGH
        _retarget(case, rules, at)
    if LEFT_WAITING not in case.priority_reasons:
        case.priority_reasons = (*case.priority_reasons, LEFT_WAITING)


def _owe_news(case: Case, at: datetime, rules: TimeRules) -> None:
    """From the last answer on, the next news are owed; not while we wait for the customer.

    News that came in time leave no row of their own: whatever the order answers are told in, one clock runs.
    """
    running = case.clocks.get(ClockKind.UPDATE)
    if running is not None and running.is_running:
        if at <= running.started_at:
            return
        if running.breached_at is None:
            rules.move(running, at)
            return
        running.meet(at)
    clock = rules.start(ClockKind.UPDATE, case.priority, at, case.about)
    if clock is not None:
        clock.paused_at = at if case.state is TicketState.WAITING_CUSTOMER else None
        _put(case, clock)


def _owe_next(case: Case, rules: TimeRules) -> None:
    running = case.clocks.get(ClockKind.NEXT_RESPONSE)
    since = case.unanswered_since
    if since is None:
        return
    if running is None or not running.is_running:
        clock = rules.start(ClockKind.NEXT_RESPONSE, case.priority, since, case.about)
        if clock is not None:
            _put(case, clock)
    elif since < running.started_at:
        rules.move(running, since)


def _retarget(case: Case, rules: TimeRules, now: datetime) -> None:
    """Its priority or kind may be another now: what runs is owed by the policy of that."""
    for kind in OWED:
        clock = case.clocks.get(kind)
        if clock is not None and clock.is_running:
            rules.retarget(clock, case.priority, case.about, now=now)


def _put(case: Case, clock: ClockRow) -> None:
    """Start a clock; the one before it of its kind, if met in this batch, is still to be written."""
    former = case.clocks.get(clock.kind)
    if former is not None:
        case.closed.append(former)
    case.clocks[clock.kind] = clock


def answered(case: Case, at: datetime, rules: TimeRules, *, written_at: datetime | None = None) -> None:
    """An answer of ours was really sent at that instant: first and next response are met.

    It answers what was said until ``written_at`` (``at``, if it was written then).
    """
    case.is_changed = True
    case.first_sent_at = min(case.first_sent_at or at, at)
    case.last_sent_at = max(case.last_sent_at or at, at)
    until = min(written_at or at, at)
    case.answered_until = max(case.answered_until or until, until)
    if case.state is TicketState.NEW:
        case.state = TicketState.OPEN
    for kind in (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE):
        clock = case.clocks.get(kind)
        if clock is not None and at >= clock.started_at and (clock.met_at is None or clock.met_at > at):
            clock.meet(at)
    if case.is_open and case.last_sent_at == at:
        _owe_news(case, at, rules)
    _count_unanswered(case)
    if case.is_open:
        _owe_next(case, rules)


def _answered_in(case: Case, thread: Thread, known: Known) -> None:
    """The case begins before an answer given in its thread. When that was written the case knows, if anybody."""
    assert thread.last_sent_at is not None
    rules = known.rules[thread.account_id]
    answered(case, thread.last_sent_at, rules, written_at=case.answered_until)


def _count_unanswered(case: Case) -> None:
    """What our answers leave unanswered: the last may be older than questions that came in before it."""
    last = case.answered_until
    case.asked = [asked for asked in case.asked if last is None or asked > last]
    if case.asked:
        case.unanswered_since, case.unanswered_count = min(case.asked), len(case.asked)
    elif last is not None and (case.last_asked_at is None or case.last_asked_at <= last):
        case.unanswered_since, case.unanswered_count = None, 0
