"""What files a letter takes along: base64 makes them a third larger, and many servers take 25 MB in all."""

from __future__ import annotations

from channels_social.networks.base import FileRules

MEGABYTE = 1024 * 1024
LETTER = FileRules(
    most=10,
    types=("image/jpeg", "image/png", "application/pdf"),
    most_bytes=10 * MEGABYTE,
    most_in_all=15 * MEGABYTE,
)
