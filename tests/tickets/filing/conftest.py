from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from helpdesk import clock
from tests.channels_social.conftest import catcher, sandbox, sandbox_process  # noqa: F401
from tests.tickets.replies.conftest import house  # noqa: F401
from tickets.clocks.domain.terms import forget_rules

# A Tuesday, nine in the morning in Bogota: the bank is open from eight to eight.
NINE = datetime(2026, 11, 24, 14, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def now(monkeypatch) -> Iterator[list[datetime]]:
    """The clock of the house, moved by hand."""
    times = [NINE]
    monkeypatch.setattr(clock, "now", lambda: times[0])
    forget_rules()
    yield times
    forget_rules()
