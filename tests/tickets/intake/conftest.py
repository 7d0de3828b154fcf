"""The inbox taken in as the worker does it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.cast import Cast
from tests.tickets.intake.bodies import deliver
from tickets.intake.domain import Turn, take_in_all


@pytest.fixture
def hear(cast: Cast, as_worker: Callable[[], AbstractContextManager[None]]) -> Callable[..., list[Turn]]:
    """Deliver bodies and take everything in; the turns."""

    def take(*bodies: dict[str, Any], limit: int = 500) -> list[Turn]:
        turns: list[Turn] = []
        with as_worker():
            deliver(*bodies)
            take_in_all(turns.append, limit=limit)
        return turns

    return take
