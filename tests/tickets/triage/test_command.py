"""`manage.py triage`: one message a line, one JSON object a line, with no database to be found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def triage(given: bytes) -> list[dict]:
    env = os.environ | {
        "DATABASE_URL": "postgresql://nobody:x@127.0.0.1:1/nowhere",
        "REDIS_URL": "redis://127.0.0.1:1",
    }
    ran = subprocess.run(
        [sys.executable, "manage.py", "triage"],
        input=given,
        cwd=ROOT,
        env=env,
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return [json.loads(line) for line in ran.stdout.decode().splitlines()]


def test_each_line_has_its_verdict_whatever_is_in_it():
    huge = b"no puedo entrar a la app " * 100_000
    lines = [
        b"Me clonaron la tarjeta, ladrones",
        b"",
        b"\xff\xfe\xc3 no me deja pagar",
        huge,
        "Vuelos desde 9 € https://t.co/x #ofertas\r".encode(),
        b"nul\x00 y \x1b[31m",
    ]
    found = triage(b"\n".join(lines))
    assert len(found) == len(lines)
    assert {"service", "kind", "urgency", "abusive", "threat", "reasons"} <= found[0].keys()
    assert (found[0]["service"], found[0]["abusive"], found[0]["urgency"]) == (1, 1, "alta")
    assert (found[1]["service"], found[1]["kind"]) == (0, "ninguno")
    assert found[2]["service"] == found[3]["service"] == 1
    assert found[4]["service"] == 0


def test_nothing_in_is_nothing_out():
    assert triage(b"") == []
