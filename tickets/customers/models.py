from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from channels_social.enums import Network
from helpdesk.tenancy.models import TenantForeignKey, TenantModel
from tickets.enums import IdentityCheck


class Customer(TenantModel):
    """One person, whatever the channel."""

    name = models.CharField(max_length=160)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Identity(TenantModel):
    """One handle, page-scoped id, e-mail, phone or document of a customer."""

    customer = TenantForeignKey(Customer, related_name="identities", db_index=False)
    network = models.CharField(max_length=10, choices=Network)
    # Facebook knows a person by another id in Messenger than in comments: never the same identity by itself.
    scope = models.CharField(max_length=12)
    # As long as an address may be (RFC 5321).
    external_id = models.CharField(max_length=254)
    handle = models.CharField(max_length=80, blank=True)
    # Folded and stored: under row-level security only plain equality reaches an index (decisions 2).
    handle_key = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=160, blank=True)
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
            )
        ]
        indexes = [
            models.Index(fields=["organization", "customer"], name="identity_customer"),
            models.Index(
                fields=["organization", "handle_key"],
                name="identity_handle",
                condition=~models.Q(handle_key=""),
            ),
        ]
