"""Numbers of cases and radicados: per organization, gap-free, taken as late as possible in a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.planned import ask
from helpdesk.tenancy.select import told
from tickets.cases.filings import FilingPolicy, Numbers
from tickets.cases.models import Filing, Ticket
from tickets.cases.rules import DEFAULTS, FilingWhen, files_on_receipt

# Asked by every turn of intake.
RULES = """
SELECT coalesce((SELECT json_object_agg(r.kind, r."when") FROM tickets_filingrule r WHERE r.organization_id = %s),
                '{}'),
       (SELECT to_json(p) FROM tickets_filingpolicy p WHERE p.organization_id = %s)
"""
# The counter row of case numbers; radicados have one row per year.
CASES = 0


def take_numbers(cursor: Any, organization_id: int, year: int, count: int) -> int:
    """The first of ``count`` new numbers. The counter's row stays locked until the commit: no gaps."""
    if count == 0:
        return 0
    cursor.execute(
        "INSERT INTO tickets_counter AS c (organization_id, year, n) VALUES (%s, %s, %s) "
        "ON CONFLICT (organization_id, year) DO UPDATE SET n = c.n + excluded.n RETURNING n",
        [organization_id, year, count],
    )
    return cursor.fetchone()[0] - count + 1


def radicado_of(year: int, sequence: int) -> str:
    """``2026-000123``."""
    return f"{year}-{sequence:06d}"


def file_case(
    ticket: Ticket,
    *,
    now: datetime,
    zone: ZoneInfo,
    number: str = "",
    cause: str = "kind",
    by: Membership | None = None,
) -> Filing:
    """File a case: its radicado counts from the receipt of the first message. Saves the filing, not the ticket.

    ``number`` is another system's, already cleaned; blank, the next of ours.
    """
    year = now.astimezone(zone).year
    if number:
        ticket.radicado = number
    else:
        with connection.cursor() as cursor:
            ticket.radicado = radicado_of(year, take_numbers(cursor, ticket.organization_id, year, 1))
    return Filing.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        radicado=ticket.radicado,
        kind=ticket.kind,
        received_at=ticket.opened_at,
        cause=cause,
        filed_by=by,
        is_external=bool(number),
    )


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What an organization decided about filing, with the defaults where it decided nothing."""

    when: Mapping[str, str]
    policy: FilingPolicy

    @property
    def takes_numbers(self) -> bool:
        """Whether filing by rule can go on by itself: not while another system gives the numbers."""
        return self.policy.numbers == Numbers.OURS

    def files(self, kind: str, text: str) -> bool:
        """Whether a case of this kind is filed by itself on what was said."""
        return self.takes_numbers and kind in self.when and files_on_receipt(self.when[kind], text)

    def kinds_by_rule(self) -> list[str]:
        """The kinds that are filed when nobody answers on the day."""
        by_rule = [kind for kind, when in self.when.items() if when == FilingWhen.BY_RULE]
        return by_rule if self.takes_numbers else []


def rulebook_of(organization_id: int) -> Rulebook:
    """The filing rules in force. Inside ``tenant``."""
    with connection.cursor() as cursor:
        ask(cursor, RULES, [organization_id, organization_id])
        rules, policy = cursor.fetchone()
    return Rulebook(
        {str(kind): rules.get(kind, when) for kind, when in DEFAULTS.items()},
        told(FilingPolicy, policy) if policy else FilingPolicy(organization_id=organization_id),
    )
