"""Where the new words of a mail end: what it quotes and how it is signed, put aside. Pure, linear.

Careful rather than clever: when the mark is not plain, everything stays. Nothing is thrown away.
"""

from __future__ import annotations

import re

# «El lun, 3 nov 2026 a las 10:15, Banco (<soporte@…>) escribió:» and its kin; may be broken over two lines.
_WROTE = re.compile(
    r"^(?:>\s*)?(?:el|on|le|em|a|il|am)\b.{4,300}\b(?:escribi[oó]|wrote|a écrit|escreveu|ha scritto|schrieb)\s*:?\s*$",
    re.I,
)
_ORIGINAL = re.compile(
    r"^[\s>_*-]{0,40}(?:mensaje original|original message|mensaje reenviado|forwarded message|mensagem original"
    r"|comienzo del mensaje reenviado)[\s_*:-]{0,40}$",
    re.I,
)
_HEAD = re.compile(
    r"^\*?(?:de|from|von|para|to|enviado(?: el)?|sent|fecha|date|asunto|subject|cc)\s?:\*?\s", re.I
)
_RULE = re.compile(r"^_{10,}$")
_PHONE = re.compile(
    r"^(?:enviado desde mi|sent from my|enviado con|enviado desde|obtener outlook para|get outlook for"
    r"|descargar? outlook para)\b.{0,120}$",
    re.I,
)
_LEGAL = re.compile(
    r"^(?:aviso (?:legal|de confidencialidad)|este (?:mensaje|correo).{0,60}confidencial|confidentiality notice"
    r"|this (?:e-?mail|message).{0,60}confidential|la informaci[oó]n contenida en este)",
    re.I,
)
MOST_LINES = 5_000


def split_tail(text: str) -> tuple[str, str]:
    """(the new words, the rest): the rest begins at the first plain sign of a quotation or a signature.

    A mail that is all quotation keeps it as its words: somebody may answer between the lines.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = _first(lines)
    words, rest = "\n".join(lines[:at]).strip(), "\n".join(lines[at:]).strip()
    if words or not rest:
        return words, rest
    return text.strip(), ""


def _first(lines: list[str]) -> int:
    for place, line in enumerate(lines[:MOST_LINES]):
        if _ends_here(lines, place, line.strip()):
            return place
    return len(lines)


def _ends_here(lines: list[str], place: int, line: str) -> bool:
    if lines[place] in ("-- ", "--"):  # RFC 3676 4.3
        return True
    if not line:
        return False
    if line.startswith(">"):
        return all(not one.strip() or one.lstrip().startswith(">") for one in lines[place:MOST_LINES])
    if _ORIGINAL.match(line) or _PHONE.match(line) or _LEGAL.match(line):
        return True
    if _RULE.match(line):
        return _is_head(lines, place + 1)
    following = lines[place + 1].strip() if place + 1 < len(lines) else ""
    return bool(_WROTE.match(line) or (following and _WROTE.match(f"{line} {following}"))) or _is_head(
        lines, place
    )


def _is_head(lines: list[str], place: int) -> bool:
    """Outlook's way: the headers of the former mail, three of them in a row."""
    near = [line.strip() for line in lines[place : place + 8] if line.strip()]
    return len(near) >= 3 and all(_HEAD.match(line) for line in near[:3])
