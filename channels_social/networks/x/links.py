"""Where X will see a link: close to twitter-text 3, which takes 199 s for 10 kB of "a.", but in linear time.

Each maximal run of host characters is looked at once and nothing read twice. Known difference: a domain
under an internationalised name ("ejemplo.みんな") counts only when it has its scheme and ends there.
`static/js/lib/weighted.js` is this file's twin.
"""

import re
from collections.abc import Iterator

from channels_social.networks.x.tlds import TLDS

_LATIN = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253-\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b\u02bb"
    "\u0300-\u036f\u1e00-\u1eff"
)
_NOT_HOST = "\\s!'#%&()*+,/:;<=>?@\\[\\]^{|}~$\ufffe\ufeff\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_PATH = rf"a-z0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&\u0400-\u04ff{_LATIN}"
_PATH_END = re.compile(rf"[a-z0-9=_#/+\-\u0400-\u04ff{_LATIN}]|\)", re.IGNORECASE)

_WORD = rf"a-z0-9_\-{_LATIN}"
_CANDIDATE = re.compile(
    rf"(?P<scheme>https?://)(?P<host>[^{_NOT_HOST}]+)|(?P<bare>(?<![.{_WORD}])[{_WORD}]+\.[.{_WORD}]+)",
    re.IGNORECASE,
)
_TOP_LEVEL = re.compile(r"(?:xn--[0-9a-z-]+|[a-z]+)(?![0-9a-z@+\-])", re.IGNORECASE)
_PORT = re.compile(r":[0-9]+")
# Brackets in a path count when they are balanced, at most two deep; bounded so that none is read far in vain.
_WALK = re.compile(rf"/(?:[{_PATH}]|\((?:[{_PATH}]|\([{_PATH}]{{0,256}}\)){{0,256}}\))*", re.IGNORECASE)
_QUERY = re.compile(r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]", re.IGNORECASE)
_SHORTENED = re.compile(
    r"https?://t\.co/([a-z0-9]+)(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?", re.IGNORECASE
)

_BLOCKS = frozenset("@＠$#＃")
_BLOCKS_BARE = _BLOCKS | frozenset("-_./")
_MAX_LABEL = 63
_MAX_SLUG = 40
_MAX_LINK = 4096


def links(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each stretch of `text` that X turns into a t.co link."""
    position = 0
    while found := _CANDIDATE.search(text, position):
        start, end = found.start(), _read_end(text, found)
        position = max(end, found.end())  # What was read and is no link after all is not read again.
        shortened = _SHORTENED.match(text, start, end)
        if shortened:
            end = shortened.end() if len(shortened[1]) <= _MAX_SLUG else 0
        if end and end - start <= _MAX_LINK:
            yield start, end


def _read_end(text: str, found: re.Match[str]) -> int:
    """Return where the link that starts with this candidate would end; 0 when it is none."""
    start = found.start()
    run = found["host"] or found["bare"]
    if "." not in run or _is_blocked(text[start - 1 : start], bare=found["bare"] is not None):
        return 0
    host = _host_length(run, text[found.end() : found.end() + 1])
    return _tail_end(text, found.end() - len(run) + host) if host else 0


def _is_blocked(before: str, *, bare: bool) -> bool:
    """Tell whether the character before keeps X from seeing a link (a mention, an e-mail address, a tag)."""
    return (
        (before.isascii() and before.isalnum())
        or before in (_BLOCKS_BARE if bare else _BLOCKS)
        and before != ""
    )


def _host_length(run: str, following: str) -> int:
    """Return how much of a run of host characters before `following` is a host under a known domain."""
    labels = run.split(".")
    length = position = 0
    for index, label in enumerate(labels):
        if index and "_" not in labels[index - 1]:
            top = _top_level(label, "." if index + 1 < len(labels) else following)
            length = position + len(top) if top else length
        if not _is_label(label):
            break
        position += len(label) + 1
    return length


def _top_level(label: str, following: str) -> str:
    """Return the known top-level domain a label starts with, or nothing."""
    if not label.isascii() and label in TLDS:
        return label
    found = _TOP_LEVEL.match(label + following)
    return found[0] if found and (found[0].lower() in TLDS or found[0][:4].lower() == "xn--") else ""


def _is_label(label: str) -> bool:
    if not label or label[0] in "-_" or label[-1] in "-_" or len(label) > _MAX_LABEL:
        return False
    if label.isascii():
        return True
    return label[:4].lower() != "xn--" and len(label.encode("punycode")) + 4 <= _MAX_LABEL


def _tail_end(text: str, end: int) -> int:
    """Return where port, path and query that follow a host end; what X leaves out at the end stays out."""
    port = _PORT.match(text, end)
    end = port.end() if port else end
    walk = _WALK.match(text, end)
    if walk:
        last = walk.end()
        while last > end + 1 and not _PATH_END.match(text, last - 1):
            last -= 1
        end = last
    query = _QUERY.match(text, end)
    return query.end() if query else end
