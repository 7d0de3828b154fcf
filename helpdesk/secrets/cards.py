"""Card numbers, found among other numbers and cut to their last four digits."""

import re

CARD_MARK = "••••"

# What people put between the digits of a card: white space of any kind, dashes, dots, invisible and keycap
# marks. Six at most, so that numbers far apart stay two numbers.
_BETWEEN_DIGITS = (
    r"[\s.\-_/,*|·'\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufe0f\ufe58\ufe63\uff0d\ufeff\u20e3]"
)
_DIGIT_RUN = re.compile(rf"\d(?:{_BETWEEN_DIGITS}{{0,6}}\d){{12,}}")
_DIGITS = re.compile(r"\d+")

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
# How long an IBAN is where it has no letters but the country's (SWIFT, IBAN registry, release 98).
_IBANS = {
    "AE": 23, "AT": 20, "BA": 20, "BE": 16, "CR": 22, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "EG": 29, "ES": 24,
    "FI": 18, "FO": 18, "GL": 18, "HR": 21, "HU": 28, "IL": 23, "IS": 26, "LT": 20, "ME": 22, "NO": 15, "PL": 28,
    "PT": 25, "RS": 22, "SE": 24, "SI": 19, "SK": 24, "TL": 23, "TN": 24, "XK": 20,
}  # fmt: skip


def cut_cards(text: str) -> str:
    """Return `text` with every card number (ISO/IEC 7812, Luhn) cut to its last four digits.

    Linear: runs of digits are found once and every window of whole groups is judged by running sums.
    """
    return _DIGIT_RUN.sub(_cut_run, text)


def _cut_run(run: re.Match[str]) -> str:
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
    country = text[max(0, start - 2) : start].upper()
    is_inside_a_word = text[max(0, start - 3) : max(0, start - 2)].isalnum()
    digits = "".join(text[first:last] for first, last in groups)
    # Of cards one in 97 has the remainder of an IBAN too.
    if is_inside_a_word or _IBANS.get(country) != len(digits) + 2:
        return False
    moved = digits[2:] + "".join(str(int(letter, 36)) for letter in country) + digits[:2]
    return int(moved) % 97 == 1
