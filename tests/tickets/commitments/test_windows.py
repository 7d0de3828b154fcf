"""What is promised in private must be tellable then: by Messenger while it may, else by mail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.stories import hear
from tests.tickets.filing.people import comment, messenger
from tickets.cases.models import Message, Ticket
from tickets.commitments.domain.promising import Promise
from tickets.commitments.models import Commitment
from tickets.replies.domain import casework
from tickets.replies.domain.reply import Refused, reply


@pytest.fixture
def chat(cast):
    hear(cast, messenger("no puedo entrar, ¿qué hago?", at=clock.now()), account=cast.bank_page)
    with tenant(cast.bank.pk):
        yield casework.lock(Ticket.objects.get().pk)


def promise(ticket, cast, *, mode="private", **ahead):
    due = clock.now() + timedelta(**ahead)
    return reply(
        ticket,
        by=cast.juan,
        text="Le respondo.",
        mode=mode,
        client_token="t",
        promises=[Promise(due, "Le respondo.")],
    )


def test_fifteen_days_by_messenger_is_refused(chat, cast):
    with pytest.raises(Refused, match="promise:beyond_window"):
        promise(chat, cast, days=15)

    assert not Message.objects.filter(direction="out").exists()
    assert not Commitment.objects.exists()


def test_within_the_seven_days_of_a_person_is_promised(chat, cast):
    promise(chat, cast, days=6)

    assert Commitment.objects.count() == 1


def test_without_those_seven_days_a_day_is_the_limit(chat, cast):
    account = cast.bank_page
    account.capabilities = account.capabilities | {"human_agent": False}
    account.save(update_fields=["capabilities"])

    with pytest.raises(Refused, match="promise:beyond_window"):
        promise(chat, cast, days=2)


def test_single_private_reply_promises_nothing_in_private(cast):
    hear(cast, comment("no puedo entrar, ¿qué hago?", at=clock.now()), account=cast.bank_page)
    with tenant(cast.bank.pk):
        ticket = casework.lock(Ticket.objects.get().pk)
        with pytest.raises(Refused, match="promise:single_reply"):
            promise(ticket, cast, hours=5)
        promise(ticket, cast, mode="public", days=15)

        assert Commitment.objects.count() == 1


def test_refusal_is_said_where_one_writes(chat, cast, log_in, client):
    from django.test import Client

    juan = Client()
    juan.force_login(cast.juan.user)
    text = "Le respondemos en 15 días."

    found = juan.post(
        f"/frailejon/casos/{chat.number}/fechas/", {"text": text, "mode": "private"}
    ).content.decode()

    assert "ya no se le podrá escribir por Messenger" in found
    assert 'name="promise"' not in found
