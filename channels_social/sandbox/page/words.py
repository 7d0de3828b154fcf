"""Small words of the page: initials, how long ago, texts with signatures and handles marked."""

from __future__ import annotations

import re
import unicodedata
from html import escape

from channels_social.sandbox.ids import now_ms

SIGNATURE = re.compile(r"(?<!\S)(\^[A-ZÁÉÍÓÚÑ]{1,3})(?=\s*$)")
HANDLE = re.compile(r"(?<![\w@/])@(\w{1,15})")
LINK = re.compile(r"https?://[^\s<]+")


def initials(name: str) -> str:
    """Two letters of a name, of its first and second words."""
    words = [word for word in name.split() if word[0].isalpha()]
    letters = unicodedata.normalize("NFD", "".join(word[0] for word in words[:2]))
    return "".join(char for char in letters if not unicodedata.combining(char)).upper() or "?"


def ago(ms: int) -> str:
    """How long ago, as the networks say it."""
    seconds = (now_ms() - ms) // 1000
    if seconds < 45:
        return "ahora"
    if seconds < 3600:
        return f"{max(1, seconds // 60)}\u00a0min"
    if seconds < 86_400:
        return f"{seconds // 3600}\u00a0h"
    days = seconds // 86_400
    return f"{days}\u00a0día{'s' if days > 1 else ''}"


def when(ms: int) -> str:
    """The time element the page's script keeps current."""
    return f'<time data-ms="{ms}">{ago(ms)}</time>'


def marked(text: str) -> str:
    """A text as markup: escaped, its handles, links and signature marked, its lines kept."""
    shown = escape(text)
    shown = LINK.sub(lambda m: f'<span class="lnk">{m.group()}</span>', shown)
    shown = HANDLE.sub(r'<span class="lnk">@\1</span>', shown)
    shown = SIGNATURE.sub(r'<span class="sig">\1</span>', shown)
    return shown.replace("\n", "<br>")


def tag(words: str, kind: str = "") -> str:
    """A small label."""
    return f'<span class="tag {kind}">{escape(words)}</span>'
