"""Letters: written as anybody, read from any box."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any

from channels_social.sandbox.control.gate import need
from channels_social.sandbox.mail.post import Kept
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World


def compose(
    *, sender: str, to: str, subject: str, text: str, answers: str = "", headers: dict[str, str] | None = None
) -> bytes:
    """A plain letter as a mail program writes it. ``answers``: the Message-ID it replies to, with brackets."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain="ensayo.example")
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content(text)
    return mail.as_bytes()


def write(world: World, call: Call) -> dict[str, Any]:
    """POST /control/mail {from, to, subject?, text?, answers?, headers?, count?} or {to, raw}."""
    to = str(need(call, "to"))
    if call.form.get("raw"):
        contents = [str(call.form["raw"]).encode()]
    else:
        told = {name: str(call.form.get(name) or "") for name in ("subject", "text", "answers")}
        contents = [
            compose(sender=str(need(call, "from")), to=to, headers=call.form.get("headers"), **told)
            for _place in range(int(call.form.get("count") or 1))
        ]
    kept = [world.post.deliver(to, content) for content in contents]
    return {"uids": [one.uid for one in kept]}


def letters(world: World, call: Call) -> dict[str, Any]:
    """GET /control/mail?box=: the letters of a box, newest first; without it, which boxes there are."""
    box = call.query.get("box", "")
    if not box:
        return {"boxes": sorted(world.post.boxes)}
    return {"letters": [shown(one) for one in reversed(world.post.box(box)["INBOX"].letters)]}


def shown(kept: Kept) -> dict[str, Any]:
    """A letter as a mail program shows it."""
    mail = message_from_bytes(kept.content, policy=policy.default)
    body = mail.get_body(preferencelist=("plain", "html"))
    return {
        "uid": kept.uid,
        "from": str(mail.get("From", "")),
        "to": str(mail.get("To", "")),
        "subject": str(mail.get("Subject", "")),
        "message_id": str(mail.get("Message-ID", "")),
        "at": kept.received_at.isoformat(),
        "text": _text(body) if body is not None else "",
        "files": [_file(part) for part in mail.iter_attachments()],
    }


def set_faults(world: World, call: Call) -> dict[str, Any]:
    """PUT /control/mail/faults {name: how often | null, "saves_sent": true}: switches of the mail server."""
    with world.post.lock:
        for name, value in call.form.items():
            if name == "saves_sent":
                world.post.saves_sent = bool(value)
            elif value is None:
                world.post.faults.pop(name, None)
            else:
                world.post.faults[name] = value
    return {"faults": world.post.faults, "saves_sent": world.post.saves_sent}


def _file(part: Any) -> dict[str, str]:
    return {
        "name": part.get_filename() or "adjunto",
        "mime": part.get_content_type(),
        "description": str(part.get("Content-Description", "")),
        "base64": base64.b64encode(part.get_payload(decode=True) or b"").decode(),
    }


def _text(part: Any) -> str:
    data = part.get_payload(decode=True) or b""
    try:
        return data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeError):
        return data.decode("utf-8", "replace")
