"""The worker's side of importing: claims a file, looks its pieces through or takes them in, one transaction each.

A piece and its cases are one transaction: killed in the middle, it is done again and nothing is there twice.
"""

from __future__ import annotations

import logging
import time as monotonic
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import DatabaseError, connection, transaction

from channels_social.enums import Network
from helpdesk import audit, clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Organization
from protocols.rules.business_time import BusinessTime
from tickets.cases.models import Filing, Telling
from tickets.clocks.domain.doors import door_account
from tickets.clocks.domain.terms import rules_by_account
from tickets.doors.domain.imports import FIRST, Line, seal, unseal
from tickets.doors.models import CaseImport, ImportPiece, ImportState
from tickets.doors.rules.rows import House, Row, midnight, read_row
from tickets.intake.asked import Asked, Opened, Ref
from tickets.intake.by_hand import open_cases
from tickets.intake.references import References
from tickets.intake.rules.refs import normalised

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
# Seconds a worker stays with one file before it looks whether another waits.
TURN = 20.0
Announce = Callable[[int, list[int]], None]
WHAT = {"opened": "open", "joined": "update", "updated": "update", "known": "same"}


def work(announce: Announce, *, seconds: float = TURN) -> bool:
    """Go on with the file that waits longest; whether there was one. As the worker, with no tenant."""
    claim = _claim()
    if claim is None:
        return False
    organization_id, import_id = claim
    organization = Organization.objects.get(pk=organization_id)
    end = monotonic.monotonic() + seconds
    while monotonic.monotonic() < end:
        with tenant(organization_id):
            tickets, is_over = _step(organization, import_id)
        if tickets:
            announce(organization_id, tickets)
        if is_over:
            break
    with tenant(organization_id):
        CaseImport.objects.filter(pk=import_id).update(lease_until=None)
    return True


def _claim() -> tuple[int, int] | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, id FROM tickets_caseimport WHERE state IN ('checking', 'running') "
            "AND (lease_until IS NULL OR lease_until < now()) ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
        )
        found = cursor.fetchone()
        if found is not None:
            cursor.execute(
                "UPDATE tickets_caseimport SET lease_until = now() + %s WHERE organization_id = %s AND id = %s",
                [LEASE, *found],
            )
        return found


def _step(organization: Organization, import_id: int) -> tuple[list[int], bool]:
    """One piece; the cases it touched, and whether the file is through. Cancelled in the meantime, it is."""
    made = CaseImport.objects.select_related("by").select_for_update(of=("self",)).get(pk=import_id)
    if not made.is_working:
        return [], True
    made.lease_until = clock.now() + LEASE
    made.save(update_fields=["lease_until"])
    is_checking = made.state == ImportState.CHECKING
    waiting = ImportPiece.objects.filter(
        case_import=made, **{"is_checked" if is_checking else "is_taken": False}
    )
    piece = waiting.order_by("place").first()
    if piece is None:
        _finish(made, is_checking)
        return [], True
    if is_checking:
        _check(organization, made, piece)
        return [], False
    return _take(organization, made, piece), False


def _finish(made: CaseImport, is_checking: bool) -> None:
    made.state = ImportState.CHECKED if is_checking else ImportState.DONE
    made.finished_at = None if is_checking else clock.now()
    made.save(update_fields=["state", "finished_at"])
    if not is_checking:
        audit.record(made.organization_id, "import.finished", actor_id=made.by_id, file=made.pk)


def _read(organization: Organization, made: CaseImport, lines: Sequence[Line]) -> list[Row]:
    fields = [field for _head, field in made.columns]
    house = _house(organization, made.system)
    return [
        read_row(line, {name: cell for name, cell in zip(fields, cells, strict=False) if name}, house)
        for line, cells, _again in lines
    ]


def _house(organization: Organization, system: str) -> House:
    zone = ZoneInfo(organization.timezone)
    account = door_account(organization, Network.PHONE)
    calendar = rules_by_account(organization.pk, [account.pk])[account.pk].calendar

    def closes(day: date) -> datetime:
        spans = calendar.hours.spans_of(day) if isinstance(calendar, BusinessTime) else []
        return max((end for _start, end in spans), default=midnight(day, zone))

    return House(organization.country, zone, clock.now(), system, closes)


