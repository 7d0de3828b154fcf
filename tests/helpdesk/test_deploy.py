"""What production asks for is there when its variables are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    # What the browser's tests set for themselves is not of production.
    env = {**os.environ, **variables}
    env.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_deploy_check_is_silent_with_production_variables():
    done = manage(
        "check", "--deploy", "--fail-level", "WARNING",
        BASE_URL="https://circunflejo.example", ALLOWED_HOSTS="circunflejo.example", SECURE_SSL_REDIRECT="1",
        SECRET_KEY="una-clave-de-ejemplo-suficientemente-larga-y-variada-0123456789",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr


def test_nonsense_in_a_flag_stops_the_start():
    done = manage("check", DEBUG="quizás")

    assert done.returncode != 0
    assert "DEBUG must be 1 or 0" in done.stderr


def test_migrations_say_what_the_models_say():
    done = manage("makemigrations", "--check", "--dry-run", DATABASE_ROLE="owner")

    assert done.returncode == 0, done.stdout
