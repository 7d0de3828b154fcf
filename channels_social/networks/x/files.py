"""Pictures, films and sounds of posts and messages, by a key that does not change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels_social.networks.base import MediaRef
from channels_social.networks.x.entries import id_of

KINDS = {"photo": "image", "animated_gif": "gif", "video": "video"}


def post_files(post: Mapping[str, Any], files: Mapping[str, Any]) -> tuple[MediaRef, ...]:
    """The files of a post, v2 (``attachments`` and ``files``) or v1.1 (``extended_entities``)."""
    keys = (post.get("attachments") or {}).get("media_keys") or []
    if keys:
        return tuple(_ref(key, files.get(key) or {}) for key in keys)
    extended = post.get("extended_tweet") or post
    listed = (extended.get("extended_entities") or extended.get("entities") or {}).get("media") or []
    return tuple(_legacy(item) for item in listed)


def private_files(message: Mapping[str, Any], files: Mapping[str, Any]) -> tuple[MediaRef, ...]:
    """The files of a direct message of either shape."""
    created = message.get("message_create")
    if not isinstance(created, dict):
        return post_files(message, files)
    media = ((created.get("message_data") or {}).get("attachment") or {}).get("media")
    return (_legacy(media),) if isinstance(media, dict) else ()


def _ref(key: str, item: Mapping[str, Any]) -> MediaRef:
    url = str(item.get("url") or _best(item.get("variants")) or item.get("preview_image_url") or "")
    # "3_123" in v2 is 123 in v1.1: the kind in front says nothing more.
    return MediaRef(
        key=key.rpartition("_")[2],
        url=url,
        kind=KINDS.get(str(item.get("type")), ""),
        name=str(item.get("alt_text") or ""),
    )


def _legacy(item: Mapping[str, Any]) -> MediaRef:
    film = _best((item.get("video_info") or {}).get("variants"))
    url = film or str(item.get("media_url_https") or item.get("media_url") or "")
    return MediaRef(key=id_of(item), url=url, kind=KINDS.get(str(item.get("type")), ""))


def _best(variants: Any) -> str:
    """The film of the highest bit rate a browser plays: mp4, not a playlist."""
    films = [v for v in variants or [] if v.get("content_type") == "video/mp4" and v.get("url")]
    best = max(films, key=lambda v: int(v.get("bit_rate") or v.get("bitrate") or 0), default=None)
    return str(best["url"]) if best else ""
