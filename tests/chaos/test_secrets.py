"""Secrets said on every channel are nowhere afterwards: not in a table, a sealed payload, a log or in Redis."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis

from helpdesk.secrets.crypto import CannotOpen, Vault
from tests.chaos.conftest import Night, eventually

pytestmark = [pytest.mark.live, pytest.mark.timeout(120)]

# What a customer says, and what must be found nowhere, in any of the ways it may be written.
CARD = "plantado: mi tarjeta es 4539 5787 6362 1486, cvv 907."
CODES = (
    "plantado: mi pin es 5832 y me llegó el código de verificación 739104. Mi contraseña es Qx7zanahoria!92"
)
SAID = f"{CARD} Y {CODES}"
SECRETS = {
    "card": r"4539[ .-]?5787[ .-]?6362|453957876362",
    "cvv": r"cvv\W{0,6}907",
    "pin": r"pin es\W{0,3}5832",
    "one-use code": r"(?<!\d)739104(?!\d)",
    "password": r"Qx7zanahor",
}
FOUND = re.compile("|".join(SECRETS.values()), re.IGNORECASE)


def plant(night: Night) -> None:
    """On every channel, in new words, in edited ones, and in deliveries that cannot be read."""
    post = night.control("POST", "/x/posts", as_="dianamrojas", text=f"@FrailejonAyuda {CARD}")
    night.control("POST", "/x/posts", as_="dianamrojas", text=f"@FrailejonAyuda {CODES}")
    night.control("PATCH", f"/x/posts/{post['id']}", text=f"@FrailejonAyuda editado {CODES}", notify=True)
    night.control("POST", "/x/dms", as_="sebasgil_", to="FrailejonAyuda", text=SAID)
    comment = night.control(
        "POST", "/facebook/comments", as_="Diana Marcela Rojas", page="frailejon", message=SAID
    )
    night.control("PATCH", f"/facebook/comments/{comment['id']}", message=f"editado {SAID}")
    night.control("POST", "/facebook/posts", as_="Rosario Peña", page="frailejon", message=SAID)
    message = night.control(
        "POST", "/facebook/messages", as_="Jhon Fredy Cárdenas", page="frailejon", text=SAID
    )
    night.control("PATCH", f"/facebook/messages/{message['mid']}", text=f"editado {SAID}")
    for poison in poisons():
        body = json.dumps({"data": poison}).encode()
        mac = base64.b64encode(hmac.new(b"sandbox-x-consumer-secret", body, hashlib.sha256).digest()).decode()
        headers = {"x-twitter-webhooks-signature": f"sha256={mac}", "content-type": "application/json"}
        assert (
            night.http.post(f"{night.door}/hooks/x/", data=body, headers=headers, timeout=10).status_code
            == 200
        )


def poisons() -> Iterator[dict[str, Any]]:
    """One the parser refuses, one only the database refuses (and tells its log about), one of a kind unknown,
    one for an account nobody connected."""
    event = {
        "event_uuid": "1",
        "filter": {"user_id": "1800000000000000001"},
        "event_type": "post.mention.create",
    }
    post = {"id": "2100000000000000001", "author_id": "1800000000000001001", "text": f"veneno {SAID}"}
    yield event | {"payload": post | {"edit_history_tweet_ids": [], "conversation_id": ["no es un id"]}}
    yield event | {"payload": post | {"id": "2100000000000000002", "conversation_id": "9" * 300}}
    yield event | {"event_type": "post.sings", "payload": {"text": SAID}}
    yield event | {"filter": {"user_id": "42"}, "payload": post | {"conversation_id": "7"}}


# What is sealed is opened and read by `sealed`; as thousands of hexadecimal digits it would hold any six by chance.
SEALED = re.compile(r"[0-9a-f]{32,}")


def tables(night: Night) -> Iterator[tuple[str, str]]:
    """Every row of every table, as text."""
    for (name,) in night.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"):
        for (row,) in night.rows(f'SELECT t::text FROM "{name}" t'):
            yield f"table {name}", SEALED.sub("", row)


def sealed(night: Night) -> Iterator[tuple[str, str]]:
    """What every bytea column holds, opened. What cannot be opened is told as it is."""
    vault = Vault(night.env["ENCRYPTION_KEYS"].split(","))
    columns = night.rows(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND data_type = 'bytea'"
    )
    assert {"channels_social_inboundevent", "channels_social_unknowndelivery"} <= {
        table for table, _ in columns
    }
    for table, column in columns:
        for (value,) in night.rows(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'):
            try:
                yield f"sealed {table}", vault.open(bytes(value)).decode()
            except CannotOpen:
                yield f"not sealed {table}", bytes(value).decode(errors="replace")


def logs(night: Night) -> Iterator[tuple[str, str]]:
    """Every file of the state folder that is text; the sandbox is another company."""
    for path in night.var.rglob("*"):
        inside = {"pg", "static"} & set(path.relative_to(night.var).parts)
        if path.is_file() and not inside and "sandbox" not in path.name:
            yield f"file {path.name}", path.read_bytes().decode(errors="replace")


def memory(night: Night) -> Iterator[tuple[str, str]]:
    """Every key of Redis with what it holds."""
    client = redis.Redis.from_url(night.env["REDIS_URL"])
    read: dict[str, Callable[[bytes], Any]] = {
        "string": client.get,
        "list": lambda k: client.lrange(k, 0, -1),
        "set": client.smembers,
        "hash": client.hgetall,
        "zset": lambda k: client.zrange(k, 0, -1, withscores=True),
        # The house goes on working: what ran out since the scan named it holds nothing.
        "none": lambda k: None,
    }
    for key in client.scan_iter(count=1000):
        kind = client.type(key).decode()
        yield f"redis {kind}", f"{key!r} {read[kind](key)!r}"
    client.close()


def test_secrets_are_nowhere(night: Night) -> None:
    plant(night)
    sql = "SELECT count(DISTINCT conversation_id) FROM tickets_message WHERE text LIKE '%%plantado%%'"
    eventually(lambda: night.one(sql) >= 5, 30)
    eventually(
        lambda: (
            night.one("SELECT count(*) FROM channels_social_inboundevent WHERE state = 'quarantined'") >= 2
        )
    )
    eventually(
        lambda: not night.one("SELECT count(*) FROM channels_social_inboundevent WHERE state = 'pending'")
    )

    leaks = {
        (place, name)
        for source in (tables, sealed, logs, memory)
        for place, text in source(night)
        if FOUND.search(text)
        for name, pattern in SECRETS.items()
        if re.search(pattern, text, re.IGNORECASE)
    }

    assert leaks == set()
    last_four = night.one("SELECT count(*) FROM tickets_message WHERE text LIKE '%%••••1486%%'")
    assert last_four >= 4
    # The search itself works: what was said around the secrets is found in each of these places.
    assert any("plantado" in text for _place, text in tables(night))
    assert any("plantado" in text for _place, text in sealed(night))
    assert any("quarantined" in text for _place, text in logs(night))
    assert any(True for _ in memory(night))


def test_tokens_are_in_no_log_and_only_sealed_in_the_database(night: Night) -> None:
    token = re.compile(r"sandbox-(?:x|fb)-token-\w+|sandbox-x-app-bearer|sandbox-\w+-secret")

    assert {
        place for source in (tables, logs, memory) for place, text in source(night) if token.search(text)
    } == set()
    opened = {place for place, text in sealed(night) if token.search(text)}
    assert opened == {"sealed channels_social_socialaccount"}
