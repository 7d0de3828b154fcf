"""Pictures handed over to X before a post or a message names them (API v2, "Upload media", one shot; "Media metadata").

An uploaded picture is shown to nobody and forgotten after a day, so uploading is repeated freely.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests

from channels_social.enums import ActionKind
from channels_social.networks import http
from channels_social.networks.base import FileRules, NetworkError, Outgoing, OutgoingFile
from channels_social.networks.x import errors

if TYPE_CHECKING:
    from channels_social.networks.x.client import XClient

MEGABYTE = 1024 * 1024
TYPES = ("image/jpeg", "image/png")
# docs.x.com, "Media best practices": four pictures of 5 MB in a post, one attachment in a message.
POST = FileRules(most=4, types=TYPES, most_bytes=5 * MEGABYTE, most_in_all=20 * MEGABYTE)
MESSAGE = FileRules(most=1, types=TYPES, most_bytes=5 * MEGABYTE, most_in_all=5 * MEGABYTE)
NOT_GRANTED = FileRules(why="media_not_granted")
CATEGORIES = {ActionKind.REPLY: "tweet_image", ActionKind.DIRECT_MESSAGE: "dm_image"}
# Refusals of a picture that a text's words do not fit.
OF_A_FILE = {"invalid": "file_unsupported", "too_long": "file_too_large", "gone": "file_unsupported"}


def rules(kind: ActionKind, capabilities: dict[str, Any]) -> FileRules:
    """What goes with an action, where the account was connected with ``media.write``."""
    if kind not in CATEGORIES:
        return FileRules()
    if capabilities.get("media") is False:
        return NOT_GRANTED
    return POST if kind == ActionKind.REPLY else MESSAGE


def upload(client: XClient, action: Outgoing) -> tuple[str, ...]:
    """The media ids of the action's pictures. Raises :class:`NetworkError`."""
    category = CATEGORIES.get(action.kind)
    if category is None:
        raise NetworkError("refused", "file_unsupported")
    return tuple(_upload(client, file, category) for file in action.files)


def _upload(client: XClient, file: OutgoingFile, category: str) -> str:
    body = _posted(
        client,
        "/2/media/upload",
        files={"media": (file.name, file.body, file.content_type)},
        data={"media_category": category, "media_type": file.content_type},
    )
    number = str((body.get("data") or {}).get("id") or "")
    if not number:
        raise NetworkError("later", "no_id")
    if file.alt:
        told = {"id": number, "metadata": {"alt_text": {"text": file.alt}}}
        try:
            _posted(client, "/2/media/metadata", json=told)
        except NetworkError as error:
            # An answer does not fail for what its picture shows being refused.
            if error.verdict != "refused":
                raise
    return number


def _posted(client: XClient, path: str, **content: Any) -> dict[str, Any]:
    """The body of one call. tweepy has no verb for files: the same session without it."""
    try:
        response = client.session.post(f"{client.host}{path}", headers=client.headers, **content)
    except requests.RequestException as error:
        raise http.unreachable(error, writes=False) from None
    if 200 <= response.status_code < 300:
        return errors.body_of(response)
    error = errors.verdict(response, writes=False)
    if error.code == "permission":
        client.trace.learned["media"] = False
        raise NetworkError("refused", "media_not_granted", error.detail)
    raise NetworkError(error.verdict, OF_A_FILE.get(error.code, error.code), error.detail, error.retry_at)
