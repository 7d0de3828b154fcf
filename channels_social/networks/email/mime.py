"""A mail's bytes as words and files (RFC 2045 to 2047), whatever its charset, however it is broken. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

from channels_social.networks.email.addresses import words_of
from channels_social.networks.email.html_text import text_of
from helpdesk.text import clean

# Of one mail: more than this is no letter.
MOST_PARTS, DEEPEST, MOST_FILES = 500, 20, 50
LONGEST_TEXT = 100_000
# What mailers call charsets that Python does not know by that name.
CHARSETS = {"": "utf-8", "unknown-8bit": "utf-8", "utf8mb4": "utf-8", "ansi": "cp1252", "default": "utf-8"}
# Labelled so, written otherwise: the Windows sets hold the same letters and more (WHATWG encoding, 4.2).
WIDER = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
}


class Broken(ValueError):
    """The bytes are no mail one could show."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a mail: its place in the walk over its parts."""

    place: int
    name: str
    declared: str
    is_inline: bool


def read(content: bytes) -> Message:
    """The mail. Raises :class:`Broken` for what is none."""
    try:
        mail = message_from_bytes(content, policy=policy.compat32)
    except Exception as error:  # the parser promises never to fail, and sometimes does
        raise Broken(type(error).__name__) from None
    if not mail.keys():
        raise Broken("it has no headers")
    return mail


def parts_of(mail: Message) -> Iterator[tuple[int, Message]]:
    """Every leaf with its place; an attached mail is one leaf. Raises :class:`Broken` for a labyrinth."""
    stack: list[tuple[Message, int]] = [(mail, 0)]
    place = 0
    while stack:
        part, depth = stack.pop()
        if depth > DEEPEST or place > MOST_PARTS:
            raise Broken("too many parts within parts")
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            stack += [(one, depth + 1) for one in reversed(inside)]
            continue
        yield place, part
        place += 1


def body_of(mail: Message) -> tuple[str, str, list[File]]:
    """(the words, what their HTML quotes, the files). Plain text is preferred; HTML only where it stands alone."""
    plain: list[str] = []
    html: list[str] = []
    files: list[File] = []
    for place, part in parts_of(mail):
        kind = part.get_content_type()
        if kind in {"text/plain", "text/html"} and not _is_file(part):
            (plain if kind == "text/plain" else html).append(text_in(part))
        elif len(files) < MOST_FILES and kind != "message/delivery-status":
            files.append(_file(place, part))
    _refuse_unread(mail, plain, html, files)
    said = "\n".join(filter(None, (one.strip() for one in plain)))
    if said or not html:
        return _short(said), "", files
    words, quoted = zip(*(text_of(one) for one in html), strict=True)
    return _short("\n\n".join(filter(None, words))), _short("\n\n".join(filter(None, quoted))), files


def _refuse_unread(mail: Message, plain: list[str], html: list[str], files: list[File]) -> None:
    """A multipart whose parts nobody can find, or bytes no alphabet explains, would show as an empty letter."""
    if mail.get_content_maintype() == "multipart" and not isinstance(mail.get_payload(), list):
        raise Broken("its parts cannot be told apart")
    is_multipart = mail.get_content_maintype() == "multipart"
    if is_multipart and not plain and not html and not files:
        raise Broken("nothing is left of its parts")


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _file(place: int, part: Message) -> File:
    name = words_of(part.get_filename() or "")
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        subject = words_of(inner[0].get("subject", "")) if isinstance(inner, list) and inner else ""
        name = name or f"{subject or 'correo'}.txt"
    # A name is a name: no folders, and no tricks with the direction of writing.
    name = "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable())[:120]
    return File(place, name, part.get_content_type(), bool(part.get("content-id")))


def text_in(part: Message) -> str:
    """The text of a part in its charset, or in what it turns out to be. Never fails on bad bytes."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    return clean(decoded(data, part.get_content_charset() or ""))


def decoded(data: bytes, charset: str) -> str:
    """Bytes as text: UTF-8 where they are UTF-8, else as declared, else as Windows writes."""
    charset = CHARSETS.get(charset.lower().strip(), charset.lower().strip())
    for name in dict.fromkeys(
        (
            charset if charset.startswith(("utf-16", "utf-32", "iso-2022", "utf-7")) else "utf-8",
            WIDER.get(charset, charset),
        )
    ):
        try:
            return data.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def bytes_in(mail: Message, place: int) -> tuple[bytes, str]:
    """The bytes and declared type of the leaf at that place. Raises ``LookupError`` when there is none."""
    for found, part in parts_of(mail):
        if found != place:
            continue
        if part.get_content_type() == "message/rfc822":
            return _attached(part), "text/plain"
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            return data, part.get_content_type()
    raise LookupError(place)


def _attached(part: Message) -> bytes:
    """A mail within a mail, as text: its raw form could hide what is cut from words everywhere else."""
    inner = part.get_payload()
    if not (isinstance(inner, list) and inner and isinstance(inner[0], Message)):
        return b""
    mail = inner[0]
    words, quoted, _files = body_of(mail)
    heads = [f"{name}: {words_of(mail.get(name, ''))}" for name in ("From", "To", "Date", "Subject")]
    return "\n".join([*heads, "", words, quoted]).encode()


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "\n[…]"
