"""Carries an :class:`Intake` out: a few set-based statements in one transaction. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg2.extras import execute_values

from helpdesk.tenancy.models import Organization
from tickets.clocks.domain.legal import legal_rules
from tickets.intake import after_contact
from tickets.intake import write_cases as cases
from tickets.intake import write_talk as talk
from tickets.intake.filing import owe_terms
from tickets.intake.plan import Intake
from tickets.intake.write_evidence import evidence
from tickets.intake.write_letters import letters

Row = tuple[Any, ...]


def write(organization: Organization, intake: Intake, *, now: datetime) -> None:
    """Write everything. Foreign keys wait until the end, so that the counters are taken last."""
    org = organization.pk
    owe_terms(intake, legal_rules(organization))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        insert = _inserter(cursor.cursor)
        talk.people(org, intake, insert, cursor)
        talk.threads(org, intake, insert, cursor)
        talk.messages(org, intake, insert, cursor)
        evidence(organization, intake, insert, cursor)
        cases.clocks(org, intake, insert, cursor)
        cases.confirmed(org, intake, cursor)
        talk.receipts(org, intake, cursor)
        talk.media(org, intake, insert, cursor)
        letters(org, intake, insert)
        cases.changed_cases(org, [case for case in intake.cases if not case.is_new], insert, cursor)
        cases.lines(org, intake, insert)
        cases.new_cases(organization, intake, now, insert, cursor)
        after_contact.write_heard(org, intake, insert)
        talk.moved(org, intake, insert)


def _inserter(cursor: Any) -> talk.Insert:
    def insert(sql: str, rows: Sequence[Row], *, fetch: bool = False) -> list[Row]:
        if not rows:
            return []
        return execute_values(cursor, sql, rows, page_size=1000, fetch=fetch) or []

    return insert
