"""What colleagues correct, and what an organization's verdicts learn of it. Inside ``tenant``."""

from __future__ import annotations

import json
from zlib import crc32

from django.db import connection, transaction
from django.db.models import Max

from helpdesk import audit
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.planned import ask
from tickets.triage.clues import clues
from tickets.triage.engine import SERVICE_FROM, Context
from tickets.triage.labels import KINDS, LANE, URGENCIES
from tickets.triage.local import SERVICE, Example, learn
from tickets.triage.model import built
from tickets.triage.models import TriageCorrection, TriagePolicy, TriageVersion

# Asked by every turn of intake.
IN_FORCE = """
SELECT v.offsets::text FROM tickets_triageversion v WHERE v.organization_id = %s AND v.is_in_force
AND NOT EXISTS (SELECT 1 FROM tickets_triagepolicy p WHERE p.organization_id = v.organization_id AND NOT p.is_on)
"""
_KEPT = (SERVICE, *KINDS, *URGENCIES)


@transaction.atomic
def correct(
    *, message_id: int, text: str, context: Context, aspect: str, judged: str, said: str, by: Membership
) -> TriageCorrection:
    """Keep what a colleague says a message is; the last word on a message counts. ``text`` is read, never kept."""
    found = clues(text, context.handles, is_to_us=context.is_to_us)
    sums = built().judged(found)
    correction, _made = TriageCorrection.objects.update_or_create(
        organization_id=by.organization_id,
        message_id=message_id,
        aspect=aspect,
        defaults={
            "judged": judged,
            "said": said,
            "traits": [trait[:80] for trait in found.traits],
            "sums": {lane: round(sums[LANE[lane]], 3) for lane in _KEPT},
            "by": by,
        },
    )
    audit.record(
        by.organization_id,
        "triage.corrected",
        actor_id=by.pk,
        message=message_id,
        aspect=aspect,
        judged=judged,
        said=said,
    )
    return correction


@transaction.atomic
def withdraw(*, message_id: int, aspect: str, by: Membership) -> bool:
    """Take a correction back: nobody says any more that the verdict was wrong. False when there was none."""
    mine = {"organization_id": by.organization_id, "message_id": message_id, "aspect": aspect}
    gone, _rows = TriageCorrection.objects.filter(**mine).delete()
    if gone:
        audit.record(
            by.organization_id,
            "triage.correction_withdrawn",
            actor_id=by.pk,
            message=message_id,
            aspect=aspect,
        )
    return bool(gone)


@transaction.atomic
def teach(organization_id: int) -> TriageVersion | None:
    """Learn from the corrections, when there are new ones; the new version is in force only when not worse.

    Safe to run twice or side by side: the policy's row is held, and the same corrections teach nothing again.
    """
    policy, _made = TriagePolicy.objects.get_or_create(organization_id=organization_id)
    policy = TriagePolicy.objects.select_for_update().get(pk=policy.pk)
    corrections = list(TriageCorrection.objects.filter(organization_id=organization_id).order_by("pk"))
    stamp = _stamp(corrections)
    if not policy.is_on or policy.seen == stamp:
        return None
    TriagePolicy.objects.filter(pk=policy.pk).update(seen=stamp)
    lesson = learn([_example(one) for one in corrections], SERVICE_FROM)
    if not lesson.offsets:
        return None
    if lesson.is_not_worse:
        TriageVersion.objects.filter(organization_id=organization_id, is_in_force=True).update(
            is_in_force=False
        )
    last = (
        TriageVersion.objects.filter(organization_id=organization_id).aggregate(last=Max("number"))["last"]
        or 0
    )
    return TriageVersion.objects.create(
        organization_id=organization_id,
        number=last + 1,
        offsets=lesson.offsets,
        learnt_from=lesson.learnt_from,
        held_back=lesson.held_back,
        right_before=lesson.right_before,
        right_after=lesson.right_after,
        is_in_force=lesson.is_not_worse,
    )


def _stamp(corrections: list[TriageCorrection]) -> int:
    """A number that changes with any correction, made or changed."""
    return crc32(repr([(one.pk, one.said) for one in corrections]).encode()) & 0x7FFFFFFF


def _example(one: TriageCorrection) -> Example:
    return Example(one.pk, one.aspect, one.said, tuple(one.traits), one.sums)


@transaction.atomic
def switch(*, on: bool, by: Membership) -> None:
    """Turn learning on or off, with one click: off, the shipped weights judge alone."""
    TriagePolicy.objects.update_or_create(organization_id=by.organization_id, defaults={"is_on": on})
    audit.record(by.organization_id, "triage.switched", actor_id=by.pk, on=on)


def offsets_in_force(organization_id: int) -> dict[str, dict[str, float]]:
    """The offsets that judge this organization's messages; none when switched off or never learnt."""
    with connection.cursor() as cursor:
        ask(cursor, IN_FORCE, [organization_id])
        row = cursor.fetchone()
    return json.loads(row[0]) if row else {}
