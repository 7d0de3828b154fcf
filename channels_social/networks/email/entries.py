"""A mail of a folder as a stored entry: read once, at the edge, with its secrets cut from what is decoded.

The raw bytes are not stored: a card number in base64 could not be cut from them. They stay on the server.
"""

from __future__ import annotations

from email.message import Message
from typing import Any

from channels_social.networks.base import Entry
from channels_social.networks.digest import digest
from channels_social.networks.email import machines
from channels_social.networks.email.addresses import ids_of, people_of, words_of
from channels_social.networks.email.imap import Header
from channels_social.networks.email.mime import Broken, body_of, read
from channels_social.networks.email.quoting import split_tail
from helpdesk import clock
from helpdesk.secrets.cutting import cut_secrets

LONGEST_REST = 60_000


def entry_of(
    own: str, folder: str, validity: int, header: Header, content: bytes, *, is_whole: bool = True
) -> Entry:
    """An entry ``mail.received`` or ``mail.sent``; ``mail.poison`` for what cannot be read, to quarantine."""
    where = {
        "folder": folder,
        "validity": validity,
        "uid": header.uid,
        "received": header.received_at.isoformat(),
        "read": clock.now().isoformat(),
    }
    try:
        payload = where | _letter(own, content) | ({} if is_whole else {"notice": "too_large"})
    except Exception as error:  # one mail nobody foresaw must not stop the mailbox
        return _poison(own, where, content, error)
    mark = digest(payload["sender"], payload["subject"], payload["text"], payload["rest"][:2_000])
    kind = "mail.received" if folder == "inbox" else "mail.sent"
    payload["mark"] = mark
    return Entry(own, kind, payload["mid"] or mark, mark, payload)


def _letter(own: str, content: bytes) -> dict[str, Any]:
    mail = read(content)
    people = people_of(mail.get_all("from") or mail.get_all("sender") or [])
    if not people:
        raise Broken("nobody says who sent it")
    words, quoted, files = body_of(mail)
    text, tail = split_tail(words)
    rest = "\n\n".join(filter(None, (tail, quoted)))[:LONGEST_REST]
    name, sender = people[0]
    return {
        "mid": (ids_of(mail.get("message-id")) or [""])[0],
        "references": _references(mail),
        "sender": sender,
        "name": cut_secrets(name)[:160],
        "to": [address for _name, address in people_of([*mail.get_all("to", []), *mail.get_all("cc", [])])][
            :20
        ],
        "reply_to": next((a for _n, a in people_of(mail.get_all("reply-to") or []) if a != sender), ""),
        "subject": cut_secrets(words_of(mail.get("subject", "")))[:300],
        "text": cut_secrets(text),
        "rest": cut_secrets(rest),
        "auto": machines.kind_of(mail, sender, own),
        "forged": machines.is_forged(mail),
        "files": [[one.place, cut_secrets(one.name), one.declared] for one in files],
    }


def _references(mail: Message) -> list[str]:
    """What it answers, nearest first: In-Reply-To, then References from its end; of a bounce, what bounced."""
    near = ids_of(mail.get("in-reply-to")) + ids_of(mail.get("references"))[::-1]
    if mail.get_content_type() == "multipart/report":
        for part in mail.walk():
            if part is not mail and part.get("message-id"):
                near += ids_of(part.get("message-id"))
            elif part.get_content_type() == "text/rfc822-headers":
                near += ids_of_headers(part)
    return list(dict.fromkeys(near))[:50]


def ids_of_headers(part: Message) -> list[str]:
    """The message id in a part that holds the headers of another mail as text."""
    data = part.get_payload(decode=True)
    try:
        inner = read(data if isinstance(data, bytes) else b"")
    except Broken:
        return []
    return ids_of(inner.get("message-id"))


def _poison(own: str, where: dict[str, Any], content: bytes, error: Exception) -> Entry:
    reason = str(error) if isinstance(error, Broken) else type(error).__name__
    # The headers' text, cut: enough to find the mail on its server; the body may hide anything.
    top = content[:4_000].split(b"\r\n\r\n")[0].decode("utf-8", "replace")
    mark = digest("poison", str(where["validity"]), str(where["uid"]), top)
    payload = where | {"reason": reason, "text": cut_secrets(top)}
    return Entry(own, "mail.poison", mark, mark, payload)
