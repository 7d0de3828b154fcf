"""What every figure means, said where it is shown. The statement that counts it is ``domain/raw.py``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

# Which rows are behind a figure (``queries/behind.py``).
BEHIND = {
    "messages": "message", "reiterations": "again", "noise_share": "", "opened": "opened", "reopened": "reopened",
    "transfers": "transfer", "broken": "broken", "renegotiated": "renegotiated", "promises_kept": "broken",
    "legal_within": "legal_late", "csat": "scored", "csat_answers": "asked", "cost": "", "cost_per_case": "opened",
    "first_within": "first_response_late", "next_within": "next_response_late", "solved_within": "resolution_late",
} | {
    f"{what}_{part}": clock
    for what, clock in (("first", "first_response"), ("next", "next_response"), ("solved", "resolution"))
    for part in ("median", "p90", "wall_median", "wall_p90")
}  # fmt: skip

_BUSINESS = _(
    "Tiempo hábil: el que estuvo abierto el horario de la cuenta, sin las esperas por el cliente. Donde el plazo corre "
    "24 horas, todas cuentan."
)
_WALL = _("Tiempo real: lo que esperó la persona, de noche y en festivo también.")
_ERROR = _(
    "Las medianas y los p90 se leen de grupos de duraciones parecidas: distan menos del 5 % del valor exacto; por debajo "
    "de un minuto solo se sabe eso."
)
_MEDIAN, _P90 = _("La mitad tardó esto o menos."), _("Nueve de cada diez tardaron esto o menos.")
_FIRST = _(
    "De la primera palabra del cliente a nuestra primera respuesta enviada. Los avisos automáticos no cuentan; las "
    "respuestas dadas fuera de aquí, sí. Se anota en el día en que se respondió, a quien respondió."
)
_NEXT = _(
    "De cada pregunta del cliente en un caso ya respondido a la respuesta que la atendió. Se anota en el día en que se "
    "respondió, a quien respondió."
)
_SOLVED = _(
    "De la apertura, o la última reapertura, a la solución. Se anota en el día en que se resolvió, a quien tiene el caso."
)
_WITHIN = _(
    "De las que se cumplieron o vencieron: las cumplidas a tiempo, en el día en que se cumplieron; las vencidas, en el "
    "día en que vencieron, se respondieran después o no. El plazo es el que cada caso tenía."
)


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure's name and what it means, in sentences."""

    code: str
    title: Any
    says: tuple[Any, ...]

    @property
    def behind(self) -> str:
        return BEHIND[self.code]


def _times(code: str, what: Any, titles: tuple[Any, ...]) -> list[Definition]:
    parts = ("median", "p90", "wall_median", "wall_p90", "within")
    says = ((_MEDIAN, _BUSINESS, _ERROR), (_P90, _BUSINESS, _ERROR), (_MEDIAN, _WALL, _ERROR), (_P90, _WALL, _ERROR),
            (_WITHIN,))  # fmt: skip
    return [
        Definition(f"{code}_{part}", title, (what, *more))
        for part, title, more in zip(parts, titles, says, strict=True)
    ]


@cache
def definitions() -> dict[str, Definition]:
    """All of them, in the order in which they are read."""
    found = [
        Definition("messages", _("Mensajes de clientes"), (
            _("Todo lo que escribieron los clientes, por la hora de la red, también lo que no requería atención."),)),
        Definition("noise_share", _("No requiere atención"), (
            _("De los mensajes, los que el primer filtro o un colega apartó sin abrir caso. Sus palabras están en «No requiere atención»."),)),
        Definition("opened", _("Casos nuevos"), (
            _("Casos por el día de su primera palabra. Los que se unieron a otro no cuentan."),)),
        *_times("first", _FIRST, (
            _("Primera respuesta, mediana"), _("Primera respuesta, p90"), _("Primera respuesta, mediana real"),
            _("Primera respuesta, p90 real"), _("Primera respuesta a tiempo"))),
        *_times("next", _NEXT, (
            _("Siguiente respuesta, mediana"), _("Siguiente respuesta, p90"), _("Siguiente respuesta, mediana real"),
            _("Siguiente respuesta, p90 real"), _("Siguiente respuesta a tiempo"))),
        *_times("solved", _SOLVED, (
            _("Solución, mediana"), _("Solución, p90"), _("Solución, mediana real"), _("Solución, p90 real"),
            _("Solución a tiempo"))),
        Definition("promises_kept", _("Compromisos cumplidos"), (
            _("De las fechas dichas a clientes que se cumplieron o se incumplieron en el periodo, las cumplidas. Los "
              "renegociados a tiempo se cuentan aparte. El área es la que se consultó con esa fecha; sin ella, la última del caso."),)),
        Definition("renegotiated", _("Compromisos renegociados"), (
            _("El cliente supo de otra fecha antes de que venciera la primera."),)),
        Definition("broken", _("Compromisos incumplidos"), (
            _("La fecha llegó sin respuesta ni aviso previo. Un incumplido lo es para siempre."),)),
        Definition("legal_within", _("Términos legales cumplidos"), (
            _("De los términos de ley que terminaron: con respuesta de fondo notificada a tiempo, frente a los vencidos, en el día en que vencieron."),)),
        Definition("reopened", _("Reaperturas"), (
            _("Veces que un caso resuelto volvió a abrirse, por el cliente o por un asesor, en el día en que ocurrió."),)),
        Definition("reiterations", _("Reiteraciones"), (
            _("Mensajes que insisten sobre un caso que ya existe, según el primer filtro («ya les escribí», «¿y mi caso?»). Los agradecimientos no cuentan."),)),
        Definition("transfers", _("Traslados"), (
            _("Veces que un caso pasó de un colega a otro. Tomar un caso libre no es un traslado."),)),
        Definition("csat", _("Satisfacción (CSAT)"), (
            _("De quienes calificaron en el contacto posterior, los que dieron 4 o 5 de 5. Con menos de diez respuestas no hay cifra."),)),
        Definition("csat_answers", _("Responden el contacto posterior"), (
            _("Calificaciones recibidas en el periodo frente a preguntas enviadas en el periodo."),)),
        Definition("cost", _("Costo de las redes"), (
            _("Lo que las redes cobran por leer y escribir, en dólares, por día UTC como lo facturan. Solo se sabe por cuenta."),)),
        Definition("cost_per_case", _("Costo de las redes por caso nuevo"), (
            _("El costo de las redes dividido por los casos nuevos del mismo periodo. No incluye salarios."),)),
    ]  # fmt: skip
    return {one.code: one for one in found}


# What holds for all of them.
RULES = (
    _("Los días son los de la zona horaria de la empresa; el día del cambio de hora tiene 23 o 25."),
    _("Un caso cuenta con el tipo, el motivo, la prioridad y el asesor que tiene hoy. El motivo que se fusionó cuenta "
      "como el nuevo; el área es la última que se consultó."),
    _("Los casos reservados cuentan en las cifras y no aparecen en las listas de quien no fue nombrado en ellos."),
    _("Un mes se cierra al terminar el día 1 del siguiente. Desde entonces sus cifras no cambian; lo que llegue después "
      "se ve aparte, como ajuste."),
    _("Se cuentan de nuevo cada minuto los días en que algo cambió."),
    _("«Antes» son tantos días como el periodo, justo antes; de un mes entero, el mes anterior; hasta una semana, los "
      "mismos días de la semana pasada."),
)  # fmt: skip
