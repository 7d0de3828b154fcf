"""Finds the customers that doors bring by what identifies them, or makes them. Inside ``tenant``.

For batches: a fixed number of queries, however many people. What is noted of somebody lies sealed and is looked
up by its digest, as ``customers.domain.identities`` keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from channels_social.enums import Network
from helpdesk.audit.models import AuditEvent
from helpdesk.secrets.crypto import vault
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.text import clean, fold
from tickets.customers.domain.identities import HAND, digest_for
from tickets.customers.domain.names import NAMELESS
from tickets.customers.models import Customer, Identity, IdentityKey
from tickets.customers.rules.data import Datum
from tickets.customers.rules.likeness import keys_of
from tickets.enums import IdentityKind
from tickets.intake.asked import Who
from tickets.intake.rules.who import data_of

# By what somebody speaks who gave nothing that could find them again.
VOICES = {
    Network.PHONE: IdentityKind.PHONE,
    Network.EMAIL: IdentityKind.EMAIL,
    Network.OFFICE: IdentityKind.WEB,
    Network.WEB: IdentityKind.WEB,
}


@dataclass(slots=True)
class Person:
    """Who it is here, and the identity by which they spoke."""

    customer_id: int
    identity_id: int
    is_new: bool


class People:
    """The people of a batch, each once."""

    def __init__(self, organization: Organization, who: Sequence[Who], by: Membership | None = None) -> None:
        """Look everybody up. Raises ``Unrecognised`` for a datum that is none."""
        self.organization, self.org, self.by = organization, organization.pk, by
        self.ids = Ids(len(who))
        self._found: dict[str, list[Identity]] = {}
        self._documents: dict[int, set[str]] = {}
        self._of: dict[int, list[Identity]] = {}
        self._customers: list[Customer] = []
        self._identities: list[Identity] = []
        self._data = {id(one): list(data_of(one, organization.country)) for one in who}
        self._look_up()
        self._merged = self._follow({one.customer_id for one in who if one.customer_id})

    @property
    def known(self) -> set[int]:
        """The customers that somebody of the batch may be."""
        return self._of.keys() | self._merged.values()

    def known_as(self, who: Who) -> list[int]:
        """The customers that what is known of somebody points to, the surest first."""
        found = [
            one.customer_id for datum in self._data[id(who)] for one in self._found.get(self._key(datum), ())
        ]
        return list(dict.fromkeys(found))

    def of(self, who: Who, network: Network) -> Person:
        """The person, found or made, and the identity they speak by on that network."""
        data = self._data[id(who)]
        customer_id = self._merged.get(who.customer_id or 0) or self._find(data, who)
        is_new = customer_id is None
        if customer_id is None:
            customer_id = self._make(who)
        for datum in data:
            self._keep(customer_id, datum, who)
        return Person(customer_id, self._voice(customer_id, who, network).pk, is_new)

    def write(self) -> None:
        """Store who is new and what is new of them, with its audit lines."""
        Customer.objects.bulk_create(self._customers, batch_size=500)
        Identity.objects.bulk_create(self._identities, batch_size=500)
        IdentityKey.objects.bulk_create(
            (
                IdentityKey(organization_id=self.org, identity_id=one.pk, key=key)
                for one in self._identities
                for key in sorted(keys_of(one.handle, "" if one.is_anonymous else one.name))
            ),
            batch_size=500,
        )
        AuditEvent.objects.bulk_create(
            AuditEvent(
                organization_id=self.org,
                action="identity.added",
                actor=self.by,
                data={"customer": one.customer_id, "identity": one.pk, "sort": one.network},
            )
            for one in self._identities
            if not one.is_anonymous
        )
        self._customers, self._identities = [], []

    def _look_up(self) -> None:
        data = {datum for found in self._data.values() for datum in found}
        sensitive = [self._key(datum) for datum in data if datum.is_sensitive]
        handles = [datum.key for datum in data if not datum.is_sensitive]
        rows = list(Identity.objects.filter(organization_id=self.org, digest__in=sensitive).order_by("pk"))
        rows += Identity.objects.filter(
            organization_id=self.org, network=IdentityKind.X, handle_key__in=handles
        ).order_by("pk")
        for one in rows:
            self._found.setdefault(one.digest or f"@{one.handle_key}", []).append(one)
        self._learn({one.customer_id for one in rows})

    def _learn(self, customers: Iterable[int]) -> None:
        """Everything these customers are known by."""
        for one in Identity.objects.filter(organization_id=self.org, customer_id__in=customers).order_by(
            "pk"
        ):
            self._remember(one)

    def _remember(self, one: Identity) -> None:
        self._of.setdefault(one.customer_id, []).append(one)
        if one.network == IdentityKind.DOCUMENT:
            self._documents.setdefault(one.customer_id, set()).add(one.digest)

    def _follow(self, chosen: set[int]) -> dict[int, int]:
        """Chosen customers, as whom they were unified with since."""
        rows = Customer.objects.filter(organization_id=self.org, pk__in=chosen).values_list(
            "pk", "merged_into_id"
        )
        found = {pk: into or pk for pk, into in rows}
        self._learn({pk for pk in found.values() if pk not in self._of})
        return found

    def _key(self, datum: Datum) -> str:
        return digest_for(self.org, datum) if datum.is_sensitive else f"@{datum.key}"

    def _find(self, data: Sequence[Datum], who: Who) -> int | None:
        """The customer the surest datum points to; never one who has another document.

        A telephone or a mailbox that several people have points to the one of that name, else to nobody.
        """
        document = next((self._key(datum) for datum in data if datum.kind == "document"), None)
        for datum in data:
            found = list(dict.fromkeys(one.customer_id for one in self._found.get(self._key(datum), ())))
            if datum.kind != "document" and document is not None:
                found = [pk for pk in found if not self._documents.get(pk) or document in self._documents[pk]]
            if len(found) > 1 and datum.is_sensitive and datum.kind != "document":
                found = [pk for pk in found if self._is_called(pk, who.name)]
            if found:
                return found[0]
        return None

    def _is_called(self, customer_id: int, name: str) -> bool:
        return any(fold(one.name) == fold(name) for one in self._of.get(customer_id, ()) if one.name)

    def _make(self, who: Who) -> int:
        name = clean(who.name).strip()[:160] or (f"@{who.handle.lstrip('@')}" if who.handle else NAMELESS)
        customer = Customer(pk=self.ids.next("customer"), organization_id=self.org, name=name)
        self._customers.append(customer)
        return customer.pk

    def _keep(self, customer_id: int, datum: Datum, who: Who) -> None:
        """Note what is new of them."""
        key = self._key(datum)
        if any(one.customer_id == customer_id for one in self._found.get(key, ())):
            return
        fresh = Identity(
            pk=self.ids.next("identity"),
            organization_id=self.org,
            customer_id=customer_id,
            scope=HAND,
            is_by_hand=True,
            added_by=self.by,
            name=clean(who.name).strip()[:160],
        )
        if datum.is_sensitive:
            fresh.network, fresh.external_id = datum.kind, f"{key}:{customer_id}"
            fresh.sealed, fresh.digest, fresh.masked = vault().seal(datum.value), key, datum.masked[:120]
        else:
            fresh.network, fresh.external_id = IdentityKind.X, f"{customer_id}:{datum.key}"[:64]
            fresh.handle, fresh.handle_key = datum.value.lstrip("@")[:80], datum.key[:80]
        self._add(fresh, key)

    def _add(self, fresh: Identity, key: str) -> None:
        self._identities.append(fresh)
        self._found.setdefault(key, []).append(fresh)
        self._remember(fresh)

    def _voice(self, customer_id: int, who: Who, network: Network) -> Identity:
        """The identity they speak by: one of this network, else any of theirs, else one made for it."""
        wanted = VOICES[network]
        theirs = sorted(self._of.get(customer_id, ()), key=lambda one: (one.network != wanted, one.pk))
        if theirs:
            return theirs[0]
        pk = self.ids.next("identity")
        fresh = Identity(
            pk=pk,
            organization_id=self.org,
            customer_id=customer_id,
            network=wanted,
            scope="voice",
            external_id=str(pk),
            name=clean(who.name).strip()[:160] or NAMELESS,
            is_anonymous=True,
            is_by_hand=True,
        )
        self._add(fresh, f"voice:{pk}")
        return fresh


def found_by(organization: Organization, who: Who) -> list[int]:
    """The customers that what is known of somebody points to, the surest first."""
    return People(organization, [who]).known_as(who)


class Ids:
    """Primary keys taken beforehand, so that rows can refer to each other before they are written."""

    def __init__(self, at_once: int) -> None:
        """``at_once``: how many of a table are taken with one query."""
        self._at_once, self._left = max(at_once, 1), dict[str, list[int]]()

    def next(self, table: str) -> int:
        """The next key of a table of the desk."""
        left = self._left.setdefault(table, [])
        if not left:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT nextval('tickets_{table}_id_seq') FROM generate_series(1, %s)", [self._at_once]
                )
                left.extend(sorted((row[0] for row in cursor.fetchall()), reverse=True))
        return left.pop()
