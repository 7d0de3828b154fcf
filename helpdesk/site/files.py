"""What strangers send as a photo or a document: really one, not too large, and without anything else inside. Pure.

A picture is written anew from the parts that draw it: what a camera adds (place, device, thumbnails), what follows
its end and what hides in its comments is not kept. A file that is also another kind of file (HTML, a script, an
archive, a second PDF) is refused, because nobody makes one by mistake. JPEG: ITU-T T.81 annex B and Exif 2.3;
PNG: W3C PNG 3, clauses 5 and 11; PDF: ISO 32000-1, 7.5.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass

from helpdesk.site.pdf import Unsafe, must_be_harmless

MOST_BYTES = 10 * 1024 * 1024
MOST_SIDE, MOST_PIXELS = 16_000, 100_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_EOI, _SOS, _APP1, _COMMENT = 0xD9, 0xDA, 0xE1, 0xFE
_FRAMES = (0xC0, 0xC1, 0xC2)
_DRAWS = (*_FRAMES, 0xC4, 0xDB, 0xDD, 0xEE)
_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"IDAT", b"IEND"}
_MARKUP = re.compile(rb"<(?:script|html|svg|iframe|body|\?php|!doctype\s+html)", re.IGNORECASE)


class BadFile(ValueError):
    """``code``: ``empty``, ``too_heavy``, ``type``, ``broken``, ``too_large``, ``hostile`` or ``unread``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class CleanFile:
    """The bytes that are kept, and what they are."""

    body: bytes
    content_type: str
    ending: str
    # Of a picture, in pixels.
    width: int = 0
    height: int = 0


def clean_file(body: bytes) -> CleanFile:
    """The file alone. Raises :class:`BadFile`."""
    if not body:
        raise BadFile("empty")
    if len(body) > MOST_BYTES:
        raise BadFile("too_heavy")
    try:
        if body.startswith(b"\xff\xd8\xff"):
            kept, size = _jpeg(body)
            return CleanFile(kept, "image/jpeg", "jpg", *size)
        if body.startswith(_PNG):
            kept, size = _png(body)
            return CleanFile(kept, "image/png", "png", *size)
        if body.startswith(b"%PDF-"):
            return CleanFile(_pdf(body), "application/pdf", "pdf")
    except (IndexError, struct.error):
        raise BadFile("broken") from None
    raise BadFile("type")


def _jpeg(body: bytes) -> tuple[bytes, tuple[int, int]]:
    kept, aside, at, size, turned = bytearray(b"\xff\xd8"), [], 2, None, 0
    while True:
        if body[at] != 0xFF:
            raise BadFile("broken")
        marker = body[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == _EOI:
            break
        end = at + 2 + struct.unpack_from(">H", body, at + 2)[0]
        if end <= at + 3 or end > len(body):
            raise BadFile("broken")
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", body, at + 5)
            size = _sized(width, height)
        if marker == _SOS:
            end = _end_of_scan(body, end)
            kept += body[at:end]
        elif marker in _DRAWS:
            kept += body[at:end]
        else:
            turned = turned or (_orientation(body[at + 4 : end]) if marker == _APP1 else 0)
            aside.append(body[at:end])
        at = end
    if size is None:
        raise BadFile("broken")
    _nothing_else(b"".join(aside) + body[at + 2 :])
    return bytes(kept[:2]) + _turned(turned) + bytes(kept[2:]) + b"\xff\xd9", size


def _end_of_scan(body: bytes, at: int) -> int:
    """Where the next marker stands that is neither a stuffed byte nor a restart."""
    while True:
        at = body.find(b"\xff", at)
        if at < 0:
            raise BadFile("broken")
        following = body[at + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2


def _orientation(segment: bytes) -> int:
    """How the camera was held (1 to 8), of an Exif segment; 0 where it does not say."""
    if not segment.startswith(b"Exif\0\0"):
        return 0
    tiff = segment[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 0
    try:
        first = struct.unpack_from(f"{order}I", tiff, 4)[0]
        for entry in range(min(struct.unpack_from(f"{order}H", tiff, first)[0], 64)):
            tag, kind, _n, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + entry * 12)
            if tag == 0x0112 and kind == 3 and 1 <= value <= 8:
                return value
    except struct.error:
        return 0
    return 0


def _turned(orientation: int) -> bytes:
    """An Exif segment that says how the camera was held and nothing else."""
    if orientation in (0, 1):
        return b""
    tiff = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff


def _png(body: bytes) -> tuple[bytes, tuple[int, int]]:
    kept, aside, at, has_data, size = bytearray(_PNG), [], len(_PNG), False, (0, 0)
    while True:
        length, name = struct.unpack_from(">I4s", body, at)
        end = at + 12 + length
        if end > len(body):
            raise BadFile("broken")
        content = body[at + 8 : end - 4]
        if zlib.crc32(name + content) != struct.unpack_from(">I", body, end - 4)[0]:
            raise BadFile("broken")
        if at == len(_PNG):
            if name != b"IHDR" or length != 13:
                raise BadFile("broken")
            size = _sized(*struct.unpack_from(">II", content))
        if name in _CHUNKS:
            kept += body[at:end]
        else:
            aside.append(content)
        has_data = has_data or name == b"IDAT"
        at = end
        if name == b"IEND":
            break
    if not has_data:
        raise BadFile("broken")
    _nothing_else(b"".join(aside) + body[at:])
    return bytes(kept), size


def _pdf(body: bytes) -> bytes:
    if b"%%EOF" not in body[-2048:]:
        raise BadFile("broken")
    if _MARKUP.search(body[:4096]) or _is_archive(body):
        raise BadFile("hostile")
    try:
        must_be_harmless(body)
    except Unsafe as unsafe:
        raise BadFile(unsafe.code) from None
    return body


def _nothing_else(aside: bytes) -> None:
    """What is not kept of a picture must not be another file either."""
    if _MARKUP.search(aside) or b"%PDF-" in aside or _is_archive(aside):
        raise BadFile("hostile")


def _is_archive(body: bytes) -> bool:
    """A ZIP is read from its end, so it can follow anything; other archives and programs start with their name."""
    return (b"PK\x05\x06" in body[-66_000:] and b"PK\x01\x02" in body) or b"Rar!\x1a\x07" in body


def _sized(width: int, height: int) -> tuple[int, int]:
    if not width or not height:
        raise BadFile("broken")
    if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
        raise BadFile("too_large")
    return width, height
