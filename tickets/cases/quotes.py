from __future__ import annotations

from django.db import models
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from helpdesk.tenancy.models import TenantForeignKey, TenantModel
from tickets.cases.models import Message
from tickets.customers.models import Identity


class QuoteSort(TextChoices):
    """What a customer may quote that tells who they are, or which matter they mean."""

    RADICADO = "radicado", _("radicado")
    ORDER = "order", _("número de pedido o reserva")
    EMAIL = "email", _("correo")
    PHONE = "phone", _("teléfono")
    DOCUMENT = "document", _("documento")


class Quote(TenantModel):
    """A number or an address a customer wrote in a message: evidence of whose the message is.

    Of personal data only the keyed digest and a mask are kept; the message has the words.
    """

    message = TenantForeignKey(Message, db_index=False)
    identity = TenantForeignKey(Identity, db_index=False)
    sort = models.CharField(max_length=10, choices=QuoteSort)
    digest = models.CharField(max_length=43)
    masked = models.CharField(max_length=80)
    # Of a number of a case, folded as references are: what it is found by. Empty for data of a person.
    number = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "message", "digest"], name="quote_once"),
            models.CheckConstraint(condition=~Q(digest=""), name="quote_digest"),
        ]
        indexes = [
            models.Index(fields=["organization", "digest"], name="quote_digest_of"),
            models.Index(fields=["organization", "identity"], name="quote_identity"),
        ]
