"""Data of a person, added by hand, verified, seen with a reason, taken away. Inside ``tenant``."""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction

from helpdesk.secrets.crypto import vault
from helpdesk.secrets.digest import digest_of
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.customers.domain.people import Refused, changed
from tickets.customers.models import Customer, Identity, IdentityKey
from tickets.customers.rules.data import Datum
from tickets.customers.rules.likeness import keys_of
from tickets.enums import IdentityCheck, IdentityKind

HAND = "hand"


def find(organization_id: int, datum: Datum, *, network: str = "") -> list[Identity]:
    """Everybody who has this datum, oldest first: by digest, or by folded handle. At most twenty."""
    found = Identity.objects.filter(organization_id=organization_id).select_related("customer")
    if datum.is_sensitive:
        found = found.filter(digest=digest_for(organization_id, datum))
    else:
        found = found.filter(handle_key=datum.key)
        found = found.filter(network=network) if network else found
    return list(found.order_by("pk")[:20])


def digest_for(organization_id: int, datum: Datum) -> str:
    """What a datum is looked up by in this organization, whichever door it came through."""
    return digest_of(organization_id, f"{datum.kind}:{datum.key}")


def address_of(identity: Identity) -> str:
    """The address a letter goes to: of a sender theirs, of one that was noted what was noted."""
    if identity.is_by_hand and identity.sealed is not None:
        return vault().open_text(identity.sealed)
    return identity.external_id


@transaction.atomic
def add(
    customer: Customer,
    datum: Datum,
    *,
    by: Membership | None,
    network: str = IdentityKind.X,
    verified: bool = False,
    ticket_id: int | None = None,
) -> Identity:
    """Note a datum of a person; the same one twice is once. ``network`` is a handle's.

    Raises :class:`Refused` ``verified_elsewhere`` when the document is verified of somebody else.
    """
    had = _had(customer, datum, network)
    if had is None:
        had = Identity.objects.create(**_row(customer, datum, network, by))
        note_keys(had)
        changed(customer, "identity.added", by=by, ticket_id=ticket_id, identity=had.pk, sort=datum.kind)
    if verified:
        verify(had, by=by, ticket_id=ticket_id)
    return had


def _had(customer: Customer, datum: Datum, network: str) -> Identity | None:
    wanted = {"network": network} if not datum.is_sensitive else {}
    mine = find(customer.organization_id, datum, **wanted)
    return next((one for one in mine if one.customer_id == customer.pk), None)


def _row(customer: Customer, datum: Datum, network: str, by: Membership | None) -> dict[str, object]:
    shared = {
        "organization_id": customer.organization_id,
        "customer": customer,
        "scope": HAND,
        "is_by_hand": True,
        "added_by": by,
    }
    if not datum.is_sensitive:
        handle = datum.value.lstrip("@")[:80]
        external = f"{customer.pk}:{datum.key}"[:64]
        return shared | {"network": network, "external_id": external, "handle": handle,
                         "handle_key": datum.key[:80]}  # fmt: skip
    digest = digest_for(customer.organization_id, datum)
    return shared | {
        "network": datum.kind,
        "external_id": f"{digest}:{customer.pk}",
        "sealed": vault().seal(datum.value),
        "digest": digest,
        "masked": datum.masked[:120],
    }


def note_keys(identity: Identity) -> None:
    """What this identity's likeness is looked up by, afresh."""
    IdentityKey.objects.filter(organization_id=identity.organization_id, identity=identity).delete()
    IdentityKey.objects.bulk_create(
        IdentityKey(organization_id=identity.organization_id, identity=identity, key=key)
        for key in sorted(keys_of(identity.handle, "" if identity.is_anonymous else identity.name))
    )


@transaction.atomic
def verify(identity: Identity, *, by: Membership | None, ticket_id: int | None = None) -> None:
    """Say that a datum was proven to be this person's.

    Raises :class:`Refused` ``verified_elsewhere`` for a document that is somebody else's.
    """
    if identity.check_state == IdentityCheck.VERIFIED:
        return
    identity.check_state = IdentityCheck.VERIFIED
    try:
        with transaction.atomic():
            identity.save(update_fields=["check_state"])
    except IntegrityError:
        raise Refused("verified_elsewhere") from None
    changed(identity.customer, "identity.verified", by=by, ticket_id=ticket_id, identity=identity.pk)


@transaction.atomic
def unmask(identity: Identity, *, by: Membership, reason: str, ticket_id: int | None = None) -> str:
    """The datum in clear, for whoever may see it and says why; both are recorded, the datum is not.

    Raises :class:`Refused` ``may_not_see`` or ``reason_needed``.
    """
    if not by.can(Permission.SEE_PERSONAL_DATA):
        raise Refused("may_not_see")
    if not reason.strip():
        raise Refused("reason_needed")
    if identity.sealed is None:
        return identity.handle or identity.name
    changed(
        identity.customer, "identity.unmasked", by=by, ticket_id=ticket_id, identity=identity.pk,
        reason=reason.strip()[:200],
    )  # fmt: skip
    return vault().open_text(identity.sealed)


@transaction.atomic
def remove(identity: Identity, *, by: Membership, ticket_id: int | None = None) -> None:
    """Take away a datum that was added by hand; what a network told stays. Raises :class:`Refused`."""
    if not identity.is_by_hand or _is_spoken_by(identity):
        raise Refused("not_by_hand")
    IdentityKey.objects.filter(organization_id=identity.organization_id, identity=identity).delete()
    changed(
        identity.customer, "identity.removed", by=by, ticket_id=ticket_id, identity=identity.pk,
        sort=identity.network,
    )  # fmt: skip
    identity.delete()


def _is_spoken_by(identity: Identity) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM tickets_conversation WHERE organization_id = %s AND customer_id = %s "
            "AND identity_id = %s)",
            [identity.organization_id, identity.customer_id, identity.pk],
        )
        return bool(cursor.fetchone()[0])
