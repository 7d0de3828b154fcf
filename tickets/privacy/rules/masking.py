"""Personal data in what customers write, hidden from who may not see it: e-mails, phones, documents, long numbers.

Pure and linear. Rather too much than too little: behind a mask stands a reason, behind a leak nothing. Amounts of
money, dates, our radicados, numbers of cases quoted as such («SAC 12345678») and web addresses stay readable.
"""

from __future__ import annotations

import re

DOT = "·"
# What nearly every text has none of is looked for first: half of all say «@somebody», which is no address.
_FIGURE = re.compile(r"\d")
_IN_A_MAIL = re.compile(r"[\w.+-]@")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,24}){1,4}")
_LINK = re.compile(r"https?://\S+")
# Six figures or more, however they are spaced: a phone, a document, an account, an order.
_NUMBER = re.compile(r"(?<!\w)\+?(?:[A-Z]{1,3}-?)?\d(?:[\s.()\-–]{0,2}\d){5,24}(?:[-\s]?[A-Z])?(?!\w)")
# Codes that mix letters and figures, as CURP, RFC, passports or a NIE are written.
_CODE = re.compile(r"(?<!\w)(?=[A-Z\d]{8,22}(?!\w))(?=(?:[A-Z]*\d){4})[A-Z\d]+")
_RADICADO = re.compile(r"20\d{2}-\d{6}")
_DATE = re.compile(r"(?:20\d{2}[-.]\d{2}[-.]\d{2}|\d{1,2}[-.]\d{1,2}[-.]20\d{2})")
_BEFORE_MONEY = re.compile(r"(?:[$€]|\b(?:cop|usd|eur|mxn|s/))\s?$", re.IGNORECASE)
_AFTER_MONEY = re.compile(r"\s?(?:€|(?:pesos|euros|d[oó]lares|soles|cop|usd|eur|mxn)\b)", re.IGNORECASE)
# What somebody calls a number of a case, right before it or, written as one word, with it: «radicado n.º 12345678».
_CASE = (
    r"(?:sac|crm|pqrs?f?d?|pir|cun|sfc|radicados?|radicaci[oó]n|rad|casos?|folio|tickets?|tiquete de servicio|"
    r"expediente|incidencia|reclamaci[oó]n|reclamo|queja|referencia|tutela)"
)
_NAMED = re.compile(
    rf"(?<!\w){_CASE}[\s.:,#\-–]{{0,3}}(?:(?:n[uú]mero|nro|num|no|n)[.º°\s:#]{{1,3}}|n[º°]\s?|es\s|el\s){{0,2}}$",
    re.IGNORECASE,
)
_WITH_NAME = re.compile(rf"{_CASE}-?\d[\d\-.]*(?:[\-][A-Z])?", re.IGNORECASE)
# How far before a number its name may begin.
_NEAR = 40


def mask(text: str, *, cases_stay: bool = True) -> str:
    """The text with its personal data hidden; the same object when there is none.

    ``cases_stay``: numbers of cases in any system, which colleagues need to find them, stay readable.
    """
    if not _IN_A_MAIL.search(text) and len(_FIGURE.findall(text)) < 4:
        return text
    parts, at = [], 0
    for link in _LINK.finditer(text):
        parts += [_hidden(text[at : link.start()], cases_stay), link[0]]
        at = link.end()
    masked = "".join([*parts, _hidden(text[at:], cases_stay)])
    return text if masked == text else masked


def _hidden(text: str, cases_stay: bool) -> str:
    text = _EMAIL.sub(lambda found: f"{found[0][0]}{DOT * 5}@{found[0].rpartition('@')[2]}", text)
    text = _NUMBER.sub(lambda found: _number(found, cases_stay), text)
    return _CODE.sub(
        lambda found: found[0] if cases_stay and _is_of_case(found) else DOT * 5 + found[0][-2:], text
    )


def _number(found: re.Match[str], cases_stay: bool) -> str:
    said = found[0]
    around = found.string
    is_money = _BEFORE_MONEY.search(around[max(0, found.start() - 5) : found.start()])
    is_money = is_money or _AFTER_MONEY.match(around, found.end())
    if is_money or _RADICADO.fullmatch(said) or _DATE.fullmatch(said):
        return said
    if cases_stay and _is_of_case(found):
        return said
    return DOT * 5 + said[-2:]


def _is_of_case(found: re.Match[str]) -> bool:
    """Whether a number is quoted as that of a case. With +, spaces or points it is a phone or a document."""
    said = found[0]
    if re.search(r"[+\s.]", said):
        return False
    if _WITH_NAME.fullmatch(said):
        return True
    return _NAMED.search(found.string[max(0, found.start() - _NEAR) : found.start()]) is not None
