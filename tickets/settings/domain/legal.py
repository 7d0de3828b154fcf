"""Legal terms as an admin keeps them: accepted by name, changed with a line each, never of no days."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from protocols.models import LegalTerm
from tickets.clocks.domain.legal import forget_legal_rules

FIELDS = (
    "name", "days", "unit", "extension_days", "internal_day", "alarm_days", "source", "reviewed_on",
)  # fmt: skip


class TermRefused(Exception):
    """Somebody else changed it meanwhile."""


@transaction.atomic
def change_term(pk: int, *, values: dict[str, Any], version: int, by: Membership) -> LegalTerm:
    """Write down what the law says. It holds for what is filed from now on: a term that runs is not moved.

    What an admin changed is the admin's word: it counts as accepted by them.
    """
    term = _locked(pk, version)
    changes = {
        name: [str(getattr(term, name)), str(values[name])]
        for name in FIELDS
        if getattr(term, name) != values[name]
    }
    if not changes:
        return term
    for name in FIELDS:
        setattr(term, name, values[name])
    if term.is_active:
        term.accepted_by, term.accepted_at = by, clock.now()
    _keep(term, by, "term.changed", changes=changes)
    return term


@transaction.atomic
def accept_term(pk: int, *, is_active: bool, version: int, by: Membership) -> LegalTerm:
    """Let a term count, in the name of who says so; or let it rest."""
    term = _locked(pk, version)
    if term.is_active == is_active:
        return term
    term.is_active = is_active
    if is_active:
        term.accepted_by, term.accepted_at = by, clock.now()
    _keep(term, by, "term.accepted" if is_active else "term.rested")
    return term


def _locked(pk: int, version: int) -> LegalTerm:
    term = LegalTerm.objects.select_for_update(of=("self",)).get(pk=pk)
    if term.version != version:
        raise TermRefused
    return term


def _keep(term: LegalTerm, by: Membership, action: str, **data: Any) -> None:
    term.version += 1
    term.save()
    audit.record(
        by.organization_id,
        action,
        actor_id=by.pk,
        legal_term=term.pk,
        term=term.name,
        version=term.version,
        **data,
    )
    forget_legal_rules()
