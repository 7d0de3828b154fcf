"""What customers are told about their radicado, in the organization's words or in the house's. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

# How the number is called, by country (care.md 4, domain.md 7); elsewhere «número de caso».
NUMBER_WORDS: Mapping[str, str] = {
    "CO": "radicado",
    "ES": "número de referencia",
    "MX": "folio",
    "PE": "código de reclamo",
    "CL": "número de reclamo",
    "AR": "número de reclamo",
}
FORMAL_SECTORS = {"bank"}
PRIVATE = {
    True: "{saludo}: recibimos su caso. Su {numero} es {radicado}. Le respondemos por aquí.",
    False: "{saludo}: recibimos tu caso. Tu {numero} es {radicado}. Te respondemos por aquí.",
}
PUBLIC = {
    True: "Recibimos su caso. Su {numero} es {radicado}. Le respondemos por este medio.",
    False: "Recibimos tu caso. Tu {numero} es {radicado}. Te respondemos por este medio.",
}
JOINED = {
    True: "Seguimos su caso en la otra conversación que tiene con nosotros; no tiene que repetir nada.",
    False: "Seguimos tu caso en la otra conversación que tienes con nosotros; no tienes que repetir nada.",
}
# What each sentence may name. In public nothing about the person, only the number.
PRIVATE_FIELDS = frozenset({"saludo", "nombre", "radicado", "numero", "tipo"})
PUBLIC_FIELDS = frozenset({"radicado", "numero"})
JOINED_FIELDS = frozenset({"numero", "radicado"})


def number_word(country: str) -> str:
    """«radicado», «folio», …"""
    return NUMBER_WORDS.get(country, "número de caso")


def is_formal(sector: str) -> bool:
    """A bank says usted; the rest tú (care.md 5). A sentence of one's own says what it says."""
    return sector in FORMAL_SECTORS


def fields_of(sentence: str) -> set[str]:
    """The names in braces. Raises ``ValueError`` where the braces do not match or say more than a name."""
    names = set()
    for _text, name, form, conversion in Formatter().parse(sentence):
        if form or conversion:
            raise ValueError("only a name stands in braces")
        if name is not None:
            names.add(name)
    return names


def filled(sentence: str, facts: Mapping[str, str]) -> str:
    """The sentence with its names replaced; one we do not know stays out."""
    return Formatter().vformat(sentence, (), _Known(facts)).strip()


def first_name(name: str) -> str:
    """How a person is greeted: by the first of their names, if it looks like one."""
    word = name.split()[0] if name.split() else ""
    return word.capitalize() if word.isalpha() and len(word) > 1 else ""


def private_sentence(own: str, *, sector: str, country: str, name: str, radicado: str, kind: str) -> str:
    """What a customer is told where only they read it."""
    first = first_name(name)
    facts = {
        "saludo": f"Hola {first}" if first else "Hola",
        "nombre": first,
        "radicado": radicado,
        "numero": number_word(country),
        "tipo": kind,
    }
    return filled(own or PRIVATE[is_formal(sector)], facts)


def public_sentence(own: str, *, sector: str, country: str, radicado: str) -> str:
    """What a customer is told where everybody reads it."""
    return filled(own or PUBLIC[is_formal(sector)], {"radicado": radicado, "numero": number_word(country)})


def joined_sentence(own: str, *, sector: str, country: str, radicado: str) -> str:
    """What is said in the conversations in which a joined case does not go on."""
    return filled(own or JOINED[is_formal(sector)], {"radicado": radicado, "numero": number_word(country)})


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""
