"""A file of cases: put aside in sealed pieces, looked through, taken in by pieces, its mistakes given back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, BinaryIO

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.secrets.crypto import vault
from helpdesk.secrets.cutting import cut_secrets
from helpdesk.tenancy.models import Membership, Organization
from tickets.cases.rules import fold_number
from tickets.doors.models import CaseImport, DoorCall, ImportPiece, ImportState
from tickets.doors.rules.tables import BadTable, Table, guard, open_table

PIECE = 200
MOST_ROWS = 200_000
# How long a nonce is known, and what is wrong with a file.
KEPT = timedelta(days=7)
# Cells that only identify: what looks like a card in them is none.
_AS_THEY_ARE = {"number", "happened", "due", "kind", "door", "resolved", "system"}
# The mark of a row whose number did not stand before in the same file.
FIRST = 0
_SAYS = ("system", "state", "due", "resolved")
# A row: its line, its cells, and the line its number stood in before; negative when it says the same as there.
Line = tuple[int, list[str], int]


@transaction.atomic
def receive_file(
    organization: Organization, file: BinaryIO, *, name: str, system: str, by: Membership
) -> CaseImport:
    """Put a file aside, secrets cut, sealed, in pieces of 200 rows; it is looked through next. Inside ``tenant``.

    Raises :class:`BadTable` for a file that is no table: nothing is kept of it.
    """
    table = open_table(file)
    made = CaseImport.objects.create(
        organization=organization,
        by=by,
        name=name[-120:],
        system=system,
        encoding="",
        delimiter=table.delimiter,
        columns=[[head, field] for head, field in zip(table.header, table.fields, strict=True)],
    )
    for place, lines in enumerate(_pieces(table)):
        ImportPiece.objects.create(
            organization=organization,
            case_import=made,
            place=place,
            first_line=lines[0][0],
            rows=len(lines),
            sealed=seal(lines),
        )
        made.rows += len(lines)
    if not made.rows:
        raise BadTable("empty_file")
    made.encoding = table.encoding
    made.save(update_fields=["rows", "encoding"])
    audit.record(organization.pk, "import.received", actor_id=by.pk, file=made.pk, rows=made.rows)
    return made


def _pieces(table: Table) -> Iterator[list[Line]]:
    """The rows in pieces; one whose number came before is marked with where, and whether it says anything new."""
    place = table.fields.index("number")
    says = [table.fields.index(name) for name in _SAYS if name in table.fields]
    seen: dict[int, tuple[int, int]] = {}
    lines: list[Line] = []
    for count, (line, cells) in enumerate(table.rows):
        if count == MOST_ROWS:
            raise BadTable("too_many_rows", line)
        number = hash(fold_number(cells[place])) if place < len(cells) else 0
        said = hash(tuple(cells[at].strip() for at in says if at < len(cells)))
        before, says_there = seen.get(number, (FIRST, 0))
        mark = -before if says_there == said else before
        seen[number] = (line, said)
        lines.append((line, _cut(cells, table.fields), mark))
        if len(lines) == PIECE:
            yield lines
            lines = []
    if lines:
        yield lines


def _cut(cells: list[str], fields: list[str]) -> list[str]:
    """Without card numbers, codes and passwords, before anything is stored."""
    return [
        cell
        if len(cell) < 4 or (place < len(fields) and fields[place] in _AS_THEY_ARE)
        else cut_secrets(cell)
        for place, cell in enumerate(cells)
    ]


def seal(lines: list[Line]) -> bytes:
    """Rows as they lie in the database."""
    return vault().seal(json.dumps(lines, ensure_ascii=False, separators=(",", ":")))


def unseal(piece: ImportPiece) -> list[Line]:
    """The rows of a piece; none once they were taken in."""
    if piece.sealed is None:
        return []
    return [(line, cells, mark) for line, cells, mark in json.loads(vault().open(piece.sealed))]


@transaction.atomic
def start_import(made: CaseImport, *, by: Membership) -> bool:
    """Take it in, in the background. False when it is not waiting for that."""
    done = CaseImport.objects.filter(pk=made.pk, state=ImportState.CHECKED).update(
        state=ImportState.RUNNING, started_at=clock.now(), lease_until=None
    )
    if done:
        audit.record(made.organization_id, "import.started", actor_id=by.pk, file=made.pk)
    return bool(done)


@transaction.atomic
def cancel_import(made: CaseImport, *, by: Membership) -> bool:
    """Stop it: what is in stays, the rest of the file is forgotten. False when it was over."""
    open_states = [ImportState.CHECKING, ImportState.CHECKED, ImportState.RUNNING]
    done = CaseImport.objects.filter(pk=made.pk, state__in=open_states).update(
        state=ImportState.CANCELLED, finished_at=clock.now()
    )
    if done:
        ImportPiece.objects.filter(case_import=made, is_taken=False).update(sealed=None)
        audit.record(made.organization_id, "import.cancelled", actor_id=by.pk, file=made.pk)
    return bool(done)


def tidy(organization_id: int) -> None:
    """Forget nonces after a week, and files nobody took in, or mended, after one. Inside ``tenant``."""
    old = clock.now() - KEPT
    DoorCall.objects.filter(organization_id=organization_id, at__lt=old).delete()
    stale = CaseImport.objects.filter(organization_id=organization_id, created_at__lt=old)
    stale.filter(state=ImportState.CHECKED).update(state=ImportState.CANCELLED, finished_at=clock.now())
    over = stale.exclude(state__in=[ImportState.CHECKING, ImportState.RUNNING])
    ImportPiece.objects.filter(organization_id=organization_id, case_import__in=over).exclude(
        sealed=None
    ).update(sealed=None)


def mistakes(made: CaseImport, say: Any) -> Iterator[str]:
    """The rows with something wrong as a table again, each with what it is; opens in any spreadsheet, runs in none.

    ``say(code)`` gives the sentence. Cells are as they were sent, secrets cut. Inside ``tenant``.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write("\ufeff")
    header = [head for head, _field in made.columns]
    writer.writerow([*map(guard, header), say("line"), say("wrong")])
    heads = {field: head for head, field in made.columns if field}
    for piece in ImportPiece.objects.filter(case_import=made).order_by("place").iterator(chunk_size=20):
        by_line: dict[int, list[str]] = {}
        for line, column, code in piece.problems:
            by_line.setdefault(line, []).append(
                f"{heads.get(column, column)}: {say(code)}" if column else say(code)
            )
        cells_of = {line: cells for line, cells, _again in unseal(piece)} if by_line else {}
        for line, said in by_line.items():
            cells = cells_of.get(line, [])
            padded = [*cells, *[""] * (len(header) - len(cells))][: len(header)]
            writer.writerow([*map(guard, padded), line, guard(" · ".join(said))])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()
