from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from helpdesk.tenancy.permissions import ASKED, PRESET_MODES, PRESETS, Mode, Permission, Role


class Presence(models.TextChoices):
    """What a colleague is doing now, as they say themselves."""

    AVAILABLE = "available", _("Disponible")
    BUSY = "busy", _("Ocupado")
    PAUSE = "pause", _("En pausa")
    OFFLINE = "offline", _("Desconectado")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person who logs in. Global: what they may do lives in their memberships."""

    email = models.EmailField(_("correo"), unique=True)
    name = models.CharField(_("nombre"), max_length=120, blank=True)
    language = models.CharField(max_length=5, default="es")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(db_default=Now())

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name or self.email


class Organization(models.Model):
    """A tenant. Global table: readable without a tenant, it holds nothing of customers."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    sector = models.CharField(max_length=20)
    timezone = models.CharField(max_length=40)
    hue = models.SmallIntegerField(null=True)
    # A message about a resolved case reopens it within this many business days, else opens a linked one.
    reopen_business_days = models.PositiveSmallIntegerField(default=10)
    # A new thread of someone with an open case on the same network joins that case within these hours.
    join_hours = models.PositiveSmallIntegerField(default=24)
    undo_seconds = models.PositiveSmallIntegerField(default=8)
    # Only its own provider opens it (``tenancy.sign_on``); here, because every request asks.
    needs_sign_on = models.BooleanField(default=False, db_default=False)
    # Since when they are no customer of the house any more: their public site says so, and takes nothing.
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class TenantModel(models.Model):
    """Every row of a tenant: ``organization`` first, row-level security over it (``tenancy.rls``)."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, db_index=False, related_name="+")

    class Meta:
        abstract = True


class TenantForeignKey(models.ForeignKey):
    """A foreign key between tenant tables. The constraint in the database is composite with
    ``organization_id`` and is added by :class:`helpdesk.tenancy.rls.SecureTables`."""

    def __init__(self, to: Any, on_delete: Any = models.DO_NOTHING, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs.setdefault("related_name", "+")
        super().__init__(to, on_delete, **kwargs)


class Membership(TenantModel):
    """A user in an organization: role preset made of permissions, and the initials that sign."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    # What they do by themselves, and how each is held where that is not simply yes: {"see_cases": "P"}.
    permissions = models.JSONField(default=list)
    modes = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    # Sees only cases of the accounts that are given to them (the desk keeps the rows).
    is_limited = models.BooleanField(default=False, db_default=False)
    display_name = models.CharField(_("nombre para firmar"), max_length=80)
    initials = models.CharField(_("iniciales"), max_length=4)
    is_active = models.BooleanField(default=True)
    # Who they are at the organization's provider: its issuer and its own name for them.
    subject = models.CharField(max_length=400, blank=True, db_default="")
    # The organization's provider refused them then: sessions it opened before are over.
    refused_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    # What colleagues read of them now, and since when.
    presence = models.CharField(
        max_length=10, choices=Presence, default=Presence.OFFLINE, db_default=Presence.OFFLINE
    )
    presence_at = models.DateTimeField(null=True)
    # Whether answers in public need a training that is not over (care.md, finding 20), and the training.
    needs_training = models.BooleanField(default=False, db_default=False)
    trained_on = models.DateField(null=True)
    trained_until = models.DateField(null=True)
    training_evidence = models.CharField(max_length=200, blank=True, db_default="")
    trained_by = TenantForeignKey("Membership", null=True, db_index=False)
    # Who looks at what they write first, while it waits for approval.
    supervisor = TenantForeignKey("Membership", null=True, db_index=False)
    # Which photo of theirs is shown (0: none), and since when they agree that customers see it.
    photo_version = models.PositiveIntegerField(default=0, db_default=0)
    photo_public_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "initials"], name="membership_initials"),
            models.UniqueConstraint(fields=["organization", "user"], name="membership_user"),
            models.CheckConstraint(
                condition=models.Q(initials__regex=r"^[A-ZÑÁÉÍÓÚÜ]{2,4}$"), name="membership_initials_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.display_name} ^{self.initials}"

    @property
    def presence_here(self) -> Presence:
        """What they are told they are doing: who never said to be offline and looks at a page is available, as the
        sweep writes down in a moment."""
        is_unsaid = self.presence == Presence.OFFLINE and self.presence_at is None
        return Presence.AVAILABLE if is_unsaid else Presence(self.presence)

    def can(self, permission: str) -> bool:
        """Whether this member holds the named permission."""
        return self.is_active and permission in self.permissions

    def mode(self, permission: str) -> Mode:
        """How this member holds the named permission."""
        if not self.is_active:
            return Mode.NO
        if permission in self.modes:
            return Mode(self.modes[permission])
        return Mode.YES if permission in self.permissions else Mode.NO

    def asks(self, permission: str) -> bool:
        """Whether this member may only ask another person to do it."""
        return not self.can(permission) and self.mode(permission) in ASKED

    @property
    def scope(self) -> str:
        """What narrows the cases this member sees, as words the policies of the database know.

        ``accounts``: those given to them · ``brand``: brand accounts · ``own``: assigned to or shared with them ·
        ``pool``: besides, what nobody has and is of low priority, when they may take it (care.md 6).
        """
        words = ["accounts"] if self.is_limited else []
        seeing = self.mode(Permission.SEE_CASES)
        if seeing == Mode.MASKED:
            words.append("brand")
        if seeing == Mode.OWN:
            words += ["own", "pool"] if self.can(Permission.TAKE_CASES) else ["own"]
        return " ".join(words)

    @property
    def presence_choices(self) -> list[tuple[str, Any]]:
        """What they may say they are doing."""
        return list(Presence.choices)

    def is_trained(self, today: date) -> bool:
        """Whether what they say in public leaves by itself on that day, as far as training goes."""
        if not self.needs_training:
            return True
        return self.trained_until is not None and self.trained_until >= today

    @property
    def sees_data(self) -> bool:
        """Whether personal data in messages is shown to them in clear without asking why."""
        return self.mode(Permission.SEE_PERSONAL_DATA) == Mode.YES

    @staticmethod
    def preset(role: str) -> list[str]:
        """The permissions a role starts with, in a stable order."""
        return sorted(Permission(p).value for p in PRESETS[role])

    @staticmethod
    def preset_modes(role: str) -> dict[str, str]:
        """How a role holds what it does not simply hold."""
        return dict(PRESET_MODES[role])
