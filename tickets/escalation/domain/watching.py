"""Who is on call, and keeping the rota. Inside ``tenant``; changes write their audit line."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.permissions import Permission
from tickets.escalation.models import OnCallShift, OnCallSwap
from tickets.escalation.rules.ladder import Swap, Watch, on_call
from tickets.team.rules.shifts import Span


class WatchRefused(Exception):
    """``code``: ``empty`` (it ends when it starts), ``twice``, ``past``, ``order``, ``same``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def called_at(organization: Organization, at: datetime) -> list[Membership]:
    """Who is called at an instant, first to last: the watch; where nobody has it, whoever approves answers."""
    found = on_call(watches_of(), swaps_of(at), at, organization.timezone)
    members = {m.pk: m for m in Membership.objects.filter(organization=organization, is_active=True)}
    ladder = [members[pk] for pk in found if pk in members]
    return ladder or supervisors(list(members.values()))


def supervisors(members: list[Membership]) -> list[Membership]:
    """Who answers for the team: those who approve, the ones who are there first."""
    able = [member for member in members if member.can(Permission.APPROVE_REPLIES)]
    return sorted(able, key=lambda member: (member.presence == "offline", member.pk))


def watches_of() -> list[Watch]:
    """The weekly rota, as the rule reads it."""
    return [
        Watch(row.member_id, Span(row.weekday, row.starts_at, row.ends_at), row.place)
        for row in OnCallShift.objects.order_by("id")
    ]


def swaps_of(at: datetime) -> list[Swap]:
    """The substitutions that are not over at an instant, oldest first."""
    rows = OnCallSwap.objects.filter(ends_at__gt=at).order_by("id")
    return [Swap(row.out_member_id, row.in_member_id, row.starts_at, row.ends_at) for row in rows]


@transaction.atomic
def add_watch(
    member: Membership, *, weekdays: list[int], starts: time, ends: time, place: int, by: Membership
) -> int:
    """Put somebody on call on these days of every week; how many. Raises :class:`WatchRefused`."""
    if starts == ends:
        raise WatchRefused("empty")
    taken = OnCallShift.objects.filter(member=member, starts_at=starts, weekday__in=weekdays)
    if taken.exists():
        raise WatchRefused("twice")
    OnCallShift.objects.bulk_create(
        OnCallShift(
            organization_id=member.organization_id, member=member, weekday=weekday, starts_at=starts,
            ends_at=ends, place=place,
        )
        for weekday in weekdays
    )  # fmt: skip
    audit.record(
        member.organization_id, "on_call.added", actor_id=by.pk, member=member.pk, weekdays=weekdays,
        starts=f"{starts:%H:%M}", ends=f"{ends:%H:%M}", place=place,
    )  # fmt: skip
    return len(weekdays)


@transaction.atomic
def drop_watch(watch: OnCallShift, *, by: Membership) -> None:
    """Nobody is on call for it any more."""
    audit.record(
        watch.organization_id, "on_call.dropped", actor_id=by.pk, member=watch.member_id,
        weekdays=[watch.weekday], starts=f"{watch.starts_at:%H:%M}",
    )  # fmt: skip
    watch.delete()


@transaction.atomic
def add_swap(
    *, out: Membership, into: Membership, starts: datetime, ends: datetime, reason: str, by: Membership
) -> OnCallSwap:
    """For a while somebody takes somebody's watch. Raises :class:`WatchRefused`."""
    if out.pk == into.pk:
        raise WatchRefused("same")
    if ends <= starts:
        raise WatchRefused("order")
    if ends <= clock.now():
        raise WatchRefused("past")
    made = OnCallSwap.objects.create(
        organization_id=out.organization_id, out_member=out, in_member=into, starts_at=starts, ends_at=ends,
        reason=reason.strip()[:120], made_by=by,
    )  # fmt: skip
    audit.record(
        out.organization_id, "on_call.swapped", actor_id=by.pk, member=out.pk, to=into.pk,
        starts=starts.isoformat(), ends=ends.isoformat(),
    )  # fmt: skip
    return made


@transaction.atomic
def drop_swap(swap: OnCallSwap, *, by: Membership) -> None:
    """Everybody has their own watch again."""
    audit.record(
        swap.organization_id,
        "on_call.swap_dropped",
        actor_id=by.pk,
        member=swap.out_member_id,
        to=swap.in_member_id,
    )
    swap.delete()
