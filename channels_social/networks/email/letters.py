"""What leaves: a letter with a name of our own, written so that every program threads it. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from channels_social.networks.base import NetworkError, Outgoing

PREFIX = "cf."
# RFC 5322 2.1.1 allows 998 characters a line; Python folds at 78.
MOST_REFERENCES = 20
# What can stand between brackets; a hash of ours for what was too long is nobody's name.
_ID = re.compile(r"(?!sha256:)[\x21-\x3b\x3d\x3f-\x7e]+")
_CONTROL = re.compile(r"[\r\n\t\x00-\x1f]+")


def message_id(token: str, own: str) -> str:
    """Our name for the letter of an action: the same however often it is tried."""
    return f"{PREFIX}{token.replace(':', '.')}@{own.rpartition('@')[2]}"


def is_ours(message_id: str, own: str) -> bool:
    """Whether a letter was named by this house."""
    return message_id.startswith(PREFIX) and message_id.endswith("@" + own.rpartition("@")[2])


def token_of(message_id: str, own: str) -> str:
    """The action's token in one of our names; empty for anybody else's."""
    return named_token(message_id) if is_ours(message_id, own) else ""


def named_token(message_id: str) -> str:
    """The token in a name that has the form of ours; empty for every other."""
    if not message_id.startswith(PREFIX) or "@" not in message_id:
        return ""
    token = message_id.removeprefix(PREFIX).rpartition("@")[0]
    base, dot, part = token.rpartition(".")
    return f"{base}:{part}" if dot and part.isdecimal() else token


def written(action: Outgoing, *, own: str, name: str) -> bytes:
    """The letter of an action as bytes. Raises :class:`NetworkError` for an address nobody can be written to.

    ``options["mail"]``: ``to``, ``subject``, ``references`` (oldest first), ``automatic``.
    """
    told = action.options.get("mail") or {}
    letter = EmailMessage(policy=SMTP.clone(max_line_length=78))
    letter["From"] = _address(own, name)
    letter["To"] = _address(address_of(action), "")
    letter["Subject"] = _line(str(told.get("subject") or ""))[:250]
    letter["Date"] = format_datetime(action.started_at or datetime.now().astimezone())
    letter["Message-ID"] = f"<{message_id(action.client_token, own)}>"
    references = [one for one in told.get("references") or [] if _ID.fullmatch(one)]
    if references:
        letter["In-Reply-To"] = f"<{references[-1]}>"
        letter["References"] = " ".join(f"<{one}>" for one in references[-MOST_REFERENCES:])
    if told.get("automatic"):
        letter["Auto-Submitted"] = "auto-generated"
        letter["X-Auto-Response-Suppress"] = "All"
    letter.set_content(action.text, charset="utf-8", cte="quoted-printable")
    for file in action.files:
        kind, _slash, form = file.content_type.partition("/")
        letter.add_attachment(file.body, maintype=kind, subtype=form, filename=file.name)
        if file.alt:
            # What it shows (RFC 2045, 8): the one place a letter has for it.
            list(letter.iter_attachments())[-1]["Content-Description"] = _line(file.alt)[:900]
    return letter.as_bytes()


def address_of(action: Outgoing) -> str:
    """Whom the letter is for; the target's own column may be too short for an address."""
    return str((action.options.get("mail") or {}).get("to") or action.target_id)


def wire_address(address: str) -> str:
    """The address in ASCII, as every server takes it. Raises :class:`NetworkError` for one nobody can carry."""
    user, _at, domain = address.rpartition("@")
    try:
        return f"{user}@{domain.encode('idna').decode()}".encode("ascii").decode()
    except UnicodeError as error:
        raise NetworkError("refused", "address_refused", type(error).__name__) from None


def _address(address: str, name: str) -> Address:
    try:
        return Address(display_name=_line(name), addr_spec=wire_address(address))
    except (ValueError, IndexError, HeaderParseError) as error:
        raise NetworkError("refused", "address_refused", type(error).__name__) from None


def _line(text: str) -> str:
    """One line: a header that could be broken would be two headers."""
    return _CONTROL.sub(" ", text).strip()
