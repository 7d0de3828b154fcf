"""The column "Un mal día": switches, the day that plays by itself, what went over the wire."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from channels_social.sandbox.world import World

# Switch, fault, words, what it does, and what turning it on sends.
# Characters of a status and a path together, so that the milliseconds stay in sight.
WIDE = 35
Switch = tuple[str, str, str, dict[str, Any]]
ARRIVES: tuple[Switch, ...] = (
    ("duplicate_webhooks", "Duplicar avisos", "cada aviso llega dos veces", {}),
    ("reorder_webhooks", "Desordenar", "hasta 40 s de diferencia", {"seconds": 40}),
    ("lose_webhooks", "Perder avisos", "uno de cada diez; los halla el sondeo", {"fraction": 0.1}),
)
LEAVES: tuple[Switch, ...] = (
    ("lost_response", "Perder la respuesta", "se publica, pero no lo sabemos", {}),
    ("rate_limited", "Límite agotado", "429 durante 15 minutos", {"for_s": 900, "seconds": 900}),
    ("revoked", "Permiso revocado", "401 desde la próxima llamada", {}),
    ("server_error", "Red caída", "503 durante un minuto", {"for_s": 60, "body": "html"}),
)
RARER: tuple[Switch, ...] = (
    ("delay_webhooks", "Retrasar avisos", "todos llegan 10 s tarde", {"seconds": 10}),
    ("webhooks_off", "Sin avisos", "no llega ninguno", {}),
    ("read_lag", "Lectura atrasada", "lo nuevo tarda 10 s en verse", {"seconds": 10}),
    ("lost_request", "Cortar la llamada", "no se publica, y no lo sabemos", {}),
    ("credits_exhausted", "Sin saldo", "429 sin hora de regreso", {}),
    ("slow", "Contestar lento", "3 s por llamada", {"seconds": 3}),
    ("own_post_replies_refused", "No deja responder", "403 si no nos mencionan de nuevo", {}),
    ("dm_refused", "Rechaza privados", "403 a quien no los recibe", {}),
)


def switches(world: World) -> dict[str, list[str]]:
    """Which switches are on, and for which networks."""
    shown = world.faults.shown()
    on: dict[str, list[str]] = {}
    for network, all_of_it in shown.items():
        for name, value in all_of_it.items():
            if value is not None:
                on.setdefault(name, []).append(network)
    return on


def group(items: tuple[Switch, ...]) -> str:
    """Switches as markup; the script turns them."""
    return "".join(
        f'<div class="fault"><label for="k-{name}">{escape(label)}</label>'
        f'<input class="switch" type="checkbox" role="switch" id="k-{name}" data-fault="{name}" '
        f"data-value='{escape(json.dumps(value))}' aria-describedby=\"d-{name}\">"
        f'<small id="d-{name}">{escape(told)}</small></div>'
        for name, label, told, value in items
    )


def wire_lines(world: World, most: int = 14) -> str:
    """The last exchanges, newest first, in columns."""
    lines = []
    for entry in world.wire.last(most):
        status, ms = str(entry["status"]), entry["ms"]
        good = status.startswith("2")
        spent = f"{ms / 1000:.1f}".replace(".", ",") + " s" if ms >= 1000 else f"{ms:.0f} ms"
        mark = "b" if good else "i"
        path = entry["line"].split("?")[0]
        room = WIDE - len(status)
        path = path if len(path) <= room else path[: room - 1] + "…"
        lines.append(f"<{mark}>{escape(status)}</{mark}> {escape(path.ljust(room))}{spent:>7}")
    return "\n".join(lines) or "Todavía nada."