def _check(organization: Organization, made: CaseImport, piece: ImportPiece) -> None:
    """Say of each row what it would do, changing nothing."""
    lines = unseal(piece)
    rows = _read(organization, made, lines)
    references = References(organization, made.by)
    known = [tuple(map(normalised, row.asked.references)) if row.asked else () for row in rows]
    references.look_up(ref for refs in known for ref in refs)
    would: Counter[str] = Counter()
    unopened = _unopened(made, [abs(mark) for _line, _cells, mark in lines if mark != FIRST])
    for row, refs, (line, _cells, mark) in zip(rows, known, lines, strict=True):
        # Where every row of its number before it is wrong, this one is the first that counts.
        is_first = mark == FIRST or abs(mark) in unopened
        if row.asked is None:
            would["wrong"] += 1
            unopened |= {line} if is_first else set()
        elif not is_first:
            would["same" if mark < 0 else "update"] += 1
        elif references.case_of(refs) is None:
            would["open"] += 1
        else:
            would["update" if references.would_change(_dated(organization, row.asked, refs)) else "same"] += 1
    piece.would, piece.is_checked = dict(would), True
    piece.unopened = sorted(unopened & {line for line, _cells, _mark in lines})
    piece.problems = [[row.line, column, code] for row in rows for column, code in row.problems]
    piece.save(update_fields=["would", "is_checked", "problems", "unopened"])


def _unopened(made: CaseImport, lines: list[int]) -> set[int]:
    """Of these lines those that opened nothing: wrong, like all of their number before them in the file."""
    if not lines:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line FROM tickets_importpiece, unnest(unopened) AS line "
            "WHERE organization_id = %s AND case_import_id = %s AND line = ANY(%s)",
            [made.organization_id, made.pk, lines],
        )
        return {row[0] for row in cursor.fetchall()}


def _dated(organization: Organization, asked: Asked, refs: Sequence[Ref]) -> list[Ref]:
    """The references with the promised day, as they will be noted."""
    if asked.due_at is None:
        return list(refs)
    day = asked.due_at.astimezone(ZoneInfo(organization.timezone)).date()
    return [replace(ref, due_on=ref.due_on or day) for ref in refs]


def _take(organization: Organization, made: CaseImport, piece: ImportPiece) -> list[int]:
    """Take a piece in; rows with something wrong stay, sealed, for whoever mends them."""
    lines = unseal(piece)
    rows = _read(organization, made, lines)
    did: Counter[str] = Counter()
    problems = [[row.line, column, code] for row in rows for column, code in row.problems]
    good = [(row.line, row.asked) for row in rows if row.asked is not None]
    tickets = []
    for (line, _asked), opened in zip(
        good, _open(organization, made, [asked for _line, asked in good]), strict=True
    ):
        if opened is None:
            problems.append([line, "", "failed"])
            continue
        did[WHAT[opened.what]] += 1
        if opened.what != "known":
            tickets.append(opened.ticket_id)
    # What comes in by the thousand was told to its people by the system it comes from.
    Filing.objects.filter(organization=organization, ticket_id__in=tickets, telling=Telling.PENDING).update(
        telling=Telling.OFF
    )
    wrong = {line for line, _column, _code in problems}
    did["wrong"] = len(wrong)
    kept = [line for line in lines if line[0] in wrong]
    piece.did, piece.problems, piece.is_taken = dict(did), problems, True
    piece.sealed = seal(kept) if kept else None
    piece.save(update_fields=["did", "problems", "is_taken", "sealed"])
    return list(dict.fromkeys(tickets))


def _open(organization: Organization, made: CaseImport, asked: Sequence[Asked]) -> list[Opened | None]:
    """Open them together; when that fails, by halves, until the one that cannot be opened stands alone."""
    if not asked:
        return []
    try:
        with transaction.atomic():
            return list(open_cases(organization, asked, by=made.by, source=f"csv:{made.system}"))
    except (ValueError, DatabaseError) as error:
        if isinstance(error, DatabaseError) and connection.connection is None:
            raise
        if len(asked) == 1:
            logger.warning("import %s: a row failed: %s", made.pk, type(error).__name__)
            return [None]
        half = len(asked) // 2
        return _open(organization, made, asked[:half]) + _open(organization, made, asked[half:])


def totals(made: CaseImport) -> dict[str, dict[str, int]]:
    """What the whole file would do and did, and how many pieces are through. Inside ``tenant``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'would', key, sum(value::int) FROM tickets_importpiece, jsonb_each_text(would) "
            "WHERE organization_id = %(org)s AND case_import_id = %(file)s GROUP BY key UNION ALL "
            "SELECT 'did', key, sum(value::int) FROM tickets_importpiece, jsonb_each_text(did) "
            "WHERE organization_id = %(org)s AND case_import_id = %(file)s GROUP BY key UNION ALL "
            "SELECT 'rows', 'checked', coalesce(sum(rows) FILTER (WHERE is_checked), 0) FROM tickets_importpiece "
            "WHERE organization_id = %(org)s AND case_import_id = %(file)s UNION ALL "
            "SELECT 'rows', 'taken', coalesce(sum(rows) FILTER (WHERE is_taken), 0) FROM tickets_importpiece "
            "WHERE organization_id = %(org)s AND case_import_id = %(file)s",
            {"org": made.organization_id, "file": made.pk},
        )
        found: dict[str, dict[str, int]] = {"would": {}, "did": {}, "rows": {}}
        for group, key, count in cursor.fetchall():
            found[group][key] = int(count)
    return found
