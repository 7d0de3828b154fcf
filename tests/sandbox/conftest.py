"""A running sandbox, new for each test, and what talks to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import tweepy

from tests.sandbox.parts import FB_TOKEN, X_TOKEN, Elsewhere, Graph, Receiver, Sandbox


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They look at a program that runs beside them."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.live)


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    one = Receiver()
    yield one
    one.server.shutdown()
    one.server.server_close()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Iterator[Sandbox]:
    one = Sandbox(tmp_path_factory.mktemp("sandbox"), receiver.url)
    one.start()
    yield one
    one.stop()
    one.http.close()


@pytest.fixture
def sandbox(running: Sandbox, receiver: Receiver) -> Sandbox:
    """The running sandbox as it was when new."""
    running.control("POST", "/reset")
    receiver.forget()
    return running


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[tweepy.Client]:
    """tweepy as the bank uses it: an OAuth 2.0 user token."""
    one = tweepy.Client(X_TOKEN, return_type=dict)
    one.session.close()
    one.session = Elsewhere(sandbox.url + "/x")
    yield one
    one.session.close()


@pytest.fixture
def graph(sandbox: Sandbox) -> Iterator[Graph]:
    """facebook-sdk as the bank's page uses it."""
    one = Graph(FB_TOKEN, sandbox.url + "/graph")
    yield one
    one.session.close()
