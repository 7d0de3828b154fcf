"""The picture people send when a test or the page gives none: a paper receipt on a table, as a real PNG."""

from __future__ import annotations

import struct
import zlib
from functools import cache

WIDTH, HEIGHT = 160, 120
TABLE, PAPER, INK, STAMP = (181, 141, 99), (247, 245, 238), (92, 92, 98), (59, 64, 200)
# Left and right end of each printed line, in pixels from the paper's edge, from top to bottom.
LINES = ((14, 50), (8, 56), (8, 40), (8, 52), (8, 44), (30, 56))


def pixel(x: int, y: int) -> tuple[int, int, int]:
    """Colour at a point."""
    across, down = x - 48, y - 12
    if not (0 <= across < 64 and 0 <= down < 96):
        return TABLE if (x + y) % 7 else (172, 133, 92)
    line, within = divmod(down - 10, 11)
    if 0 <= line < len(LINES) and within < 4 and LINES[line][0] <= across < LINES[line][1]:
        return INK
    ring = (across - 45) ** 2 + (down - 80) ** 2
    return STAMP if 50 <= ring <= 90 else PAPER


def chunk(kind: bytes, data: bytes) -> bytes:
    """One PNG chunk."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@cache
def receipt() -> bytes:
    """The picture's bytes."""
    rows = b"".join(b"\0" + bytes(c for x in range(WIDTH) for c in pixel(x, y)) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
