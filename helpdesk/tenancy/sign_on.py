"""An organization's own log-in: its OpenID Connect provider."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from helpdesk.secrets.crypto import vault
from helpdesk.tenancy.models import Membership, Organization, TenantForeignKey, TenantModel


class SignOn(TenantModel):
    """Whom an organization lets in through its provider. Works once a second person has approved it.

    Whoever names the provider says who everybody is: that is why one person alone cannot.
    """

    issuer = models.URLField(max_length=300)
    # Where its log-in page is: our pages' policy must let the browser go there.
    authorize_origin = models.CharField(max_length=300, blank=True)
    client_id = models.CharField(max_length=200)
    # Sealed by helpdesk.secrets.
    client_secret = models.BinaryField()
    # Only addresses of these domains, lower case.
    domains = ArrayField(models.CharField(max_length=120), default=list)
    # The preset of who arrives without having been invited; empty: only who was invited enters.
    default_role = models.CharField(max_length=12, blank=True)
    # No password opens this organization any more.
    is_required = models.BooleanField(default=False)
    edited_by = TenantForeignKey(Membership, db_index=False)
    edited_at = models.DateTimeField(db_default=Now())
    approved_by = TenantForeignKey(Membership, null=True, db_index=False)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="sign_on_once"),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("edited_by")),
                name="sign_on_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.issuer}"

    @property
    def is_live(self) -> bool:
        return self.approved_at is not None

    @property
    def secret(self) -> str:
        """The client's secret, opened."""
        return vault().open_text(self.client_secret)

    def lets_in(self, email: str) -> bool:
        """Whether an address is of one of the domains."""
        return email.rpartition("@")[2].lower() in self.domains


def sign_on_of(organization: Organization) -> SignOn | None:
    """The organization's log-in, when it works. Inside ``tenant``."""
    return SignOn.objects.filter(organization=organization, approved_at__isnull=False).first()
