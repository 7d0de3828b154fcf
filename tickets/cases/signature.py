"""The signature of a person under an answer: ^JC. Pure.

Answers go out with it (added, never doubled, counted in the length) and come back with it when somebody
answered natively or with another tool.
"""

import re

# What networks append after the signature: links of photos and quoted posts.
_TAIL = r"(?P<tail>(?:\s{1,9}https?://\S{1,500}){0,4})\s*$"
# A caret is only ever a signature; dash and slash also stand between words, so they need a gap before them.
_CARET = re.compile(rf"\^\s?(?P<who>[^\W\d_]{{2,12}})[.!]?{_TAIL}")
_DASH = re.compile(
    rf"(?:(?<=\s)|(?<=[.,;:!?…)\]>])|(?<=[^\w\s\x00-\x7f]))[-–—/]\s?(?P<who>[A-ZÑ]{{2,3}})\.?{_TAIL}"
)


def sign(text: str, initials: str) -> str:
    """Return `text` ending in exactly one " ^JC", however often its author already typed it."""
    body = text.rstrip()
    own = re.compile(rf"\s*\^\s?{re.escape(initials)}$", re.IGNORECASE)
    while own.search(body):
        body = own.sub("", body).rstrip()
    return f"{body} ^{initials}" if body else f"^{initials}"


def parse_signature(text: str) -> tuple[str, str | None]:
    """Return the text without its signature, and the initials: "^JC", "-JC" and "/JC" at the end count.

    Links after the signature stay in the text. Meant for a company's own messages: among customers'
    messages a last "-SA" would be taken for a person.
    """
    found = _CARET.search(text) or _DASH.search(text)
    if found is None:
        return text, None
    who = found["who"]
    body = text[: found.start()].rstrip()
    return body + found["tail"], who.upper() if len(who) <= 4 else who
