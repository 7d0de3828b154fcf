"""Shifts, training, supervisor and photo of a person. Inside ``tenant``; each writes its audit line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from tickets.team.models import MemberPhoto, Shift
from tickets.team.rules.photos import clean_photo
from tickets.team.rules.shifts import Span


class PeopleRefused(Exception):
    """``code``: ``own`` (one's own training), ``dates`` (it ends before it begins), ``evidence``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Training:
    """Whether answers in public need one, from when until when it holds, and what shows it."""

    is_needed: bool
    on: date | None = None
    until: date | None = None
    evidence: str = ""


@transaction.atomic
def set_shifts(member: Membership, spans: Sequence[Span], *, by: Membership) -> bool:
    """The weekly shifts of a person, whole; False when they are as they were."""
    member = Membership.objects.select_for_update().get(pk=member.pk)
    if sorted(spans_of(member)) == sorted(spans):
        return False
    Shift.objects.filter(member=member).delete()
    Shift.objects.bulk_create(
        Shift(
            organization_id=member.organization_id, member=member,
            weekday=span.weekday, starts_at=span.starts, ends_at=span.ends,
        )
        for span in spans
    )  # fmt: skip
    audit.record(
        member.organization_id, "member.shifts_changed", actor_id=by.pk, member=member.pk, shifts=len(spans)
    )
    return True


def spans_of(member: Membership) -> list[Span]:
    """The weekly shifts of a person."""
    rows = Shift.objects.filter(member=member).order_by("weekday", "starts_at")
    return [Span(row.weekday, row.starts_at, row.ends_at) for row in rows]


@transaction.atomic
def set_training(
    member: Membership, training: Training, *, supervisor: Membership | None, by: Membership
) -> bool:
    """Write a training down, or that none is needed; nobody their own. False when nothing changes.

    Raises :class:`PeopleRefused`.
    """
    if member.pk == by.pk:
        raise PeopleRefused("own")
    if training.on is not None and (training.until is None or training.until < training.on):
        raise PeopleRefused("dates")
    if training.on is not None and not training.evidence.strip():
        raise PeopleRefused("evidence")
    member = Membership.objects.select_for_update().get(pk=member.pk)
    before = _training_of(member), member.supervisor_id
    member.needs_training, member.trained_on = training.is_needed, training.on
    member.trained_until, member.training_evidence = training.until, training.evidence.strip()[:200]
    member.supervisor = supervisor
    if (_training_of(member), member.supervisor_id) == before:
        return False
    if _training_of(member) != before[0]:
        member.trained_by = by if training.on else None
    member.save()
    audit.record(
        member.organization_id, "member.training_changed", actor_id=by.pk, member=member.pk,
        needed=training.is_needed, on=str(training.on or ""), until=str(training.until or ""),
        supervisor=supervisor.pk if supervisor else None,
    )  # fmt: skip
    return True


def _training_of(member: Membership) -> Training:
    return Training(member.needs_training, member.trained_on, member.trained_until, member.training_evidence)


@transaction.atomic
def set_photo(member: Membership, body: bytes) -> None:
    """The person's own picture. That customers may see it is said anew: it was said of another picture.

    Raises ``BadPhoto``.
    """
    photo = clean_photo(body)
    MemberPhoto.objects.update_or_create(
        organization_id=member.organization_id,
        member=member,
        defaults={"body": photo.body, "at": clock.now()},
    )
    _shown(member, member.photo_version + 1, None)
    audit.record(member.organization_id, "member.photo_set", actor_id=member.pk, member=member.pk)


@transaction.atomic
def drop_photo(member: Membership, *, by: Membership) -> None:
    """No picture any more, here nor where customers see it."""
    MemberPhoto.objects.filter(member=member).delete()
    _shown(member, 0, None)
    audit.record(member.organization_id, "member.photo_dropped", actor_id=by.pk, member=member.pk)


@transaction.atomic
def publish_photo(member: Membership, *, yes: bool) -> bool:
    """Whether customers may see it: said by the person, never for them. False without a picture or a change."""
    if not member.photo_version or (member.photo_public_at is not None) == yes:
        return False
    _shown(member, member.photo_version, clock.now() if yes else None)
    action = "member.photo_published" if yes else "member.photo_unpublished"
    audit.record(member.organization_id, action, actor_id=member.pk, member=member.pk)
    return True


def _shown(member: Membership, version: int, public_at: object) -> None:
    Membership.objects.filter(pk=member.pk).update(photo_version=version, photo_public_at=public_at)
    member.photo_version, member.photo_public_at = version, public_at  # type: ignore[assignment]
