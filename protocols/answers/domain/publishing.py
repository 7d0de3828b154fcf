"""A template becomes a version. Inside ``tenant``."""

from __future__ import annotations

from django.db import transaction

from helpdesk.tenancy.models import Membership
from protocols.answers.models import AnswerTemplate
from protocols.answers.rules.wording import Wrong, wording_of, wrongs_of
from protocols.versions.domain import lifecycle
from protocols.versions.models import PageVersion


class NotPublishable(Exception):
    """What is wrong with it; nothing was written."""

    def __init__(self, wrongs: list[Wrong]) -> None:
        super().__init__([wrong.code for wrong in wrongs])
        self.wrongs = wrongs


@transaction.atomic
def publish_template(page: AnswerTemplate, *, step: int, by: Membership) -> PageVersion:
    """Publish its draft. Raises :class:`NotPublishable`, ``lifecycle.Outdated`` or ``lifecycle.NotAllowed``."""
    row = AnswerTemplate.objects.select_for_update().get(pk=page.pk)
    if row.draft is not None and (wrongs := wrongs_of(wording_of(row.draft))):
        raise NotPublishable(wrongs)
    return lifecycle.publish(row, step=step, by=by)
