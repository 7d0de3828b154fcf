"""The language of a message, by its commonest words: enough to send an English one to who reads it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

_COMMON = {
    "es": """de que no la el en y a los se del las un por con una su para es al lo como mas pero sus le ya o este si porque
        esta muy sin sobre me hasta hay donde quien desde todo nos ni yo eso mi tu te les gracias hola buenas favor ustedes""",
    "en": """the to and of is in you that it for on with are this my your have be not from at was i we can will what when
        please help thanks hello how do does your's been they their""",
    "pt": """o os uma nao voce voces com para por mais mas muito esta isso meu minha seu sua obrigado obrigada bom boa ola
        estou tenho quero ainda ate aqui foi sao ao dos das em um eu""",
    "ca": """els les amb per pel pels aixo no es que sou esteu gracies bon dia bona tarda si us plau vull tinc molt meu meva
        teniu puc aquest aquesta on fa uns unes""",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}


def language_of(words: Sequence[str]) -> str:
    """Return es, en, pt or ca; Spanish unless another is clearly commoner."""
    said = set(words)
    best, most = "es", len(_WORDS["es"] & said)
    for language in ("en", "pt", "ca"):
        count = len(_WORDS[language] & said)
        if count >= most + 2:
            best, most = language, count
    return best
