"""Text as it is kept, looked up, shown short and compared. Pure functions, no Django."""

import html
import re
import unicodedata

import regex

ELLIPSIS = "…"

_MARKS = re.compile("[\u0300-\u036f]+")
_CLUSTER = regex.compile(r"\X")
# Below U+0300, and without line breaks, every code point is a cluster of its own.
_MAY_JOIN = re.compile("[̀-􏿿]")
# A word with a dot before two letters, or with "://": what a network may show as a link of its own.
_LINKISH = re.compile(r"://|[^\W_]\.[^\W\d_]{2}")
_LEADING_MENTIONS = re.compile(r"(?:[@＠]\w{1,50}\s+)+")
_URL_MASK = "⟨url⟩"


def clean(text: str) -> str:
    """Return `text` without NUL and lone surrogates, which PostgreSQL cannot hold; all else is kept exactly.

    Two halves of a surrogate pair that arrive as separate code points are one character and are joined.
    """
    if "\x00" in text:
        text = text.replace("\x00", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return text


def fold(text: str) -> str:
    """Return the look-up key of a name or a word: without case, accents or compatibility forms.

    ñ folds to n (as PostgreSQL's `unaccent` does): "Nunez" typed on a foreign keyboard must find "Núñez".
    Only Latin, Greek and Cyrillic diacritics (U+0300-036F) go, so vowel signs of other scripts stay.
    Idempotent. White space is kept.
    """
    if text.isascii():
        return text.lower()
    # Twice, because a case fold can yield new marks and compatibility forms new capitals (UTR 15, X 3.13).
    for _ in range(2):
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text))


def fold_handle(handle: str) -> str:
    """Return the look-up key of a handle: folded, without spaces around it nor its leading @."""
    return fold(handle.strip().lstrip("@＠"))


def excerpt(text: str, limit: int) -> str:
    """Return `text` on one line in at most `limit` code points, an ellipsis in place of what is left out.

    Never splits a grapheme cluster (a family emoji, a flag, a letter with its marks) and rather ends at a
    word when one ends in the second half. A first cluster longer than the limit leaves the ellipsis alone.
    """
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    if limit <= 0:
        return ""
    kept = _whole_clusters(line, limit - 1)
    at_word = kept.rfind(" ")
    if line[len(kept)] != " " and at_word > limit // 2:
        kept = kept[:at_word]
    return kept.rstrip() + ELLIPSIS


def _whole_clusters(text: str, limit: int) -> str:
    """Return the longest run of whole grapheme clusters of `text` that fits `limit` code points."""
    if not _MAY_JOIN.search(text, 0, limit + 1):
        return text[:limit]
    end = 0
    for cluster in _CLUSTER.finditer(text):
        if cluster.end() > limit:
            break
        end = cluster.end()
    return text[:end]


def normalised(text: str) -> str:
    """Return what stays equal between a text we sent and the same text read back from a network.

    NFC; entities unescaped until nothing changes (X escapes once: literal "&amp;" must not look absent and
    be sent twice); words with links masked (t.co replaces them); white space collapsed; mentions that X puts
    before a reply and links it appends for media and quotes dropped. For comparing only, never for storing.
    """
    for _ in range(3):
        plain = html.unescape(text)
        if plain == text:
            break
        text = plain
    words = unicodedata.normalize("NFC", text).split()
    masked = [_URL_MASK if _LINKISH.search(word) else word for word in words]
    while masked and masked[-1] == _URL_MASK:
        masked.pop()
    joined = " ".join(masked)
    mentions = _LEADING_MENTIONS.match(joined)
    return joined[mentions.end() :] if mentions else joined
