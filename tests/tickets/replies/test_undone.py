"""An answer that was undone goes back to its author as it was written, with the way it was to be said."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.urls import reverse

from helpdesk.tenancy.context import tenant
from tests.channels_social.conftest import client_of  # noqa: F401
from tests.stories import hear, mention
from tests.tickets.replies.test_reply import say
from tickets.cases.models import Message, Ticket
from tickets.guidance.models import PrivacyNotice

LONG = "Primero lo primero.\n\n" + "Una palabra y otra más, " * 30 + "\n  y ya."
ASKS = "Diana, indíquenos su número de cédula."
HX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def ticket(cast):
    hear(cast, mention("@FrailejonAyuda no puedo entrar"))
    with tenant(cast.bank.pk):
        return Ticket.objects.select_related("organization").get()


def said(cast, ticket, text, **more):
    with tenant(cast.bank.pk):
        return say(ticket, cast, text, **more)


def undo(client, cast, message):
    """What the page of whoever undoes it is given back; nothing where nothing is."""
    answer = client.post(reverse("message_change", args=[cast.bank.slug, message.pk, "cancel"]), **HX)
    assert answer.status_code == 200
    assert 'data-state="cancelled"' in answer.content.decode()
    found = re.search(r'data-undone="([^"]*)"', answer.content.decode())
    return json.loads(html.unescape(found[1])) if found else None


def test_author_is_given_back_the_words_without_signature(cast, ticket, log_in):
    (message,) = said(cast, ticket, "Diana, lo <b>revisamos</b>.")

    back = undo(log_in(cast.juan), cast, message)

    assert back == {
        "ticket": ticket.pk,
        "text": "Diana, lo <b>revisamos</b>.",
        "mode": "public",
        "split": False,
    }


@pytest.mark.parametrize("part", [0, -1])
def test_thread_undone_at_any_part_comes_back_as_the_whole_text_it_was(cast, ticket, log_in, part):
    messages = said(cast, ticket, LONG, in_thread=True)
    assert len(messages) > 2

    back = undo(log_in(cast.juan), cast, messages[part])

    assert back == {"ticket": ticket.pk, "text": LONG, "mode": "public", "split": True}


def test_what_was_undone_comes_back_without_the_notice_and_nobody_was_given_it(cast, ticket, log_in):
    (message,) = said(cast, ticket, ASKS, mode="private")
    with tenant(cast.bank.pk):
        assert "Ley 1581" in Message.objects.get(pk=message.pk).text

    assert undo(log_in(cast.juan), cast, message)["text"] == ASKS

    (again,) = said(cast, ticket, ASKS, mode="private")
    assert "Ley 1581" in again.text
    with tenant(cast.bank.pk):
        assert PrivacyNotice.objects.get().message_id == again.pk


def test_words_of_a_colleague_are_not_put_where_another_would_sign_them(cast, ticket, log_in):
    (message,) = said(cast, ticket, "Diana, lo revisamos.")

    assert undo(log_in(cast.paola), cast, message) is None


def test_an_answer_that_failed_is_discarded_not_given_back(cast, ticket, log_in):
    (message,) = said(cast, ticket, "Diana, lo revisamos.")
    with tenant(cast.bank.pk):
        Message.objects.filter(pk=message.pk).update(send_state="failed")
        type(message.action).objects.filter(pk=message.action_id).update(state="failed")

    assert undo(log_in(cast.juan), cast, message) is None


def test_page_says_how_many_seconds_an_answer_can_be_undone(cast, ticket, log_in):
    with tenant(cast.bank.pk):
        type(cast.bank).objects.filter(pk=cast.bank.pk).update(undo_seconds=30)
        ticket.organization.refresh_from_db()
    said(cast, ticket, "Diana, lo revisamos.")

    page = log_in(cast.juan).get(reverse("case", args=[cast.bank.slug, ticket.number])).content.decode()

    left = re.search(r'Deshacer el envío</button><span class="undo-left" data-left="(\d+)"', page)
    assert left
    assert 0 < int(left[1]) <= 30
