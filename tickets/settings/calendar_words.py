"""Sentences of the calendar's page: what is wrong and how to put it right, what saving would do, what is being done."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from helpdesk.ui.dates import NBSP
from protocols.calendars.draft import Mistake
from protocols.rules.zones import city_of
from tickets.clocks.models import ClockRecount
from tickets.settings.queries.calendars import Impact

SENTENCES = {
    "no_name": gettext_noop("Póngale un nombre al horario, para reconocerlo cuando haya varios."),
    "no_zone": gettext_noop("No conocemos la zona horaria «%(said)s»: elija una de la lista."),
    "no_time": gettext_noop("«%(said)s» no es una hora. Escríbala como 08:00, 8 o 2:30 p. m."),
    "inverted": gettext_noop(
        "%(said)s termina antes de empezar. Si cierra después de medianoche, ponga hasta las 24:00 y el resto en el "
        "día siguiente."
    ),
    "overlap": gettext_noop("Dos tramos se cruzan: %(said)s. Acorte uno o déjelos en uno solo."),
    "many_stretches": gettext_noop("Un día tiene a lo sumo %(said)s tramos: una los que se tocan."),
    "many_rows": gettext_noop("Caben %(said)s festivos, cierres y aperturas: quite los que ya pasaron."),
    "no_day": gettext_noop("Falta la fecha de «%(said)s», o no existe."),
    "twice": gettext_noop("El %(said)s está dos veces: quite una de las dos filas."),
    "never_opens": gettext_noop(
        "Este horario no abre nunca, o solo unos días sueltos: ningún caso podría cumplirse. Ponga al menos un tramo "
        "semanal, o 24/7."
    ),
}


def mistake_words(mistake: Mistake) -> str:
    """What is wrong and how to put it right."""
    said = mistake.said
    if mistake.code == "twice":
        day = date.fromisoformat(said)
        said = f"{day.day}/{day.month}/{day.year}"
    words = _(SENTENCES[mistake.code]) % {"said": said}
    if mistake.place.startswith("day-"):
        return f"{str(WEEKDAYS[int(mistake.place[4:])]).capitalize()}: {words}"
    return words


def impact_words(impact: Impact) -> tuple[str, str]:
    """What saving does to the clocks that run: the fact, and what follows from it."""
    if not impact.moved:
        if impact.is_more:
            return _("Si guarda, se revisan más de %(n)s casos abiertos.") % {"n": impact.seen}, ""
        return _("Si guarda, ningún reloj abierto se mueve."), ""
    number = _("más de %(n)s") % {"n": impact.moved} if impact.is_more else str(impact.moved)
    fact = ngettext(
        "Si guarda, %(n)s reloj abierto se mueve.",
        "Si guarda, %(n)s relojes abiertos se mueven.",
        impact.moved,
    ) % {"n": number}
    parts = []
    if impact.late:
        parts.append(
            ngettext("%(n)s queda vencido", "%(n)s quedan vencidos", impact.late) % {"n": impact.late}
        )
    if impact.soon:
        parts.append(
            ngettext("%(n)s pasa a «por vencer»", "%(n)s pasan a «por vencer»", impact.soon)
            % {"n": impact.soon}
        )
    if impact.healed:
        parts.append(
            ngettext("%(n)s deja de estar vencido", "%(n)s dejan de estar vencidos", impact.healed)
            % {"n": impact.healed}
        )
    return fact, (", ".join(parts) + "." if parts else _("Ninguno queda vencido por eso."))


def recount_words(recount: ClockRecount) -> str:
    """How far it is, or what it did."""
    if recount.finished_at is None:
        return _("Revisando los casos abiertos: %(seen)s de %(total)s, %(moved)s relojes con otra hora.") % {
            "seen": recount.seen,
            "total": "…" if recount.total is None else recount.total,
            "moved": recount.moved,
        }
    moved = ngettext("%(n)s reloj cambió de hora", "%(n)s relojes cambiaron de hora", recount.moved)
    return _("Casos abiertos revisados: %(seen)s; %(moved)s.") % {
        "seen": recount.seen,
        "moved": moved % {"n": recount.moved},
    }


def zone_words(name: str, now: datetime) -> str:
    """«Bogotá (UTC−5)»."""
    offset = now.astimezone(ZoneInfo(name)).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    sign, (hours, rest) = ("−" if minutes < 0 else "+"), divmod(abs(minutes), 60)
    return f"{city_of(name)} (UTC{sign}{hours}{f':{rest:02d}' if rest else ''})".replace(" ", NBSP)
