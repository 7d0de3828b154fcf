"""What a person gives us of themselves, recognised and written in one way: e-mail, phone, document, handle. Pure.

Formats by country are those of domain.md 6; check digits are python-stdnum's, telephones phonenumbers'.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

from helpdesk.text import fold_handle
from tickets.customers.rules.documents import DocumentError, document_of, names_a_document

DOT = "·"
# No datum is longer: an address may have 254 characters (RFC 5321).
_LONGEST = 254
_EMAIL = re.compile(r"[^\s@<>\"(),:;\[\]]{1,64}@[^\s@<>\"(),:;\[\]]+\.[^\s@<>\"(),:;\[\].]{2,}")
_MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
_HANDLE = re.compile(r"[@＠](\w[\w.]{0,49})")


class Unrecognised(ValueError):
    """The text is no datum of a person; ``code`` says what was expected."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Datum:
    """``key`` is folded, for look-ups; ``value`` is how it is written; ``masked`` what may always be seen."""

    kind: str
    key: str
    value: str
    masked: str
    label: str = ""

    @property
    def is_sensitive(self) -> bool:
        """Whether it lies sealed and is shown masked."""
        return self.kind in ("email", "phone", "document")


def recognise(text: str, country: str, kind: str = "") -> Datum:
    """The datum ``text`` is in a country (ISO 3166, two letters); ``kind`` when the writer says what it is.

    Raises :class:`Unrecognised`.
    """
    said = " ".join(unicodedata.normalize("NFKC", text).split())
    if not said:
        raise Unrecognised("empty")
    if len(said) > _LONGEST:
        raise Unrecognised("unknown")
    if kind:
        return _READERS[kind](said, country)
    if said.startswith("@"):
        return handle(said, country)
    if "@" in said:
        return email(said, country)
    if names_a_document(said):
        return document(said, country)
    for reader in (_mobile, document, phone):
        try:
            return reader(said, country)
        except Unrecognised:
            continue
    raise Unrecognised("unknown")


def email(text: str, country: str = "") -> Datum:
    """An address. The whole of it is folded: that mailbox names tell capitals apart is a rule nobody keeps."""
    said = text.removeprefix("mailto:").strip(" <>")
    if len(said) > 254 or not _EMAIL.fullmatch(said):
        raise Unrecognised("email")
    local, _at, domain = said.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError:
        raise Unrecognised("email") from None
    key = f"{local.casefold()}@{ascii_domain.casefold()}"
    return Datum("email", key, said, f"{local[0]}{DOT * 5}@{domain}")


def phone(text: str, country: str) -> Datum:
    """A telephone as E.164, read as people of the country write theirs."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise Unrecognised("phone") from None
    if not phonenumbers.is_valid_number(number):
        raise Unrecognised("phone")
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    key = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Datum("phone", key, written, _masked_phone(written))


def _mobile(text: str, country: str) -> Datum:
    """A telephone that is certainly one: digits that could be a document too are taken for that."""
    found = phone(text, country)
    if phonenumbers.number_type(phonenumbers.parse(text, country)) not in _MOBILE:
        raise Unrecognised("phone")
    return found


def _masked_phone(written: str) -> str:
    """«+57 310 ··· 4821»: the country, how it begins and its last digits; three stay hidden at least."""
    country, *groups = written.split(" ")
    digits = "".join(group for group in groups if group.isdecimal())
    last = 4 if len(digits) > 9 else 2
    first = groups[0] if len(groups) > 1 and len(digits) - len(groups[0]) - last >= 3 else ""
    return " ".join(filter(None, [country, first, DOT * 3, digits[-last:]]))


def document(text: str, country: str) -> Datum:
    """An identity document of a country: «CC 1.020.304.050», «NIT 900.555.123-4», «12345678Z»."""
    try:
        found = document_of(text, country)
    except DocumentError as error:
        raise Unrecognised(error.code) from None
    return Datum(
        "document", found.key, f"{found.label} {found.number}", f"{found.label} {DOT * 5}{found.number[-3:]}",
        found.label,
    )  # fmt: skip


def handle(text: str, country: str = "") -> Datum:
    """A handle of a network, with its @."""
    found = _HANDLE.fullmatch(text if text.startswith(("@", "＠")) else f"@{text}")
    if not found:
        raise Unrecognised("handle")
    return Datum("handle", fold_handle(found[1]), f"@{found[1]}", f"@{found[1]}")


_READERS = {"email": email, "phone": phone, "document": document, "handle": handle}
