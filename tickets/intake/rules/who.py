"""Who somebody is, read from one line as a colleague types it: «Rosa Niño 310 456 7890 cc 52123456». Pure."""

from __future__ import annotations

import re
import unicodedata

from tickets.intake.asked import Who

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"(?<!\w)[@＠](\w{1,50})")
# The names identity papers go by in the countries served, then the number.
_DOCUMENT = re.compile(
    r"(?<!\w)(?:c\.?\s?c\.?|c\.?\s?e\.?|nit|dni|nie|rut|run|curp|rfc|ine|ruc|ti|pasaporte|pas|c[eé]dula|ppt|pep)"
    r"\s*[:#.n°º]*\s*([0-9a-z][0-9a-z.\- ]{3,24}[0-9a-z])(?!\w)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w@.])\+?\d[\d\s().-]{5,20}\d(?!\w)")
_DIGITS = re.compile(r"\D+")
# A phone with its country has at most fifteen digits (ITU-T E.164).
_PHONE_DIGITS = range(7, 16)


def read_who(line: str) -> Who:
    """What of the line identifies a person; the words left over are their name."""
    rest, email = _take(_EMAIL, line)
    rest, document = _take(_DOCUMENT, rest)
    rest, handle = _take(_HANDLE, rest)
    rest, phone = _take(_NUMBER, rest)
    name = " ".join(word for word in rest.replace(",", " ").split() if any(map(str.isalpha, word)))
    return Who(
        name=name[:160],
        handle=handle[:80],
        phone=phone_key(phone),
        email=email_key(email),
        document=document_key(document),
    )


def _take(pattern: re.Pattern[str], line: str) -> tuple[str, str]:
    found = pattern.search(line)
    if found is None:
        return line, ""
    value = found[1] if found.re.groups else found[0]
    return f"{line[: found.start()]} {line[found.end() :]}", value


def phone_key(phone: str) -> str:
    """A phone as it is looked up: its digits, with a leading + where the country was given; else empty.

    ``00`` before the country is a plus.
    """
    typed = unicodedata.normalize("NFKC", phone).strip()
    digits = _DIGITS.sub("", typed)
    if typed.startswith("+"):
        whole = f"+{digits}"
    elif digits.startswith("00"):
        whole, digits = f"+{digits[2:]}", digits[2:]
    else:
        whole = digits
    return whole if len(digits) in _PHONE_DIGITS else ""


def email_key(email: str) -> str:
    """An e-mail address as it is looked up; empty when it is none."""
    typed = unicodedata.normalize("NFKC", email).strip().lower()
    return typed if _EMAIL.fullmatch(typed) and len(typed) <= 254 else ""


def document_key(document: str) -> str:
    """The number of an identity paper as it is looked up: letters and digits, in capitals."""
    typed = unicodedata.normalize("NFKC", document)
    key = "".join(c for c in typed.upper() if c.isascii() and c.isalnum())
    return key if 4 <= len(key) <= 24 and any(map(str.isdigit, key)) else ""
