from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Network(TextChoices):
    X = "x", "X"
    FACEBOOK = "facebook", "Facebook"
    EMAIL = "email", _("Correo")
    PHONE = "phone", _("Teléfono")
    WEB = "web", _("Web")
    OFFICE = "office", _("Oficina")


class ConversationKind(TextChoices):
    """The kinds of thread a network has; each says by itself whether it is public."""

    X_PUBLIC = "x_public", _("X, pública")
    X_DM = "x_dm", _("X, mensaje directo")
    X_CHAT = "x_chat", _("X, conversación cifrada")
    FB_COMMENTS = "fb_comments", _("Facebook, comentarios")
    MESSENGER = "messenger", _("Messenger")
    EMAIL = "email", _("Correo")
    # Written down by hand or by another system: nothing leaves by them.
    PHONE = "phone", _("Llamada")
    OFFICE = "office", _("Oficina")
    EMAIL_NOTED = "email_noted", _("Correo registrado")
    WEB = "web", _("Formulario web")

    @property
    def is_public(self) -> bool:
        return self in {ConversationKind.X_PUBLIC, ConversationKind.FB_COMMENTS}

    @property
    def network(self) -> Network:
        """The network a thread of this kind belongs to."""
        return NETWORK_OF[self]


NETWORK_OF = {
    ConversationKind.X_PUBLIC: Network.X,
    ConversationKind.X_DM: Network.X,
    ConversationKind.X_CHAT: Network.X,
    ConversationKind.FB_COMMENTS: Network.FACEBOOK,
    ConversationKind.MESSENGER: Network.FACEBOOK,
    ConversationKind.EMAIL: Network.EMAIL,
    ConversationKind.PHONE: Network.PHONE,
    ConversationKind.OFFICE: Network.OFFICE,
    ConversationKind.EMAIL_NOTED: Network.EMAIL,
    ConversationKind.WEB: Network.WEB,
}


class Purpose(TextChoices):
    SUPPORT = "support", _("Servicio")
    BRAND = "brand", _("Marca")
    # What is written down by hand hangs from an account of its own: calendar and voice, no network.
    BY_HAND = "by_hand", _("Registro a mano")


class AccountMode(TextChoices):
    FULL = "full", _("Recibe y responde")
    READ_ONLY = "read_only", _("Solo lectura")


class AccountState(TextChoices):
    LIVE = "live", _("En vivo")
    NEEDS_REAUTH = "needs_reauth", _("Hay que volver a conectarla")
    BLOCKED = "blocked", _("Bloqueada por la red")
    OUT_OF_CREDIT = "out_of_credit", _("Sin crédito")
    DISCONNECTED = "disconnected", _("Desconectada")


class EventState(TextChoices):
    PENDING = "pending", _("Por entrar")
    WAITING = "waiting", _("Espera la raíz")
    DONE = "done", _("Adentro")
    IGNORED = "ignored", _("Ignorado")
    QUARANTINED = "quarantined", _("En cuarentena")


class EventSource(TextChoices):
    WEBHOOK = "webhook", _("Aviso")
    POLL = "poll", _("Sondeo")
    RESOLVE = "resolve", _("Búsqueda")


class ActionKind(TextChoices):
    REPLY = "reply", _("Respuesta pública")
    DIRECT_MESSAGE = "direct_message", _("Mensaje privado")
    PRIVATE_REPLY = "private_reply", _("Respuesta privada a un comentario")
    FOLLOW = "follow", _("Seguir")
    HIDE = "hide", _("Ocultar")


class ActionState(TextChoices):
    """The nine states of the outbox (decisions 8)."""

    AWAITING_APPROVAL = "awaiting_approval", _("Espera aprobación")
    QUEUED = "queued", _("En cola")
    HELD = "held", _("Retenida")
    SENDING = "sending", _("Saliendo")
    SENT = "sent", _("Enviada")
    RETRYING = "retrying", _("Se reintenta")
    FAILED = "failed", _("No salió")
    UNKNOWN = "unknown", _("No sabemos si salió")
    CANCELLED = "cancelled", _("Cancelada")


UNFINISHED = (
    ActionState.AWAITING_APPROVAL,
    ActionState.QUEUED,
    ActionState.HELD,
    ActionState.SENDING,
    ActionState.RETRYING,
    ActionState.UNKNOWN,
)


class Lane(TextChoices):
    """Who leaves first when the network's limits leave little; the order is the value's."""

    CRITICAL = "0_critical", _("Crítica")
    INDIVIDUAL = "1_individual", _("Individual")
    COMMITMENT = "2_commitment", _("Compromiso")
    BULK = "3_bulk", _("En lote")
    AFTER_CONTACT = "4_after_contact", _("Contacto posterior")
    COURTESY = "5_courtesy", _("Cortesía")


class MediaState(TextChoices):
    PENDING = "pending", _("Por traer")
    STORED = "stored", _("Guardado")
    FAILED = "failed", _("No se pudo traer")
    REFUSED = "refused", _("Rechazado")


class FindingState(TextChoices):
    """What became of a post that a search found."""

    NEW = "new", _("Por mirar")
    DISMISSED = "dismissed", _("No requiere atención")
    OPENED = "opened", _("Con caso")
    ANSWERED = "answered", _("Respondida en X")
    # It came in by the normal road too: it was a message all along.
    MESSAGE = "message", _("Entró como mensaje")


class Use(TextChoices):
    """What credits are spent on, in the order in which it stops when they run short (care.md, finding 30)."""

    REREAD = "reread", _("Releer publicaciones")
    SEARCH = "search", _("Búsquedas")
    METRICS = "metrics", _("Métricas")
    INTAKE = "intake", _("Lo que llega")
    REPLY = "reply", _("Respuestas")
