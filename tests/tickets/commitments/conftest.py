"""A case of the bank, dates that are near, and the sweep as the worker runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from channels_social.enums import ActionState
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.stories import hear, mention
from tickets.cases.models import Message, Ticket
from tickets.commitments.domain.promising import Promise, commit, keep_place
from tickets.commitments.domain.sweep import sweep_commitments
from tickets.commitments.models import Commitment
from tickets.replies.domain import casework
from tickets.replies.domain.outbox import OutboxDesk


class Case:
    """One case, and what may happen to its dates."""

    def __init__(self, cast: Cast, as_worker: Any) -> None:
        self.cast, self.as_worker = cast, as_worker
        self.pk = Ticket.objects.get().pk

    @property
    def ticket(self) -> Ticket:
        return casework.lock(self.pk)

    def promise(self, what: str = "Le devolvemos el cobro", *, by: Any = None, **ahead: float) -> Commitment:
        """A date that was told by word of mouth, so far ahead."""
        ticket, now = self.ticket, clock.now()
        due_at = now + timedelta(**(ahead or {"hours": 5}))
        commitment = commit(ticket, Promise(due_at, what), by=by or self.cast.juan, told_at=now)
        keep_place(ticket)
        return commitment

    def fresh(self, commitment: Commitment) -> Commitment:
        found = Commitment.objects.select_related("owner").get(pk=commitment.pk)
        found.ticket = self.ticket
        return found

    def passes(self, commitment: Commitment, **time: float) -> None:
        """So much time goes by for a commitment: everything of it is that much earlier."""
        by = timedelta(**time)
        row = Commitment.objects.get(pk=commitment.pk)
        row.delete()  # a date cannot be moved: it is as if another had been promised earlier
        for name in ("due_at", "made_at", "told_at", "next_at"):
            setattr(row, name, getattr(row, name) - by)
        row.pk = commitment.pk
        row.save(force_insert=True)

    def sweep(self) -> list[int]:
        with self.as_worker():
            return sweep_commitments().get(self.cast.bank.pk, [])

    def sent(self, message: Message, at: datetime | None = None, state: str = ActionState.SENT) -> None:
        """The network took the answer, or something else became of it."""
        message.refresh_from_db()
        action = message.action
        action.state, action.sent_at = state, at or clock.now()
        action.save()
        OutboxDesk().told(action, None)


@pytest.fixture
def case(cast: Cast, as_worker: Any) -> Iterator[Case]:
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces, ¿qué hago?"))
    with tenant(cast.bank.pk):
        yield Case(cast, as_worker)


@pytest.fixture
def juan(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.juan.user)
    return client


@pytest.fixture
def answer(case: Case, juan: Client) -> Callable[..., Any]:
    """Write an answer in the composer."""
    turn = iter(range(1, 100))

    def written(text: str, **more: Any) -> Any:
        url = f"/frailejon/casos/{case.ticket.number}/respuestas/"
        token = f"t{next(turn)}"
        return juan.post(url, {"text": text, "mode": "public", "client_token": token} | more)

    return written
