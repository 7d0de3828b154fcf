"""Figures as files: a line for each day and group, read and written a piece at a time.

A cell of text that a spreadsheet would take for a formula begins with an apostrophe in CSV; in XLSX it is written as
text, which is never one. Memory does not grow with the period.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import IO, Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from helpdesk.tenancy.context import enter
from helpdesk.tenancy.models import Membership, Organization
from tickets.insights.definitions import definitions
from tickets.insights.enums import Cut
from tickets.insights.queries.figures import NUMBERS, Asked
from tickets.insights.queries.names import names_of
from tickets.insights.rules.figures import Form, Sums, value_of
from tickets.insights.rules.periods import Period

# Days read at a time.
PIECE = 31
# What a spreadsheet begins a formula with (OWASP, «CSV injection»).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_COUNTED = ", ".join(f"sum(f.{name}) AS {name}" for name in NUMBERS)
_LINES = (
    f"SELECT f.day, {{group}} AS key, {_COUNTED} FROM tickets_dayfigure f WHERE f.organization_id = %(org)s "
    "AND f.edition = 0 AND f.cut = %(cut)s AND f.day BETWEEN %(first)s AND %(last)s "
    "AND (%(account)s::bigint IS NULL OR f.account = %(account)s) AND (%(key)s::text IS NULL OR f.key = %(key)s) "
    "GROUP BY 1, 2 ORDER BY 1, 2"
)


@dataclass(frozen=True, slots=True)
class Source:
    """Whose figures and which: enough to read them piece by piece after the request's transaction is over."""

    organization: Organization
    member: Membership
    asked: Asked

    @property
    def by(self) -> str:
        return "account" if self.asked.cut != Cut.ALL else self.asked.by

    def pieces(self) -> Iterator[list[tuple[date, str, Sums]]]:
        """Lines of some days, each piece in a transaction of its own in which only theirs is there."""
        first, last = self.asked.period.first, self.asked.period.last
        while first <= last:
            until = min(last, first + timedelta(days=PIECE - 1))
            yield self._piece(Period(first, until))
            first = until + timedelta(days=1)

    def _piece(self, period: Period) -> list[tuple[date, str, Sums]]:
        is_apart = self.asked.cut == Cut.ALL and self.by != "account"
        group = "f.key" if is_apart else "f.account::text"
        params = {
            "org": self.organization.pk, "first": period.first, "last": period.last, "account": self.asked.account,
            "cut": self.by if is_apart else self.asked.cut, "key": None if is_apart else self.asked.key,
        }  # fmt: skip
        with transaction.atomic(), connection.cursor() as cursor:
            enter(self.organization.pk, member_id=self.member.pk, scope=self.member.scope)
            cursor.execute(_LINES.format(group=group), params)
            columns = [column.name for column in cursor.description]
            rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
            names = names_of(self.by, {row["key"] for row in rows})
        return [(row["day"], names[row["key"]], Sums(row)) for row in rows]


def header(source: Source) -> list[str]:
    """What stands over the columns; times are in minutes."""
    what = _("Cuenta") if source.by == "account" else str(Cut(source.by).label)
    return [_("Día"), what] + [_title(code) for code in definitions()]


def _title(code: str) -> str:
    title = str(definitions()[code].title)
    form = value_of(code, Sums({})).form
    if form is Form.TIME:
        return f"{title} ({_('minutos')})"
    return f"{title} (US$)" if form is Form.MONEY else title


def cells(sums: Sums) -> list[float | int | None]:
    """The figures of a line: shares between 0 and 1, times in minutes; nothing where there is none."""
    found: list[float | int | None] = []
    for code in definitions():
        value = value_of(code, sums)
        if value.value is None or value.form is Form.COUNT:
            found.append(value.value)
        else:
            found.append(round(value.value / 60, 2) if value.form is Form.TIME else round(value.value, 6))
    return found


def plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) or text.startswith(FORMULA) else text


def csv_lines(source: Source) -> Iterator[bytes]:
    """The file piece by piece; the mark at its beginning tells spreadsheets that it is UTF-8."""
    yield "\ufeff".encode()
    yield _written([[plain(one) for one in header(source)]])
    for piece in source.pieces():
        yield _written([[day.isoformat(), plain(name), *cells(sums)] for day, name, sums in piece])


def _written(lines: list[list[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(lines)
    return out.getvalue().encode()


def xlsx_file(source: Source) -> IO[bytes]:
    """The workbook, on the disk: its rows leave memory as they are written."""
    out = tempfile.TemporaryFile()  # noqa: SIM115  (who sends it closes it)
    import xlsxwriter  # 8 MB that only an export needs

    book = xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("Cifras"))
    bold, days, share = (
        book.add_format(one) for one in ({"bold": True}, {"num_format": "yyyy-mm-dd"}, {"num_format": "0.0%"})
    )
    for column, title in enumerate(header(source)):
        sheet.write_string(0, column, title, bold)
    shares = [value_of(code, Sums({})).form is Form.SHARE for code in definitions()]
    line = 0
    for piece in source.pieces():
        for day, name, sums in piece:
            line += 1
            sheet.write_datetime(line, 0, day, days)
            sheet.write_string(line, 1, name)
            for place, value in enumerate(cells(sums)):
                if value is not None:
                    sheet.write_number(line, place + 2, value, share if shares[place] else None)
    sheet.freeze_panes(1, 2)
    book.close()
    out.seek(0)
    return out
