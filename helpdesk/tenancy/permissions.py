"""Named permissions, how each is held, and the presets that ship: the matrix of care.md 6 as data.

A preset is a starting point: a membership keeps its own list, so that an organization can grant or take one
permission. Views ask for permissions, never for a role.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Permission(TextChoices):
    """What a member may do."""

    SEE_CASES = "see_cases", _("Ver casos")
    SEE_PERSONAL_DATA = "see_personal_data", _("Ver datos personales sin máscara")
    SEE_RESERVED = "see_reserved", _("Ver casos reservados")
    RESERVE_CASES = "reserve_cases", _("Reservar casos y nombrar quién los ve")
    REPLY_PRIVATE = "reply_private", _("Responder en privado")
    REPLY_PUBLIC = "reply_public", _("Responder en público")
    REPLY_UNAPPROVED = "reply_unapproved", _("Responder sin aprobación")
    APPROVE_REPLIES = "approve_replies", _("Aprobar respuestas de otros")
    WRITE_NOTES = "write_notes", _("Escribir notas")
    TAKE_CASES = "take_cases", _("Tomar casos")
    ASSIGN_CASES = "assign_cases", _("Asignar casos a otros")
    TRANSFER_CASES = "transfer_cases", _("Pasar casos a un área")
    HAND_OVER = "hand_over", _("Pasar de la cuenta de marca a la de servicio")
    CHANGE_KIND = "change_kind", _("Cambiar el tipo")
    CHANGE_FILED_KIND = "change_filed_kind", _("Cambiar el tipo de un caso radicado, con motivo")
    FILE_CASES = "file_cases", _("Radicar casos")
    JOIN_CASES = "join_cases", _("Unir y separar casos")
    RESOLVE_CASES = "resolve_cases", _("Resolver y reabrir")
    CLOSE_WITHOUT_MOTIVE = "close_without_motive", _("Cerrar sin motivo de atención")
    MAKE_COMMITMENTS = "make_commitments", _("Hacer y renegociar compromisos")
    EXTEND_TERM = "extend_term", _("Prorrogar el término")
    HOLD_EVIDENCE = "hold_evidence", _("Retención legal")
    GRANT_COMPENSATION = "grant_compensation", _("Otorgar compensaciones")
    CHECK_IDENTITY = "check_identity", _("Validar la identidad de clientes")
    UNIFY_CUSTOMERS = "unify_customers", _("Unir clientes")
    APPROVE_UNIFICATIONS = "approve_unifications", _("Aprobar y deshacer uniones de clientes")
    HIDE_COMMENTS = "hide_comments", _("Ocultar comentarios, con motivo")
    DECLARE_INCIDENTS = "declare_incidents", _("Declarar novedades y bloquear hilos")
    APPROVE_NOTICES = "approve_notices", _("Aprobar avisos")
    PUBLISH_GUIDES = "publish_guides", _("Publicar protocolos, plantillas y artículos")
    MANAGE_TIME = "manage_time", _("Horarios, festivos y plazos")
    MANAGE_ACCOUNTS = "manage_accounts", _("Conectar cuentas")
    MANAGE_TEAM = "manage_team", _("Administrar el equipo")
    MANAGE_API = "manage_api", _("Conectar otros sistemas por la API")
    APPROVE_API = "approve_api", _("Aprobar claves de la API")
    MANAGE_DUTY = "manage_duty", _("Turnos, guardias y capacitación")
    MANAGE_ROLES = "manage_roles", _("Cambiar roles, permisos y alcance")
    SEE_DASHBOARDS = "see_dashboards", _("Ver tableros")
    SEE_QUALITY = "see_quality", _("Ver calificaciones de calidad")
    EXPORT_DATA = "export_data", _("Exportar con datos personales")
    SEE_AUDIT = "see_audit", _("Ver la bitácora")
    DATA_RIGHTS = "data_rights", _("Derechos sobre los datos personales")


class Role(TextChoices):
    AGENT = "agent", _("Asesor")
    TRAINEE = "trainee", _("Aprendiz")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMIN = "admin", _("Administrador")
    MARKETING = "marketing", _("Mercadeo")
    AUDITOR = "auditor", _("Auditor")
    AREA = "area", _("Área")


class Mode(TextChoices):
    """How a permission is held; the letters are care.md's."""

    NO = "no", _("No")
    YES = "yes", _("Sí")
    REASON = "R", _("Con motivo registrado")
    APPROVAL = "A", _("Con aprobación de otra persona")
    ASKS = "asks", _("Lo pide")
    OWN = "P", _("Solo lo propio")
    MASKED = "M", _("Con máscara")
    READ = "L", _("Solo lectura")
    TWO = "2", _("Entre dos personas")
    REASON_TWO = "R2", _("Con motivo y entre dos personas")


# Held by asking: another person does it.
ASKED = frozenset({Mode.APPROVAL, Mode.ASKS})
# An answer that needs approval is written all the same: the outbox keeps it until somebody else approves.
WRITTEN_FIRST = frozenset({Permission.REPLY_PRIVATE, Permission.REPLY_PUBLIC})
# Settings one may read and not change; where a view has something to read it asks for this mode itself.
READS = frozenset(
    {
        Permission.SEE_CASES, Permission.SEE_PERSONAL_DATA, Permission.SEE_RESERVED, Permission.SEE_DASHBOARDS,
        Permission.SEE_QUALITY, Permission.SEE_AUDIT, Permission.EXPORT_DATA,
    }
)  # fmt: skip

