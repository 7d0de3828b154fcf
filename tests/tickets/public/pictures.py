"""The smallest honest pictures, made here: nothing of anybody's is kept in the repository."""

from __future__ import annotations

import struct
import zlib


def jpeg(*, before: bytes = b"", after: bytes = b"", width: int = 64, height: int = 48) -> bytes:
    """A JPEG by its structure: tables, frame, scan; ``before`` goes where metadata goes, ``after`` behind its end."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    tables = b"\xff\xdb" + struct.pack(">H", 67) + b"\x00" + bytes(64)
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\x01\x00\x00\x3f\x00" + b"\x12\x34\xff\x00\x56"
    return b"\xff\xd8" + before + tables + frame + scan + b"\xff\xd9" + after


def segment(marker: int, content: bytes) -> bytes:
    """A segment of metadata."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def exif(orientation: int, *, place: bytes = b"4.7110N 74.0721W") -> bytes:
    """What a camera writes: how it was held, and where."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    return segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 1) + entry + bytes(4) + place)


def png(*, extra: bytes = b"", after: bytes = b"", width: int = 8, height: int = 8) -> bytes:
    """A grey PNG; ``extra`` are chunks before its data."""
    rows = b"".join(b"\0" + bytes(width) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
        + after
    )  # fmt: skip


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG with its check."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
