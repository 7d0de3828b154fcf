"""Areas as an admin keeps them. Inside ``tenant``; each verb writes its audit line."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from channels_social.networks.email.addresses import key_of
from helpdesk import audit
from helpdesk.tenancy.models import Membership
from tickets.areas.domain.seeing import settle_area
from tickets.areas.models import Area, AreaMember


@transaction.atomic
def save_area(area: Area, *, members: Iterable[Membership], by: Membership) -> Area:
    """Make an area or change it, with its members."""
    is_new = area.pk is None
    area.organization_id, area.address = by.organization_id, key_of(area.address)
    area.save()
    wanted = {member.pk for member in members}
    kept = AreaMember.objects.filter(organization_id=area.organization_id, area=area)
    kept.exclude(member_id__in=wanted).delete()
    known = set(kept.values_list("member_id", flat=True))
    AreaMember.objects.bulk_create(
        AreaMember(organization_id=area.organization_id, area=area, member_id=pk)
        for pk in sorted(wanted - known)
    )
    settle_area(area)
    audit.record(
        area.organization_id, "area.created" if is_new else "area.changed", actor_id=by.pk, area=area.pk
    )
    return area


@transaction.atomic
def switch_area(area: Area, *, is_active: bool, by: Membership) -> None:
    """Let it be asked, or not any more; what was asked stays answerable."""
    Area.objects.filter(organization_id=area.organization_id, pk=area.pk).update(is_active=is_active)
    audit.record(
        area.organization_id,
        "area.activated" if is_active else "area.deactivated",
        actor_id=by.pk,
        area=area.pk,
    )
