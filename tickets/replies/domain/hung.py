"""What the rooms hang on a case, when two cases become one and when they part. Inside ``tenant``.

Every table that names a case is found from the models, so that a room to come cannot be forgotten; what moves by
a rule of its own is named here.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection

from helpdesk.tenancy.models import TenantForeignKey
from tickets.cases.classification import Classification
from tickets.cases.models import Ticket

# Moved by joining and splitting themselves: threads and words, clocks and waits; and what is said below.
OWN_RULE = frozenset(
    {"Ticket", "CaseMove", "Conversation", "Message", "Clock", "Wait", "CaseAccess", "Classification"}
)
# Rows that stay where they are, because the other case has the like: two cannot stand on one.
STAYS = {
    "tickets_aftercontact": (
        "EXISTS (SELECT 1 FROM tickets_aftercontact o "
        "WHERE o.organization_id = t.organization_id AND o.ticket_id = %(taker)s)"
    ),
    "tickets_caseprotocol": (
        "t.left_at IS NULL AND EXISTS (SELECT 1 FROM tickets_caseprotocol o "
        "WHERE o.organization_id = t.organization_id AND o.ticket_id = %(taker)s AND o.left_at IS NULL)"
    ),
    "tickets_consultation": (
        "t.answered_at IS NULL AND t.cancelled_at IS NULL AND EXISTS (SELECT 1 FROM tickets_consultation o "
        "WHERE o.organization_id = t.organization_id AND o.ticket_id = %(taker)s AND o.area_id = t.area_id "
        "AND o.answered_at IS NULL AND o.cancelled_at IS NULL)"
    ),
    "tickets_incidentcase": (
        "EXISTS (SELECT 1 FROM tickets_incidentcase o WHERE o.organization_id = t.organization_id "
        "AND o.ticket_id = %(taker)s AND o.incident_id = t.incident_id)"
    ),
    "tickets_batchedanswer": (
        "EXISTS (SELECT 1 FROM tickets_batchedanswer o WHERE o.organization_id = t.organization_id "
        "AND o.ticket_id = %(taker)s AND o.batch_id = t.batch_id)"
    ),
    "tickets_keptapart": (
        "%(taker)s IN (t.ticket_id, t.other_id) OR EXISTS (SELECT 1 FROM tickets_keptapart o "
        "WHERE o.organization_id = t.organization_id "
        "AND (o.ticket_id, o.other_id) = (%(taker)s, t.other_id) AND t.ticket_id = %(giver)s "
        "OR o.organization_id = t.organization_id "
        "AND (o.ticket_id, o.other_id) = (t.ticket_id, %(taker)s) AND t.other_id = %(giver)s)"
    ),
}


def columns() -> list[tuple[str, str]]:
    """Table and column of everything that simply goes with its case."""
    return sorted(
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        if model.__name__ not in OWN_RULE
        for field in model._meta.local_fields
        if isinstance(field, TenantForeignKey) and field.related_model is Ticket
    )


def hang_all(taker: Ticket, giver: Ticket) -> dict[str, list[int]]:
    """Hang everything of ``giver`` on ``taker``; table and column → the keys that moved."""
    moved = {
        f"{table}.{column}": keys
        for table, column in columns()
        if (keys := _move(table, column, giver, taker, f"NOT ({STAYS.get(table, 'FALSE')})"))
    }
    said = _take_typification(taker, giver)
    return moved | ({"typification": said} if said else {})


def hang_back(taker: Ticket, giver: Ticket, moved: dict[str, list[int]]) -> None:
    """Return to ``giver`` what came from it and is still here."""
    for name, keys in moved.items():
        if name == "typification":
            _return_typification(giver, keys)
        else:
            table, column = name.rsplit(".", 1)
            _move(table, column, taker, giver, "t.id = ANY(%(keys)s)", keys=keys)


def _move(table: str, column: str, giver: Ticket, taker: Ticket, where: str, **more: Any) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" AS t SET "{column}" = %(taker)s WHERE t.organization_id = %(org)s '
            f'AND t."{column}" = %(giver)s AND {where} RETURNING t.id',
            {"org": giver.organization_id, "giver": giver.pk, "taker": taker.pk, **more},
        )
        return sorted(row[0] for row in cursor.fetchall())


def _take_typification(taker: Ticket, giver: Ticket) -> list[int]:
    """What a case was typified as stands; one that never was takes the other's, with its history."""
    rows = Classification.objects.filter(organization_id=taker.organization_id)
    if rows.filter(ticket=taker, is_current=True).exists():
        return []
    theirs = rows.filter(ticket=giver)
    keys = sorted(theirs.values_list("pk", flat=True))
    theirs.update(ticket=taker)
    return keys


def _return_typification(giver: Ticket, keys: list[int]) -> None:
    """What was said of both since stays with the case that was kept; the other stands as it stood."""
    rows = Classification.objects.filter(organization_id=giver.organization_id, pk__in=keys)
    rows.update(ticket=giver)
    rows.filter(pk=max(keys)).update(is_current=True)
