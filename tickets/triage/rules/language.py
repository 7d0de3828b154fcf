"""The language of a message, by its commonest words: enough to send an English one to who reads it. Pure.

The model learnt Spanish only: of other languages we know a few words that claim something, and nothing of what asks
for nothing.
"""

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
_CLAIMS = {
    "en": """refund refunded charged overcharged charge cancelled canceled delayed lost missing broken crashed blocked
        locked complaint unacceptable waiting debited withdrawn""",
    "pt": """estorno reembolso cobraram cobrado cobranca cancelado cancelaram atraso atrasado perdida perderam bloqueado
        bloqueada reclamacao reclamar travado esperando""",
    "ca": """reemborsament cobrat cobrament cancellat cancellada retard perdut perduda bloquejat bloquejada queixa
        reclamacio esperant""",
}
_ALARMS = {
    "en": "stolen stole robbed fraud fraudulent scam scammed hacked unauthorized unauthorised cloned",
    "pt": "roubaram roubado roubada golpe fraude clonaram clonado hackearam furto furtado",
    "ca": "robat robada frau estafa clonat hackejat",
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


def claims_in(language: str, words: Sequence[str]) -> tuple[list[str], bool]:
    """The words that claim something in a language the model does not know, and whether somebody was robbed."""
    alarms, claims = (set(told.get(language, "").split()) for told in (_ALARMS, _CLAIMS))
    said = [word for word in words if word in alarms or word in claims]
    return said, not alarms.isdisjoint(said)
