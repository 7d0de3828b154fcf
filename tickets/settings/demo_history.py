"""What happened yesterday in the demo: said on the sandbox's networks, so that both windows tell the same story.

The product learns it like everything else: its pollers read it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import requests
from django.conf import settings

logger = logging.getLogger(__name__)
TIMEOUT = 5


@dataclass(frozen=True, slots=True)
class Said:
    """One thing a customer said ``hours`` ago, and what the company answered by its own app, if it did."""

    slug: str
    place: str
    who: str
    hours: float
    text: str
    answer: str = ""


X, DM, PAGE, CHAT = "x", "dm", "page", "chat"
HISTORY = (
    Said("frailejon", X, "olgatamayo_", 20, "@FrailejonAyuda ya me llegó el certificado, mil gracias por la rapidez",
         "¡Gracias a usted, Olga! Se lo contamos a Luisa, que lo sacó en una mañana. ^PM"),
    Said("frailejon", X, "wilmerbarrios", 19, "@FrailejonAyuda llevo desde el martes sin entrar a la app, ¿es en serio?"),
    Said("frailejon", X, "caro_quintero", 17, "@FrailejonAyuda ¿cómo activo las compras por internet? No encuentro la opción 🤔",
         "Carolina, en Tarjetas → Ajustes → Compras en línea. Si no aparece, escríbanos por aquí. ^LO"),
    Said("frailejon", PAGE, "Natalia Bernal", 15, "Pedí que no me llamen más a ofrecer tarjetas y siguen llamando"),
    Said("frailejon", CHAT, "Jhon Fredy Cárdenas", 12, "Buenas noches, me cobraron un seguro que nunca pedí"),
    Said("frailejon", X, "sebasgil_", 9, "@FrailejonAyuda el cajero de la 72 no me entregó la plata y sí me la descontó"),
    Said("frailejon", DM, "caro_quintero", 6, "Hola, ¿me ayudan a desbloquear la clave dinámica?",
         "Claro que sí, Carolina: se la reenviamos a su celular registrado. ^LO"),
    Said("frailejon", X, "elmonitodelvalle", 4, "@FrailejonAyuda jajaja banco de juguete, ni mi alcancía falla tanto"),
    Said("frailejon", PAGE, "Diana Marcela Rojas", 2, "Quedaron de llamarme ayer por el doble cobro y nada. Así no se puede."),
    Said("alisios", X, "begonaruiz", 18, "@AlisiosAyuda vuelo cancelado en Gran Canaria y nadie en el mostrador. ¿Qué hago?",
         "Begoña, te hemos pasado al de las 7:40. Tienes el bono de comida en la app. ^NV"),
    Said("alisios", X, "pablo_otero", 14, "@AlisiosAyuda mi maleta lleva dos días en algún sitio, PIR LPAAL12345"),
    Said("alisios", X, "aitanamoll", 8, "@AlisiosAyuda ¿mi gata puede ir en cabina? Pesa 5 kilos 🐈"),
    Said("alisios", X, "jmgallego58", 3, "@AlisiosAyuda según el reglamento 261 me corresponden 250 euros. Espero respuesta."),
)  # fmt: skip


def tell_history(now: datetime) -> int:
    """Say yesterday's things, once; how many. The sandbox away: none, and no harm."""
    try:
        if _call("GET", "/posts?source=customer", {})["posts"]:
            return 0
        for said in HISTORY:
            _say(said, now - timedelta(hours=said.hours))
    except requests.RequestException as error:
        logger.warning("the sandbox did not take the history: %s", type(error).__name__)
        return 0
    return len(HISTORY)


def _say(said: Said, at: datetime) -> None:
    quiet = {"notify": False, "created_at": at.isoformat()}
    later = {"notify": False, "created_at": (at + timedelta(minutes=14)).isoformat()}
    if said.place == X:
        post = _call("POST", "/x/posts", quiet | {"as": said.who, "text": said.text})
        if said.answer:
            _call("POST", "/x/posts", later | {"as": said.slug, "text": said.answer, "reply_to": post["id"]})
    elif said.place == DM:
        _call("POST", "/x/dms", quiet | {"as": said.who, "to": said.slug, "text": said.text})
        if said.answer:
            _call("POST", "/x/dms", later | {"as": said.slug, "to": said.who, "text": said.answer})
    elif said.place == PAGE:
        _call("POST", "/facebook/comments", quiet | {"as": said.who, "page": said.slug, "message": said.text})
    else:
        _call("POST", "/facebook/messages", quiet | {"as": said.who, "page": said.slug, "text": said.text})


def _call(method: str, path: str, body: dict[str, object]) -> Any:
    answer = requests.request(method, f"{settings.SANDBOX_URL}/control{path}", json=body, timeout=TIMEOUT)
    answer.raise_for_status()
    return answer.json()
