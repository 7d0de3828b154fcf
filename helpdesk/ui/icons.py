"""Icons. The drawings live in ``static/css/icons.css``; the words around an icon say what it means."""

from __future__ import annotations

from functools import lru_cache

from django.utils.safestring import SafeString

SIZES = (12, 14, 16, 20)

# One name per rule `.i-<name>` of icons.css; a test compares both.
_NAMES = """alert area bolt book bubble calendar caret chart check checks clip clock close coffee copy
    down download eye eyeoff facebook filter flag flask gear globe heart help image inbox key left
    legal link lock mail megaphone merge messenger minus money moon more note pause pencil phone pin play
    plus refresh reply repost right search send shield snooze split star steps sun tag trash undo up
    user users web wifi x"""
NAMES = frozenset(_NAMES.split())


@lru_cache(maxsize=256)
def icon(name: str, size: int = 16) -> SafeString:
    """A decorative icon, hidden from screen readers.

    Raises ``ValueError`` for a name that is not drawn or a size that is not ours.
    """
    if name not in NAMES:
        raise ValueError(f"no icon is called {name!r}")
    if size not in SIZES:
        raise ValueError(f"icons come in {SIZES} pixels, not {size!r}")
    extra = "" if size == 16 else f" i-{size}"
    return SafeString(f'<i class="i i-{name}{extra}" aria-hidden="true"></i>')
