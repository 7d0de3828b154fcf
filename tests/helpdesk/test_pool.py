"""The threads that make pages: who is warm works, nobody works twice at once, nothing is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import wait

import pytest

from helpdesk.pool import WarmPool

SECONDS = 10


@pytest.fixture
def pool() -> Iterator[WarmPool]:
    made = WarmPool(3, "pages")
    yield made
    made.shutdown()


def who() -> str:
    return threading.current_thread().name


def busy(pool: WarmPool, count: int) -> tuple[threading.Event, list]:
    """So many of its threads at work until the event, and what they will say."""
    begun, go = threading.Barrier(count + 1), threading.Event()

    def work() -> str:
        begun.wait(SECONDS)
        go.wait(SECONDS)
        return who()

    futures = [pool.submit(work) for _ in range(count)]
    begun.wait(SECONDS)
    return go, futures


def rested(pool: WarmPool, count: int) -> None:
    """A thread says what it found a moment before it is idle again."""
    until = time.monotonic() + SECONDS
    while len(pool._idle) < count and time.monotonic() < until:
        time.sleep(0.001)


def test_pool_asks_who_worked_last(pool: WarmPool) -> None:
    go, futures = busy(pool, 3)
    go.set()
    wait(futures, SECONDS)
    rested(pool, 3)

    said = []
    for _ in range(9):
        said.append(pool.submit(who).result(SECONDS))
        rested(pool, 3)
    assert len(set(said)) == 1


def test_pool_begins_a_thread_only_when_all_are_busy(pool: WarmPool) -> None:
    go, futures = busy(pool, 2)
    third = pool.submit(who).result(SECONDS)
    go.set()

    assert len({third, *(one.result(SECONDS) for one in futures)}) == 3


def test_pool_has_what_is_too_much_wait_its_turn(pool: WarmPool) -> None:
    go, futures = busy(pool, 3)
    order: list[int] = []
    waiting = [pool.submit(order.append, number) for number in range(5)]
    assert not any(one.done() for one in waiting)
    go.set()
    wait([*futures, *waiting], SECONDS)

    assert sorted(order) == list(range(5))


def test_pool_tells_what_went_wrong_and_goes_on(pool: WarmPool) -> None:
    with pytest.raises(ZeroDivisionError):
        pool.submit(lambda: 1 / 0).result(SECONDS)

    assert pool.submit(who).result(SECONDS).startswith("pages")


def test_pool_leaves_out_what_was_called_off(pool: WarmPool) -> None:
    go, futures = busy(pool, 3)
    done: list[str] = []
    off = pool.submit(done.append, "never")
    assert off.cancel()
    go.set()
    wait(futures, SECONDS)
    pool.submit(who).result(SECONDS)

    assert done == []


def test_pool_that_is_over_finishes_what_waits_and_takes_nothing(pool: WarmPool) -> None:
    go, futures = busy(pool, 3)
    late = pool.submit(who)
    pool.shutdown()
    go.set()

    assert late.result(SECONDS)
    wait(futures, SECONDS)
    with pytest.raises(RuntimeError):
        pool.submit(who)
