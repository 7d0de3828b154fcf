"""Addresses and message ids out of headers that anybody may have written. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import getaddresses

from helpdesk.text import clean

# RFC 5321 4.5.3.1: a path is at most 256 characters, brackets included.
LONGEST = 254
MOST = 50
LONGEST_ID, HASHED = 250, "sha256:"
_ID = re.compile(r"<([^<>\s]{1,900})>")
_ADDRESS = re.compile(r"[^@\s<>\",;:]{1,64}@[^@\s<>\",;:]{1,253}")


def words_of(header: object) -> str:
    """A header as people read it: encoded words decoded, one line; what cannot be decoded stays as it is."""
    raw = str(header or "")
    try:
        raw = str(make_header(decode_header(raw)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        raw = raw.encode("utf-8", "replace").decode("utf-8", "replace")
    return " ".join(clean(raw).split())


def people_of(headers: Iterable[object]) -> list[tuple[str, str]]:
    """(name, address) of each person in such headers; what is no address is left out."""
    found = []
    # The structure first, the names after: an encoded name may hold a comma.
    for name, address in getaddresses([str(one) for one in headers]):
        address = key_of(address)
        if address:
            found.append((words_of(name), address))
    return found


def key_of(address: str) -> str:
    """An address as it is looked up: lower case; empty when it is none. Providers treat case alike."""
    address = clean(address).strip().lower()
    return address if len(address) <= LONGEST and _ADDRESS.fullmatch(address) else ""


def ids_of(header: object) -> list[str]:
    """The message ids in a header, in its order, without their brackets; a very long one by its hash."""
    found = (_short(one) for one in _ID.findall(clean(str(header or ""))))
    return list(dict.fromkeys(found))[:MOST]


def _short(message_id: str) -> str:
    if len(message_id) <= LONGEST_ID:
        return message_id
    return HASHED + hashlib.sha256(message_id.encode()).hexdigest()
