"""Reads the environment: the only place that does, so that nonsense is refused at start with its name."""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file that ``<name>_FILE`` points to, or the default."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """True for ``1``/``true``, False for ``0``/``false``/empty; anything else stops the start."""
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true"}:
        return True
    if value in {"0", "false", ""}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without blanks."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def role_password(secret_key: str, user: str) -> str:
    """The password of the ``app`` and ``worker`` roles: derived, so that it is kept nowhere."""
    return hmac.new(secret_key.encode(), f"role:{user}".encode(), hashlib.sha256).hexdigest()


def database(url: str, *, role: str, instance: str, secret_key: str) -> dict[str, object]:
    """Django's settings for the owner's ``url`` seen as ``role`` (owner, app or worker)."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://")
    if role not in {"owner", "app", "worker"}:
        raise ImproperlyConfigured(f"DATABASE_ROLE must be owner, app or worker, not {role!r}")
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if role != "owner":
        user = role_name(instance, role)
        password = role_password(secret_key, user)
    return {
        "ENGINE": "helpdesk.tenancy.postgres",
        "NAME": parts.path.lstrip("/") or "circunflejo",
        "USER": user,
        "PASSWORD": password,
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": options.pop("port", str(parts.port or "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"application_name": f"circunflejo-{role}", **options},
    }


def role_name(instance: str, role: str) -> str:
    """``circunflejo_<instance>_<role>``: roles are cluster-wide, so they carry the instance."""
    return f"circunflejo_{instance}_{role}"


def celery_url(redis_url: str) -> str:
    """Kombu's spelling of a Redis address (sockets are ``redis+socket://``)."""
    if redis_url.startswith("unix://"):
        parts = urlsplit(redis_url)
        db = parse_qs(parts.query).get("db", ["0"])[-1]
        return f"redis+socket://{parts.path}?virtual_host={db}"
    return redis_url
