"""Which role of the database this process is: chosen by ``DATABASE_ROLE``, or once more after a fork."""

from __future__ import annotations

import os

from django.conf import settings
from django.db import connections

from helpdesk import env


def become(role: str) -> None:
    """Log in as ``role`` (app or worker) from now on. Nothing may have been asked of the database yet.

    For a process forked from a parent that has read everything and asked nothing. ValueError when a connection is
    open: it would stay the other role's.
    """
    if any(one.connection is not None for one in connections.all(initialized_only=True)):
        raise ValueError("this process has already asked the database as another role")
    os.environ["DATABASE_ROLE"] = settings.DATABASE_ROLE = role
    account = env.database(
        env.text("DATABASE_URL", "postgresql:///circunflejo"),
        role=role,
        instance=settings.INSTANCE,
        secret_key=settings.SECRET_KEY,
    )
    # In place: whoever has looked at the settings holds this very dictionary.
    settings.DATABASES["default"].update(
        {key: account[key] for key in ("USER", "PASSWORD")}
        | {"OPTIONS": settings.DATABASES["default"]["OPTIONS"] | account["OPTIONS"]}
    )
