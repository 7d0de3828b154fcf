"""What a file is, by its first bytes: what a network or a name says about it is not believed."""

from __future__ import annotations

UNKNOWN = "application/octet-stream"
# Only what a browser shows or plays without running it; everything else is offered as a download.
STARTS = (
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"GIF87a", "image/gif", "gif"),
    (b"GIF89a", "image/gif", "gif"),
    (b"%PDF-", "application/pdf", "pdf"),
    (b"OggS", "audio/ogg", "ogg"),
    (b"ID3", "audio/mpeg", "mp3"),
)
QUICKTIME = {b"qt  "}
KINDS = {"image/gif": "gif", "application/pdf": "file", UNKNOWN: "file"}


def sniff(data: bytes) -> tuple[str, str]:
    """Media type and file ending."""
    for start, kind, ending in STARTS:
        if data.startswith(start):
            return kind, ending
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp", "webp"
    if data[4:8] == b"ftyp":
        return _boxes(data[8:12])
    # An MPEG audio frame without a tag: eleven bits set, layer III.
    if len(data) > 2 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2:
        return "audio/mpeg", "mp3"
    return UNKNOWN, "bin"


def _boxes(brand: bytes) -> tuple[str, str]:
    """ISO base media: the brand tells sound and film apart."""
    if brand[:3] == b"M4A":
        return "audio/mp4", "m4a"
    return (
        (UNKNOWN, "bin")
        if brand in QUICKTIME or brand[:3] in {b"hei", b"mif", b"avi"}
        else ("video/mp4", "mp4")
    )


def kind_of(content_type: str) -> str:
    """``image``, ``gif``, ``video``, ``audio`` or ``file``."""
    return KINDS.get(content_type) or content_type.partition("/")[0]
