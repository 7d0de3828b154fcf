"""Carries an :class:`Intake` out: set-based statements in one transaction, sent in two trips. Inside ``tenant``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from helpdesk.tenancy.models import Organization
from tickets.clocks.domain.legal import legal_rules
from tickets.intake import after_contact
from tickets.intake import write_cases as cases
from tickets.intake import write_talk as talk
from tickets.intake.filing import owe_terms
from tickets.intake.plan import Intake
from tickets.intake.rows import Writes
from tickets.intake.write_evidence import evidence
from tickets.intake.write_letters import letters


def write(organization: Organization, intake: Intake, *, now: datetime) -> None:
    """Write everything."""
    with connection.cursor() as cursor:
        begin_writing(organization, intake, cursor, now=now).send(cursor)


def begin_writing(organization: Organization, intake: Intake, cursor: Any, *, now: datetime) -> Writes:
    """Write everything but what is returned, still to be sent. Foreign keys wait until the end of the transaction,
    so that the counters are taken last."""
    org = organization.pk
    owe_terms(intake, legal_rules(organization))
    writes = Writes()
    writes.command("SET CONSTRAINTS ALL DEFERRED")
    talk.people(org, intake, writes)
    talk.threads(org, intake, writes)
    talk.messages(org, intake, writes)
    evidence(organization, intake, writes)
    cases.clocks(org, intake, writes)
    cases.confirmed(org, intake, writes)
    talk.receipts(org, intake, writes)
    talk.media(org, intake, writes, cursor)
    letters(org, intake, writes)
    cases.changed_cases(org, [case for case in intake.cases if not case.is_new], writes)
    cases.lines(org, intake, writes)
    cases.new_cases(organization, intake, now, writes, cursor)
    after_contact.write_heard(org, intake, writes)
    talk.moved(org, intake, writes)
    return writes
