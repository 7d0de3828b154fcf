"""What both networks' consent screens share: choices, hidden fields, a safe way back."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import urlencode, urlsplit

from starlette.responses import HTMLResponse, RedirectResponse

from channels_social.sandbox.environ import Environ
from channels_social.sandbox.page.templates import page


def may_return(environ: Environ, address: str) -> bool:
    """Whether a redirect address is one of ours: the product's, or any on this machine."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    return parts.hostname in ("localhost", "127.0.0.1", "::1", urlsplit(environ.base_url).hostname)


def go_back(address: str, **values: str) -> RedirectResponse:
    """Back to the product, with these values added to the address."""
    mark = "&" if urlsplit(address).query else "?"
    return RedirectResponse(address + mark + urlencode(values), 302)


def refusal(network: str, name: str, words: str) -> HTMLResponse:
    """The screen for a request that cannot be shown to anybody."""
    return page("refused.html", 400, network=network, network_name=name, words=words)


def choice(kind: str, name: str, value: str, label: str, more: str, *, checked: bool) -> str:
    """One option of a group, as markup."""
    on = " checked" if checked else ""
    told = f"<small>{escape(more)}</small>" if more else ""
    return (
        f'<label class="consent-choice"><input type="{kind}" name="{name}" value="{escape(value)}"{on}>'
        f"<span><b>{escape(label)}</b>{told}</span></label>"
    )


def hidden(values: dict[str, str]) -> str:
    """The request's own values, carried through the form."""
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in values.items()
    )


def bullets(items: Iterable[str]) -> str:
    """List items, as markup."""
    return "".join(f"<li><code>{escape(item)}</code></li>" for item in items)
