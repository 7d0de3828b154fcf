"""How long a text may be on Facebook: comments 8,000 characters, Messenger 2,000.

Meta does not say in which unit it counts; UTF-16 code units are the strictest of those it may mean, so an
emoji outside the basic plane counts 2.
"""

COMMENT_LIMIT = 8000
MESSAGE_LIMIT = 2000


def length(text: str) -> int:
    """Return the length of `text` in UTF-16 code units."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fits(text: str, limit: int = COMMENT_LIMIT) -> bool:
    """Tell whether Facebook takes `text`: as a comment, or under `MESSAGE_LIMIT` as a Messenger message."""
    return length(text) <= limit
