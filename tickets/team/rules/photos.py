"""A picture as it may be kept: really a JPEG, small, and without what a camera writes into it. Pure.

The page makes it small (256 × 256) before it is sent; here nothing is believed. Segments that hold metadata (EXIF
with place and device, comments, thumbnails, colour profiles) are left out, and whatever follows the end of image.
JPEG: ITU-T T.81, annex B.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_BYTES = 96 * 1024
MOST_PIXELS, FEWEST_PIXELS = 512, 64
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
# Baseline, extended and progressive Huffman: what browsers write and draw.
_FRAMES = (0xC0, 0xC1, 0xC2)
# Tables and restart intervals that the picture needs; APP14 says how an Adobe JPEG holds its colours.
_KEPT = (*_FRAMES, 0xC4, 0xDB, 0xDD, 0xEE)


class BadPhoto(ValueError):
    """``code``: ``too_heavy``, ``not_jpeg``, ``too_large``, ``too_small``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Photo:
    """The bytes that are kept, and their size in pixels."""

    body: bytes
    width: int
    height: int


def clean_photo(body: bytes) -> Photo:
    """The picture alone. Raises :class:`BadPhoto`."""
    if len(body) > MOST_BYTES:
        raise BadPhoto("too_heavy")
    if body[:3] != b"\xff\xd8\xff":
        raise BadPhoto("not_jpeg")
    try:
        kept, size = _segments(body)
    except IndexError:
        raise BadPhoto("not_jpeg") from None
    if size is None:
        raise BadPhoto("not_jpeg")
    if max(size) > MOST_PIXELS:
        raise BadPhoto("too_large")
    if min(size) < FEWEST_PIXELS:
        raise BadPhoto("too_small")
    return Photo(kept, *size)


def _segments(body: bytes) -> tuple[bytes, tuple[int, int] | None]:
    kept, size, at = bytearray(body[:2]), None, 2
    while True:
        if body[at] != 0xFF:
            raise BadPhoto("not_jpeg")
        marker = body[at + 1]
        if marker == _EOI:
            return bytes(kept + body[at : at + 2]), size
        length = body[at + 2] << 8 | body[at + 3]
        end = at + 2 + length
        if length < 2 or end >= len(body):
            raise BadPhoto("not_jpeg")
        if marker in _FRAMES and size is None:
            size = (body[at + 7] << 8 | body[at + 8], body[at + 5] << 8 | body[at + 6])
        if marker == _SOS:
            scan = _end_of_scan(body, end)
            kept += body[at:scan]
            at = scan
            continue
        if marker in _KEPT:
            kept += body[at:end]
        at = end


def _end_of_scan(body: bytes, at: int) -> int:
    """Where the next marker stands that is neither a stuffed byte nor a restart."""
    while True:
        at = body.index(b"\xff", at) if b"\xff" in body[at:] else len(body)
        following = body[at + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2
