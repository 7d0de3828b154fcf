"""What proves that an answer is an area's: the code its mails carry, and the key in its signed link."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "tickets.areas.link"
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_TOKEN = re.compile(r"area-([a-z2-9]{16})-\d+")
_IN_MAIL_ID = re.compile(r"cf\.area-([a-z2-9]{16})-\d+@")
_IN_SUBJECT = re.compile(r"\[consulta ((?:[a-z2-9]{4}-){3}[a-z2-9]{4})\]", re.I)


def new_code() -> str:
    """Sixteen letters and digits nobody mistakes for others (32^16: 80 bits)."""
    return "".join(secrets.choice(_ALPHABET) for _place in range(16))


def new_key() -> str:
    """256 bits for the link."""
    return secrets.token_urlsafe(32)


def mail_token(code: str, number: int) -> str:
    """The outbox token of the question (0) and of each reminder: the same mail is the same action."""
    return f"area-{code}-{number}"


def tag(code: str) -> str:
    """The code in a subject, for programs that lose what they answer."""
    return "[Consulta " + "-".join(code[place : place + 4] for place in range(0, 16, 4)) + "]"


def is_area_token(token: str) -> bool:
    return bool(_TOKEN.fullmatch(token))


def codes_in(mail_ids: Iterable[str], subject: str) -> list[str]:
    """The codes a mail carries: of what it answers, and in its subject."""
    found = [match[1] for one in mail_ids if (match := _IN_MAIL_ID.match(one))]
    found += [match[1].replace("-", "").lower() for match in _IN_SUBJECT.finditer(subject)]
    return list(dict.fromkeys(found))


def link(organization_id: int, consultation_id: int, key: str) -> str:
    """The address of the page that answers one question."""
    token = signing.dumps([organization_id, consultation_id, key], salt=SALT)
    return settings.BASE_URL + reverse("area_answer", args=[token])


def opened(token: str) -> tuple[int, int, str] | None:
    """(organization, consultation, key) of a link; None when it was not signed here."""
    try:
        organization_id, consultation_id, key = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(organization_id), int(consultation_id), str(key)
