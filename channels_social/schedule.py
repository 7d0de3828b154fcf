"""When this room's tasks run; ``helpdesk.celery`` adds it to the clock. A beat nobody took expires."""

from __future__ import annotations

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {
    "poll": {"task": "channels.net_poll", "schedule": 5.0, "options": {"expires": 5}},
    "resolve": {"task": "channels.net_resolve", "schedule": 10.0, "options": {"expires": 10}},
    "fetch": {"task": "channels.net_fetch", "schedule": 10.0, "options": {"expires": 10}},
    "watch-accounts": {"task": "channels.net_watch", "schedule": 300.0, "options": {"expires": 300}},
}
