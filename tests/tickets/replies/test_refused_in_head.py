"""What is refused in the head of a case leaves the head there, as it is now, and says why in a notice that stays."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from helpdesk.tenancy.context import tenant
from tests.channels_social.conftest import client_of  # noqa: F401
from tests.stories import hear, mention
from tickets.cases.models import Ticket
from tickets.replies.domain.casework import assign, lock


@pytest.fixture
def ticket(cast):
    hear(cast, mention("@FrailejonAyuda no puedo entrar"))
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.get()
        assign(lock(ticket.pk), to=cast.juan, by=cast.juan)
        return ticket


def test_case_that_a_colleague_took_meanwhile_is_not_taken_without_a_note(cast, ticket, log_in):
    asked = {"assignee": cast.paola.pk, "version": 1}
    answer = log_in(cast.paola).post(
        reverse("assign", args=[cast.bank.slug, ticket.number]), asked, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 422
    assert 'id="case-head"' in answer.content.decode()
    said = json.loads(answer["HX-Trigger"])["toast"]
    assert "falta" in said["value"]
    assert said["bad"]
    with tenant(cast.bank.pk):
        assert Ticket.objects.get().assignee_id == cast.juan.pk
