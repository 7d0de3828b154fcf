"""The whole house once, a browser, and the sandbox's control API: what a person would use."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bin"))

PASSWORD = "circunflejo-demo"
# What the browser reports of a refusal that a test asks for, and htmx of a request that a newer one replaced or the
# end of the page cut off; one that failed is `htmx:sendError` besides.
EXPECTED = ("Failed to load resource", "htmx:afterRequest", "htmx:sendAbort")


@pytest.fixture(scope="session")
def house() -> Iterator[dict[str, str]]:
    """Door, workers, sandbox and demo organizations on a state folder of their own; answers leave at once."""
    from house import live

    with tempfile.TemporaryDirectory(prefix="cf-j-", dir="/tmp", ignore_cleanup_errors=True) as name:
        os.chmod(name, 0o755)
        with live.running(Path(name) / "var", OUTBOX_UNDO="0", POLL_EVERY="5") as env:
            yield env


@pytest.fixture
def control(house: dict[str, str]) -> Callable[..., Any]:
    """Call the sandbox's control API: ``control("POST", "/x/posts", {...})``."""

    def call(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = requests.request(method, f"{house['SANDBOX_URL']}/control{path}", json=body, timeout=10)
        assert answer.ok, answer.text
        return answer.json()

    return call


@pytest.fixture
def mark() -> str:
    """A word that stands nowhere else."""
    return f"z{time.monotonic_ns() % 10**9}"


@pytest.fixture
def stranger(control: Callable[..., Any]) -> str:
    """The @name of somebody who never wrote before, whatever other tests did."""
    name = f"nueva{time.monotonic_ns() % 10**9}"
    control("POST", "/customers", {"name": "Amparo Londoño", "username": name, "networks": ["x"]})
    return name


@pytest.fixture
def neighbour(control: Callable[..., Any]) -> str:
    """The name of somebody of Facebook who never wrote before.

    Facebook tells whole seconds: what somebody says in the second in which they are answered stands before the answer.
    """
    name = f"Amparo Londoño {time.monotonic_ns() % 10**6}"
    control("POST", "/customers", {"name": name, "networks": ["facebook"]})
    return name


@pytest.fixture(scope="session")
def known() -> dict[str, Any]:
    """The cookies of who has logged in before: passwords are made to take long, so everybody says theirs once."""
    return {}


@pytest.fixture
def console(house: dict[str, str], browser: Any, known: dict[str, Any]) -> Iterator[Callable[..., Any]]:
    """A console of someone of the team, each in a browser context of its own; no error may show in it."""
    contexts, errors = [], []

    def enter(
        email: str = "juancarlos@frailejon.example", *, lands: str = "**/casos/**", **options: Any
    ) -> Any:
        context = browser.new_context(locale="es-CO", viewport={"width": 1440, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        # A refusal (404, 422) that a test asks for is reported by the browser too.
        page.on(
            "console",
            lambda said: (
                errors.append(said.text)
                if said.type == "error" and not any(words in said.text for words in EXPECTED)
                else None
            ),
        )
        context.add_cookies(known.get(email, []))
        page.goto(f"{house['BASE_URL']}/")
        if "/cuenta/login/" in page.url:
            page.fill("input[name=login]", email)
            page.fill("input[name=password]", PASSWORD)
            page.click("button[type=submit]")
        page.wait_for_url(lands)
        known[email] = context.cookies()
        return page

    yield enter
    for context in contexts:
        context.close()
    assert errors == []


def eventually(ask: Callable[[], Any], seconds: float = 15) -> Any:
    """The first answer that is not empty; fails after ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := ask():
            return found
        time.sleep(0.1)
    raise AssertionError(f"nothing after {seconds} s")
