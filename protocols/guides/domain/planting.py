"""The protocols and templates an organization begins with. Inside ``tenant``; planting twice plants once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Organization
from protocols.answers.models import AnswerTemplate, TemplateVersion
from protocols.guides import seeds
from protocols.guides.models import Protocol, ProtocolVersion
from protocols.versions.models import PageState

# Ours are looked at again within half a year.
REVIEW = timedelta(days=180)


@transaction.atomic
def plant_guides(organization: Organization, *, sector: str = "") -> int:
    """Give an organization what ships for its sector and country, published; how many pages were new."""
    sector, country = sector or organization.sector, organization.country
    protocols = _new(organization, Protocol, dict(seeds.protocols(sector, country)))
    templates = _new(organization, AnswerTemplate, dict(seeds.templates(sector)))
    _put(protocols, ProtocolVersion)
    _put(templates, TemplateVersion)
    if protocols or templates:
        audit.record(organization.pk, "guides.planted", protocols=len(protocols), templates=len(templates))
    return len(protocols) + len(templates)


def _new(organization: Organization, model: Any, texts: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """Rows for the texts that are not there yet."""
    known = set(model.objects.filter(organization=organization).values_list("seed", flat=True))
    review_on = (clock.now() + REVIEW).date()
    rows = [
        (
            model(
                organization=organization, seed=key, name=text.name, motives=list(text.motives),
                review_on=review_on,
            ),
            text,
        )
        for key, text in texts.items()
        if key not in known
    ]  # fmt: skip
    model.objects.bulk_create([row for row, _text in rows])
    return rows


def _put(rows: list[tuple[Any, Any]], versions: Any) -> None:
    """Version 1 of each, in force."""
    if not rows:
        return
    made = versions.objects.bulk_create(
        versions(organization_id=row.organization_id, page=row, number=1, document=text.as_document())
        for row, text in rows
    )
    for (row, _text), version in zip(rows, made, strict=True):
        row.version, row.state = version, PageState.PUBLISHED
    model = type(rows[0][0])
    model.objects.bulk_update([row for row, _text in rows], ["version", "state"])
