"""Files that leave with an action: named by its row, read and handed over before it is done.

Handing over is shown to nobody and may be repeated, so it happens before ``request_started_at``: whatever goes wrong
there goes back to the queue, and is never unknown.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.core.files.storage import default_storage

from channels_social.models import Media, OutboundAction
from channels_social.networks.base import Client, NetworkError, Outgoing, OutgoingFile
from helpdesk.tenancy.context import tenant

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parcel:
    """The files of an action, and what its network calls them by now."""

    files: tuple[OutgoingFile, ...] = ()
    uploaded: tuple[str, ...] = ()


def files_of(action: OutboundAction) -> tuple[OutgoingFile, ...]:
    """The files its ``options["files"]`` name (``{"media": id, "alt": words}``), in their order, with their bytes.

    Raises :class:`NetworkError` when one is not there any more.
    """
    named = action.options.get("files") or []
    if not named:
        return ()
    with tenant(action.organization_id):
        rows = Media.objects.in_bulk([one["media"] for one in named])
    return tuple(_read(rows.get(one["media"]), one.get("alt", "")) for one in named)


def _read(row: Media | None, alt: str) -> OutgoingFile:
    try:
        if row is None:
            raise FileNotFoundError
        with default_storage.open(row.file) as file:
            return OutgoingFile(row.name, row.content_type, file.read(), alt)
    except FileNotFoundError:
        raise NetworkError("refused", "file_gone") from None


def hand_over(client: Client, files: tuple[OutgoingFile, ...], action: Outgoing) -> Parcel | NetworkError:
    """Give the network the files of an action; nothing has been said yet, whatever comes of it."""
    try:
        return Parcel(files, client.upload(action) if files else ())
    except NetworkError as error:
        # Nobody saw it: once more does no harm, where a post would have to be looked for.
        later = error.verdict == "unknown"
        return NetworkError("later", error.code, error.detail, error.retry_at) if later else error
    except Exception as error:
        logger.exception("files: %s", type(error).__name__)
        return NetworkError("later", type(error).__name__)
