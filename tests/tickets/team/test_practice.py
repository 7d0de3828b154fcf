"""Practice: past cases without who they were about, and nothing that leaves."""

from __future__ import annotations

import pytest

from channels_social.models import OutboundAction
from helpdesk import clock
from helpdesk.tenancy.context import tenant, whole
from tests.stories import DIANA, hear, mention
from tickets.cases.models import Message, Ticket
from tickets.privacy.rules.anonymous import anonymous
from tickets.replies.domain.reply import reply
from tickets.team.models import PracticeAnswer

PRACTICE = "/frailejon/practica/"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("@FrailejonAyuda soy Diana Rojas", "@FrailejonAyuda soy cliente cliente"),
        ("@pepe_22 dianamarcela no es Diana", "@cliente dianamarcela no es cliente"),
        ("DIANA, te escribo", "cliente, te escribo"),
    ],
)
def test_names_and_handles_are_nobodys(said, shown):
    assert anonymous(said, ["Diana Marcela Rojas"], ["FrailejonAyuda"]) == shown


def test_personal_data_is_masked():
    assert "3001234567" not in anonymous("llámeme al 300 123 4567 o 3001234567", [])


@pytest.fixture
def past(cast) -> Ticket:
    """A resolved case that Juan answered."""
    hear(cast, mention("@FrailejonAyuda soy Diana, me cobraron dos veces al 3001234567"))
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.select_related("organization").get()
        said = reply(ticket, by=cast.juan, text="Diana, ya lo devolvimos.", mode="public", client_token="a")[
            0
        ]
        Message.objects.filter(pk=said.pk).update(send_state="sent")
        Ticket.objects.filter(pk=ticket.pk).update(
            state="resolved", first_sent_at=clock.now(), resolved_at=clock.now(), assignee=cast.juan
        )
    return ticket


def test_trainee_practises_reads_the_answer_and_what_a_colleague_thinks(cast, past, log_in):
    andres = log_in(cast.andres)
    page = andres.get(PRACTICE).content.decode()
    assert "me cobraron dos veces" in page
    assert DIANA.name.split()[0] not in page
    assert "3001234567" not in page
    assert "ya lo devolvimos" not in page
    with tenant(cast.bank.pk):
        before = OutboundAction.objects.count()

    andres.post(PRACTICE, {"case": past.pk, "text": "Ya lo revisamos."})

    with tenant(cast.bank.pk):
        assert OutboundAction.objects.count() == before
        row = PracticeAnswer.objects.get()
    assert "ya lo devolvimos" in andres.get(PRACTICE).content.decode()
    paola = log_in(cast.paola)
    assert "Ya lo revisamos." in paola.get(PRACTICE).content.decode()
    paola.post(f"{PRACTICE}{row.pk}/", {"text": "Falta decir cuándo."})
    assert "Falta decir cuándo." in log_in(cast.andres).get(PRACTICE).content.decode()


def test_reserved_case_is_nobodys_practice(cast, past, log_in):
    with tenant(cast.bank.pk), whole():
        Ticket.objects.filter(pk=past.pk).update(is_reserved=True)
    client = log_in(cast.andres)

    assert "me cobraron" not in client.get(PRACTICE).content.decode()
    assert client.post(PRACTICE, {"case": past.pk, "text": "x"}).status_code == 404


def test_nobody_comments_on_their_own(cast, past, log_in):
    client = log_in(cast.paola)
    client.post(PRACTICE, {"case": past.pk, "text": "Hola."})
    with tenant(cast.bank.pk):
        row = PracticeAnswer.objects.get()

    client.post(f"{PRACTICE}{row.pk}/", {"text": "Muy bien."})

    with tenant(cast.bank.pk):
        assert PracticeAnswer.objects.get().feedback == ""
