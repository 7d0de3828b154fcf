"""Promises without a date: «pronto», «en el transcurso de la semana». Nobody can keep or break them. Pure."""

from __future__ import annotations

from tickets.commitments.rules.tokens import Tokens

_PHRASES = """
pronto
muy pronto
en breve
a la brevedad
a la mayor brevedad
lo antes posible
lo mas pronto posible
cuanto antes
en el menor tiempo posible
en el transcurso de la semana
en el transcurso del dia
en el transcurso de los dias
durante la semana
durante el dia
en el curso de la semana
esta semana
la proxima semana
la otra semana
en los proximos dias
en las proximas horas
en unos dias
en unas horas
en unos minutos
en unos instantes
en un momento
en un rato
mas tarde
mas adelante
oportunamente
en su momento
en su debido momento
en cuanto podamos
en cuanto sea posible
apenas podamos
apenas sea posible
tan pronto como sea posible
"""
# By their first word, the longest first.
PHRASES: dict[str, list[list[str]]] = {}
for _line in sorted(_PHRASES.strip().splitlines(), key=len, reverse=True):
    PHRASES.setdefault(_line.split()[0], []).append(_line.split())
MOST = 3


def find_vague(text: str) -> list[str]:
    """The vague promises of a text in its own words, at most three. Linear in its length."""
    tokens, found, at = Tokens(text), [], 0
    while at < len(tokens) and len(found) < MOST:
        phrase = next((one for one in PHRASES.get(tokens.word(at), ()) if tokens.follows(at, *one)), None)
        if phrase is None or tokens.asked[at] or _is_dated(tokens, at, phrase):
            at += 1
            continue
        last = at + len(phrase)
        found.append(" ".join(text[tokens.all[at].start : tokens.all[last - 1].end].split()))
        at = last
    return found


def _is_dated(tokens: Tokens, at: int, phrase: list[str]) -> bool:
    """«a más tardar», «el jueves de la próxima semana», «no más tarde de»: those have a date."""
    if phrase == ["mas", "tarde"]:
        return tokens.word(at + 2) in ("de", "del", "que") or tokens.word(at - 1) == "no"
    return phrase[-1] == "semana" and phrase[0] == "la" and tokens.word(at - 1) == "de"
