"""What an organization's verdicts have learnt of its corrections. Inside ``tenant``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from helpdesk.tenancy.models import Organization
from tickets.triage.local import ENOUGH, HOLD_ONE_IN
from tickets.triage.models import TriageCorrection, TriagePolicy, TriageVersion

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version; shares are of the corrections held back, 0 to 100, None where none was."""

    number: int
    at: datetime
    learnt_from: int
    held_back: int
    before: int | None
    after: int | None
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class Criterion:
    """The page: whether it learns, of how many corrections, and the versions, newest first."""

    is_on: bool
    corrections: dict[str, int]
    total: int
    # About how many corrections more until a first version can be learnt.
    missing: int
    versions: list[VersionLine]

    @property
    def current(self) -> VersionLine | None:
        """The version that judges now; none while switched off."""
        return next((one for one in self.versions if one.is_in_force), None) if self.is_on else None


def criterion_of(organization: Organization) -> Criterion:
    """Read the page's facts in three statements."""
    mine = {"organization": organization}
    counted = dict(
        TriageCorrection.objects.filter(**mine).values_list("aspect").annotate(n=Count("id")).order_by()
    )
    total = sum(counted.values())
    versions = TriageVersion.objects.filter(**mine).order_by("-is_in_force", "-number")[:AT_ONCE]
    needed = -(-ENOUGH * HOLD_ONE_IN // (HOLD_ONE_IN - 1))
    return Criterion(
        is_on=not TriagePolicy.objects.filter(**mine, is_on=False).exists(),
        corrections=counted,
        total=total,
        missing=max(0, needed - total),
        versions=sorted(map(_line, versions), key=lambda one: -one.number),
    )


def _line(version: TriageVersion) -> VersionLine:
    return VersionLine(
        version.number,
        version.at,
        version.learnt_from,
        version.held_back,
        _share(version.right_before, version.held_back),
        _share(version.right_after, version.held_back),
        version.is_in_force,
    )


def _share(right: int, held_back: int) -> int | None:
    return round(100 * right / held_back) if held_back else None
