"""Lines of the audit about radicados, references, joins and splits, as sentences of the story."""

from __future__ import annotations

from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tickets.cases.filings import System

FILE_WORDS = {
    "ticket.filed": gettext_noop("%(who)s radicó el caso: %(radicado)s"),
    "ticket.joined": gettext_noop("%(who)s unió otro caso a este"),
    "ticket.join_undone": gettext_noop("%(who)s deshizo la unión"),
    "ticket.split": gettext_noop("%(who)s separó mensajes en otro caso"),
    "ticket.split_undone": gettext_noop("%(who)s deshizo la separación"),
    "thread.rehung": gettext_noop("Se supo de qué conversación es: lo que se dijo aparte quedó con ella"),
    "term.desisted": gettext_noop(
        "Archivado por desistimiento: la petición no se completó en un mes, y se le dijo al cliente"
    ),
    "reference.added": gettext_noop("%(who)s añadió %(system)s %(number)s"),
    "reference.removed": gettext_noop("%(who)s quitó %(system)s %(number)s"),
}
BY_ITSELF = {
    "same_day": gettext_noop("Nadie respondió el mismo día hábil: el caso quedó radicado, %(radicado)s"),
}
# Nobody could be told by any private channel of theirs: a colleague still has to.
UNTOLD = gettext_noop(
    "Archivado por desistimiento: la petición no se completó en un mes. No hubo canal privado por donde decírselo al "
    "cliente: hay que notificarle por otro medio"
)


def told_of_file(action: str, author: str, facts: dict[str, Any]) -> SafeString:
    """One line; the reason that was given stands behind it."""
    words = BY_ITSELF.get(facts.get("cause", ""), FILE_WORDS[action]) if not author else FILE_WORDS[action]
    if action == "term.desisted" and not facts.get("message"):
        words = UNTOLD
    system = facts.get("system", "")
    known = {
        "who": author or _("El sistema"),
        "radicado": facts.get("radicado", ""),
        "system": str(System(system).label) if system in System.values else "",
        "number": facts.get("number", ""),
    }
    reason = f": {facts['reason']}" if facts.get("reason") else ""
    return SafeString(escape(_(words) % known + reason))
