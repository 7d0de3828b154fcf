from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.site.colour import Palette, palette
from helpdesk.tenancy.models import TenantModel

HOUSE_COLOUR = "#3b40c8"


class Site(TenantModel):
    """The public site of an organization: nobody sees it until somebody of them switches it on."""

    is_on = models.BooleanField(_("Publicar el sitio"), default=False, db_default=False)
    takes_cases = models.BooleanField(_("Recibir casos por formulario"), default=True, db_default=True)
    shows_team = models.BooleanField(_("Mostrar quién atiende"), default=True, db_default=True)
    colour = models.CharField(_("Color"), max_length=7, default=HOUSE_COLOUR, db_default=HOUSE_COLOUR)
    # The picture alone, without what programs write into it (``helpdesk.site.logo``).
    logo = models.BinaryField(null=True)
    logo_type = models.CharField(max_length=10, blank=True, db_default="")
    greeting = models.CharField(_("Saludo"), max_length=80, blank=True, db_default="")
    signature = models.CharField(_("Nombre legal y ciudad"), max_length=120, blank=True, db_default="")
    privacy_url = models.URLField(_("Política de tratamiento de datos"), blank=True, db_default="")
    defender_url = models.URLField(_("Defensor del consumidor"), blank=True, db_default="")
    # Moved by the database with everything its pages show: what is kept of a page is of one version.
    version = models.BigIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="site_once"),
            models.CheckConstraint(condition=Q(colour__regex=r"^#[0-9a-f]{6}$"), name="site_colour"),
        ]

    @property
    def palette(self) -> Palette:
        """The colour in its roles, readable in both themes."""
        return palette(self.colour)
