"""A customer's words with those that put them in a group marked: nothing is run, nothing is dropped."""

from __future__ import annotations

from collections.abc import Collection
from html import escape

from django.utils.safestring import SafeString

from tickets.questions.rules.words import parted


def marked(text: str, stems: Collection[str]) -> SafeString:
    """The text, escaped, its words of these stems within ``<mark>``."""
    out = [f"<mark>{escape(part)}</mark>" if stem in stems else escape(part) for part, stem in parted(text)]
    return SafeString(f'<bdi class="said" dir="auto">{"".join(out)}</bdi>')
