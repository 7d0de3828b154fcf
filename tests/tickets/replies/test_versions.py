"""Of two writings of an answer that crossed on the way a page keeps the newer: its version grows with all it lives."""

import pytest

from tickets.console.queries.messages import _version

LIVES = (
    "queued 0, sending 1, failed 1, queued 1, sending 2, sent 2",
    "queued 0, sending 1, failed 1, held 1, cancelled 1",
    "queued 0, sending 1, retrying 1, sending 2, failed 2, cancelled 2",
    "queued 0, sending 1, unknown 1, queued 1, sending 2, unknown 2, sent 2",
    "queued 0, sending 1, unknown 1, queued 1, sent 1",
    "awaiting_approval 0, queued 0, held 0, cancelled 0",
)


@pytest.mark.parametrize("life", LIVES)
def test_version_of_an_answer_grows_with_its_life(life: str) -> None:
    steps = [one.split() for one in life.split(", ")]
    versions = [_version(state, int(attempts), None, None) for state, attempts in steps]

    assert versions == sorted(versions)
