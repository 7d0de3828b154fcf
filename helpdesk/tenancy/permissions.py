"""Named permissions and the presets that ship (care.md 6). A preset is a starting point: a membership
keeps its own list, so that an organization can grant or take one permission."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Permission(TextChoices):
    """What a member may do; views ask for these, never for a role."""

    SEE_CASES = "see_cases", _("Ver casos")
    SEE_PERSONAL_DATA = "see_personal_data", _("Ver datos personales sin máscara")
    REPLY_PRIVATE = "reply_private", _("Responder en privado")
    REPLY_PUBLIC = "reply_public", _("Responder en público")
    REPLY_UNAPPROVED = "reply_unapproved", _("Responder sin aprobación")
    APPROVE_REPLIES = "approve_replies", _("Aprobar respuestas de otros")
    WRITE_NOTES = "write_notes", _("Escribir notas")
    TAKE_CASES = "take_cases", _("Tomar casos")
    ASSIGN_CASES = "assign_cases", _("Asignar casos a otros")
    CHANGE_KIND = "change_kind", _("Cambiar el tipo")
    CHANGE_FILED_KIND = "change_filed_kind", _("Cambiar el tipo de un caso radicado, con motivo")
    FILE_CASES = "file_cases", _("Radicar casos")
    JOIN_CASES = "join_cases", _("Unir y separar casos")
    RESOLVE_CASES = "resolve_cases", _("Resolver y reabrir")
    CHECK_IDENTITY = "check_identity", _("Validar la identidad de clientes")
    UNIFY_CUSTOMERS = "unify_customers", _("Unir clientes")
    APPROVE_UNIFICATIONS = "approve_unifications", _("Aprobar y deshacer uniones de clientes")
    HIDE_COMMENTS = "hide_comments", _("Ocultar comentarios, con motivo")
    SEE_AUDIT = "see_audit", _("Ver la bitácora")
    MANAGE_ACCOUNTS = "manage_accounts", _("Conectar cuentas")
    MANAGE_TEAM = "manage_team", _("Administrar el equipo")
    MANAGE_TIME = "manage_time", _("Horarios, festivos y plazos")


class Role(TextChoices):
    AGENT = "agent", _("Asesor")
    TRAINEE = "trainee", _("Aprendiz")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMIN = "admin", _("Administrador")


P = Permission
_AGENT = frozenset(
    {
        P.SEE_CASES,
        P.SEE_PERSONAL_DATA,
        P.REPLY_PRIVATE,
        P.REPLY_PUBLIC,
        P.REPLY_UNAPPROVED,
        P.WRITE_NOTES,
        P.TAKE_CASES,
        P.CHANGE_KIND,
        P.CHANGE_FILED_KIND,
        P.FILE_CASES,
        P.JOIN_CASES,
        P.RESOLVE_CASES,
        P.CHECK_IDENTITY,
        P.UNIFY_CUSTOMERS,
    }
)

PRESETS: dict[str, frozenset[Permission]] = {
    Role.AGENT: _AGENT,
    # A trainee writes, and nothing leaves until someone else approves it; never unmasks.
    Role.TRAINEE: _AGENT
    - {
        P.REPLY_UNAPPROVED,
        P.SEE_PERSONAL_DATA,
        P.RESOLVE_CASES,
        P.CHANGE_FILED_KIND,
        P.FILE_CASES,
        P.JOIN_CASES,
        P.CHECK_IDENTITY,
        P.UNIFY_CUSTOMERS,
    },
    Role.SUPERVISOR: _AGENT
    | {P.APPROVE_REPLIES, P.ASSIGN_CASES, P.HIDE_COMMENTS, P.SEE_AUDIT, P.APPROVE_UNIFICATIONS},
    # An admin configures and sees no conversation unless also given it.
    Role.ADMIN: frozenset({P.MANAGE_ACCOUNTS, P.MANAGE_TEAM, P.MANAGE_TIME, P.SEE_AUDIT}),
}
