"""Reads what a customer answered to «¿quedó solucionado?»: leniently, and never more than was said. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Longer than this is a story: only what it says at its beginning is an answer.
FEW, BEGINNING = 14, 6
NUMBERS = {
    "cero": 0, "un": 1, "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
    "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
}  # fmt: skip
# What may stand beside a score; a number with other words counts days, calls or pesos.
_BESIDE = (
    "si no gracias muchas mil un una le les doy pongo califico calificacion nota puntaje puntos "
    "punto estrellas estrella de sobre mi es la el y con yo diria seria pues bueno muy bien mal "
    "solucionado resuelto todo ok listo ya quedo sigue igual nada que ver excelente perfecto "
    "buena mala atencion servicio mas"
)
BESIDE = frozenset(_BESIDE.split())
STILL = re.compile(
    r"\b(sigue|siguen|sigo|continua|continuan) (igual|mal|peor|sin|lo mismo|con el|fallando|pasando|esperando)\b"
    r"|\b(todavia|aun|tampoco) no\b|\b(no|nunca) (me |se |lo |la |le )*(ha |han |he )?(sido )?(esta |estan |fue )?"
    r"(quedo|queda|quedado|soluciono|solucionaron|solucionado|resolvio|resolvieron|resuelto|arreglo|arreglaron|arreglado|"
    r"funciona|funciono|sirve|sirvio|llego|llegado|llega)\b"
    r"|\bnada que (ver|me|se|llega|funciona|solucionan|responden)\b|\b(lo mismo|mismo problema|peor que antes)\b"
    r"|\bsin (solucion|resolver|solucionar|arreglar)\b|\bpara nada\b|\bvolvio a (pasar|fallar|suceder)\b"
    r"|\bnot? (yet|fixed|solved)\b"
)
SOLVED = re.compile(
    r"\b(ya |todo )?(quedo|esta|fue|fueron|quedaron|estan) (todo |ya |muy |super |perfectamente )?"
    r"(bien|solucionad[oa]s?|resuelt[oa]s?|listo|lista|perfecto|arreglad[oa]s?|ok)\b"
    r"|\b(ya|todo|si) (me |se |lo |la )*(quedo|soluciono|solucionaron|resolvio|resolvieron|arreglo|arreglaron|"
    r"funciona|llego|bien|perfecto|solucionado|resuelto|ok)\b"
    r"|\b(si senor|si senora|todo bien|sin problema|sin problemas|sin novedad|muy amables?|asi es)\b"
)
_YES = (
    "si sip sii siii claro afirmativo correcto yes solucionado solucionada resuelto resuelta "
    "perfecto perfecta excelente listo genial ok okay gracias efectivamente"
)
YES = frozenset(_YES.split())
NO = frozenset(["no", "nop", "noo", "nooo", "negativo", "nada", "nunca", "tampoco"])
THUMBS = {True: "👍👌🙏❤😊😀😃😄🙂💯✅🥰😍🎉👏", False: "👎😡😠🤬😞😢😭❌💩"}
STARS = "⭐★🌟"
STOP = re.compile(
    r"\bno (me |nos )?(escriban|escriba|escribas|contacten|contacte|molesten|llamen|manden|envien)\b"
)
OUT_OF = re.compile(r"\b(\d{1,2})\s*(?:/|de|sobre)\s*(5|10)\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """``solved`` is None where it was not said; ``score`` on the scale that was asked for; ``stops``: no more."""

    solved: bool | None = None
    score: int | None = None
    stops: bool = False

    @property
    def is_clear(self) -> bool:
        return self.solved is not None


def read_answer(text: str, *, top: int) -> Reading:
    """What the words say. ``top`` is the end of the scale: 5, 10, or 0 where no score was asked for."""
    words = _plain(text)
    tokens = words.split()
    score = _score(text, words, tokens, top) if top else None
    solved = _solved(text, words, tokens)
    if solved is None and score is not None and score >= _good(top):
        solved = True
    return Reading(solved, score, bool(STOP.search(words)))


def _good(top: int) -> int:
    """A score that says by itself that it is solved: the upper two of five, seven and more of ten."""
    return 4 if top == 5 else 7


def _plain(text: str) -> str:
    """Lower case, without accents, signs as spaces; a fraction keeps its stroke."""
    folded = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(one for one in folded if not unicodedata.combining(one))
    return " ".join(re.sub(r"[^\w/]+", " ", bare).split())


def _solved(text: str, words: str, tokens: list[str]) -> bool | None:
    head = words if len(tokens) <= FEW else " ".join(tokens[:BEGINNING])
    if STOP.search(words):
        return None
    if STILL.search(words if len(tokens) <= 2 * FEW else head):
        return False
    if SOLVED.search(head):
        return True
    first = tokens[0] if tokens else ""
    if first == "si" and len(tokens) > 1 and (tokens[1] == "no" or "pero" in tokens):
        return None  # «si no me contestan…», «sí, pero…»
    if first in NO and len(tokens) <= FEW:
        return None if tokens[-1] == "gracias" and len(tokens) <= 3 else False  # «no, gracias» may be either
    if first in YES and len(tokens) <= FEW and "pero" not in tokens and not NO & set(tokens):
        return True
    return _thumbs(text) if not tokens or tokens[0] not in YES | NO else None


def _thumbs(text: str) -> bool | None:
    said = {kind for kind, signs in THUMBS.items() if any(sign in text for sign in signs)}
    return said.pop() if len(said) == 1 else None


def _score(text: str, words: str, tokens: list[str], top: int) -> int | None:
    out_of = OUT_OF.search(words)
    if out_of is not None:
        given, of = int(out_of[1]), int(out_of[2])
        return _scaled(given, of, top) if given <= of else None
    stars = sum(text.count(sign) for sign in STARS)
    if 0 < stars <= 5 and not any(one.isdigit() for one in text):
        return _scaled(stars, 5, top)
    found = [value for one in tokens if (value := _number(one)) is not None]
    if len(found) > 1 and len({*found} - {1}) == 1:
        found = [one for one in found if one != 1]  # «un 4»
    if len(set(found)) != 1 or found[0] > 10 or len(tokens) > FEW:
        return None
    if any(one not in BESIDE for one in tokens if _number(one) is None):
        return None
    if tokens == ["un"] or tokens == ["una"]:
        return None
    # Out of five nobody gives eight: it was meant out of ten.
    return _scaled(found[0], 10 if found[0] > 5 else top, top) if found[0] or top == 10 else None


def _number(token: str) -> int | None:
    if token.isdigit() and len(token) <= 3:
        return int(token)
    return NUMBERS.get(token)


def _scaled(given: int, of: int, top: int) -> int:
    if of == top:
        return given
    return max(1, (given + 1) // 2) if top == 5 else given * 2
