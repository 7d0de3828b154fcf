"""Identity documents by country (domain.md 6): which there are, how they are checked and folded. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from stdnum.ar import cuit
from stdnum.ar import dni as ar_dni
from stdnum.cl import rut
from stdnum.co import nit
from stdnum.ec import ci
from stdnum.ec import ruc as ec_ruc
from stdnum.es import cif, dni, nie
from stdnum.exceptions import ValidationError
from stdnum.mx import curp, rfc
from stdnum.pe import ruc as pe_ruc

from helpdesk.text import fold


class DocumentError(ValueError):
    """No document of that country; ``code`` is ``document`` or ``check_digit``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Document:
    """``key`` is unique in the world: country, type and number without its writing."""

    key: str
    label: str
    number: str


_Check = Callable[[str], str]


def _digits(shortest: int, longest: int) -> _Check:
    """A number without check digit: only its length tells."""

    def check(text: str) -> str:
        number = re.sub(r"[\s.\-]", "", text)
        if not (number.isascii() and number.isdecimal() and shortest <= len(number) <= longest):
            raise DocumentError("document")
        return number

    return check


def _cedula(text: str) -> str:
    """Five to eight digits, or the ten of a NUIP, which begins with 1 (Registraduría, since 2000)."""
    number = _digits(5, 10)(text)
    if not re.fullmatch(r"\d{5,8}|1\d{9}", number):
        raise DocumentError("document")
    return number


def _stdnum(module: ModuleType) -> _Check:
    def check(text: str) -> str:
        try:
            return str(module.validate(text))
        except ValidationError:
            raise DocumentError("check_digit") from None

    return check


def _nit(text: str) -> str:
    """With its check digit, or without it when only nine digits were said."""
    number = re.sub(r"[\s.\-]", "", text)
    if len(number) == 9 and number.isdecimal() and "-" not in text:
        return number + nit.calc_check_digit(number)
    return _stdnum(nit)(text)


def _passport(text: str) -> str:
    number = re.sub(r"[\s\-]", "", text).upper()
    if not re.fullmatch(r"[A-Z]{1,3}\d{6,9}", number):
        raise DocumentError("document")
    return number


# country → type → (label on screen, check). The first one is what bare digits are taken for.
TYPES: dict[str, dict[str, tuple[str, _Check]]] = {
    "CO": {"CC": ("C. C.", _cedula), "CE": ("C. E.", _digits(6, 7)), "TI": ("T. I.", _digits(10, 11)),
           "NIT": ("NIT", _nit)},
    "ES": {"DNI": ("DNI", _stdnum(dni)), "NIE": ("NIE", _stdnum(nie)), "CIF": ("CIF", _stdnum(cif))},
    "MX": {"CURP": ("CURP", _stdnum(curp)), "RFC": ("RFC", _stdnum(rfc))},
    "PE": {"DNI": ("DNI", _digits(8, 8)), "RUC": ("RUC", _stdnum(pe_ruc))},
    "CL": {"RUT": ("RUT", _stdnum(rut))},
    "AR": {"DNI": ("DNI", _stdnum(ar_dni)), "CUIT": ("CUIT", _stdnum(cuit))},
    "EC": {"CI": ("C. I.", _stdnum(ci)), "RUC": ("RUC", _stdnum(ec_ruc))},
}  # fmt: skip
_WORDS = {
    "cc": "CC", "cedula": "CC", "cedula de ciudadania": "CC", "c c": "CC", "ce": "CE", "c e": "CE",
    "cedula de extranjeria": "CE", "ti": "TI", "t i": "TI", "nit": "NIT", "dni": "DNI", "nie": "NIE",
    "nif": "DNI", "cif": "CIF", "curp": "CURP", "rfc": "RFC", "ruc": "RUC", "rut": "RUT", "run": "RUT",
    "cuit": "CUIT", "cuil": "CUIT", "ci": "CI", "c i": "CI", "pasaporte": "PAS", "passport": "PAS",
}  # fmt: skip
_NAMED = re.compile(
    "(" + "|".join(r"\W*".join(name.split()) for name in sorted(_WORDS, key=len, reverse=True)) + ")"
    r"\b\W*(?:(?:n|no|num|numero)\b\W*)?(?P<number>[^\W_][\w.\- ]*)"
)
# Never taken for what bare digits are: they look like the first of the country's.
_ONLY_NAMED = {("CO", "CE"), ("CO", "TI")}


def names_a_document(text: str) -> bool:
    """Whether the text begins with the name of a sort of document."""
    return _split(text)[0] != ""


def document_of(text: str, country: str) -> Document:
    """The document in a text of a country. Raises :class:`DocumentError`."""
    word, number = _split(text)
    if word == "PAS":
        number = _passport(number)
        return Document(f"{country}:PAS:{number}", "Pasaporte", number)
    types = TYPES.get(country, {})
    if word:
        return _checked(word, number, _country_of(word, country))
    last = DocumentError("document")
    for sort in types:
        if (country, sort) in _ONLY_NAMED:
            continue
        try:
            return _checked(sort, text, country)
        except DocumentError as error:
            last = error
    raise last


def _country_of(word: str, country: str) -> str:
    """Where that sort of document is from: here if it exists here, else the first country that has it."""
    if word in TYPES.get(country, {}):
        return country
    found = next((code for code, types in TYPES.items() if word in types), None)
    if found is None:
        raise DocumentError("document")
    return found


def _checked(sort: str, text: str, country: str) -> Document:
    label, check = TYPES[country][sort]
    number = check(text).upper()
    return Document(f"{country}:{sort}:{number}", label, number)


def _split(text: str) -> tuple[str, str]:
    """The sort of document a text names, and the rest of it; an empty sort when it names none."""
    found = _NAMED.fullmatch(fold(text).strip())
    if not found:
        return "", text
    return _WORDS[" ".join(re.sub(r"[^a-z]+", " ", found[1]).split())], found["number"].strip()
