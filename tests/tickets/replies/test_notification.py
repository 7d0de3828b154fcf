"""By what channel an answer can still be notified on the day the term ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from channels_social.enums import ActionKind, ConversationKind
from tickets.replies.notification import NotificationChannel, channel_for
from tickets.replies.windows import Window

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
DUE = NOW + timedelta(days=21)


def target(kind: str, length_kind: str, *, is_public: bool = False, accepts: bool | None = None) -> Any:
    thread = SimpleNamespace(
        is_public=is_public, last_customer_at=NOW, identity=SimpleNamespace(accepts_dm=accepts)
    )
    return SimpleNamespace(
        kind=ActionKind(kind),
        length_kind=ConversationKind(length_kind),
        window=Window(True, NOW + timedelta(days=7)),
        conversation=thread,
        account=SimpleNamespace(capabilities={}),
    )


@pytest.mark.parametrize(
    ("private", "expected"),
    [
        (None, NotificationChannel(False)),
        (target("direct_message", "email"), NotificationChannel(True)),
        (target("direct_message", "x_dm"), NotificationChannel(True)),
        (target("direct_message", "x_dm", is_public=True), NotificationChannel(False)),
        (target("direct_message", "x_dm", is_public=True, accepts=True), NotificationChannel(True)),
        (target("direct_message", "messenger"), NotificationChannel(False, NOW + timedelta(days=7))),
        (
            target("private_reply", "messenger", is_public=True),
            NotificationChannel(False, NOW + timedelta(days=7), is_single=True),
        ),
    ],
)
def test_what_a_private_way_is_worth_when_the_term_ends(private, expected):
    found = channel_for({"private": private} if private else {}, DUE)

    assert found == expected
