"""Our few HTML pages: `$name` is escaped, `$name_html` is markup we made ourselves."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse

# Nothing inline, nothing from elsewhere; pictures by the address the networks give them.
POLICY = "default-src 'self'; img-src 'self' data: http:; base-uri 'none'; frame-ancestors 'none'"
FOLDER = Path(__file__).parent / "templates"


@cache
def source(name: str) -> Template:
    """A template of ours."""
    return Template((FOLDER / name).read_text(encoding="utf-8"))


def fill(name: str, **values: str) -> str:
    """The template with its values; everything is escaped, except names that end in `_html`."""
    safe = {key: value if key.endswith("_html") else escape(str(value)) for key, value in values.items()}
    return source(name).substitute(safe)


def page(name: str, status: int = 200, **values: str) -> HTMLResponse:
    """The template as an answer that nobody caches."""
    headers = {"cache-control": "no-store", "content-security-policy": POLICY}
    return HTMLResponse(fill(name, **values), status, headers=headers)
