"""Small signs: what a case is, how far it has come, what became of an answer."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.ui.icons import icon
from helpdesk.ui.text import escaped

# The state of a case → the dot of components.css, whose fill says how far it has come.
STATES = {
    "new": "new",
    "open": "open",
    "waiting_customer": "waiting",
    "waiting_area": "area",
    "resolved": "done",
    "closed": "closed",
    "no_motive": "noise",
    "joined": "closed",
}

# The nine states of an outbound action → how its receipt is drawn: (icon, look); and what is seen after.
RECEIPTS = {
    "awaiting_approval": ("eye", ""),
    "queued": ("clock", ""),
    "held": ("pause", ""),
    "sending": ("", ""),
    "sent": ("check", "sent"),
    "retrying": ("refresh", ""),
    "failed": ("close", "failed"),
    "unknown": ("help", "unknown"),
    "cancelled": ("undo", ""),
    "seen": ("checks", "sent"),
}
# On screen, with what a tooltip explains.
_WORDS = {
    "new": (gettext_lazy("Nuevo"), ""),
    "open": (gettext_lazy("Abierto"), ""),
    "waiting_customer": (gettext_lazy("Pendiente del cliente"), ""),
    "waiting_area": (gettext_lazy("En otra área"), ""),
    "resolved": (gettext_lazy("Resuelto"), gettext_lazy("Ya dimos la respuesta de fondo")),
    "closed": (gettext_lazy("Cerrado"), gettext_lazy("Pasó el plazo para reabrirlo")),
    "no_motive": (gettext_lazy("Sin motivo de atención"), ""),
    "joined": (gettext_lazy("Unido a otro caso"), gettext_lazy("Otro caso responde por este")),
}
LOOKS = ("", "alta", "warn", "ok", "info", "private", "note", "promise", "line")
_TYPING = '<span class="typing" aria-hidden="true"><i></i><i></i><i></i></span>'


def state_tag(state: str, label: str = "") -> SafeString:
    """The state of a case: dot and word. Raises ``ValueError`` for a state that is not ours."""
    if state not in STATES:
        raise ValueError(f"a case is one of {tuple(STATES)}, not {state!r}")
    words, why = _WORDS[state]
    title = f' title="{escaped(why)}"' if why else ""
    return SafeString(f'<span class="state state-{STATES[state]}"{title}>{escaped(label or words)}</span>')


def tag(label: str, look: str = "", title: str = "", icon_name: str = "") -> SafeString:
    """A word in a small box. Raises ``ValueError`` for a look that is not ours."""
    if look not in LOOKS:
        raise ValueError(f"a tag looks like one of {LOOKS}, not {look!r}")
    shape = f" tag-{look}" if look else ""
    hint = f' title="{escaped(title)}"' if title else ""
    drawing = icon(icon_name, 12) if icon_name else ""
    return SafeString(f'<span class="tag{shape}"{hint}>{drawing}{escaped(label)}</span>')


def kind_tag(label: str, suggested: str = "") -> SafeString:
    """The kind of a case; when a person corrected what was suggested, the tooltip keeps both."""
    if not label:
        return tag(_("sin clasificar"), "line")
    title = _("Sugerido: %(kind)s") % {"kind": suggested} if suggested and suggested != label else ""
    return tag(label, title=title)


def priority_tag(priority: str, label: str = "", why: str = "") -> SafeString:
    """High and critical wear black; the rest is quiet and is not written at all."""
    if priority not in ("critical", "high"):
        return SafeString("")
    return tag(label or (_("crítica") if priority == "critical" else _("alta")), "alta", why)


def receipt(state: str, label: str, failure: str = "") -> SafeString:
    """What became of an answer, with the reason when it did not go out.

    Raises ``ValueError`` for a state that is not one of the outbox.
    """
    if state not in RECEIPTS:
        raise ValueError(f"an answer is one of {tuple(RECEIPTS)}, not {state!r}")
    drawn, look = RECEIPTS[state]
    shape = f" receipt-{look}" if look else ""
    drawing = icon(drawn, 14) if drawn else _TYPING
    reason = f": {escaped(failure)}" if failure else ""
    return SafeString(f'<span class="receipt{shape}">{drawing}<span>{escaped(label)}{reason}</span></span>')
