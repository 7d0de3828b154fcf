"""Reads a table somebody exported: its encoding, its separator, its header, its rows. Pure; rows come one by one.

Excel and old systems write UTF-8, UTF-16 or Windows-1252, and some files hold lines of two of them: bytes that are
no UTF-8 are read as Windows-1252 where they stand.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from helpdesk.text import clean, fold

DELIMITERS = ";,\t|"
MOST_COLUMNS = 60
LONGEST_LINE = 65_536
UNREADABLE = "\ufffd"
# What a spreadsheet would run as a formula (OWASP, CSV injection).
_FORMULA = "=+-@\t\r"
_MIXED = "windows-1252-where-not-utf-8"

# How the columns of other systems are called, folded and without signs.
NAMES: dict[str, tuple[str, ...]] = {
    "number": ("numero", "no", "nro", "radicado", "caso", "ticket", "id", "consecutivo", "numero sac", "caso sac",
               "numero de caso", "numero externo", "numero de radicado", "folio", "number", "codigo"),
    "system": ("sistema", "origen", "system"),
    "door": ("canal", "medio", "via", "punto de recepcion", "channel"),
    "happened": ("fecha", "fecha de recepcion", "fecha recepcion", "recibido", "fecha recibido", "fecha de creacion",
                 "fecha creacion", "creado", "fecha y hora", "date", "created at"),
    "name": ("nombre", "cliente", "nombre del cliente", "nombre cliente", "nombre completo", "name", "customer"),
    "phone": ("telefono", "celular", "movil", "phone", "telefono celular", "numero de telefono"),
    "email": ("correo", "email", "e mail", "correo electronico", "mail"),
    "document": ("documento", "cedula", "cc", "nit", "dni", "numero de documento", "identificacion",
                 "numero de identificacion", "rut", "curp"),
    "handle": ("usuario", "usuario x", "twitter", "arroba", "handle"),
    "text": ("texto", "descripcion", "hechos", "asunto", "detalle", "mensaje", "observaciones", "motivo", "text",
             "description"),
    "kind": ("tipo", "tipo de pqr", "tipo pqr", "clase", "kind"),
    "state": ("estado", "estado del caso", "status", "state"),
    "due": ("vence", "vencimiento", "fecha de vencimiento", "fecha limite", "fecha compromiso", "compromiso",
            "fecha comprometida", "fecha de compromiso", "due", "due date"),
    "answer": ("respuesta", "solucion", "respuesta dada", "answer"),
    "resolved": ("resuelto", "cerrado", "solucionado", "resolved", "closed"),
}  # fmt: skip
_FIELD_OF = {name: name_of for name_of, names in NAMES.items() for name in names}
REQUIRED = ("number", "text")


class BadTable(ValueError):
    """The file cannot be read as a table; ``code`` has its sentence, ``line`` says where."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(f"{code} {line}")
        self.code, self.line = code, line


@dataclass(slots=True)
class Table:
    """A file, opened: what it is, and its rows as ``(line, cells)``. ``encoding`` is final once they are read."""

    header: list[str]
    fields: list[str]
    delimiter: str
    rows: Iterator[tuple[int, list[str]]]
    _notes: dict[str, str] = field(default_factory=dict)

    @property
    def encoding(self) -> str:
        return self._notes["encoding"]


def open_table(file: BinaryIO) -> Table:
    """Open a table. Raises :class:`BadTable` ``empty_file``, ``no_header`` with what is missing, ``not_a_table``."""
    notes: dict[str, str] = {}
    stream = _decoded(file, notes)
    delimiter = _delimiter(stream)
    rows = _rows(stream, delimiter)
    _line, header = next(rows, (0, []))
    if not any(cell.strip() for cell in header):
        raise BadTable("empty_file")
    if len(header) > MOST_COLUMNS:
        raise BadTable("not_a_table", 1)
    fields = fields_of(header)
    if any(name not in fields for name in REQUIRED):
        raise BadTable("no_header", 1)
    return Table([cell.strip()[:80] for cell in header], fields, delimiter, rows, notes)


def fields_of(header: list[str]) -> list[str]:
    """Our field for each column; empty for those we do not know, and for a second one of the same."""
    found: list[str] = []
    for cell in header:
        words = " ".join("".join(c if c.isalnum() else " " for c in fold(cell)).split())
        name = _FIELD_OF.get(words, "")
        found.append(name if name not in found else "")
    return found


def _rows(stream: io.TextIOWrapper, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line each begins at; blank ones are passed over."""
    reader = csv.reader(stream, delimiter=delimiter)
    width = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise BadTable("unclosed_quote", line) from None
        if cells is None:
            return
        width = width or len(cells)
        if any(_swallowed(cell, delimiter, width) for cell in cells):
            raise BadTable("unclosed_quote", line)
        if any(cell.strip() for cell in cells):
            yield line, [unguard(clean(cell)) for cell in cells[: MOST_COLUMNS + 1]]


def _swallowed(cell: str, delimiter: str, width: int) -> bool:
    """Whether a cell holds rows: a quote was opened in it and never closed."""
    if "\n" not in cell or width < 3:
        return False
    return any(line.count(delimiter) >= width - 1 for line in cell.split("\n")[1:])


def _decoded(file: BinaryIO, notes: dict[str, str]) -> io.TextIOWrapper:
    head = file.read(4096)
    file.seek(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        notes["encoding"] = "utf-16"
        return io.TextIOWrapper(file, encoding="utf-16", errors="replace", newline="")
    guessed = _utf16_without_mark(head)
    if guessed:
        notes["encoding"] = guessed
        return io.TextIOWrapper(file, encoding=guessed, errors="replace", newline="")
    if b"\x00" in head:
        raise BadTable("not_a_table", 1)
    notes["encoding"] = "utf-8"

    def as_windows(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        notes["encoding"] = "windows-1252"
        wrong = error.object[error.start : error.end]
        return wrong.decode("cp1252", "replace"), error.end

    # One handler a file: what it notes is this file's.
    name = f"{_MIXED}-{id(notes)}"
    codecs.register_error(name, as_windows)
    return io.TextIOWrapper(file, encoding="utf-8-sig", errors=name, newline="")


def _utf16_without_mark(head: bytes) -> str:
    """UTF-16 of a Latin text has a NUL in every second byte."""
    if len(head) < 16:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.6 and odd < half * 0.1 else ""


def _delimiter(stream: io.TextIOWrapper) -> str:
    """The separator the first line has most of, outside quotes."""
    line = stream.readline(LONGEST_LINE)
    stream.seek(0)
    bare = "".join(line.split('"')[0::2])
    return max(DELIMITERS, key=bare.count)


def guard(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: a quote before it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(tuple(_FORMULA)) else cell


def unguard(cell: str) -> str:
    """What :func:`guard` was given, when a file we wrote comes back."""
    inner = cell[1:]
    return inner if cell.startswith("'") and inner.lstrip(" ").startswith(tuple(_FORMULA)) else cell
