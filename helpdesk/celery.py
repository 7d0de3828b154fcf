"""Two workers share this application: ``inbox`` (intake, clocks; no network) and ``net`` (all that is outside)."""

from __future__ import annotations

import os

from celery import Celery

from channels_social.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

app = Celery("helpdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["tickets", "channels_social"])

# Doorbells can be lost: every queue is also looked at by the clock.
app.conf.beat_schedule = {
    "take-in": {"task": "tickets.take_in", "schedule": 2.0, "options": {"expires": 2.0}},
    "sweep-clocks": {"task": "tickets.sweep_clocks", "schedule": 3.0, "options": {"expires": 3.0}},
    "deliver": {"task": "tickets.net_deliver", "schedule": 1.0, "options": {"expires": 1.0}},
    "fold-counts": {"task": "tickets.fold_counts", "schedule": 20.0, "options": {"expires": 20.0}},
    "sweep-outbox": {"task": "tickets.net_sweep_outbox", "schedule": 5.0, "options": {"expires": 5.0}},
    "learn-corrections": {
        "task": "tickets.learn_corrections",
        "schedule": 300.0,
        "options": {"expires": 300.0},
    },
    # Every hour, since midnight is not the same instant everywhere; a day is drawn once.
    "sample-noise": {"task": "tickets.sample_noise", "schedule": 3600.0, "options": {"expires": 3600.0}},
    **SCHEDULE,
}
