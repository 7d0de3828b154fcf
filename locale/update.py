"""Bring the English catalogue up to date: ``python locale/update.py``. No GNU gettext needed.

The interface is written in Spanish, so Spanish needs no catalogue. Texts are read from the templates (as
Django's own ``makemessages`` does) and from the calls to gettext in the code; new ones are added to
``en/LC_MESSAGES/django.po`` with an empty translation, gone ones are dropped, and the ``.mo`` is compiled
(it is not committed: ``bin/run`` and ``bin/test`` compile it too).
It ends with 1 while a text has no English. ``tests/ui/test_translations.py`` asks the same.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
APPS = ("helpdesk", "channels_social", "protocols", "faq", "tickets")
# The sandbox is a stand-in for other people's sites; it speaks for itself.
NOT_OURS = ("channels_social/sandbox/",)

# Which arguments are (context, singular, plural), by position.
CALLS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
_STRING = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*{_STRING}(?:\s*,\s*{_STRING})?(?:\s*,\s*{_STRING})?")


class Text(NamedTuple):
    """One text to translate. ``context`` and ``plural`` are empty when it has none."""

    context: str
    msgid: str
    plural: str


def collect(root: Path = ROOT) -> dict[Text, set[str]]:
    """Every text of the interface and the files that say it."""
    found: dict[Text, set[str]] = {}
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in (".html", ".txt"):
            for text in in_template(path.read_text(encoding="utf-8")):
                found.setdefault(text, set()).add(path.relative_to(root).as_posix())
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if not name.startswith(NOT_OURS):
                for text in in_python(path.read_text(encoding="utf-8")):
                    found.setdefault(text, set()).add(name)
    return found


def in_template(source: str) -> Iterator[Text]:
    """The texts of a template: ``templatize`` turns its tags into calls to gettext."""
    from django.utils.translation.template import templatize

    for match in _CALL.finditer(templatize(source)):
        arguments = [ast.literal_eval(argument) for argument in match.groups()[1:] if argument]
        yield _text(match.group(1), arguments)


def in_python(source: str) -> Iterator[Text]:
    """The texts of a module: calls to gettext, by whatever of its names, with written-out strings."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        arguments = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if name in CALLS and arguments and isinstance(arguments[0], str):
            yield _text(name, arguments)


def _text(call: str, arguments: list[str]) -> Text:
    context, msgid, plural = CALLS[call]
    return Text(
        arguments[context] if context is not None else "",
        arguments[msgid],
        arguments[plural] if plural is not None else "",
    )


def update() -> list[Text]:
    """Write the catalogue and compile it; return what still has no English."""
    wanted = collect()
    old = {_key(entry): entry for entry in polib.pofile(str(PO))} if PO.exists() else {}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    missing = []
    for text in sorted(wanted, key=lambda text: (text.msgid, text.context)):
        entry = old.get(text) or _entry(text)
        entry.occurrences = [(name, "") for name in sorted(wanted[text])]
        catalogue.append(entry)
        if not entry.translated():
            missing.append(text)
    catalogue.save(str(PO), newline="\n")
    catalogue.save_as_mofile(str(PO.with_suffix(".mo")))
    return missing


def _key(entry: polib.POEntry) -> Text:
    return Text(entry.msgctxt or "", entry.msgid, entry.msgid_plural)


def _entry(text: Text) -> polib.POEntry:
    flags = ["python-format"] if re.search(r"%\(\w+\)", text.msgid) else []
    plural = {"msgid_plural": text.plural, "msgstr_plural": {0: "", 1: ""}} if text.plural else {}
    return polib.POEntry(msgid=text.msgid, msgctxt=text.context or None, flags=flags, **plural)


if __name__ == "__main__":
    left = update()
    for text in left:
        print(f"no English yet: {text.msgid!r}")
    sys.exit(1 if left else 0)
