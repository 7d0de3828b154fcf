"""The answer to «¿quedó solucionado?»: «sí» is shown and opens nothing, «no» reopens the case it is about."""

from __future__ import annotations

from tickets.aftercontact.domain.answers import hear_answer
from tickets.aftercontact.models import Contact
from tickets.intake.known import Known
from tickets.intake.plan import Intake, Line, Said, Thread
from tickets.intake.rows import Writes, with_rows

HEARD = with_rows(
    "UPDATE tickets_aftercontact AS a SET state = v.state, score = v.score, answer_id = v.message, "
    "answered_at = v.at FROM v WHERE a.organization_id = v.org AND a.id = v.id",
    "org bigint, id bigint, state text, score smallint, message bigint, at timestamptz",
)
STOPPED = with_rows(
    "UPDATE tickets_customer AS c SET no_contact = true FROM v, tickets_ticket t "
    "WHERE t.organization_id = v.org AND t.id = v.ticket AND c.organization_id = v.org AND c.id = t.customer_id",
    "org bigint, ticket bigint",
)


def read(said: Said, thread: Thread, known: Known, intake: Intake) -> None:
    """Judge a message as the answer it may be; what is not understood stays what it was judged to be."""
    question = known.questions.get(thread.id)
    if question is None or question.ticket_id != thread.ticket_id or not question.waits_at(said.occurred_at):
        return
    if question.state == Contact.NO:
        return
    reading, heard = hear_answer(question, said.text, message_id=said.id, at=said.occurred_at)
    if heard is None:
        return
    intake.heard.append(heard)
    facts = {"outcome": heard.state, "score": heard.score, "message": said.id}
    intake.lines.append(Line("aftercontact.answered", heard.ticket_id, facts))
    if reading.solved is False:
        said.is_noise = said.is_courtesy = False
    elif reading.is_clear or (heard.state == Contact.YES and reading.score is not None):
        said.is_noise, said.is_courtesy = False, True


def write_heard(org: int, intake: Intake, writes: Writes) -> None:
    """Write the last answer to each question; who asked to be left alone is."""
    last = {heard.id: heard for heard in intake.heard}
    writes.rows(HEARD, [(org, one.id, one.state, one.score, one.message_id, one.at) for one in last.values()])
    writes.rows(STOPPED, [(org, one.ticket_id) for one in intake.heard if one.stops])
