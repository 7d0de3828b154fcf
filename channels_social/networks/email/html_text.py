"""Plain text from a mail that is only HTML. What is hidden, styled away or script is not words. Pure.

The result is shown as text everywhere, never as HTML: nothing of the sender's markup reaches a page.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

BLOCKS = frozenset(
    "p div br tr li ul ol table h1 h2 h3 h4 h5 h6 blockquote pre hr section article header footer dd dt".split()  # noqa: SIM905
)
SILENT = frozenset("script style head title template svg object noscript".split())  # noqa: SIM905
VOID = frozenset("br hr img input meta link col area base source wbr embed".split())  # noqa: SIM905
# How mail programs mark what they quote: Gmail, Yahoo, Thunderbird, Apple Mail, Outlook.
QUOTES = re.compile(r"gmail_quote|yahoo_quoted|moz-cite-prefix|appendonsend|divRplyFwdMsg|gmail_extra", re.I)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|mso-hide\s*:\s*all", re.I)
DEEPEST = 2_000
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u200b\ufeff]+")
_BLANKS = re.compile(r"\n\s*\n\s*(?:\n\s*)*")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.quoted: list[str] = []
        # Open elements: (tag, whether it silences, whether it quotes).
        self.stack: list[tuple[str, bool, bool]] = []
        self.silent = self.quoting = 0
        self.link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag in BLOCKS:
            self._say("\n- " if tag == "li" else "\n")
        elif tag in {"td", "th"}:
            self._say(" ")
        elif tag == "img" and told.get("alt"):
            self._say(f"[{told['alt'][:200]}]")
        if tag in VOID or len(self.stack) >= DEEPEST:
            return
        silent = tag in SILENT or bool(HIDDEN.search(told.get("style", ""))) or "hidden" in told
        quotes = tag == "blockquote" or bool(QUOTES.search(f"{told.get('class', '')} {told.get('id', '')}"))
        self.stack.append((tag, silent, quotes))
        self.silent += silent
        self.quoting += quotes
        if tag == "a":
            self.link = told.get("href", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._show_link()
        if tag in BLOCKS:
            self._say("\n")
        if not any(one[0] == tag for one in self.stack[-50:]):
            return
        while self.stack:
            name, silent, quotes = self.stack.pop()
            self.silent -= silent
            self.quoting -= quotes
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        self._say(_SPACES.sub(" ", data.replace("\n", " ")))

    def _show_link(self) -> None:
        """The address after the words of a link, where the words are not the address: nobody is fooled."""
        link, self.link = self.link, ""
        said = "".join(self.pieces[-1:])
        if link.lower().startswith(("http://", "https://")) and link.rstrip("/") not in said:
            self._say(f" ({link[:500]})")

    def _say(self, text: str) -> None:
        if not self.silent:
            (self.quoted if self.quoting else self.pieces).append(text)


def text_of(html: str) -> tuple[str, str]:
    """(the words, what they quote) of an HTML body."""
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except (AssertionError, ValueError):  # a declaration Python's parser gives up on: what came before stays
        pass
    return _tidy("".join(reader.pieces)), _tidy("".join(reader.quoted))


def _tidy(text: str) -> str:
    lines = "\n".join(line.strip() for line in text.split("\n"))
    return _BLANKS.sub("\n\n", lines).strip()
