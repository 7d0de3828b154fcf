"""Who somebody is, read from one line as a colleague types it: «Rosa Niño 310 456 7890 cc 52123456». Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tickets.customers.rules.data import Datum, Unrecognised, recognise
from tickets.intake.asked import Who

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_HANDLE = re.compile(r"(?<!\w)[@＠]\w{1,50}")
# The names identity papers go by in the countries served, then the number.
_DOCUMENT = re.compile(
    r"(?<!\w)(?:c\.?\s?[cei]\.?|nit|dni|nie|nif|cif|rut|run|curp|rfc|ruc|cuit|cuil|t\.?\s?i\.?|pasaporte|c[eé]dula)"
    r"[\s:#.n°º]{0,4}(?=[0-9a-z.\-]{0,20}\d)[0-9a-z][0-9a-z.\-]{3,24}(?!\w)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w@.])\+?\d[\d\s().\-]{3,20}[\dA-Za-z](?!\w)")
# What finds somebody, the surest first.
FIELDS = ("document", "email", "phone", "handle")


def read_who(line: str, country: str) -> Who:
    """What of the line identifies a person of that country; the words left over are their name."""
    who = Who()
    rest = line[:200]
    for pattern in (_EMAIL, _DOCUMENT, _HANDLE, _NUMBER):
        found = pattern.search(rest)
        if found is None:
            continue
        try:
            datum = recognise(found[0], country)
        except Unrecognised:
            continue
        who = replace(who, **{datum.kind: datum.value})
        rest = f"{rest[: found.start()]} {rest[found.end() :]}"
    return replace(
        who, name=" ".join(word for word in rest.replace(",", " ").split() if any(map(str.isalpha, word)))
    )


def data_of(who: Who, country: str) -> Iterator[Datum]:
    """What identifies this person, the surest first.

    Raises :class:`Unrecognised`; its ``code`` says of which datum.
    """
    for field in FIELDS:
        said = getattr(who, field)
        if said:
            yield recognise(said, country, field)
