"""Tables as people export them: encodings, separators, headers, broken quotes, dates, formulas."""

from __future__ import annotations

import io
import tracemalloc
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tickets.doors.rules.rows import House, midnight, read_row
from tickets.doors.rules.tables import BadTable, guard, open_table, unguard
from tickets.enums import Door, PqrKind

BOGOTA = ZoneInfo("America/Bogota")
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
HOUSE = House("CO", BOGOTA, NOW, "sac", lambda day: midnight(day, BOGOTA))
PLAIN = "Número;Texto;Nombre\nSAC-1;No entró la nómina;Rosa Niño\nSAC-2;«Cobro» de más – €5;Peña\n"


def rows_of(data: bytes) -> list[list[str]]:
    return [cells for _line, cells in open_table(io.BytesIO(data)).rows]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("cp1252", "windows-1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_every_encoding_gives_the_same_rows(encoding, named):
    table = open_table(io.BytesIO(PLAIN.encode(encoding)))
    rows = [cells for _line, cells in table.rows]

    assert rows == [["SAC-1", "No entró la nómina", "Rosa Niño"], ["SAC-2", "«Cobro» de más – €5", "Peña"]]
    assert table.encoding == named
    assert table.fields == ["number", "text", "name"]


def test_lines_of_two_encodings_in_one_file_are_both_read():
    mixed = "Número;Texto\nA;niño en utf-8\n".encode() + "B;niño en windows\n".encode("cp1252")

    assert rows_of(mixed) == [["A", "niño en utf-8"], ["B", "niño en windows"]]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_separator_is_found_also_when_others_stand_in_quotes(delimiter):
    data = f'Número{delimiter}"Texto; con, todo"{delimiter}Texto\nA{delimiter}x{delimiter}"uno\ndos; tres, cuatro"\n'

    assert rows_of(data.encode())[0][2] == "uno\ndos; tres, cuatro"


def test_lines_are_counted_as_an_editor_counts_them():
    data = 'Número;Texto;Tipo\n"A";"dos\nlíneas";queja\n\nB;una;queja\n'.encode()

    assert [line for line, _cells in open_table(io.BytesIO(data)).rows] == [2, 5]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n", "empty_file"),
        (b"uno;dos\n1;2\n", "no_header"),
        (b"Numero;Nombre\n1;2\n", "no_header"),
        (b"PK\x03\x04\x00\x00\x00\x00\x00xlsx" * 20, "not_a_table"),
        (b";".join([b"Numero", b"Texto"] + [b"x"] * 70) + b"\n1;2\n", "not_a_table"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(data, code):
    with pytest.raises(BadTable) as bad:
        open_table(io.BytesIO(data))

    assert bad.value.code == code


def test_quotes_that_are_never_closed_swallow_nothing_silently():
    data = 'Número;Texto;Tipo\nA;"abre y no cierra;queja\nB;otra;queja\nC;otra;queja\n'.encode()

    with pytest.raises(BadTable) as bad:
        rows_of(data)
    assert (bad.value.code, bad.value.line) == ("unclosed_quote", 2)


@pytest.mark.parametrize("cell", ["=1+1", "+57 310", "-5", "@SUM(A1)", "\tx", " =cmd|' /C calc'!A0", "'=1"])
def test_no_cell_we_write_is_a_formula_and_it_comes_back_as_it_was(cell):
    written = guard(cell)

    assert written.lstrip(" ")[0] not in "=+-@\t\r"
    assert unguard(written) == cell or cell.startswith("'")


def test_plain_cells_are_not_touched():
    assert [guard(cell) for cell in ("SAC-1", "", "a=b", "'hola'")] == ["SAC-1", "", "a=b", "'hola'"]


def read(**cells):
    return read_row(2, {"number": "SAC-1", "text": "no entró la nómina"} | cells, HOUSE)


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2026-11-20 15:04", datetime(2026, 11, 20, 15, 4, tzinfo=BOGOTA)),
        ("20/11/2026 15:04:05", datetime(2026, 11, 20, 15, 4, 5, tzinfo=BOGOTA)),
        ("20-11-2026", datetime(2026, 11, 20, tzinfo=BOGOTA)),
        ("20/11/2026 3:04 p. m.", datetime(2026, 11, 20, 15, 4, tzinfo=BOGOTA)),
        ("2026-11-20T15:04:05Z", datetime(2026, 11, 20, 15, 4, 5, tzinfo=UTC)),
        ("20/11/26", datetime(2026, 11, 20, tzinfo=BOGOTA)),
    ],
)
def test_dates_are_read_as_people_write_them(said, at):
    assert read(happened=said).asked.happened_at == at


def test_due_day_without_hour_is_the_end_of_that_day():
    assert read(due="4/12/2026").asked.due_at == midnight(date(2026, 12, 4), BOGOTA)


def test_words_of_other_systems_are_ours():
    asked = read(door="Línea", kind="Reclamación", resolved="Sí", answer="Listo", state="Cerrado").asked

    assert (asked.door, asked.kind, asked.is_resolved) == (Door.PHONE, PqrKind.RECLAMO, True)
    assert asked.references[0].state == "Cerrado"


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"number": ""}, ("number", "missing")),
        ({"number": "--"}, ("number", "number")),
        ({"text": " "}, ("text", "missing")),
        ({"text": "a" * 20_001}, ("text", "too_long")),
        ({"text": "ma\ufffdana"}, ("text", "unreadable")),
        ({"happened": "ayer"}, ("happened", "not_a_day")),
        ({"happened": "31/02/2026"}, ("happened", "not_a_day")),
        ({"happened": "2030-01-01"}, ("happened", "in_the_future")),
        ({"happened": "1998-01-01"}, ("happened", "too_old")),
        ({"due": "2026-01-01"}, ("due", "due_before")),
        ({"phone": "3,10457E+09"}, ("phone", "phone")),
        ({"email": "rosa arroba"}, ("email", "email")),
        ({"document": "NIT 900.555.123-9"}, ("document", "check_digit")),
        ({"kind": "insulto"}, ("kind", "not_one_of")),
        ({"door": "paloma"}, ("door", "not_one_of")),
        ({"resolved": "quizás"}, ("resolved", "not_a_flag")),
    ],
)
def test_what_is_wrong_with_a_row_names_its_column(cells, problem):
    found = read(**cells)

    assert found.asked is None
    assert problem in found.problems


class Endless(io.RawIOBase):
    """A file of many rows that was never in memory: two in three lines in Windows-1252, the rest in UTF-8."""

    def __init__(self, rows: int) -> None:
        self.rows, self.at, self.left = rows, 0, "Número;Texto;Nombre\n".encode()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        assert offset == whence == 0
        self.__init__(self.rows)
        return 0

    def tell(self) -> int:
        return 0

    def readinto(self, buffer) -> int:
        while len(self.left) < len(buffer) and self.at < self.rows:
            line = f'N-{self.at};"Señora {self.at}\r\nla peña";Núñez\n'
            self.left += line.encode("cp1252" if self.at % 3 else "utf-8")
            self.at += 1
        taken, self.left = self.left[: len(buffer)], self.left[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


def test_hundred_thousand_rows_of_two_encodings_are_read_in_bounded_memory():
    table = open_table(io.BufferedReader(Endless(100_000)))
    tracemalloc.start()
    count = 0
    for _line, cells in table.rows:
        assert cells[1].endswith("la peña")
        assert cells[2] == "Núñez"
        count += 1
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 100_000
    assert table.encoding == "windows-1252"
    assert peak < 2_000_000
