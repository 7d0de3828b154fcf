from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class DataDeletion(models.Model):
    """Somebody who connected pages asked at Facebook to have their data deleted; nothing of them is kept. Global."""

    # Told to them by Facebook: with it they read what became of it.
    code = models.CharField(max_length=32, unique=True)
    # SHA-256 of the signed request: told twice, it is one petition.
    request = models.CharField(max_length=64, unique=True)
    accounts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(db_default=Now())
