"""Figures held to the rows they are counted from: proved, mended, built anew."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from helpdesk import clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Organization
from tickets.insights.domain.counting import differences, stretches
from tickets.insights.domain.rebuilding import mend, rebuild
from tickets.insights.domain.sweeping import every_day, sweep

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Figures of days: --prove says where they are not what the rows say (exit code 1), --mend counts those days "
        "anew, --rebuild counts every day anew; without any, what is marked is counted. What closed months have in "
        "force is never touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        for name in ("prove", "mend", "rebuild"):
            what.add_argument(f"--{name}", action="store_const", const=name, dest="what")
        parser.add_argument("--org", help="one organization, by its slug; all of them otherwise")
        parser.add_argument("--from", dest="first", type=_day, help="first day, as 2026-11-01")
        parser.add_argument("--to", dest="last", type=_day, help="last day")

    def handle(self, *args: Any, **options: Any) -> None:
        found = Organization.objects.filter(**({"slug": options["org"]} if options["org"] else {}))
        if not found:
            raise CommandError(f"no organization is called {options['org']}")
        wrong = 0
        for organization in found.order_by("pk"):
            act = getattr(self, f"_{options['what'] or 'sweep'}")
            wrong += act(organization, options["first"], options["last"])
        if wrong and options["what"] == "prove":
            raise CommandError(f"{wrong} figures are not what the rows say: --mend counts them anew")

    def _sweep(self, organization: Organization, first: date | None, last: date | None) -> int:
        is_left = True
        while is_left:
            with tenant(organization.pk):
                swept = sweep(organization, now=clock.now())
            if swept is None:
                raise CommandError(f"{organization.slug}: another process is counting")
            self.stdout.write(f"{organization.slug}: {swept.days} days, {swept.adjusted} adjusted")
            is_left = swept.is_left
        return 0

    def _prove(self, organization: Organization, first: date | None, last: date | None) -> int:
        wrong = self._different(organization, first, last)
        for one in wrong[:SHOWN]:
            self.stdout.write(
                f"{organization.slug} {one['day']} account {one['account']} {one['cut']} «{one['key']}» "
                f"{one['measure']}: {one['stored']}, rows say {one['raw']}"
            )
        days = len({one["day"] for one in wrong})
        self.stdout.write(f"{organization.slug}: {len(wrong)} differences on {days} days")
        return len(wrong)

    def _mend(self, organization: Organization, first: date | None, last: date | None) -> int:
        days = sorted({one["day"] for one in self._different(organization, first, last)})
        with tenant(organization.pk), transaction.atomic():
            mend(organization, days, now=clock.now())
        self.stdout.write(f"{organization.slug}: {len(days)} days counted anew")
        return 0

    def _rebuild(self, organization: Organization, first: date | None, last: date | None) -> int:
        days = 0
        for piece in stretches(self._days(organization, first, last)):
            with tenant(organization.pk), transaction.atomic():
                days += rebuild(organization, *piece, now=clock.now())
        self.stdout.write(f"{organization.slug}: {days} days counted anew")
        return 0

    def _different(self, organization: Organization, first: date | None, last: date | None) -> list[dict]:
        found = []
        for piece in stretches(self._days(organization, first, last)):
            with tenant(organization.pk):
                found += differences(organization, *piece)
        return found

    def _days(self, organization: Organization, first: date | None, last: date | None) -> list[date]:
        """What was asked for; else from the first day on which anything is counted."""
        today = clock.now().astimezone(ZoneInfo(organization.timezone)).date()
        if first is not None:
            end = last or today
            return [first + timedelta(days=n) for n in range((end - first).days + 1)]
        with tenant(organization.pk):
            return [day for day in every_day(organization, today) if last is None or day <= last]


def _day(text: str) -> date:
    return date.fromisoformat(text)
