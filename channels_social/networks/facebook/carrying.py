"""What files Facebook takes along (Meta, "Saving assets" and error 1366046). Ours are never larger than 10 MB."""

from __future__ import annotations

from channels_social.networks.base import FileRules

MEGABYTE = 1024 * 1024
# One picture in a comment, smaller than 4 MB.
COMMENT = FileRules(
    most=1, types=("image/jpeg", "image/png"), most_bytes=4 * MEGABYTE, most_in_all=4 * MEGABYTE
)
# Messenger takes 8 MB of an image and 25 of a file; a message is either words or one file.
MESSAGE = FileRules(
    most=5,
    types=("image/jpeg", "image/png", "application/pdf"),
    most_bytes=8 * MEGABYTE,
    most_in_all=40 * MEGABYTE,
    apart=True,
)
