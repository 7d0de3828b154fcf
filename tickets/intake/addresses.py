"""Whose the address of a mail is already: noted by hand, told at a door, or written from before. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Iterable

from helpdesk.text import fold
from tickets.customers.domain.identities import digest_for
from tickets.customers.models import Identity
from tickets.customers.rules.data import Datum, Unrecognised, email

Owner = tuple[int, str]


def datum_of(address: str) -> Datum | None:
    """The address as a datum of a person; None for what no person can have been told to have."""
    try:
        return email(address)
    except Unrecognised:
        return None


def digests_of(organization_id: int, addresses: Iterable[str]) -> dict[str, str]:
    """Digest → address."""
    found = ((address, datum_of(address)) for address in addresses)
    return {digest_for(organization_id, datum): address for address, datum in found if datum}


def owners_of(organization_id: int, addresses: Iterable[str]) -> dict[str, list[Owner]]:
    """Address → the customers known to have it, with their names, the oldest first; one query."""
    digests = digests_of(organization_id, addresses)
    owners: dict[str, list[Owner]] = {}
    if not digests:
        return owners
    rows = Identity.objects.filter(organization_id=organization_id, digest__in=list(digests)).order_by("pk")
    for digest, *owner in rows.values_list("digest", "customer_id", "customer__name"):
        theirs = owners.setdefault(digests[digest], [])
        if tuple(owner) not in theirs:
            theirs.append((owner[0], owner[1]))
    return owners


def owner_among(owners: list[Owner], name: str) -> int | None:
    """The one it is: the only one, or of several who share a mailbox the one of that name; else nobody."""
    if len(owners) > 1:
        owners = [one for one in owners if fold(one[1]) == fold(name)]
    return owners[0][0] if len(owners) == 1 else None
