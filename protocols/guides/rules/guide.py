"""A protocol as a value: guide, steps, data, destinations, attributions and the country's notes. Pure."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. ``key`` stays through versions, so that what was ticked stays ticked."""

    key: str
    text: str
    # How far the person's identity must be proven first: empty, ``declared`` or ``verified``; and how it is asked.
    identity: str = ""
    means: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where it leads: ``value`` is an address of the web, or the name of an area."""

    kind: str
    label: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """What may be granted without asking anybody, by role, at most this much in one case."""

    key: str
    name: str
    unit: str
    agent: str = ""
    supervisor: str = ""

    def limit(self, role: str) -> Decimal:
        """How much a role may grant in one case; zero when it may not."""
        said = {"agent": self.agent, "supervisor": self.supervisor}.get(role, "")
        return amount_of(said) or Decimal(0)


@dataclass(frozen=True, slots=True)
class Note:
    """What the law of a country asks, and the privacy notice that goes with the first request for data."""

    country: str
    legal: str = ""
    privacy: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """A whole protocol."""

    name: str = ""
    motives: tuple[str, ...] = ()
    text: str = ""
    steps: tuple[Step, ...] = ()
    # What may be asked of the customer, and only in private.
    data: tuple[str, ...] = ()
    destinations: tuple[Destination, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    notes: tuple[Note, ...] = ()

    def as_document(self) -> dict[str, Any]:
        """What is stored of a version."""
        return asdict(self)

    def note(self, country: str) -> Note:
        """The note for a country; an empty one where nothing was written."""
        return next((one for one in self.notes if one.country == country), Note(country))


def guide_of(document: dict[str, Any]) -> Guide:
    """Read what :meth:`Guide.as_document` wrote."""
    return Guide(
        name=document["name"],
        motives=tuple(document["motives"]),
        text=document["text"],
        steps=tuple(_read(Step, one) for one in document["steps"]),
        data=tuple(document["data"]),
        destinations=tuple(_read(Destination, one) for one in document["destinations"]),
        attributions=tuple(_read(Attribution, one) for one in document["attributions"]),
        notes=tuple(_read(Note, one) for one in document["notes"]),
    )


def _read(kind: Any, row: dict[str, str]) -> Any:
    known = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in row.items() if name in known})


_GROUPED = re.compile(r"([0-9]{1,3}(?:([.,])[0-9]{3})(?:\2[0-9]{3}){0,3})(?:(?!\2)[.,]([0-9]{1,2}))?")
_PLAIN = re.compile(r"([0-9]{1,12})()(?:[.,]([0-9]{1,2}))?")


def amount_of(text: str) -> Decimal | None:
    """An amount as people write it: «150000», «150.000», «1.250,50», «40,5»; None when it is none or not above zero."""
    said = "".join(text.split()).replace("'", "")
    found = _GROUPED.fullmatch(said) or _PLAIN.fullmatch(said)
    if found is None:
        return None
    whole = found[1].replace(found[2], "") if found[2] else found[1]
    amount = Decimal(f"{whole}.{found[3] or 0}")
    return amount if amount > 0 else None
