"""Tables as the server writes them, without a template: a page has some hundred cells. Everything is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, where it leads, what stands small below it and whether that is better or worse."""

    text: str
    url: str = ""
    small: str = ""
    better: bool | None = None


def table(
    caption: str, heads: Sequence[str], rows: Iterable[tuple[Cell, Sequence[str | Cell]]], kind: str = ""
) -> SafeString:
    """A table whose first column names the row; the others are figures."""
    head = f'<th scope="col">{escape(heads[0])}</th>' + "".join(
        f'<th scope="col" class="r">{escape(one)}</th>' for one in heads[1:]
    )
    body = "".join(
        f'<tr><th scope="row">{_inner(name)}</th>{"".join([_cell(cell) for cell in cells])}</tr>'
        for name, cells in rows
    )
    return mark_safe(
        f'<div class="scroll-x"><table class="table{kind}"><caption class="sr">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def mood(better: bool | None) -> str:
    """The attribute that says it in a colour; the words say it too."""
    return {True: " data-better", False: " data-worse", None: ""}[better]


def _cell(cell: str | Cell) -> str:
    if isinstance(cell, str):
        return f'<td class="r">{cell if cell.isalnum() else escape(cell)}</td>'
    return f'<td class="r">{_inner(cell)}</td>'


def _inner(cell: Cell) -> str:
    text = escape(cell.text)
    if cell.url:
        text = f'<a href="{escape(cell.url)}">{text}</a>'
    if cell.small:
        text += f'<small class="delta"{mood(cell.better)}>{escape(cell.small)}</small>'
    return text
