"""Finds the customers that doors bring by what identifies them, or makes them. Inside ``tenant``."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings

from channels_social.enums import Network
from helpdesk.tenancy.models import Organization
from helpdesk.text import clean, fold_handle
from tickets.customers.domain.names import NAMELESS
from tickets.customers.models import Customer, Identity
from tickets.enums import IdentityCheck
from tickets.intake.asked import Who

# What finds somebody, the surest first. A phone may be a family's: it gives way to another document.
ORDER = ("document", "email", "phone", "handle")
NETWORK_OF = {
    "document": Network.WEB,
    "email": Network.EMAIL,
    "phone": Network.PHONE,
    "handle": Network.X,
}
SCOPE_OF = {"document": "document", "email": "address", "phone": "number", "handle": "declared"}
Key = tuple[str, str]


@dataclass(slots=True)
class Person:
    """Who it is here, and the identity by which they spoke."""

    customer_id: int
    identity_id: int
    is_new: bool


class People:
    """The people of a batch: looked up with two queries, made as they are needed, each once."""

    def __init__(self, organization: Organization, who: Sequence[Who]) -> None:
        self.org = organization.pk
        self._by_key: dict[Key, Identity] = {}
        self._documents: dict[int, set[str]] = {}
        self._look_up(who)

    def of(self, who: Who, network: Network) -> Person:
        """The person, found or made, and the identity they speak by on that network."""
        keys = keys_of(self.org, who)
        customer_id = who.customer_id or self._find(keys)
        is_new = customer_id is None
        if customer_id is None:
            name = clean(who.name).strip()[:160] or (f"@{who.handle.lstrip('@')}" if who.handle else NAMELESS)
            customer_id = Customer.objects.create(organization_id=self.org, name=name).pk
        self._keep(customer_id, keys, who)
        return Person(customer_id, self._voice(customer_id, keys, who, network), is_new)

    def known_as(self, who: Who) -> list[Identity]:
        """The identities that are exactly these."""
        return [self._by_key[key] for key in keys_of(self.org, who) if key in self._by_key]

    def _look_up(self, who: Sequence[Who]) -> None:
        keys = {key for one in who for key in keys_of(self.org, one)}
        for field, network in NETWORK_OF.items():
            values = [value for name, value in keys if name == field]
            if field == "handle":
                # A handle is known as the network told it, or as somebody declared it.
                found = Identity.objects.filter(
                    organization_id=self.org, network=network, handle_key__in=values
                ).order_by("-id")
                self._by_key |= {(field, one.handle_key): one for one in found}
            elif values:
                found = Identity.objects.filter(
                    organization_id=self.org, network=network, scope=SCOPE_OF[field], external_id__in=values
                )
                self._by_key |= {(field, one.external_id): one for one in found}
        self._learn_documents({one.customer_id for one in self._by_key.values()})

    def _learn_documents(self, customers: Iterable[int]) -> None:
        rows = Identity.objects.filter(
            organization_id=self.org, customer_id__in=list(customers), scope=SCOPE_OF["document"]
        ).values_list("customer_id", "external_id")
        for customer_id, document in rows:
            self._documents.setdefault(customer_id, set()).add(document)

    def _find(self, keys: Sequence[Key]) -> int | None:
        """The customer the surest of these points to; never one who has another document."""
        document = next((value for name, value in keys if name == "document"), None)
        for key in keys:
            found = self._by_key.get(key)
            if found is None:
                continue
            theirs = self._documents.get(found.customer_id, set())
            if key[0] != "document" and document is not None and theirs and document not in theirs:
                continue
            return found.customer_id
        return None

    def _keep(self, customer_id: int, keys: Sequence[Key], who: Who) -> None:
        """Remember what is new of them; what is somebody else's stays with them."""
        for key in keys:
            if key in self._by_key:
                continue
            field, value = key
            plain = getattr(who, field)
            shown = plain.lstrip("@")[:80] if field == "handle" else f"••• {plain[-4:]}"
            self._by_key[key] = Identity.objects.create(
                organization_id=self.org,
                customer_id=customer_id,
                network=NETWORK_OF[field],
                scope=SCOPE_OF[field],
                external_id=value,
                handle=shown,
                handle_key=value if field == "handle" else "",
                name=clean(who.name)[:160] or shown,
                check_state=IdentityCheck.DECLARED,
            )
            if field == "document":
                self._documents.setdefault(customer_id, set()).add(value)

    def _voice(self, customer_id: int, keys: Sequence[Key], who: Who, network: Network) -> int:
        """The identity they speak by: one of this network, else any of theirs, else one made for it."""
        theirs = [found for key in keys if (found := self._by_key[key]).customer_id == customer_id]
        for one in sorted(theirs, key=lambda one: one.network != network):
            return one.pk
        known = Identity.objects.filter(organization_id=self.org, customer_id=customer_id)
        found = known.filter(network=network).first() or known.order_by("id").first()
        if found is not None:
            return found.pk
        return Identity.objects.create(
            organization_id=self.org,
            customer_id=customer_id,
            network=network,
            scope="by_hand",
            external_id=uuid.uuid4().hex,
            name=clean(who.name).strip()[:160] or NAMELESS,
            is_anonymous=True,
        ).pk


def found_by(organization: Organization, who: Who) -> list[int]:
    """The customers that what is known of somebody points to, the surest first."""
    people = People(organization, [who])
    return list(dict.fromkeys(found.customer_id for found in people.known_as(who)))


def keys_of(organization_id: int, who: Who) -> list[Key]:
    """What finds this person, the surest first."""
    keys = []
    for field in ORDER:
        value = getattr(who, field)
        if value:
            keys.append(
                (field, fold_handle(value)[:64] if field == "handle" else sealed_key(organization_id, value))
            )
    return keys


def sealed_key(organization_id: int, value: str) -> str:
    """The look-up key of a phone, an address or a document: equal for equals, and nothing to read in it."""
    words = f"identifier:{organization_id}:{value}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), words, sha256).hexdigest()
