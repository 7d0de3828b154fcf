"""Following and hiding, through the same outbox; never deleting."""

from __future__ import annotations

import pytest

from channels_social.models import OutboundAction, SocialAccount
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.tickets.replies.conftest import House
from tickets.cases.models import Message
from tickets.customers.models import Identity
from tickets.replies.domain.manners import follow, hide
from tickets.replies.domain.reply import Refused


def the_comment(house: House) -> Message:
    house.comment("esto es un insulto")
    with tenant(house.cast.bank.pk):
        return Message.objects.select_related("conversation").get(direction="in")


def on_facebook(house: House, number: str) -> dict:
    found = house.sandbox.call("GET", "/comments?page=frailejon&deleted=1")["comments"]
    return next(comment for comment in found if comment["id"] == number)


def test_hiding_needs_a_reason_and_leaves_the_comment_there(house: House):
    comment = the_comment(house)
    with tenant(house.cast.bank.pk):
        with pytest.raises(Refused, match="hide_needs_reason"):
            hide(comment, hidden=True, reason=" ", by=house.cast.paola)
        hide(comment, hidden=True, reason="insulta a un tercero", by=house.cast.paola)
        assert AuditEvent.objects.get(action="message.hidden").actor_id == house.cast.paola.pk

    assert house.carry() == ["sent"]

    there = on_facebook(house, comment.external_id)
    assert (bool(there["hidden"]), bool(there["deleted"])) == (True, False)
    assert house.message(comment).hidden_at is not None
    assert house.message(comment).text == "esto es un insulto"


def test_what_was_hidden_is_shown_again(house: House):
    comment = the_comment(house)
    for hidden in (True, False):
        with tenant(house.cast.bank.pk):
            hide(comment, hidden=hidden, reason="por error", by=house.cast.paola)
        assert house.carry() == ["sent"]

    assert not on_facebook(house, comment.external_id)["hidden"]
    assert house.message(comment).hidden_at is None


def test_following_is_only_for_accounts_that_may(house: House):
    ticket = house.mention()
    with tenant(house.cast.bank.pk), pytest.raises(Refused, match="follow_not_allowed"):
        follow(ticket, by=house.cast.juan)


def test_an_account_that_may_follows_once(house: House):
    ticket = house.mention()
    with tenant(house.cast.bank.pk):
        SocialAccount.objects.filter(pk=house.cast.bank_x.pk).update(capabilities={"follow": True})
        assert follow(ticket, by=house.cast.juan) == follow(ticket, by=house.cast.juan)

    assert house.carry() == ["sent"]

    with tenant(house.cast.bank.pk):
        assert Identity.objects.get().is_followed
        assert OutboundAction.objects.count() == 1


def test_a_follow_whose_answer_was_lost_is_read_back(house: House):
    ticket = house.mention()
    with tenant(house.cast.bank.pk):
        SocialAccount.objects.filter(pk=house.cast.bank_x.pk).update(capabilities={"follow": True})
        follow(ticket, by=house.cast.juan)
    house.sandbox.fault("x", "lost_response", match="following", count=1)

    assert house.carry() == ["unknown"]
    assert house.read_back() == ["sent"]
