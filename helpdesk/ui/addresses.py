"""Addresses of our own pages, from their names: Django's ``reverse``, asked once for the shape of each.

A page of a case says some fifty addresses; reversed one by one they were a fifteenth of its time.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, get_urlconf, reverse

_PLAIN = re.compile(r"[A-Za-z0-9_-]+").fullmatch
# No number and no word of ours; each place of an address has its own.
_NUMBER, _WORD = 907_060_504_030, "shape-of-an-address-"


def address(name: str, *args: Any) -> str:
    """The path of the page of this name. NoReverseMatch where there is none.

    Whole numbers from zero and plain words go into the shape; anything else is Django's to quote.
    """
    kinds = tuple(map(_kind, args))
    if None in kinds:
        return reverse(name, args=args)
    shape = _shape(name, kinds, get_urlconf())
    return shape % args if shape else reverse(name, args=args)


def _kind(value: Any) -> str | None:
    if type(value) is int:
        return "d" if value >= 0 else None
    return "s" if isinstance(value, str) and _PLAIN(value) else None


@lru_cache(maxsize=2000)
def _shape(name: str, kinds: tuple[str, ...], _urlconf: Any) -> str:
    """The path with ``%d`` and ``%s`` in its places; empty where the pages of a name differ by what is in them."""
    marks = [_NUMBER + place if kind == "d" else f"{_WORD}{place}" for place, kind in enumerate(kinds)]
    try:
        shape = reverse(name, args=marks).replace("%", "%%")
    except NoReverseMatch:  # a page that takes only some words
        return ""
    at = 0
    for mark, kind in zip(marks, kinds, strict=True):
        # Each once, and in the order in which they are given.
        if shape.count(str(mark)) != 1 or shape.index(str(mark)) < at:
            return ""
        at = shape.index(str(mark))
        shape = shape.replace(str(mark), f"%{kind}")
    return shape
