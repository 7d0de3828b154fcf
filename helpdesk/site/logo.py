"""A logo as it may be kept: a small PNG or JPEG, without what is not the picture. Pure."""

from __future__ import annotations

from helpdesk.site.files import BadFile, CleanFile, clean_file

MOST_BYTES = 200 * 1024
MOST_SIDE, LEAST_SIDE = 1200, 24


def clean_logo(body: bytes) -> CleanFile:
    """The picture alone. Raises :class:`BadFile`, besides its codes with ``too_small`` and ``not_picture``."""
    if len(body) > MOST_BYTES:
        raise BadFile("too_heavy")
    found = clean_file(body)
    if not found.width:
        raise BadFile("not_picture")
    if max(found.width, found.height) > MOST_SIDE:
        raise BadFile("too_large")
    if min(found.width, found.height) < LEAST_SIDE:
        raise BadFile("too_small")
    return found
