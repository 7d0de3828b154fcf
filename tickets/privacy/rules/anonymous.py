"""A customer's words without who said them: for practice, where nobody needs to know. Pure.

Personal data is masked as ``masking`` does; handles, and the words of the names we know, become «cliente».
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tickets.privacy.rules.masking import mask

_HANDLE = re.compile(r"@\w{1,50}")
SOMEBODY = "cliente"


def anonymous(text: str, names: Iterable[str], ours: Iterable[str] = ()) -> str:
    """The text with its data masked, and no handle or name of ``names``; handles in ``ours`` stay."""
    kept = {one.lower().lstrip("@") for one in ours}
    said = _HANDLE.sub(
        lambda found: found[0] if found[0][1:].lower() in kept else f"@{SOMEBODY}",
        mask(text, cases_stay=False),
    )
    words = {word for name in names for word in re.findall(r"[^\W\d_]{3,}", name)}
    if not words:
        return said
    either = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{either})(?!\w)", SOMEBODY, said, flags=re.IGNORECASE)
