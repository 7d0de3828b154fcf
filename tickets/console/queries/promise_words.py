"""What became of promised dates, as lines of a case's story."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from helpdesk.ui.dates import date_words, hour_words

PROMISE_EVENTS = {
    "commitment.made": gettext_noop("%(who)s comprometió una fecha: %(when)s"),
    "commitment.kept": gettext_noop("%(who)s cumplió un compromiso"),
    "commitment.broken": gettext_noop("Se incumplió un compromiso"),
    "commitment.made_good": gettext_noop("%(who)s cumplió tarde un compromiso"),
    "commitment.renegotiated": gettext_noop(
        "Un compromiso se renegoció: el cliente lo supo antes de que venciera"
    ),
    "commitment.withdrawn": gettext_noop("Un compromiso no llegó al cliente: la respuesta no salió"),
    "commitment.moved": gettext_noop("Un compromiso pasó a otra persona: quien lo tenía no está"),
}


def promise_event(action: str, author: str, facts: dict[str, Any]) -> SafeString:
    """The sentence of one of these events."""
    due = facts.get("due_at", "")
    at = datetime.fromisoformat(due) if due else None
    when = f"{date_words(at)}, {hour_words(at)}" if at else ""
    words = escape(_(PROMISE_EVENTS[action]))
    return SafeString(words % {"who": escape(author or _("El sistema")), "when": escape(when)})
