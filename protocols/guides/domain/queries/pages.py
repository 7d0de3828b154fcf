"""Protocols as they are asked for: by motive, and what other pages have taken. Inside ``tenant``."""

from __future__ import annotations

from protocols.guides.models import Protocol
from protocols.typification.domain.queries.published import published
from protocols.typification.rules.tree import MOTIVE
from protocols.versions.models import PageState


def protocol_for(organization_id: int, motive: str) -> Protocol | None:
    """The published protocol of a motive, with its version."""
    return (
        Protocol.objects.filter(
            organization_id=organization_id, state=PageState.PUBLISHED, motives__contains=[motive]
        )
        .select_related("version")
        .order_by("pk")
        .first()
    )


def taken_motives(organization_id: int, *, but: int | None = None) -> dict[str, str]:
    """Motives that a published protocol speaks for, with its name."""
    rows = Protocol.objects.filter(organization_id=organization_id, state=PageState.PUBLISHED).exclude(pk=but)
    return {key: name for name, keys in rows.values_list("name", "motives") for key in keys}


def live_motives(organization_id: int) -> dict[str, str]:
    """Motives that can be chosen now, by key, with their names."""
    tree = published(organization_id)
    return {node.key: node.name for node in tree.tree.live(MOTIVE)} if tree else {}
