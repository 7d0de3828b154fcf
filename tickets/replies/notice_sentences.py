"""The courtesy notice out of hours: that it came, when somebody reads it. In the voice of the account; no promise."""

from __future__ import annotations

from datetime import datetime

from protocols.rules.calendar import WeekHours
from protocols.rules.published import opening_words, week_words
from tickets.replies.filing_sentences import first_name

_WORDS = {
    "usted": "{hello}recibimos su mensaje. Atendemos {hours}; lo leemos {opening}.{phone}",
    "tu": "{hello}recibimos tu mensaje. Atendemos {hours}; lo leemos {opening}.{phone}",
    "vos": "{hello}recibimos tu mensaje. Atendemos {hours}; lo leemos {opening}.{phone}",
}


def closed_sentence(
    voice: str, hours: WeekHours, *, opens_at: datetime, now: datetime, name: str = "", phone: str = ""
) -> str:
    """The words of the notice. ``name`` may be anything a profile says; only a first name is used."""
    called = first_name(name)
    return _WORDS[voice if voice in _WORDS else "usted"].format(
        hello=f"Hola, {called}: " if called else "Hola: ",
        hours=week_words(hours),
        opening=opening_words(opens_at, hours, now=now),
        phone=f" Si es urgente: {phone}." if phone else "",
    )
