"""One file out of many: the scripts and styles of the page as they are sent, from those that are written.

There is no build: the browser runs the files as they stand in ``static/``. When static files are collected,
``js/main.js``, ``css/app.css`` and ``css/console.css`` are sent with all they import, so that a page asks for few
files and a new version never mixes with an old one. The rules the files keep (a test holds them): imports are
one-line, relative and of names; exports are ``export`` before ``function``, ``class`` or one ``const``; no text that is
shown begins a line with spaces.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

Read = Callable[[str], str]

_IMPORT = re.compile(r'^import \{([^}]+)\} from "(\.{1,2}/[^"]+)";\n?', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)
_CSS_IMPORT = re.compile(r'^@import url\("([^"]+)"\);\n?', re.MULTILINE)
_JS_COMMENT = re.compile(r"^\s*(?://.*|/\*\*.*\*/)\n", re.MULTILINE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)
# White space beside what separates, outside of strings.
_CSS_SPACE = re.compile(r"""("[^"]*"|'[^']*')|\s*([{};])\s*|(:)\s+""")


def scripts(entry: str, read: Read) -> str:
    """The module ``entry`` with all it imports, each in a function of its own.

    ``read(name)`` gives the text of a file by its name under ``static/``. Raises ``ValueError`` for what
    the rules above do not allow, and for modules that import each other in a circle.
    """
    names: dict[str, str] = {}
    parts: list[str] = []
    _add(entry, read, names, parts, ())
    return "".join(parts)


def styles(entry: str, read: Read) -> str:
    """The style sheet ``entry`` with its imports in their order, without comments and white space that says nothing."""
    folder = posixpath.dirname(entry)
    text = _CSS_IMPORT.sub(lambda found: read(posixpath.normpath(f"{folder}/{found[1]}")), read(entry))
    text = _INDENT.sub("", _CSS_COMMENT.sub("", text)).strip()
    return _CSS_SPACE.sub(lambda found: found[1] or found[2] or found[3], text) + "\n"


def _add(name: str, read: Read, names: dict[str, str], parts: list[str], above: tuple[str, ...]) -> str:
    if name in above:
        raise ValueError(f"{name} imports itself by way of {above}")
    if name in names:
        return names[name]
    text = read(name)
    head = ""
    for what, where in _IMPORT.findall(text):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), where))
        module = _add(target, read, names, parts, (*above, name))
        head += f"const {{{what.replace(' as ', ': ')}}} = {module};\n"
    exported = [found[1] for found in _EXPORT.findall(text)]
    body = _INDENT.sub("", _JS_COMMENT.sub("", _EXPORT.sub(r"\1", _IMPORT.sub("", text))))
    if re.search(r"^(?:import|export)\b", body, re.MULTILINE):
        raise ValueError(f"{name} imports or exports in a way that is not bundled")
    names[name] = f"m{len(names)}"
    parts.append(f"const {names[name]} = (() => {{\n{head}{body}return {{{', '.join(exported)}}};\n}})();\n")
    return names[name]
