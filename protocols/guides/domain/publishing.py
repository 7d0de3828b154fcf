"""A protocol becomes a version: checked whole, by somebody who did not write it. Inside ``tenant``."""

from __future__ import annotations

from django.db import transaction

from helpdesk.tenancy.models import Membership
from protocols.guides.domain.queries.pages import live_motives, taken_motives
from protocols.guides.models import Protocol
from protocols.guides.rules.checks import Wrong, wrongs_of
from protocols.guides.rules.guide import Guide, guide_of
from protocols.versions.domain import lifecycle
from protocols.versions.models import PageVersion


class NotPublishable(Exception):
    """What is wrong with it; nothing was written."""

    def __init__(self, wrongs: list[Wrong]) -> None:
        super().__init__([wrong.code for wrong in wrongs])
        self.wrongs = wrongs


@transaction.atomic
def publish_protocol(page: Protocol, *, step: int, by: Membership) -> PageVersion:
    """Publish its draft. Raises :class:`NotPublishable`, ``lifecycle.Outdated`` or ``lifecycle.NotAllowed``."""
    # One after the other: two protocols published at once must not both take a motive.
    rows = Protocol.objects.select_for_update().filter(organization_id=page.organization_id).order_by("pk")
    row = next(one for one in rows if one.pk == page.pk)
    if row.draft is not None and (wrongs := wrongs_in(row, guide_of(row.draft))):
        raise NotPublishable(wrongs)
    return lifecycle.publish(row, step=step, by=by)


def wrongs_in(page: Protocol | None, guide: Guide, organization_id: int | None = None) -> list[Wrong]:
    """What keeps this text from standing as the page's next version."""
    organization_id = page.organization_id if page else organization_id or 0
    taken = taken_motives(organization_id, but=page.pk if page else None)
    return wrongs_of(guide, motives=live_motives(organization_id), taken=taken)
