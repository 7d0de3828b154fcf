"""Card numbers, CVV, PIN, one-use codes and passwords are cut from what people write, before it is stored.

Runs at the very edge, on every message and raw event, so it is linear in the length of the text (every
repetition in the patterns is bounded or cannot overlap its neighbour) and cheap where there is nothing to
cut. Not seen: a number spelt in words, in a picture, or spread over two messages.
"""

import re
from functools import lru_cache
from typing import Any

from helpdesk.secrets import words

CARD_MARK = "••••"
SECRET_MARK = "[clave eliminada]"

_MAX_PASSES = 4

# What people put between the digits of a card: white space of any kind, dashes, dots, invisible and keycap
# marks. Six at most, so that numbers far apart stay two numbers.
_BETWEEN_DIGITS = r"[\s.\-_/,*|·'\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufe0f\ufe58\ufe63\uff0d\ufeff\u20e3]"
_DIGIT_RUN = re.compile(rf"\d(?:{_BETWEEN_DIGITS}{{0,6}}\d){{12,}}")
_DIGITS = re.compile(r"\d+")
_IBAN_START = re.compile(r"[A-Za-z]{2}$")

# Issuers' first digits by length (ISO/IEC 7812 and the brands in use where we work). Without it one number in
# ten would pass for a card: IMEIs (35…, 15 digits), posts' ids (1…, 20…, 19 digits), phones and tickets.
_ISSUERS = {
    13: re.compile("[456]"),
    14: re.compile("3[0689]"),
    15: re.compile("3[47]|5[0678]|6"),
    16: re.compile("2[2-8]|[3456]"),
    17: re.compile("[56]"),
    18: re.compile("[56]"),
    19: re.compile("[456]"),
}

_S = r"\s{0,3}"
_LINK = rf"(?P<link>{_S}(?:[:=]|->|→|\s[-–—])|\s{{1,3}}(?:es|is|era|fue|son|was|ser[ií]a)\b{_S}:?)"
_ARTICLE = rf"(?:{_S}(?:el|la|the|este|esta)\b)?"
_FILL = rf"(?:\s{{1,3}}(?:{words.BETWEEN})(?!\w)){{0,8}}"
_NUMBER = r"(?:\d(?:[ .\-]\d){2,7}|\d{2,4}[ \-]\d{2,4}|\d{3,8})(?!\w|[.,\-]\d)"
_MARKED = r"(?!\[clave eliminada\])"

_NUMBER_AFTER = re.compile(
    rf"(?<!\w)(?:(?P<card>{words.CARD_CODE})|(?P<once>{words.ONE_USE})|(?P<plain>c[oó]digo|code)"
    rf"|(?P<word>{words.PASSWORD})){_FILL}(?:{_LINK})?{_ARTICLE}{_S}[\"'«“(#]?(?P<value>{_NUMBER})",
    re.IGNORECASE,
)
_NUMBER_BEFORE = re.compile(
    rf"(?<![\w.,\-])(?P<value>{_NUMBER})\s{{1,3}}(?:(?:es|is|fue|era)\s{{1,3}}(?:(?:el|la|mi|my|the)\s{{1,3}})?"
    rf"(?:{words.CARD_CODE}|{words.ONE_USE}|{words.PASSWORD}|c[oó]digo)|(?:de\s)?(?:cvv|cvc))(?!\w)",
    re.IGNORECASE,
)
_WORD_AFTER = re.compile(
    rf"(?<!\w)(?P<mine>(?:mi|my)\s{{1,3}})?(?:(?P<clave>clave)|{words.PASSWORD}|{words.ONE_USE}){_FILL}{_LINK}"
    rf"{_S}[\"'«“(]?(?P<value>{_MARKED}[^\s\"»”]{{3,}})",
    re.IGNORECASE,
)


