"""The operator's word on an organization that left: nothing is read, written or sent in its name (``http.closed``)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpdesk import clock
from helpdesk.tenancy.models import Organization


class Command(BaseCommand):
    help = "Close an organization: its console, API and public site (410); or open it again with --reopen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--reopen", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DATABASE_ROLE != "owner":
            raise CommandError("close_organization changes a tenant: run it with DATABASE_ROLE=owner")
        closed_at = None if options["reopen"] else clock.now()
        if not Organization.objects.filter(slug=options["slug"]).update(closed_at=closed_at):
            raise CommandError(f"there is no organization {options['slug']!r}")
        self.stdout.write(f"{options['slug']}: {'abierta' if options['reopen'] else 'cerrada'}")
