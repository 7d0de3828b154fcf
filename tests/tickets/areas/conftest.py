"""A bank with a support address, a case and an area that answers by mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.mail_house import MailHouse, letter, mail_house
from tickets.areas.domain.consulting import consult, standing
from tickets.areas.models import Area, Consultation
from tickets.cases.models import Note, Ticket
from tickets.commitments.domain.promising import Promise, commit, keep_place
from tickets.replies.domain import casework

FRAUDES = "fraudes@frailejon.example"


class AreaHouse(MailHouse):
    """One case of Diana's and the area Fraudes."""

    area: Area

    def open(self) -> Ticket:
        self.arrive(letter("Me cobraron dos veces, quiero mi dinero.", subject="Cobro", number="a1@c"))
        return self.ticket()

    def ticket(self) -> Ticket:
        return self.tickets()[0]

    def ask(self, question: str = "¿Se devolvió el cobro?", **more: Any) -> Consultation:
        """Juan asks; the mail is queued, and not yet sent."""
        with tenant(self.cast.bank.pk):
            self.promise()
            return consult(
                casework.lock(self.ticket().pk), area=self.area, question=question, by=self.cast.juan, **more
            )

    def promise(self, ticket: Ticket | None = None) -> None:
        """The customer knows until when, which is long after the case is due. Inside ``tenant``."""
        ticket = casework.lock((ticket or self.ticket()).pk)
        if ticket.is_open and standing(ticket) is None:
            now = clock.now()
            commit(
                ticket, Promise(now + timedelta(days=90), "Le respondemos"), by=self.cast.juan, told_at=now
            )
            keep_place(ticket)

    def fresh(self, consultation: Consultation) -> Consultation:
        with tenant(self.cast.bank.pk):
            return Consultation.objects.get(pk=consultation.pk)

    def notes(self) -> list[Note]:
        with tenant(self.cast.bank.pk):
            return list(Note.objects.order_by("pk"))

    def change(self, consultation: Consultation, **fields: Any) -> None:
        with tenant(self.cast.bank.pk):
            Consultation.objects.filter(pk=consultation.pk).update(**fields)


@pytest.fixture
def house(transactional_db: None, cast: Cast, settings: Any) -> Iterator[AreaHouse]:
    with mail_house(cast, settings) as plain:
        found = AreaHouse.__new__(AreaHouse)
        found.__dict__.update(plain.__dict__)
        with tenant(cast.bank.pk):
            found.area = Area.objects.create(organization=cast.bank, name="Fraudes", address=FRAUDES)
        found.open()
        yield found
