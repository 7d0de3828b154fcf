"""The whole house as real programs on a database of its own, with short times; and somebody who kills them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import requests
from house import programs

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bin"))

# Seconds: a lease, the gap between two reads and a wait for a root are over while somebody watches.
TIMES = {
    "OUTBOX_UNDO": "0",
    "OUTBOX_LEASE": "3",
    "OUTBOX_RECONCILE_GAP": "1",
    "INBOX_LEASE": "3",
    "POLL_LEASE": "3",
    "RESOLVE_WAIT": "3",
    "POLL_EVERY": "2",
}
# The lock that a transaction in a stretched moment holds.
MARK = 4711
# One round of hashing for words that are in every clone; the door takes it and makes a slow one at the log-in.
CAST = """
import django; django.setup()
from django.contrib.auth.hashers import PBKDF2PasswordHasher; PBKDF2PasswordHasher.iterations = 1
from tests.cast import make_cast; make_cast()
"""


class Night:
    """The running house: its networks' control API, its rows as the owner sees them, its processes."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env, self.var = env, Path(env["CIRCUNFLEJO_VAR"])
        self.door, self.sandbox = env["BASE_URL"], env["SANDBOX_URL"]
        self.database = psycopg2.connect(env["DATABASE_URL"])
        self.database.autocommit = True
        self.http = requests.Session()

    def control(self, method: str, path: str, **body: Any) -> Any:
        """A call to the sandbox's control API; ``as_`` stands for ``as``."""
        if "as_" in body:
            body["as"] = body.pop("as_")
        answer = self.http.request(method, f"{self.sandbox}/control{path}", json=body, timeout=20)
        assert answer.ok, answer.text
        return answer.json()

    def fault(self, network: str, name: str, **form: Any) -> None:
        self.control("PUT", "/faults", **{network: {name: form or True}})

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows, of every organization."""
        with self.database.cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchall() if cursor.description else []

    def one(self, sql: str, *values: Any) -> Any:
        """The only value, or None."""
        found = self.rows(sql, *values)
        return found[0][0] if found else None

    def pid(self, name: str) -> int:
        """The process of a program or of one of its parts, also while it is being started again."""
        if name in programs.PARTS:
            said = (self.var / "log" / "app.log").read_text(errors="replace")
            return int(re.findall(rf"{name} is process (\d+)", said)[-1])
        state = json.loads((self.var / "run" / "supervisor.json").read_text())
        return int(state["programs"][name])

    def kill(self, name: str) -> None:
        """kill -9; the supervisor, or the parent of a worker, starts it again."""
        os.kill(self.pid(name), signal.SIGKILL)

    def log_in(self, email: str = "juancarlos@frailejon.example") -> None:
        """An agent's session at the door."""
        page = self.http.get(f"{self.door}/cuenta/login/", timeout=20)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert token, page.url
        form = {"login": email, "password": "clave-larga-1", "csrfmiddlewaretoken": token[1]}
        answer = self.http.post(page.url, data=form, headers={"Referer": page.url}, timeout=20)
        assert "/casos/" in answer.url, answer.url

    def answer(self, number: int, text: str, mode: str = "public") -> None:
        """An agent answers a case, with a click."""
        url = f"{self.door}/frailejon/casos/{number}/"
        page = self.http.get(url, timeout=20).text
        csrf = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page) or re.search(
            r'"X-CSRFToken": ?"(\w+)"', page.replace("&quot;", '"')
        )
        token = re.search(r'name="client_token" value="(\w+)"', page)
        assert csrf, page[:500]
        assert token, page[:500]
        form = {"text": text, "mode": mode, "client_token": token[1], "csrfmiddlewaretoken": csrf[1]}
        answer = self.http.post(f"{url}respuestas/", data=form, headers={"Referer": url}, timeout=20)
        assert answer.status_code == 200, answer.text[:500]

    def case_of(self, words: str) -> int:
        """The number of the case in which somebody said this, once it is there."""
        sql = "SELECT t.number FROM tickets_message m JOIN tickets_ticket t ON t.id = m.ticket_id WHERE m.text LIKE %s"
        return int(eventually(lambda: self.one(sql, f"%{words}%")))

    def action(self, words: str) -> dict[str, Any]:
        """The outbox row of an answer, as it is now."""
        sql = "SELECT to_jsonb(a) FROM channels_social_outboundaction a WHERE a.text LIKE %s"
        return dict(self.one(sql, f"%{words}%") or {})

    def said(self, words: str) -> list[dict[str, Any]]:
        """What the bank posted through the API that holds these words: the witness."""
        posts = self.control("GET", "/posts?author=frailejon&source=api&limit=2000")["posts"]
        return [post for post in posts if words in post["raw"]]

    @contextmanager
    def slow(self, table: str, when: str, seconds: float = 2.5) -> Iterator[None]:
        """Stretch one moment of a transaction, so that a kill can be aimed at it."""
        kind, condition = when.split(":", 1)
        self.rows(
            "CREATE OR REPLACE FUNCTION chaos_pause() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN PERFORM pg_advisory_xact_lock_shared({MARK}), pg_sleep({seconds}); RETURN NEW; END $$"
        )
        self.rows(
            f"CREATE TRIGGER chaos BEFORE {kind} ON {table} FOR EACH ROW WHEN ({condition}) "
            "EXECUTE FUNCTION chaos_pause()"
        )
        try:
            yield
        finally:
            self.rows(f"DROP TRIGGER chaos ON {table}")

    def paused(self) -> bool:
        """Whether some transaction is in the stretched moment now."""
        sql = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted"
        return bool(self.one(sql, MARK))


def eventually(ask: Callable[[], Any], seconds: float = 20) -> Any:
    """The first answer that is not empty; fails after ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := ask():
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing after {seconds} s")


@pytest.fixture(scope="session")
def running() -> Iterator[Night]:
    from house import live

    with tempfile.TemporaryDirectory(prefix="cf-c-", dir="/tmp", ignore_cleanup_errors=True) as name:
        os.chmod(name, 0o755)
        with live.running(Path(name) / "var", demo=False, watch=True, **TIMES) as env:
            given = (
                os.environ | env | {"DATABASE_ROLE": "owner", "DJANGO_SETTINGS_MODULE": "helpdesk.settings"}
            )
            subprocess.run([sys.executable, "-c", CAST], cwd=ROOT, env=given, check=True)
            one = Night(env)
            one.control("PUT", "/limits", scale=1000)
            one.log_in()
            yield one
            one.http.close()
            one.database.close()


@pytest.fixture
def night(running: Night) -> Iterator[Night]:
    """The house with the networks in good order."""
    running.control("DELETE", "/faults")
    yield running
    running.control("DELETE", "/faults")
