"""Markdown of an article as safe HTML, and as plain words. Pure.

Twice safe: raw HTML is never let through by the parser, and what it makes is cleaned by a list of what may stay
(nh3). No picture: a page of ours asks nobody else for anything. Headings begin below the page's own.
"""

from __future__ import annotations

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 20}).enable(
    ["table", "strikethrough"]
)
_PARSER.disable("image")
_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel"}
_HEADINGS = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h4", "h5": "h4", "h6": "h4"}


@lru_cache(maxsize=512)
def as_html(text: str) -> SafeString:
    """The text as HTML in which nothing can run, be fetched or be submitted."""
    tokens = _PARSER.parse(text)
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    made = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return SafeString(
        nh3.clean(
            made,
            tags=_TAGS,
            attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
            url_schemes=_SCHEMES,
            link_rel="noopener noreferrer",
            clean_content_tags={"script", "style"},
        )
    )


@lru_cache(maxsize=2048)
def as_plain(text: str) -> str:
    """Its words on one line, for searches, descriptions and tooltips."""
    words = (_said(token) for token in _PARSER.parse(text) if token.type in ("inline", "fence", "code_block"))
    return " ".join(" ".join(words).split())


def _said(token: Token) -> str:
    if token.children is None:
        return token.content
    return "".join(" " if child.type.endswith("break") else child.content for child in token.children)
