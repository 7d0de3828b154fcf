"""Card numbers, CVV, PIN, one-use codes and passwords are cut from what people write, before it is stored.

Runs at the very edge, on every message and raw event, so it is linear in the length of the text (every
repetition in the patterns is bounded or cannot overlap its neighbour) and cheap where there is nothing to
cut. Not seen: a number spelt in words, in a picture, or spread over two messages.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from helpdesk.secrets import patterns, words
from helpdesk.secrets.cards import cut_cards

SECRET_MARK = "[clave eliminada]"

_MAX_PASSES = 4
_TRAILING = ".,;:!?¡¿)]}»”'\""
_TEXT_KEY = re.compile(words.FREE_TEXT_KEYS)
_EXACT_KEY = re.compile(words.EXACT_KEYS)

_ANY_DIGIT = re.compile(r"\d")


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
    named = _has_any(text.lower(), words.HINTS)
    digits = _has_digit(text)
    if digits and len(text) >= 13:
        text = cut_cards(text)
    if named and digits:
        text = _replace_values(patterns.NUMBER_AFTER, text, _is_secret_number)
        text = _replace_values(patterns.NUMBER_BEFORE, text, lambda found: True)
    if named:
        text = _replace_values(patterns.QUOTED_AFTER, text, _is_secret_quote)
        text = _replace_values(patterns.WORD_AFTER, text, _is_secret_word)
    if named and digits:
        text = _replace_values(patterns.MIXED_AFTER, text, lambda found: True)
    return text


def _has_any(text: str, parts: Iterable[str]) -> bool:
    for part in parts:  # noqa: SIM110 - a generator would double the time of every message
        if part in text:
            return True
    return False


def _has_digit(text: str) -> bool:
    """Tell whether there is a digit of any script; substring searches, as they beat a pattern five-fold."""
    if _has_any(text, "0123456789"):
        return True
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return _ANY_DIGIT.search(text) is not None
    return False


def _replace_values(pattern: re.Pattern[str], text: str, is_secret: Callable[[re.Match[str]], bool]) -> str:
    """Replace the `value` of each match that is a secret; marks are boundaries and name nothing."""
    if SECRET_MARK in text:
        return SECRET_MARK.join(_replace_values(pattern, part, is_secret) for part in text.split(SECRET_MARK))
    pieces: list[str] = []
    done = position = 0
    while found := pattern.search(text, position):
        first, position = found.start("value"), found.start("value")
        if is_secret(found):
            pieces += [text[done:first], SECRET_MARK]
            done = position = first + len(found["value"].rstrip(_TRAILING) or found["value"])
    pieces.append(text[done:])
    return "".join(pieces)


def _is_secret_number(found: re.Match[str]) -> bool:
    """Judge a number after the name of a secret by how many digits that secret has."""
    count = sum(character.isdecimal() for character in found["value"])
    if found["plain"]:
        return count == 6 or (found["link"] is not None and 4 <= count <= 8)
    return count >= 4 or bool(found["card"]) or found["link"] is not None


def _is_secret_word(found: re.Match[str]) -> bool:
    """Judge what follows "clave:" or "mi contraseña es": a secret has a digit or is no common word."""
    value = found["value"].rstrip(_TRAILING)
    if len(value) < 3:
        return False
    if any(character.isdecimal() for character in value):
        return True
    if found["once"] or value.lower().strip(_TRAILING) in words.NO_VALUE:
        return False
    return found["clave"] is None or found["mine"] is not None or found["link"].strip() in ":="


def _is_secret_quote(found: re.Match[str]) -> bool:
    """Judge what stands in quotes after the name of a password: with a digit, or joined by "es" or ":"."""
    value = found["value"]
    return any(character.isdecimal() for character in value) or (
        found["link"] is not None and value.lower().strip(_TRAILING) not in words.NO_VALUE
    )


def cut_json(value: Any) -> Any:
    """Return a copy of a decoded JSON value with the secrets cut from what people wrote.

    Fields of free text (`text`, `message`, `title` …) are always cut; ids, addresses, codes and times never;
    a field we do not know is cut when it holds more than one word. Numbers are never touched.
    """
    box = [value]
    todo: list[tuple[Any, str]] = [(box, "text")]
    while todo:  # A stack of ours: no depth of nesting may exhaust Python's.
        branch, outer = todo.pop()
        pairs = branch.items() if isinstance(branch, dict) else enumerate(branch)
        for key, item in pairs:
            name = key if isinstance(key, str) else outer
            if isinstance(item, str):
                if _is_free_text(name, item):
                    branch[key] = cut_secrets(item)
            elif isinstance(item, dict | list):
                branch[key] = item.copy()
                todo.append((branch[key], name))
    return box[0]


def _is_free_text(name: str, item: str) -> bool:
    kind = _kind_of_key(name)
    return kind == "text" or (kind == "unknown" and (" " in item or "\n" in item))


@lru_cache(maxsize=2048)
def _kind_of_key(name: str) -> str:
    if _EXACT_KEY.fullmatch(name):
        return "exact"
    return "text" if _TEXT_KEY.fullmatch(name) else "unknown"
