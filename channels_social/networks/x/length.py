"""How long a text is for X: twitter-text 3 (weights of 2018, still in force), in linear time.

NFC first; a link weighs 23, an emoji 2 however many code points it has, Latin, Greek, Cyrillic, Arabic and
common punctuation 1, the rest 2. `static/js/lib/weighted.js` counts the same in the composer.
"""

import re
import unicodedata
from collections.abc import Iterator

import regex

from channels_social.networks.x.links import links

LIMIT = 280
LINK_WEIGHT = 23
EMOJI_WEIGHT = 2

_HEAVY = re.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_WORDS = re.compile(r"(\s*)(\S+)")
_EMOJI = regex.compile(
    r"[\U0001F1E6-\U0001F1FF]{2}"
    r"|[0-9#*]\uFE0F?\u20E3"
    r"|\U0001F3F4[\U000E0020-\U000E007E]+\U000E007F"
    r"|(?:(?![©®])\p{Extended_Pictographic}|[©®](?=\uFE0F))[\uFE0F\U0001F3FB-\U0001F3FF]?\uFE0F?"
    r"(?:\u200D\p{Extended_Pictographic}[\uFE0F\U0001F3FB-\U0001F3FF]?\uFE0F?)*"
)


def weighted_length(text: str) -> int:
    """Return the weight of `text`, of which X takes 280.

    Mentions that X itself puts before a reply do not count and do not belong in it.
    """
    text = unicodedata.normalize("NFC", text)
    if "." not in text:
        return _weight(text)
    total = position = 0
    for start, end in links(text):
        total += _weight(text[position:start]) + LINK_WEIGHT
        position = end
    return total + _weight(text[position:])


def _weight(text: str) -> int:
    """Return the weight of text without links."""
    if text.isascii():
        return len(text)
    plain, emoji = _EMOJI.subn("", text)
    return int(emoji) * EMOJI_WEIGHT + len(plain) + len(_HEAVY.findall(plain))


def fits(text: str, limit: int = LIMIT) -> bool:
    """Tell whether X takes `text` as one post."""
    return weighted_length(text) <= limit


def split_thread(text: str, *, limit: int = LIMIT, signature: str = "", numbered: bool = True) -> list[str]:
    """Return `text` as posts of at most `limit`, each but the only one numbered "(1/3)" at its end.

    Breaks at white space, inside a word only when it alone is too long, never inside a link or a grapheme
    cluster. `signature` ("^JC") ends the last post only: it signs the answer, and X shows the posts as one.
    ValueError when the limit leaves no room for a link beside number and signature.
    """
    text = text.strip().removesuffix(signature).rstrip()
    end = f" {signature}" if signature else ""
    if not text or fits(text + end, limit):
        return [text + end] if text else []
    for digits in range(1, 5):
        room = limit - (len(" (/)") + 2 * digits if numbered else 0)
        parts = _parts(text, room, _weight(end))
        if len(parts) < 10**digits or not numbered:
            break
    marks = [f" ({number}/{len(parts)})" if numbered else "" for number in range(1, len(parts) + 1)]
    parts = [part + mark for part, mark in zip(parts, marks, strict=True)]
    parts[-1] += end
    return parts


def _parts(text: str, room: int, reserve: int) -> list[str]:
    """Return `_fill`'s stretches, filled less where breaking a long word made a link out of its beginning."""
    aim = room
    while True:
        parts = _fill(text, aim, reserve)
        if all(fits(part, room) for part in parts[:-1]) and fits(parts[-1], room - reserve):
            return parts
        aim -= LINK_WEIGHT


def _fill(text: str, room: int, reserve: int) -> list[str]:
    """Return stretches of `text` that weigh at most `room`, the last one `room - reserve`."""
    if room - reserve < LINK_WEIGHT:
        raise ValueError(f"no room for a link in a part of {room}")
    pieces = [piece for word in _WORDS.finditer(text) for piece in _pieces(word[1], word[2], room - reserve)]
    parts: list[str] = []
    filled = room + 1
    for index, (space, piece, weight) in enumerate(pieces):
        gap = _weight(space) if parts else 0
        need = gap + weight + (reserve if index == len(pieces) - 1 else 0)
        if filled + need > room:
            parts.append(piece)
            filled = weight
        else:
            parts[-1] += space + piece
            filled += gap + weight
    return parts


def _pieces(space: str, word: str, room: int) -> Iterator[tuple[str, str, int]]:
    """Yield (white space before, piece, weight) for a word, in more than one piece when it is over `room`."""
    weight = weighted_length(word)
    if weight <= room:
        yield space, word, weight
        return
    piece, filled = "", 0
    for atom, heavy in _atoms(unicodedata.normalize("NFC", word), room):
        if filled + heavy > room:
            yield space, piece, filled
            space, piece, filled = "", "", 0
        piece += atom
        filled += heavy
    yield space, piece, filled


def _atoms(word: str, room: int) -> Iterator[tuple[str, int]]:
    """Yield what a word may not be broken within, with its weight: links, else clusters, else code points."""
    position = 0
    for start, end in [*links(word), (len(word), len(word))]:
        for cluster in regex.findall(r"\X", word[position:start]):
            weight = _weight(cluster)
            yield from [(cluster, weight)] if weight <= room else ((c, _weight(c)) for c in cluster)
        if end > start:
            yield word[start:end], LINK_WEIGHT
        position = end
