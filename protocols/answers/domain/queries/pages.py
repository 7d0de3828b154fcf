"""Templates as they are asked for. Inside ``tenant``."""

from __future__ import annotations

from protocols.answers.models import AnswerTemplate
from protocols.versions.models import PageState


def templates_for(organization_id: int, motive: str = "") -> list[AnswerTemplate]:
    """Published templates with their versions: those of the motive first, then those of any, then the others."""
    rows = AnswerTemplate.objects.filter(organization_id=organization_id, state=PageState.PUBLISHED)
    found = list(rows.select_related("version").order_by("name"))
    return sorted(found, key=lambda one: rank(one.motives, motive))


def rank(motives: list[str], motive: str) -> int:
    """0: of this motive · 1: of any · 2: of another one."""
    if motive and motive in motives:
        return 0
    return 2 if motives else 1