def cut_secrets(text: str) -> str:
    """Return `text` with card numbers cut to their last four digits and other secrets replaced by a mark.

    Idempotent. Text with neither digits nor a word for a secret comes back unchanged, in about 2 µs.
    """
    for _ in range(_MAX_PASSES):
        cut = _cut_once(text)
        if cut == text:
            break
        text = cut
    return text


def _cut_once(text: str) -> str:
    lowered = text.lower()
    named = any(hint in lowered for hint in words.HINTS)
    digits = _has_digit(text)
    if digits and len(text) >= 13:
        text = _DIGIT_RUN.sub(_cut_cards, text)
    if named and digits:
        text = _replace_values(_NUMBER_AFTER, text, _is_secret_number)
        text = _replace_values(_NUMBER_BEFORE, text, lambda found: True)
    if named:
        text = _replace_values(_WORD_AFTER, text, _is_secret_word)
    return text


def _has_digit(text: str) -> bool:
    """Tell whether there is a digit of any script; substring searches, as they beat a pattern five-fold."""
    if any(digit in text for digit in "0123456789"):
        return True
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return _DIGITS.search(text) is not None
    return False


def _cut_cards(run: re.Match[str]) -> str:
    """Cut every card in a run of digits and separators; spans that overlap are cut as one."""
    text, start = run.string, run.start()
    groups = [found.span() for found in _DIGITS.finditer(text, start, run.end())]
    if groups[0][1] - groups[0][0] == 4 and text.endswith(CARD_MARK, 0, start):
        groups.pop(0)  # The last four digits of a card cut before.
    if not groups or _is_iban(text, start, groups):
        return run.group()
    pieces: list[str] = []
    done = start
    for first, last in _card_spans(text, groups):
        tail = "".join(str(int(digit)) for digit in text[first:last] if digit.isdecimal())[-4:]
        pieces += [text[done:first], CARD_MARK, tail]
        done = last
    pieces.append(text[done : run.end()])
    return "".join(pieces)


def _card_spans(text: str, groups: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the merged spans of text where whole groups of digits make a valid card number."""
    digits = "".join(str(int(digit)) for first, last in groups for digit in text[first:last])
    sums = _luhn_sums(digits)
    ends, total = [], 0
    for first, last in groups:
        total += last - first
        ends.append(total)
    spans: list[tuple[int, int]] = []
    for index, (first, last) in enumerate(groups):
        begin = ends[index] - (last - first)
        for other in range(index, len(groups)):
            length = ends[other] - begin
            if length > 19:
                break
            if length >= 13 and _ISSUERS[length].match(digits, begin) and _is_luhn(sums, begin, ends[other]):
                _merge(spans, first, groups[other][1])
    return spans


def _luhn_sums(digits: str) -> tuple[list[int], list[int]]:
    """Return running Luhn sums with even and with odd positions doubled, so any window is a subtraction."""
    even, odd = [0], [0]
    for position, digit in enumerate(digits):
        value = int(digit)
        doubled = value * 2 - 9 if value > 4 else value * 2
        even.append(even[-1] + (value if position % 2 else doubled))
        odd.append(odd[-1] + (doubled if position % 2 else value))
    return even, odd


def _is_luhn(sums: tuple[list[int], list[int]], begin: int, end: int) -> bool:
    running = sums[end % 2]  # The last digit stays, the one before it doubles.
    return (running[end] - running[begin]) % 10 == 0


def _merge(spans: list[tuple[int, int]], first: int, last: int) -> None:
    if spans and first < spans[-1][1]:
        spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
    else:
        spans.append((first, last))


def _is_iban(text: str, start: int, groups: list[tuple[int, int]]) -> bool:
    """Tell whether the run is the digits of a valid IBAN of digits (ISO 13616), such as every Spanish one."""
    country = text[start - 2 : start] if start >= 2 else ""
    if not (country.isascii() and country.isalpha()):
        return False
    digits = "".join(text[first:last] for first, last in groups)
    moved = digits[2:] + "".join(str(int(letter, 36)) for letter in country) + digits[:2]
    return 15 <= len(digits) <= 32 and int(moved) % 97 == 1
