"""What happens to the tree, in sentences an admin understands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from protocols.typification.rules.checks import Wrong
from protocols.typification.rules.tree import MOST_MOTIVES
from tickets.cases.domain.queries.typified import Use

STEPS: dict[str, str | Promise] = {
    "add": gettext_lazy("%(who)s agregó «%(name)s»"),
    "change": gettext_lazy("%(who)s cambió «%(name)s»"),
    "rename": gettext_lazy("%(who)s cambió el nombre «%(former)s» por «%(name)s»"),
    "move": gettext_lazy("%(who)s movió «%(name)s»"),
    "retire": gettext_lazy("%(who)s retiró «%(name)s»"),
    "restore": gettext_lazy("%(who)s volvió a poner «%(name)s»"),
    "merge": gettext_lazy("%(who)s fusionó «%(name)s» con «%(into)s»"),
}
REFUSED: dict[str, str | Promise] = {
    "gone": gettext_lazy("«%s» ya no está en el borrador: mire cómo quedó y vuelva a intentarlo."),
    "no_name": gettext_lazy("Escriba cómo se llama."),
    "long_name": gettext_lazy("El nombre tiene más de %s letras."),
    "same_name": gettext_lazy("Ya hay otro «%s» en esa lista."),
    "two_levels": gettext_lazy("«%s» no cabe ahí: el árbol tiene dos niveles, categoría y motivo."),
    "has_motives": gettext_lazy("«%s» todavía tiene motivos: muévalos, fusiónelos o retírelos primero."),
    "not_mergeable": gettext_lazy("«%s» solo se fusiona con otro de su misma lista."),
    "too_many_motives": gettext_lazy("Ya hay %s motivos, que es lo más: retire o fusione uno."),
}
WRONGS: dict[str, str | Promise] = {
    "nothing": gettext_lazy("No hay cambios por publicar."),
    "no_motive": gettext_lazy("No queda ningún motivo."),
    "no_result": gettext_lazy("No queda ningún resultado."),
    "empty_category": gettext_lazy("La categoría «%s» no tiene motivos: agréguele uno o retírela."),
    "same_name": gettext_lazy("«%s» está dos veces en la misma lista."),
}


def step_sentence(step: Mapping[str, Any], people: Mapping[int, str]) -> str:
    """What somebody did."""
    op = {"up": "move", "down": "move"}.get(step["op"], step["op"])
    if op == "change" and step.get("former") and step["former"] != step["name"]:
        op = "rename"
    who = people.get(step["by"], "?")
    return str(STEPS[op]) % {
        "who": who,
        "into": "",
        "former": "",
        **{k: step[k] for k in step if k in FIELDS},
    }


FIELDS = ("name", "former", "into")


def refused_sentence(code: str, detail: str) -> str:
    """Why a step was not taken."""
    words = str(REFUSED.get(code, _("Eso no se puede hacer con este árbol.")))
    return words % detail if "%s" in words else words


def wrong_sentence(wrong: Wrong) -> str:
    """What keeps the tree from being published."""
    if wrong.code == "too_many_motives":
        return _("Hay %(n)s motivos y caben %(most)s: retire o fusione algunos.") % {
            "n": wrong.detail,
            "most": MOST_MOTIVES,
        }
    words = str(WRONGS[wrong.code])
    return words % wrong.detail if "%s" in words else words


def others_sentence(use: Use) -> str:
    """«Otros» is used too much; empty while it is not."""
    if not use.too_many_others:
        return ""
    said = _(
        "«Otros» va en %(share)s %% de los casos de los últimos 30 días (%(n)s de %(total)s); lo más es 5 %%."
    )
    share = f"{100 * use.share:.1f}".replace(".", ",")
    return said % {"share": share, "n": use.others, "total": use.total}


def used_sentence(n: int) -> str:
    """How much a name is used, before it is retired or merged."""
    if n == 0:
        return _("Ningún caso de los últimos 30 días lo usa.")
    return ngettext(
        "%(n)s caso de los últimos 30 días lo usa.", "%(n)s casos de los últimos 30 días lo usan.", n
    ) % {"n": n}
