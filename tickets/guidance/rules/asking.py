"""Whether an answer asks the customer for personal data, or for a secret nobody may ask for. Pure, linear.

What says where *not* to send data, or that we never ask for it, asks for nothing; what asks to write it in private is
the right way to ask in public.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpdesk.text import fold


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, in the words of the text; whether it is a secret, and whether in private."""

    words: str
    is_secret: bool = False
    in_private: bool = False


# To send, tell, confirm …: in usted, tú, vos, ustedes and infinitive, said to the customer.
_STEMS = (
    "envi|mand|remit|indiqu|indic|confirm|compart|facilit|proporcion|suministr|inform|regal|dej|pas|escrib|cuent|cont|"
    "detall|adjunt|brind|d[ei]g|d[ei]|muestr|ten|record|actualic|valid"
)
_ASKED = re.compile(
    rf"\b(?:(?:{_STEMS})(?:[aei]|en|an|in|ar|er|ir|ad|ed|id|que|quen)?(?:n?os|me|noslo|melo|nosla|mela)\b"
    r"|(?:envi|mand|remit|adjunt|escrib|compart|confirm|indiqu|indic)(?:[aei]|e|en)\b"
    r"|(?:necesit|requer|solicit)(?:amos|imos|o)\b"
    r"|(?:nos|me) (?:puede|puedes|podes|podria|podrias|regala|da|das|dice)\b"
    r"|(?:puede|puedes|podes|podria|podrias) (?:dar|decir|enviar|indicar|confirmar|pasar|compartir|mandar)(?:nos|me)?\b"
    r"|cual es (?:su|tu)\b|(?:pedimos|agradecemos|pido) (?:que )?(?:nos )?"
    r"(?:envi|indiqu|confirm|compart|escrib|su\b|tu\b))"
)
_DATA = re.compile(
    r"\b(?:cedulas?|documentos?(?: de identidad)?|identificacion|dni|nie|nif|curp|rfc|rut|pasaporte|correos?"
    r"(?: electronicos?)?|e-?mail|telefonos?|celular|movil|"
    r"numero de (?:contacto|cuenta|tarjeta|cliente|poliza|contrato|linea|"
    r"documento|cedula|identificacion)|direccion|domicilio|localizador|codigo de reserva|pnr|fecha de nacimiento|"
    r"nombres? completos?|nombre y apellidos?|(?:ultimos )?(?:4|cuatro) (?:ultimos )?digitos)\b"
)
_SECRET = re.compile(
    r"\b(?:claves?|contrasenas?|password|pin|cvv|cvc|otp|token|codigo (?:de (?:seguridad|verificacion)|que le lleg\w*|"
    r"que te lleg\w*)|(?:numero )?complet\w+ de (?:su|tu|la) tarjeta)\b"
)
_PRIVATE = re.compile(
    r"\b(?:d ?m ?s?|m ?d|m ?p|inbox|messenger|privad[oa]s?|mensaje (?:directo|interno)|chat|formulario)\b"
)
_DENIED = re.compile(
    r"\b(?:no|nunca|jamas|ni|sin|evite|evita|borre|borra|borrar|elimine|elimina)\b(?: \w+){0,5} ?$"
)
_SENTENCE = re.compile(r"[.!?…\n]+(?=\s|$)|;")
_GAPS = re.compile(r"[^a-z0-9-]+")


def asked_data(text: str) -> Asked | None:
    """The first request for data in a text; a secret wherever it stands goes first. None when nothing is asked."""
    found: Asked | None = None
    for sentence in _SENTENCE.split(fold(text)):
        words = " ".join(_GAPS.sub(" ", sentence).split())
        asked = next((one for one in _ASKED.finditer(words) if not _is_denied(words, one.start())), None)
        if asked is None:
            continue
        secret = next((one for one in _SECRET.finditer(words) if not _is_denied(words, one.start())), None)
        if secret is not None:
            return Asked(_as_written(text, secret[0]), is_secret=True)
        datum = _DATA.search(words)
        if datum is not None and not _is_denied(words, datum.start()):
            in_private = _PRIVATE.search(words) is not None
            if found is None or (found.in_private and not in_private):
                found = Asked(_as_written(text, datum[0]), in_private=in_private)
    return found


def _as_written(text: str, words: str) -> str:
    """The folded words as they stand in the text, accents and all."""
    flat = fold(text)
    at = re.search(r"[^a-z0-9]+".join(map(re.escape, words.split())), flat)
    return text[at.start() : at.end()] if at and len(flat) == len(text) else words


def _is_denied(words: str, at: int) -> bool:
    return _DENIED.search(words[max(0, at - 48) : at]) is not None
