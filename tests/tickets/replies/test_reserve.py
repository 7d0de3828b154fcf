"""What a network still allows is for people first: what goes out by itself leaves them the last fifth."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels_social.enums import Lane
from channels_social.models import OutboundAction, RateLimit
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.tickets.replies.conftest import House


def allowed(house: House, *, remaining: int, minutes: int = 10, endpoint: str = "POST /2/tweets") -> None:
    with tenant(house.cast.bank.pk):
        RateLimit.objects.create(
            organization=house.cast.bank, account=house.cast.bank_x, endpoint=endpoint, limit=100,
            remaining=remaining, reset_at=clock.now() + timedelta(minutes=minutes),
        )  # fmt: skip


@pytest.fixture
def notice(house: House) -> int:
    message = house.answer(house.mention())
    with tenant(house.cast.bank.pk):
        OutboundAction.objects.update(lane=Lane.COURTESY)
    return message


def test_a_notice_leaves_the_last_fifth_to_people(house: House, notice):
    allowed(house, remaining=20)

    assert house.carry() == []
    with tenant(house.cast.bank.pk):
        OutboundAction.objects.update(lane=Lane.INDIVIDUAL)
    assert house.carry() == ["sent"]


def test_a_notice_leaves_while_there_is_more(house: House, notice):
    allowed(house, remaining=21)
    # What is read counts for nothing.
    allowed(house, remaining=0, endpoint="GET /2/dm_events")
    # Nor do direct messages for what is said in public.
    allowed(house, remaining=0, endpoint="POST /2/dm_conversations/with/:id/messages")

    assert house.carry() == ["sent"]


def test_a_notice_leaves_in_the_next_window(house: House, notice):
    allowed(house, remaining=0, minutes=-1)

    assert house.carry() == ["sent"]
