"""What is no definitive answer, whatever it is called: it only says that somebody is looking. Pure.

An acknowledgement or «estamos revisando» stops no term (domain.md 2): the answer must be on the merits.
"""

from __future__ import annotations

import re

from helpdesk.text import fold

_HOLDING = re.compile(
    r"\b(estamos (revisando|validando|verificando|analizando|trabajando)|lo (revisamos|validamos|verificamos)|"
    r"(vamos|procederemos|pasamos) a (revisar|validar|verificar)|(esta|sigue|queda) en (revision|estudio|tramite)|"
    r"(hemos recibido|recibimos) (su|tu) (solicitud|mensaje|queja|reclamo|peticion|caso)|"
    r"(le|te) (responderemos|contestaremos|daremos respuesta|estaremos respondiendo)|pronto (le|te)|"
    r"quedo radicad[oa]|su radicado es|gracias por (su|tu) (espera|paciencia))\b"
)
_ON_THE_MERITS = re.compile(
    r"\b(devolv|reembols|abon|aprob|neg(o|amos|ada|ado)|no procede|procede|se corrigio|corregimos|quedo resuelt|"
    r"se cancelo|anul|reconoc|encontramos que|la razon|por lo tanto|conclu|adjunt|reversa)"
)
# A sentence this long says more than that it was received.
LONG = 400


def only_holds(text: str) -> bool:
    """Whether an answer says that it is being looked at, and nothing on the merits."""
    words = fold(text)
    return bool(_HOLDING.search(words)) and not _ON_THE_MERITS.search(words) and len(words) < LONG
