"""Two workers share this application: ``inbox`` (intake, clocks; no network) and ``net`` (all that is outside)."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, bootsteps
from celery.beat import EmbeddedService

from channels_social.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

app = Celery("helpdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["tickets", "channels_social"])

# Doorbells can be lost: every queue is also looked at by the clock.
app.conf.beat_schedule = {
    "take-in": {"task": "tickets.take_in", "schedule": 2.0, "options": {"expires": 2.0}},
    "sweep-clocks": {"task": "tickets.sweep_clocks", "schedule": 3.0, "options": {"expires": 3.0}},
    "sweep-waits": {"task": "tickets.sweep_waits", "schedule": 10.0, "options": {"expires": 10.0}},
    "sweep-absent": {"task": "tickets.sweep_absent", "schedule": 30.0, "options": {"expires": 30.0}},
    "sweep-commitments": {
        "task": "tickets.sweep_commitments",
        "schedule": 3.0,
        "options": {"expires": 3.0},
    },
    "recount": {"task": "tickets.net_recount", "schedule": 5.0, "options": {"expires": 5.0}},
    "sweep-areas": {"task": "tickets.sweep_areas", "schedule": 20.0, "options": {"expires": 20.0}},
    "sweep-escalation": {
        "task": "tickets.sweep_escalation",
        "schedule": 5.0,
        "options": {"expires": 5.0},
    },
    "sweep-silence": {"task": "tickets.sweep_silence", "schedule": 60.0, "options": {"expires": 60.0}},
    "batches": {"task": "tickets.net_batches", "schedule": 5.0, "options": {"expires": 5.0}},
    "watch-incidents": {
        "task": "tickets.watch_incidents",
        "schedule": 10.0,
        "options": {"expires": 10.0},
    },
    "alarms": {"task": "tickets.net_alarms", "schedule": 10.0, "options": {"expires": 10.0}},
    "sweep-presence": {"task": "tickets.sweep_presence", "schedule": 30.0, "options": {"expires": 30.0}},
    "deliver": {"task": "tickets.net_deliver", "schedule": 1.0, "options": {"expires": 1.0}},
    "import": {"task": "tickets.net_import", "schedule": 3.0, "options": {"expires": 3.0}},
    "tidy-doors": {"task": "tickets.tidy_doors", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "forget-uploads": {"task": "tickets.forget_uploads", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "fold-counts": {"task": "tickets.fold_counts", "schedule": 5.0, "options": {"expires": 5.0}},
    "tell-filings": {"task": "tickets.tell_filings", "schedule": 3.0, "options": {"expires": 3.0}},
    "after-contacts": {
        "task": "tickets.sweep_after_contacts",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "count-figures": {"task": "tickets.count_figures", "schedule": 60.0, "options": {"expires": 60.0}},
    "tell-closed": {"task": "tickets.tell_closed", "schedule": 10.0, "options": {"expires": 10.0}},
    "file-unanswered": {"task": "tickets.file_unanswered", "schedule": 60.0, "options": {"expires": 60.0}},
    "tell-webhooks": {"task": "tickets.net_tell_webhooks", "schedule": 2.0, "options": {"expires": 2.0}},
    "forget-api": {"task": "tickets.forget_api", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "sweep-outbox": {"task": "tickets.net_sweep_outbox", "schedule": 5.0, "options": {"expires": 5.0}},
    "learn-corrections": {
        "task": "tickets.learn_corrections",
        "schedule": 300.0,
        "options": {"expires": 300.0},
    },
    # Every hour, since midnight is not the same instant everywhere; a week is grouped and a day drawn once.
    "group-questions": {
        "task": "tickets.net_group_questions",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
    "group-asked": {"task": "tickets.net_group_asked", "schedule": 15.0, "options": {"expires": 15.0}},
    "tell-followers": {
        "task": "tickets.net_tell_followers",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    "tend-articles": {"task": "tickets.tend_articles", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "sample-noise": {"task": "tickets.sample_noise", "schedule": 3600.0, "options": {"expires": 3600.0}},
    **SCHEDULE,
}


class Ticks(bootsteps.StartStopStep):
    """Beat as a thread of the worker that has ``ticks``: Celery's own ``-B`` forks a process for it,
    which holds as much again of everything it writes to (18 MiB, `bin/bench memory`)."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, *, ticks: bool = False, **options: Any) -> None:
        self.enabled = ticks
        super().__init__(parent, **options)

    def create(self, parent: Any) -> Any:
        """The service; its file is named in the settings."""
        return EmbeddedService(parent.app, thread=True)


class Announces(bootsteps.StartStopStep):
    """The announcer as a thread of the worker that has ``announces``; a process more would hold 18 MiB of its own."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, *, announces: bool = False, **options: Any) -> None:
        self.enabled = announces
        super().__init__(parent, **options)

    def create(self, parent: Any) -> Any:
        """The thread; it is read here, since nothing of Django's is set up where this file is."""
        from tickets.console.announcer import Announcer

        return Announcer()


app.steps["worker"].update({Ticks, Announces})
