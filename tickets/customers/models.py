from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from protocols.models import CustomerTier
from tickets.enums import CheckMeans, IdentityCheck, IdentityKind, UnificationState


class Customer(TenantModel):
    """One person, whatever the channel."""

    name = models.CharField(max_length=160)
    created_at = models.DateTimeField(db_default=Now())
    # Whose rows these are now, since they turned out to be one person. The row stays: it can be undone.
    merged_into = TenantForeignKey("Customer", null=True, db_index=False)
    # The identity check of the person: how far, by what means, by whom, since when and until when.
    check_state = models.CharField(
        max_length=10, choices=IdentityCheck, default=IdentityCheck.NONE, db_default=IdentityCheck.NONE
    )
    check_means = models.CharField(max_length=12, choices=CheckMeans, blank=True, db_default="")
    checked_by = TenantForeignKey(Membership, null=True, db_index=False)
    checked_at = models.DateTimeField(null=True)
    check_until = models.DateTimeField(null=True)
    # The level the organization put them in, where it keeps any: it may owe them more.
    tier = TenantForeignKey(CustomerTier, null=True, db_index=False)
    # How they want to be spoken to, where somebody noticed: ``usted``, ``tu`` or ``vos``; empty: as the account does.
    voice = models.CharField(max_length=6, blank=True, default="", db_default="")

    # «No contactar»: they are answered, and left alone by what we would say of our own accord.
    no_contact = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return self.name

    def is_verified(self, now: datetime) -> bool:
        """Whether the identity was verified and that still stands."""
        return self.check_state == IdentityCheck.VERIFIED and (
            self.check_until is None or self.check_until > now
        )


class Identity(TenantModel):
    """One handle, page-scoped id, e-mail, phone or document of a customer."""

    customer = TenantForeignKey(Customer, related_name="identities", db_index=False)
    network = models.CharField(max_length=10, choices=IdentityKind)
    # Facebook knows a person by another id in Messenger than in comments: never the same identity by itself.
    scope = models.CharField(max_length=12)
    # As long as an address may be (RFC 5321).
    external_id = models.CharField(max_length=254)
    handle = models.CharField(max_length=80, blank=True)
    # Folded and stored: under row-level security only plain equality reaches an index (decisions 2).
    handle_key = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=160, blank=True)
    # Of an e-mail, telephone or document: sealed, its keyed digest for look-ups, and what may always be seen.
    sealed = models.BinaryField(null=True)
    digest = models.CharField(max_length=43, blank=True, db_default="")
    masked = models.CharField(max_length=120, blank=True, db_default="")
    is_by_hand = models.BooleanField(default=False, db_default=False)
    added_by = TenantForeignKey(Membership, null=True, db_index=False)
    avatar_url = models.TextField(blank=True)
    check_state = models.CharField(max_length=10, choices=IdentityCheck, default=IdentityCheck.NONE)
    # Whether this person can be written to in private: true, false, or null for "not known".
    accepts_dm = models.BooleanField(null=True)
    is_followed = models.BooleanField(null=True)
    is_anonymous = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "network", "scope", "external_id"], name="identity_external_id"
            ),
            # A second person with the same verified document is refused (domain.md 1.2, 13).
            models.UniqueConstraint(
                fields=["organization", "digest"],
                name="identity_verified_document",
                condition=Q(network="document", check_state="verified"),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "customer"], name="identity_customer"),
            models.Index(
                fields=["organization", "handle_key"], name="identity_handle", condition=~Q(handle_key="")
            ),
            models.Index(fields=["organization", "digest"], name="identity_digest", condition=~Q(digest="")),
        ]


class IdentityKey(TenantModel):
    """One way an identity's handle or name may be written elsewhere: what likeness is looked up by."""

    identity = TenantForeignKey(Identity, db_index=False)
    key = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "identity", "key"], name="identity_key_once")
        ]
        indexes = [models.Index(fields=["organization", "key"], name="identity_key")]


class Unification(TenantModel):
    """That two customers are one person: proposed, approved, done, undone; or that they are not."""

    kept = TenantForeignKey(Customer, db_index=False)
    gone = TenantForeignKey(Customer, db_index=False)
    state = models.CharField(max_length=12, choices=UnificationState)
    # Codes of the evidence on screen when it was decided, and the words of whoever decided.
    evidence = ArrayField(models.CharField(max_length=20), default=list)
    reason = models.CharField(max_length=200, blank=True)
    asked_by = TenantForeignKey(Membership, null=True, db_index=False)
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = TenantForeignKey(Membership, null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)
    undo_asked_by = TenantForeignKey(Membership, null=True, db_index=False)
    # Table → keys of the rows that changed hands, and what the kept customer was before: the way back.
    moved = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kept", "gone"],
                name="unification_once",
                condition=Q(state__in=["pending", "done", "undo_pending"]),
            )
        ]
        indexes = [
            models.Index(fields=["organization", "kept"], name="unification_kept"),
            models.Index(fields=["organization", "gone"], name="unification_gone"),
            models.Index(
                fields=["organization", "asked_at"],
                name="unification_waiting",
                condition=Q(state__in=["pending", "undo_pending"]),
            ),
        ]
