"""Deciding what is filed and what customers are told; every change is written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from helpdesk import audit
from helpdesk.tenancy.models import Membership
from helpdesk.text import clean
from tickets.cases.domain.filing import rulebook_of
from tickets.cases.filings import FilingPolicy, FilingRule

FIELDS = ("numbers", "tells", "tells_in_public", "private_sentence", "public_sentence", "joined_sentence")


@transaction.atomic
def decide_filing(
    *, rules: Mapping[str, str], policy: Mapping[str, Any], by: Membership
) -> list[tuple[str, str, str]]:
    """Write the rules and the policy down; what changed as ``(what, from, to)``. Inside ``tenant``.

    It holds for what comes in from now on: nothing is filed backwards, and no radicado is taken back.
    """
    before = rulebook_of(by.organization_id)
    changes = []
    for kind, when in rules.items():
        if before.when[kind] != when:
            FilingRule.objects.update_or_create(
                organization_id=by.organization_id, kind=kind, defaults={"when": when}
            )
            changes.append((kind, str(before.when[kind]), when))
    values = {name: _tidy(policy[name]) for name in FIELDS}
    for name, value in values.items():
        former = getattr(before.policy, name)
        if former != value:
            # Sentences are the organization's words, not a customer's; that they changed is enough here.
            said = name.endswith("sentence")
            changes.append((name, "" if said else str(former), "" if said else str(value)))
    FilingPolicy.objects.update_or_create(organization_id=by.organization_id, defaults=values)
    for what, former, value in changes:
        audit.record(
            by.organization_id,
            "filing.decided",
            actor_id=by.pk,
            what=what,
            **({"former": former, "to": value} if former or value else {}),
        )
    return changes


def _tidy(value: Any) -> Any:
    return " ".join(clean(value).split()) if isinstance(value, str) else value
