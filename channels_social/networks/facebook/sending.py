"""Writing as a page: comments, Messenger, private replies, hiding. Once each; never repeated from here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from channels_social.enums import ActionKind
from channels_social.networks.base import NetworkError, Outgoing, OutgoingFile, Receipt

if TYPE_CHECKING:
    from channels_social.networks.facebook.client import FacebookClient


def send(client: FacebookClient, action: Outgoing) -> Receipt:
    """Do the action; its receipt. Raises :class:`NetworkError`."""
    doers: dict[ActionKind, Callable[[FacebookClient, Outgoing], Receipt]] = {
        ActionKind.REPLY: comment,
        ActionKind.DIRECT_MESSAGE: direct_message,
        ActionKind.PRIVATE_REPLY: private_reply,
        ActionKind.HIDE: hide,
    }
    doer = doers.get(action.kind)
    if doer is None:
        raise NetworkError("refused", "not_supported")
    return doer(client, action)


def upload(client: FacebookClient, action: Outgoing) -> tuple[str, ...]:
    """Hand over what a message will carry (Meta, "Attachment Upload API"); the ids of it."""
    if action.kind != ActionKind.DIRECT_MESSAGE:
        return ()
    return tuple(_upload(client, file) for file in action.files)


def _upload(client: FacebookClient, file: OutgoingFile) -> str:
    attachment = {"type": _type(file), "payload": {"is_reusable": True}}
    body = client.graph.request(
        f"{client.graph.version}/{client.external_id}/message_attachments",
        post_args={"message": {"attachment": attachment}},
        files={"filedata": (file.name, file.body, file.content_type)},
        method="POST",
    )
    return _told(body, "attachment_id")


def _type(file: OutgoingFile) -> str:
    return "image" if file.is_image else "file"


def comment(client: FacebookClient, action: Outgoing) -> Receipt:
    """Answer a comment or a visitor's post under it, with a picture if there is one."""
    picture = next(iter(action.files), None)
    body = client.graph.request(
        f"{client.graph.version}/{action.target_id}/comments",
        post_args={"message": action.text},
        files={"source": (picture.name, picture.body, picture.content_type)} if picture else None,
        method="POST",
    )
    return Receipt(_told(body, "id"))


def direct_message(client: FacebookClient, action: Outgoing) -> Receipt:
    """Write to a person in Messenger: an answer within 24 hours, or as a human agent within seven days."""
    how: dict[str, Any] = {"messaging_type": "RESPONSE"}
    if action.options.get("human_agent"):
        how = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    return _message(client, action, {"id": action.target_id}, **how)


def private_reply(client: FacebookClient, action: Outgoing) -> Receipt:
    """Answer a comment or a visitor's post in private, once ever; the receipt names the person's id there."""
    is_post = action.target_id.startswith(f"{client.external_id}_")
    return _message(client, action, {"post_id" if is_post else "comment_id": action.target_id})


def _message(client: FacebookClient, action: Outgoing, recipient: dict[str, str], **how: Any) -> Receipt:
    # Echoed to us by webhook: the surest way to know that it was sent (channels C3).
    message: dict[str, Any] = {"metadata": action.client_token}
    if action.uploaded:
        payload = {"attachment_id": action.uploaded[0]}
        message["attachment"] = {"type": _type(action.files[0]), "payload": payload}
    else:
        message["text"] = action.text
    body = client.graph.put_object(
        client.external_id, "messages", recipient=recipient, message=message, **how
    )
    return Receipt(_told(body, "message_id"), str(body.get("recipient_id") or ""))


def hide(client: FacebookClient, action: Outgoing) -> Receipt:
    """Hide a comment, or show it again (``options.hidden`` false)."""
    hidden = action.options.get("hidden") is not False
    client.graph.request(f"{client.graph.version}/{action.target_id}", post_args={"is_hidden": hidden})
    return Receipt()


def _told(body: Any, name: str) -> str:
    """The id of what was made. An answer without it proves nothing: read the network back."""
    number = body.get(name) if isinstance(body, dict) else None
    if not number:
        raise NetworkError("unknown", "no_id")
    return str(number)
