"""Build the weights of triage from our corpus. Needs no database; takes seconds."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tickets.triage.corpus import build
from tickets.triage.model import BUILT


class Command(BaseCommand):
    help = "Learn the weights of triage from tickets/triage/corpus and write them beside it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = build()
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} rows -> {BUILT.name}, {BUILT.stat().st_size // 1024} kB")
