"""What a PDF may do by itself, looked for where it can hide: in names written otherwise, in compressed streams. Pure.

ISO 32000-1: 7.3.5 names, 7.3.8 streams, 7.5.7 object streams (where a PDF since 1.5 keeps its dictionaries), 7.6
encryption, 12.6.4 actions. A file is told by what it says, not by where a reader would look: an offset may point
anywhere, also into what another reader takes for a picture. So the whole file is searched as it stands, and every
stream that inflates and is no picture's is searched inflated; a picture's bytes are only read by a decoder. Data that
merely look like a short name are no reason to refuse (of 10 MB of photos every second has ``/JS`` in it), so only
names long enough never to be chance are searched; without ``/JavaScript`` or ``/Rendition`` no ``/JS`` ever runs.

What is searched is bounded: no file makes more than ``MOST_INFLATED`` bytes in windows, and no byte of it is read more
than twice.
"""

from __future__ import annotations

import re
import zlib

MOST_INFLATED = 96 * 1024 * 1024
MOST_STREAMS = 20_000
WINDOW, TAKEN = 256 * 1024, 64 * 1024
# Of a stream's dictionary, before it; and what of a window is searched again with the next.
BEFORE, OVERLAP = 2048, 64
ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|SubmitForm|ImportData|XFA\s*[\[\d])"
)
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_OTHER_FILTER = re.compile(rb"/(?:LZW|ASCIIHex|ASCII85|RunLength|Crypt)|/Predictor\s*(?:[2-9]|1\d)")
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_HOLDS_OBJECTS = re.compile(rb"/ObjStm\b")
_ENCRYPTED = re.compile(rb"/Encrypt\b")


class Unsafe(ValueError):
    """``code``: ``hostile``, or ``unread`` for what cannot be looked through within its bounds."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def must_be_harmless(body: bytes) -> None:
    """Raise :class:`Unsafe` unless nothing in it runs, opens, sends or carries another file."""
    plain = _named(body)
    if ACTIVE.search(plain):
        raise Unsafe("hostile")
    is_encrypted = _ENCRYPTED.search(plain) is not None
    left, given = MOST_INFLATED, 2 * len(body) + WINDOW
    for number, found in enumerate(_STREAM.finditer(body)):
        if number == MOST_STREAMS:
            raise Unsafe("unread")
        about = _dictionary(body, found.start())
        holds = _HOLDS_OBJECTS.search(about) is not None
        if _IMAGE.search(about) and not holds:
            continue
        if holds and (is_encrypted or _OTHER_FILTER.search(about)):
            raise Unsafe("unread")
        made, read = _look_through(body, found.end(), left, given)
        left, given = left - made, given - read
        if left <= 0 or given <= 0:
            raise Unsafe("unread")


def _look_through(body: bytes, at: int, most_made: int, most_read: int) -> tuple[int, int]:
    """Inflate what begins there, a window at a time, and search it; how much came out, and how much was read."""
    if at + 2 > len(body) or body[at] & 0x0F != 8 or (body[at] << 8 | body[at + 1]) % 31:
        return 0, 0  # no zlib header (RFC 1950): drawn by another decoder, or as it stands
    engine, made, read, tail = zlib.decompressobj(), 0, 0, b""
    try:
        while not engine.eof and made < most_made and read < most_read:
            taken = engine.unconsumed_tail
            if not taken:
                taken = body[at + read : at + read + TAKEN]
                read += len(taken)
            if not taken:
                break
            out = engine.decompress(taken, WINDOW)
            made += len(out)
            if ACTIVE.search(_named(tail + out)):
                raise Unsafe("hostile")
            tail = (tail + out)[-OVERLAP:]
    except zlib.error:
        pass  # torn there: a reader stops there too
    return made, read - len(engine.unused_data)


def _dictionary(body: bytes, stream: int) -> bytes:
    """The dictionary that stands before a stream."""
    before = body[max(0, stream - BEFORE) : stream]
    return _named(before[max(before.rfind(b"endobj"), before.rfind(b"endstream"), 0) :])


def _named(words: bytes) -> bytes:
    """With names as they are meant: ``/J#61vaScript`` is ``/JavaScript``."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), words) if b"#" in words else words
