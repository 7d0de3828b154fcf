"""``{% load i18n %}`` of this house: Django's own tags, with a constant text looked up once per language.

A page of a case says some hundred and thirty of them; looked up anew at every page they were a sixth of its time.
"""

from __future__ import annotations

from typing import Any

from django.template import Library, Node
from django.template.base import Parser, Token
from django.templatetags import i18n
from django.utils.translation import get_language

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class KeptTranslation(Node):
    """A text that is the same whenever its language is."""

    def __init__(self, node: i18n.TranslateNode) -> None:
        self.node, self.asvar = node, node.asvar
        node.asvar = None
        self.said: dict[str | None, str] = {}

    def render(self, context: Any) -> str:
        """The text, or nothing where it only gets a name."""
        language = get_language()
        text = self.said.get(language)
        if text is None:
            text = self.said[language] = self.node.render(context)
        if self.asvar:
            context[self.asvar] = text
            return ""
        return text


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """Django's ``translate``; what is not a constant is Django's own node."""
    node = i18n.do_translate(parser, token)
    expression = node.filter_expression
    is_constant = getattr(expression.var, "literal", None) is not None and not expression.filters
    return KeptTranslation(node) if is_constant and not node.noop and node.message_context is None else node
