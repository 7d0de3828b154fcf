"""Rows that change hands when two customers become one, and go back when they part. Inside ``tenant``.

Every table that names a customer is found from the models, so that a room to come cannot be forgotten; the
trigger ``follow_unified`` catches what another writer was adding at that moment.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection

from helpdesk.tenancy.models import TenantForeignKey
from tickets.customers.domain.names import NAMELESS
from tickets.customers.models import Customer, Unification
from tickets.enums import IdentityCheck

# Named here in its own right, not as something a person has.
_NOT_THEIRS = ("Customer", "Unification")
_CASES = "tickets_ticket"


def _columns() -> list[tuple[str, str]]:
    """Table and column of everything a customer has."""
    return sorted(
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        if model.__name__ not in _NOT_THEIRS
        for field in model._meta.local_fields
        if isinstance(field, TenantForeignKey) and field.related_model is Customer
    )


def move_all(kept: Customer, gone: Customer) -> dict[str, Any]:
    """Give everything of ``gone`` to ``kept``; table and column → the keys that moved."""
    return {
        f"{table}.{column}": moved
        for table, column in _columns()
        if (moved := _move(table, column, gone, kept, "TRUE", []))
    }


def freshen(*customers: Customer) -> None:
    """Their open cases show other people and other cases now: pages that show one fetch it again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_ticket SET version = version + 1 WHERE organization_id = %s AND customer_id = ANY(%s) "
            "AND state IN ('new', 'open', 'waiting_customer', 'waiting_area')",
            [customers[0].organization_id, [customer.pk for customer in customers]],
        )


def _move(
    table: str, column: str, giver: Customer, taker: Customer, where: str, params: list[Any]
) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" AS t SET "{column}" = %s '
            f'WHERE organization_id = %s AND "{column}" = %s AND {where} RETURNING id',
            [taker.pk, giver.organization_id, giver.pk, *params],
        )
        return sorted(row[0] for row in cursor.fetchall())


def take_over(kept: Customer, gone: Customer) -> dict[str, Any]:
    """What the kept person becomes, and what they were. The weaker check stands: what one handle proved, the
    other did not."""
    before = {"name": kept.name == NAMELESS, "check": _check_of(kept)}
    if kept.name == NAMELESS:
        kept.name = gone.name
    if gone.check_state != kept.check_state and kept.check_state == IdentityCheck.VERIFIED:
        _set_check(kept, _check_of(gone))
    elif gone.check_until and kept.check_until:
        kept.check_until = min(kept.check_until, gone.check_until)
    kept.save()
    return before


def give_back(kept: Customer, before: dict[str, Any]) -> None:
    """What the kept person was before; a check made since the unification stands."""
    if before.get("name"):
        kept.name = NAMELESS
    check = before.get("check")
    if check and not (kept.checked_at and _instant(check["at"]) and kept.checked_at > _instant(check["at"])):
        _set_check(kept, check)
    kept.save()


def _check_of(customer: Customer) -> dict[str, Any]:
    return {
        "state": customer.check_state,
        "means": customer.check_means,
        "by": customer.checked_by_id,
        "at": customer.checked_at.isoformat() if customer.checked_at else None,
        "until": customer.check_until.isoformat() if customer.check_until else None,
    }


def _set_check(customer: Customer, check: dict[str, Any]) -> None:
    customer.check_state, customer.check_means = check["state"], check["means"]
    customer.checked_by_id = check["by"]
    customer.checked_at, customer.check_until = _instant(check["at"]), _instant(check["until"])


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def move_back(kept: Customer, gone: Customer, unification: Unification) -> None:
    """Return what moved and is still there; then what came since by the identities that return."""
    for name, keys in unification.moved.items():
        if name != "before":
            table, column = name.rsplit(".", 1)
            _move(table, column, kept, gone, "t.id = ANY(%s)", [keys])
    _move(
        "tickets_conversation", "customer_id", kept, gone,
        "EXISTS (SELECT 1 FROM tickets_identity i WHERE i.organization_id = t.organization_id "
        "AND i.id = t.identity_id AND i.customer_id = %s)",
        [gone.pk],
    )  # fmt: skip
    _move(_CASES, "customer_id", kept, gone, _ONLY_THEIRS, [gone.pk, kept.pk])


# Cases in which only the one who leaves has spoken. Not by when they were opened: words arrive late.
_SPOKE = (
    "EXISTS (SELECT 1 FROM tickets_message m JOIN tickets_conversation c "
    "ON c.organization_id = m.organization_id AND c.id = m.conversation_id "
    "WHERE m.organization_id = t.organization_id AND m.ticket_id = t.id AND c.customer_id = %s)"
)
_ONLY_THEIRS = f"{_SPOKE} AND NOT {_SPOKE}"


def are_joined(unification: Unification) -> bool:
    """Whether a case of one was joined with one of the other since: its words are of both, and go with neither."""
    theirs = unification.moved.get(f"{_CASES}.customer_id", [])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM tickets_casemove WHERE organization_id = %s AND kind = 'join' "
            "AND undone_at IS NULL AND (kept_id = ANY(%s)) <> (other_id = ANY(%s)) "
            "AND (kept_id = ANY(%s) OR other_id = ANY(%s)))",
            [unification.organization_id, theirs, theirs, theirs, theirs],
        )
        return bool(cursor.fetchone()[0])
