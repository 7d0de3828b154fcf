"""The hub: whoever joins hears, whatever happens at the same moment, and nothing that is lost is lost unsaid."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from helpdesk import push
from helpdesk.events import QUEUE, Hub

Queue = asyncio.Queue[dict[str, Any]]


@pytest.fixture(autouse=True)
def _own_keys(settings: Any) -> Iterator[None]:
    settings.INSTANCE = "hub"
    yield
    push.client().delete("cf:hub:push:1:seq", "cf:hub:push:2:seq")


def run(story: Callable[[Hub], Awaitable[None]]) -> None:
    """A loop of its own in a thread of its own: the browser's driver keeps one in this thread."""

    async def told() -> None:
        hub = Hub()
        try:
            await story(hub)
        finally:
            if hub._task is not None:
                hub._task.cancel()
                await asyncio.gather(hub._task, return_exceptions=True)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(told())).result(20)


async def heard(queue: Queue, event: str) -> dict[str, Any]:
    """The next frame of this kind."""
    while True:
        frame = await asyncio.wait_for(queue.get(), 5)
        if frame["event"] == event:
            return frame


async def tell(organization_id: int, event: str) -> None:
    await asyncio.to_thread(push.publish, organization_id, [(event, "{}")])


def test_organizations_that_join_while_the_hub_connects_all_hear() -> None:
    async def story(hub: Hub) -> None:
        first = await hub.join(push.channel_of(1))
        await asyncio.sleep(0)  # the subscription is on its way
        second = await hub.join(push.channel_of(2))
        await heard(first, "refresh")
        await asyncio.sleep(0.2)
        await tell(1, "account")
        await tell(2, "account")
        await heard(first, "account")
        await heard(second, "account")

    run(story)


def test_console_that_leaves_while_another_joins_takes_nothing_with_it() -> None:
    async def story(hub: Hub) -> None:
        await heard(await hub.join(push.channel_of(2)), "refresh")
        joining = asyncio.create_task(hub.join(push.channel_of(1)))
        await asyncio.sleep(0)
        other = await hub.join(push.channel_of(1))
        await hub.leave(push.channel_of(1), other)
        stayed = await joining
        await tell(1, "account")
        await heard(stayed, "account")

    run(story)


def test_who_falls_behind_looks_again_and_is_looked_at_again() -> None:
    """The frame that says that rights changed may be among those that were dropped."""

    async def story(hub: Hub) -> None:
        channel = push.channel_of(1)
        queue = await hub.join(channel)
        hub._deliver(channel, {"event": "rights", "data": "{}"})
        for number in range(QUEUE):
            hub._deliver(channel, {"event": "row", "data": json.dumps(number)})
        assert [queue.get_nowait()["event"] for _ in range(queue.qsize())] == ["rights", "refresh"]

    run(story)


def test_subscription_that_breaks_has_everybody_look_again_and_be_looked_at() -> None:
    async def story(hub: Hub) -> None:
        queue = await hub.join(push.channel_of(1))
        await heard(queue, "refresh")
        await tell(1, "account")
        await heard(queue, "account")
        mine = [one["id"] for one in push.client().client_list("pubsub") if one["sub"] == "2"]
        for one in mine:
            push.client().client_kill_filter(_id=one)
        await heard(queue, "rights")
        await heard(queue, "refresh")
        await asyncio.sleep(0.2)
        await tell(1, "account")
        await heard(queue, "account")

    run(story)


def test_what_is_said_to_all_is_heard_by_every_organization() -> None:
    async def story(hub: Hub) -> None:
        queues = [await hub.join(push.channel_of(number)) for number in (1, 2)]
        for queue in queues:
            await heard(queue, "refresh")
        await asyncio.to_thread(push.have_all_look_again)
        for queue in queues:
            await heard(queue, "refresh")

    run(story)
