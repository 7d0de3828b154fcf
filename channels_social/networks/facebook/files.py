"""Pictures and films of comments, posts and messages. Addresses expire; keys are made of the owner's id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels_social.networks.base import MediaRef

MEDIA = {"image", "video", "audio", "file"}


def of_comment(number: str, item: Mapping[str, Any]) -> tuple[MediaRef, ...]:
    """The picture or film of a comment, pushed (``photo``, ``video``) or read (``attachment``)."""
    for name, kind in (("photo", "image"), ("video", "video")):
        if isinstance(item.get(name), str):
            return (MediaRef(f"{number}:0", item[name], kind),)
    return _attached(number, [item["attachment"]] if isinstance(item.get("attachment"), dict) else [])


def of_post(number: str, item: Mapping[str, Any]) -> tuple[MediaRef, ...]:
    """The pictures of a post."""
    photos = item.get("photos") if isinstance(item.get("photos"), list) else None
    if photos is None and item.get("item") == "photo" and isinstance(item.get("link"), str):
        photos = [item["link"]]
    if photos is not None:
        return tuple(MediaRef(f"{number}:{at}", str(url), "image") for at, url in enumerate(photos))
    return _attached(number, (item.get("attachments") or {}).get("data") or [])


def _attached(number: str, attachments: list[Any]) -> tuple[MediaRef, ...]:
    found = []
    for at, one in enumerate(attachments):
        media = one.get("media") or {}
        url = media.get("source") or (media.get("image") or {}).get("src") or ""
        if url:
            kind = "video" if media.get("source") else "image"
            found.append(MediaRef(f"{number}:{at}", str(url), kind, name=str(one.get("title") or "")))
    return tuple(found)


def of_message(mid: str, attachments: Any) -> tuple[MediaRef, ...]:
    """The files of a message, pushed (``payload.url``) or read (``image_data``, ``file_url`` …)."""
    found = []
    for at, one in enumerate(attachments if isinstance(attachments, list) else []):
        kind = str(one.get("type") or "")
        url = (one.get("payload") or {}).get("url") if kind in MEDIA else None
        for name in ("image_data", "video_data"):
            if isinstance(one.get(name), dict):
                kind, url = name.removesuffix("_data"), one[name].get("url")
        url = url or one.get("file_url")
        if url:
            found.append(MediaRef(f"{mid}:{at}", str(url), kind or "file", name=str(one.get("name") or "")))
    return tuple(found)
