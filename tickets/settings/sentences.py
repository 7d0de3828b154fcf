"""How an account is, in words an admin understands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from channels_social.domain.leaving import DEAUTHORIZED, DELETED
from channels_social.domain.queries.health import Health
from channels_social.enums import AccountState, Network
from channels_social.models import PollCursor, RateLimit, SocialAccount
from helpdesk.ui.dates import NBSP, ago_words, hour_words, local_words

STATES: dict[str, str | Promise] = {
    AccountState.NEEDS_REAUTH: gettext_lazy(
        "%(network)s ya no acepta el permiso que teníamos. No entra nada por aquí y las respuestas esperan: "
        "al volver a conectarla salen solas."
    ),
    AccountState.BLOCKED: gettext_lazy(
        "%(network)s la bloqueó por un tiempo. Las respuestas esperan. Entre en %(network)s con esa cuenta para "
        "ver qué pide, y después vuelva a conectarla."
    ),
    AccountState.OUT_OF_CREDIT: gettext_lazy(
        "Se acabó el crédito con %(network)s. Las respuestas esperan: recargue en el portal de "
        "desarrolladores y vuelva a conectarla."
    ),
    AccountState.DISCONNECTED: gettext_lazy(
        "Se desconectó desde aquí: ni entra ni sale nada. Sus casos siguen en la consola."
    ),
}
PASSWORD_REFUSED = gettext_lazy(
    "El servidor de correo ya no acepta el usuario y la contraseña. No entra nada por aquí y las respuestas "
    "esperan: escriba la contraseña nueva y salen solas."
)
# Where more is known than that it stopped: by the reason of the stop.
REASONS: dict[str, str | Promise] = {
    DEAUTHORIZED: gettext_lazy(
        "Quien la conectó le quitó a Circunflejo el permiso en %(network)s. No entra nada por aquí y las respuestas "
        "esperan: al volver a conectarla, con quien administre la página, salen solas."
    ),
    DELETED: gettext_lazy(
        "Quien la conectó pidió en %(network)s que se borraran sus datos: el permiso que dio ya no está aquí. Las "
        "respuestas esperan: al volver a conectarla, con quien administre la página, salen solas."
    ),
}
STREAMS: dict[str, str | Promise] = {
    "mentions": gettext_lazy("menciones"),
    "timeline": gettext_lazy("publicaciones propias"),
    "dms": gettext_lazy("mensajes directos"),
    "feed": gettext_lazy("comentarios de la página"),
    "conversations": gettext_lazy("Messenger"),
    "inbox": gettext_lazy("correo recibido"),
    "sent": gettext_lazy("correo enviado desde otro programa"),
}
USES: dict[str, str | Promise] = {
    "post_read": gettext_lazy("publicaciones leídas"),
    "owned_read": gettext_lazy("menciones y publicaciones propias leídas"),
    "dm_read": gettext_lazy("mensajes directos leídos"),
    "post_create": gettext_lazy("publicaciones escritas"),
    "post_create_url": gettext_lazy("publicaciones escritas con enlace"),
    "reply_summoned": gettext_lazy("respuestas a quien nos mencionó"),
    "dm_create": gettext_lazy("mensajes directos escritos"),
    "event_post": gettext_lazy("avisos de publicaciones"),
    "event_dm": gettext_lazy("avisos de mensajes directos"),
}
# What Graph calls its uses of a page and of the application; X's are calls of its API.
LIMITS: dict[str, str | Promise] = {
    "app": gettext_lazy("uso de la aplicación, en %"),
    "pages": gettext_lazy("uso de la página, en %"),
    "messenger": gettext_lazy("uso de Messenger, en %"),
    "GET /2/users/:id/mentions": gettext_lazy("leer menciones"),
    "GET /2/users/:id/tweets": gettext_lazy("leer publicaciones propias"),
    "GET /2/dm_events": gettext_lazy("leer mensajes directos"),
    "GET /2/tweets": gettext_lazy("leer publicaciones por su número"),
    "GET /2/users/me": gettext_lazy("saber quién es la cuenta"),
    "POST /2/tweets": gettext_lazy("responder"),
    "POST /2/dm_conversations/with/:id/messages": gettext_lazy("escribir mensajes directos"),
    "PUT /2/tweets/:id/hidden": gettext_lazy("ocultar respuestas"),
    "POST /2/users/:id/following": gettext_lazy("seguir"),
}
# What came in, by its network's word for it; what is not named here is of no use to an admin apart.
ENTRIES: dict[str, str | Promise] = {
    "x.post": gettext_lazy("Publicación en X"),
    "x.context": gettext_lazy("Publicación de X que da contexto"),
    "x.found": gettext_lazy("Publicación de X hallada por la escucha"),
    "x.dm": gettext_lazy("Mensaje directo de X"),
    "x.chat": gettext_lazy("Mensaje cifrado de X"),
    "x.read": gettext_lazy("Lectura en X"),
    "x.delete": gettext_lazy("Borrado en X"),
    "x.revoke": gettext_lazy("Permiso retirado en X"),
    "x.renamed": gettext_lazy("Cambio de nombre en X"),
    "fb.comment": gettext_lazy("Comentario en Facebook"),
    "fb.post": gettext_lazy("Publicación en Facebook"),
    "fb.message": gettext_lazy("Mensaje de Messenger"),
    "fb.edit": gettext_lazy("Mensaje de Messenger corregido"),
    "fb.unsent": gettext_lazy("Mensaje de Messenger retirado"),
    "fb.read": gettext_lazy("Lectura en Messenger"),
    "fb.delivered": gettext_lazy("Entrega en Messenger"),
    "fb.hide": gettext_lazy("Comentario ocultado en Facebook"),
    "fb.unhide": gettext_lazy("Comentario mostrado otra vez en Facebook"),
    "fb.remove": gettext_lazy("Borrado en Facebook"),
    "fb.policy": gettext_lazy("Aviso de las políticas de Facebook"),
    "mail.received": gettext_lazy("Correo recibido"),
    "mail.sent": gettext_lazy("Correo enviado desde otro programa"),
}
CAN: dict[str, str | Promise] = {
    "reply": gettext_lazy("responder en público"),
    "dm": gettext_lazy("escribir en privado"),
    "private_reply": gettext_lazy("responder en privado a un comentario"),
    "hide": gettext_lazy("ocultar comentarios"),
    "follow": gettext_lazy("seguir a clientes"),
    "long_posts": gettext_lazy("textos de más de 280"),
    "human_agent": gettext_lazy("escribir hasta 7 días después en Messenger"),
}


def account_panel(health: Health, now: datetime) -> dict[str, Any]:
    """Everything the panel of one account shows."""
    account = health.account
    network = Network(account.network).label
    sentence = STATES.get(account.state)
    if account.state == AccountState.NEEDS_REAUTH:
        sentence = REASONS.get(account.state_reason, sentence)
    if account.network == Network.EMAIL and account.state == AccountState.NEEDS_REAUTH:
        sentence = PASSWORD_REFUSED
    return {
        "health": health,
        "account": account,
        "network": network,
        "state_label": AccountState(account.state).label,
        "sentence": str(sentence) % {"network": network} if sentence else "",
        # Where a sentence says why, the code says nothing more.
        "code": "" if account.state_reason in REASONS else account.state_reason,
        "flood": _flood(account, now),
        "pause": _pause(account.paused_until, network, now),
        "gaps": [_gap(cursor, now) for cursor in health.gaps],
        "heard": _heard(account.last_event_at, now),
        "polled": _polled(health, now),
        "push": _push(account.capabilities.get("push")),
        "token": _token(health, now),
        "outbox": outbox_words(health.outbox),
        "money": _money(health),
        "spends": [
            (USES.get(kind, kind), many(count), dollars(micros))
            for kind, (count, micros) in health.spends.items()
        ],
        "tight": _tight(health.tightest, now) if health.tightest else "",
        "limits": [(LIMITS.get(one.endpoint, one.endpoint), one) for one in health.limits],
        "can": [str(words) for key, words in CAN.items() if account.capabilities.get(key)],
        "cannot": [str(words) for key, words in CAN.items() if account.capabilities.get(key) is False],
    }


def _flood(account: SocialAccount, now: datetime) -> str:
    """Far too much from one sender at once: for a day it is said where the account is looked at."""
    if account.flooded_at is None or account.flooded_at < now - timedelta(days=1):
        return ""
    return _(
        "Avalancha: %(sender)s escribió más de lo que escribe una persona (lo último, %(when)s). Todo se guardó en "
        "un solo hilo y nada de eso abre casos; los demás correos entran como siempre."
    ) % {"sender": account.flooded_by, "when": local_words(account.flooded_at, now=now)}


def _pause(until: datetime | None, network: str, now: datetime) -> str:
    if until is None or until <= now:
        return ""
    said = _("%(network)s pidió esperar hasta las %(hour)s: las respuestas salen después.")
    return said % {"network": network, "hour": hour_words(until)}


def _gap(cursor: PollCursor, now: datetime) -> str:
    since = local_words(cursor.gap_since, now=now) if cursor.gap_since else ""
    stream = STREAMS.get(cursor.stream, cursor.stream)
    return _("Desde %(since)s puede faltar algo de %(stream)s.") % {"stream": stream, "since": since}


def _heard(at: datetime | None, now: datetime) -> str:
    return _since(at, now) if at else _("todavía nada")


def _polled(health: Health, now: datetime) -> str:
    if health.is_disconnected or not health.cursors:
        return _("no se lee")
    return _since(health.polled_at, now) if health.polled_at else _("todavía no")


def _since(at: datetime, now: datetime) -> str:
    words = ago_words(at, now)
    return words if words == _("ahora") else _("hace %s") % words


def _push(is_pushed: bool | None) -> str:
    if is_pushed is None:
        return ""
    return _("avisa al instante") if is_pushed else _("no avisa al instante: solo se lee por turnos")


def _token(health: Health, now: datetime) -> str:
    account = health.account
    if health.is_disconnected:
        return _("borrado")
    if account.state == AccountState.NEEDS_REAUTH:
        return _("ya no sirve")
    if account.token_expires_at is None:
        return _("no vence")
    if account.token_expires_at <= now:
        return _("se renueva en el próximo uso")
    return _("se renueva solo; el actual vence %s") % local_words(account.token_expires_at, now=now)


def outbox_words(states: dict[str, int]) -> list[tuple[str, str]]:
    """What has not left, with how it is drawn; empty when nothing waits."""
    queued = states.get("queued", 0) + states.get("retrying", 0) + states.get("sending", 0)
    waiting, held = states.get("awaiting_approval", 0), states.get("held", 0)
    unknown, failed = states.get("unknown", 0), states.get("failed", 0)
    said = [
        (queued, "", ngettext("%s en cola", "%s en cola", queued)),
        (waiting, "", ngettext("%s espera aprobación", "%s esperan aprobación", waiting)),
        (held, "warn", ngettext("%s retenida", "%s retenidas", held)),
        (unknown, "warn", ngettext("%s no sabemos si salió", "%s no sabemos si salieron", unknown)),
        (failed, "warn", ngettext("%s no salió", "%s no salieron", failed)),
    ]
    return [(words % count, look) for count, look, words in said if count]


def _money(health: Health) -> str:
    count = sum(uses for uses, _micros in health.spends.values())
    if not count:
        return _("nada este mes")
    return ngettext("%(money)s · %(count)s uso", "%(money)s · %(count)s usos", count) % {
        "money": dollars(health.micros),
        "count": many(count),
    }


def many(count: int) -> str:
    """A number in people's groups of three, from five figures on."""
    return number_format(count, force_grouping=count >= 10_000)


def dollars(micros: int) -> str:
    """«US$ 1,23»: millionths of a dollar, to the cent; less than one is said so."""
    if 0 < micros < 10_000:
        return f"< US${NBSP}{number_format(0.01, 2)}"
    return f"US${NBSP}{number_format(micros / 1_000_000, 2)}"


def _tight(limit: RateLimit, now: datetime) -> str:
    name = LIMITS.get(limit.endpoint, limit.endpoint)
    said = _("quedan %(left)s de %(limit)s para %(what)s") % {
        "left": limit.remaining,
        "limit": limit.limit,
        "what": name,
    }
    if limit.reset_at:
        said += ", " + _("hasta las %s") % hour_words(limit.reset_at)
    return said


def entry_words(kind: str) -> str:
    """What an entry is; one of a kind without a name of its own says its network."""
    network = {"x": "X", "fb": "Facebook", "mail": _("correo")}.get(kind.partition(".")[0], kind)
    return str(ENTRIES.get(kind) or _("Otra cosa de %(network)s") % {"network": network})