P = Permission
_ROLES = (
    Role.AGENT,
    Role.TRAINEE,
    Role.SUPERVISOR,
    Role.ADMIN,
    Role.MARKETING,
    Role.AUDITOR,
    Role.AREA,
)
# care.md 6, row by row; columns: agent, trainee, supervisor, admin, marketing, auditor, area.
_ROWS = {
    P.SEE_CASES:            "yes  P    yes  no   M    L    P",
    P.SEE_PERSONAL_DATA:    "R    no   yes  no   no   R    no",
    P.SEE_RESERVED:         "P    no   P    no   no   R    no",
    P.RESERVE_CASES:        "no   no   R    no   no   no   no",
    P.REPLY_PRIVATE:        "yes  A    yes  no   no   no   no",
    P.REPLY_PUBLIC:         "yes  A    yes  no   no   no   no",
    P.REPLY_UNAPPROVED:     "yes  no   yes  no   no   no   no",
    P.APPROVE_REPLIES:      "no   no   yes  no   no   no   no",
    P.WRITE_NOTES:          "yes  yes  yes  no   yes  no   yes",
    P.TAKE_CASES:           "yes  P    yes  no   no   no   no",
    P.ASSIGN_CASES:         "no   no   yes  no   no   no   no",
    P.TRANSFER_CASES:       "yes  A    yes  no   no   no   no",
    P.HAND_OVER:            "yes  no   yes  no   yes  no   no",
    P.CHANGE_KIND:          "yes  yes  yes  no   no   no   no",
    P.CHANGE_FILED_KIND:    "R    no   R    no   no   no   no",
    P.FILE_CASES:           "yes  A    yes  no   no   no   no",
    P.JOIN_CASES:           "yes  A    yes  no   no   no   no",
    P.RESOLVE_CASES:        "yes  A    yes  no   no   no   no",
    P.CLOSE_WITHOUT_MOTIVE: "R    no   R    no   no   no   no",
    P.MAKE_COMMITMENTS:     "yes  A    yes  no   no   no   no",
    P.EXTEND_TERM:          "asks no   R    no   no   L    no",
    P.HOLD_EVIDENCE:        "no   no   2    no   no   L    no",
    P.GRANT_COMPENSATION:   "yes  no   yes  2    no   L    no",
    P.CHECK_IDENTITY:       "yes  no   yes  no   no   no   no",
    P.UNIFY_CUSTOMERS:      "yes  no   yes  no   no   L    no",
    P.APPROVE_UNIFICATIONS: "asks no   yes  no   no   L    no",
    P.HIDE_COMMENTS:        "asks no   R2   no   asks L    no",
    P.DECLARE_INCIDENTS:    "asks no   yes  no   asks L    no",
    P.APPROVE_NOTICES:      "no   no   no   no   no   L    no",
    P.PUBLISH_GUIDES:       "no   no   2    no   P    L    no",
    P.MANAGE_TIME:          "L    L    L    yes  no   L    no",
    P.MANAGE_ACCOUNTS:      "no   no   no   yes  no   L    no",
    P.MANAGE_TEAM:          "no   no   no   yes  no   L    no",
    P.MANAGE_DUTY:          "no   no   yes  yes  no   L    no",
    P.MANAGE_ROLES:         "no   no   no   2    no   L    no",
    P.MANAGE_API:           "no   no   no   yes  no   L    no",
    P.APPROVE_API:          "no   no   yes  no   no   no   no",
    P.SEE_DASHBOARDS:       "P    P    yes  L    M    L    no",
    P.SEE_QUALITY:          "P    P    yes  no   no   L    no",
    P.EXPORT_DATA:          "no   no   R    no   no   R    no",
    P.SEE_AUDIT:            "P    P    yes  L    no   yes  no",
    P.DATA_RIGHTS:          "asks no   R    2    no   L    no",
}  # fmt: skip
MATRIX: dict[Permission, dict[Role, Mode]] = {
    permission: dict(zip(_ROLES, map(Mode, row.split()), strict=True)) for permission, row in _ROWS.items()
}


def is_done_alone(permission: Permission, mode: Mode) -> bool:
    """Whether who holds a permission in this mode does the thing, rather than asking for it or only reading."""
    if mode == Mode.APPROVAL and permission in WRITTEN_FIRST:
        return True
    if mode == Mode.READ:
        return permission in READS
    return mode not in ASKED and mode != Mode.NO


PRESETS: dict[str, frozenset[Permission]] = {
    role: frozenset(p for p, modes in MATRIX.items() if is_done_alone(p, modes[role])) for role in _ROLES
}
# What is not simply yes or no, by role.
PRESET_MODES: dict[str, dict[str, str]] = {
    role: {
        p.value: modes[role].value for p, modes in MATRIX.items() if modes[role] not in (Mode.YES, Mode.NO)
    }
    for role in _ROLES
}
