"""A sandbox of its own, and the browser of somebody who lends an account there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client

from tests.sandbox.parts import Receiver, Sandbox

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    """Where the networks deliver to: it passes X's challenge."""
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
def sandbox(running: Sandbox, receiver: Receiver, settings: Any) -> Sandbox:
    """The sandbox as new, with our settings pointing to it."""
    running.control("POST", "/reset")
    receiver.forget()
    settings.BASE_URL = receiver.url
    settings.SANDBOX_URL = running.url
    settings.X_API_URL = f"{running.url}/x"
    settings.X_AUTHORIZE_URL = f"{running.url}/x/i/oauth2/authorize"
    settings.X_CLIENT_ID, settings.X_CLIENT_SECRET = "sandbox-x-client", "sandbox-x-client-secret"
    settings.X_CONSUMER_SECRET, settings.X_APP_BEARER = "sandbox-x-consumer-secret", "sandbox-x-app-bearer"
    settings.GRAPH_API_URL = f"{running.url}/graph"
    settings.FB_DIALOG_URL = f"{running.url}/facebook/{settings.GRAPH_VERSION}/dialog/oauth"
    settings.FB_APP_ID, settings.FB_APP_SECRET = "900100200300400", "sandbox-fb-app-secret"
    return running


@dataclass
class Somebody:
    """A person with a browser: begins here, says yes or no at the network, comes back here."""

    client: Client
    org: str = "frailejon"

    def begin(self, network: str, **form: Any) -> str:
        """Press the button; the address of the network's page."""
        answer = self.client.post(f"/{self.org}/ajustes/cuentas/conectar/{network}/", form)
        assert answer.status_code == 302, answer.content
        return str(answer["Location"])

    def decide(self, address: str, *, decision: str = "allow", **chosen: Any) -> str:
        """Answer the network's question; the address it sends back to, without our host."""
        shown = requests.get(address, timeout=10)
        assert shown.status_code == 200, shown.text
        form = {name: value.replace("&amp;", "&") for name, value in HIDDEN.findall(shown.text)}
        action = address.partition("?")[0]
        answer = requests.post(
            action, data={**form, "decision": decision, **chosen}, timeout=10, allow_redirects=False
        )
        assert answer.status_code == 302, answer.text
        parts = urlsplit(answer.headers["location"])
        return f"{parts.path}?{parts.query}"

    def come_back(self, address: str) -> Any:
        """Open our address, and follow where it leads."""
        return self.client.get(address, follow=True)

    def connect(self, network: str, *, decision: str = "allow", form: Any = None, **chosen: Any) -> Any:
        """All of it."""
        return self.come_back(self.decide(self.begin(network, **(form or {})), decision=decision, **chosen))


@pytest.fixture
def somebody(client: Client) -> Callable[..., Somebody]:
    def enter(member: Any, org: str = "frailejon") -> Somebody:
        client.force_login(member.user)
        return Somebody(client, org)

    return enter


@pytest.fixture
def visit(client: Client) -> Callable[..., str]:
    """The text of a page as a member sees it."""

    def look(member: Any, path: str) -> str:
        client.force_login(member.user)
        answer = client.get(path)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    return look


def notices(answer: Any) -> str:
    """What a page says in its notices."""
    found = re.findall(r'class="toast[^"]*"><span>(.*?)</span>', answer.content.decode(), re.DOTALL)
    return " ".join(found)
