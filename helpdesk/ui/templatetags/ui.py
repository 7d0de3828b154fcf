"""The parts as template tags, built in (see TEMPLATES). An argument nobody declared does not compile."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.base import FilterExpression, Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from helpdesk import push
from helpdesk.ui import clocks, dates, forms, icons, people, tags, text
from helpdesk.ui.addresses import address

register = template.Library()

register.simple_tag(icons.icon, name="icon")
register.simple_tag(clocks.clock, name="clock")
register.simple_tag(people.person, name="person")
register.simple_tag(people.agent, name="agent")
register.simple_tag(people.channel_tag, name="channel_tag")
register.simple_tag(people.signature, name="signature")
register.simple_tag(tags.state_tag, name="state_tag")
register.simple_tag(tags.kind_tag, name="kind_tag")
register.simple_tag(tags.priority_tag, name="priority_tag")
register.simple_tag(tags.tag, name="tag")
register.simple_tag(tags.receipt, name="receipt")
register.simple_tag(forms.field, name="field")
register.simple_tag(dates.ago, name="ago")
register.simple_tag(dates.local_dt, name="local_dt")
register.simple_tag(dates.hour_of, name="hour_of")
register.simple_tag(dates.day_words, name="day_words")
register.simple_tag(text.masked, name="masked")
register.simple_tag(text.text_with_links, name="text_with_links")
register.simple_tag(text.name, name="name")


class Address(template.Node):
    """``{% url 'name' one two %}``: Django's, with the shape of the address kept."""

    def __init__(self, node: URLNode) -> None:
        self.name, self.args, self.asvar = node.view_name, node.args, node.asvar

    def render(self, context: template.Context) -> str:
        """The address, or nothing where it only gets a name."""
        found = ""
        try:
            found = address(self.name.resolve(context), *(one.resolve(context) for one in self.args))
        except NoReverseMatch:
            if self.asvar is None:
                raise
        if self.asvar is None:
            return conditional_escape(found) if context.autoescape else found
        context[self.asvar] = found
        return ""


@register.tag
def url(parser: Parser, token: Token) -> template.Node:
    """Django's ``url``; with named arguments it is Django's own node."""
    node = django_url(parser, token)
    return node if node.kwargs else Address(node)


# Stands for the reader's own token in what is kept for all.
_TOKEN, _MOST_KEPT = "token-of-the-reader", 500
_kept: dict[tuple[Any, ...], SafeString] = {}


class Kept(template.Node):
    """What depends on nothing but its language and these values: written once, then only said."""

    def __init__(self, nodes: template.NodeList, values: list[FilterExpression]) -> None:
        self.nodelist, self.values = nodes, values

    def render(self, context: template.Context) -> SafeString:
        """The part, with the token of who reads it."""
        values = (one.resolve(context) for one in self.values)
        key = (get_language(), *(tuple(one) if isinstance(one, list) else one for one in values))
        html = _kept.get(key)
        if html is None:
            with context.push(csrf_token=_TOKEN):
                html = self.nodelist.render(context)
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[key] = html
        return SafeString(html.replace(_TOKEN, str(context["csrf_token"]))) if _TOKEN in html else html


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """``{% kept 'name' one two %}…{% endkept %}``: all that the part between shows must be among the values."""
    values = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    nodes = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(nodes, values)


@register.simple_tag
def day_end() -> str:
    """When «hoy» ends in the active zone, for the page that regroups rows by itself."""
    return dates.iso(dates.day_end())


@register.simple_tag
def push_seq(organization_id: int) -> int:
    """How far the organization's stream is as the page is written: the page asks for what it missed since."""
    return push.last_seq(organization_id)


@register.simple_tag
def other_languages() -> list[tuple[str, str]]:
    """(code, its own name) of the languages the page is not in."""
    here = get_language()
    return [(code, own) for code, own in _languages() if code != here]


@cache
def _languages() -> tuple[tuple[str, str], ...]:
    return tuple(
        (code, get_language_info(code)["name_local"].capitalize()) for code, _label in settings.LANGUAGES
    )


@register.filter
def iso(instant: datetime | None) -> str:
    """UTC to the second, or nothing."""
    return dates.iso(instant) if instant else ""


@register.simple_tag(takes_context=True)
def notices(context: template.Context) -> Any:
    """What the server has to say once. A tag, because a page about a case calls its story ``messages``."""
    request: HttpRequest | None = context.get("request")
    return get_messages(request) if request else ()


@register.filter
def undo_of(notice: Any) -> list[str]:
    """The address that takes back what a notice says was done: none or one (``extra_tags="undo:<address>"``)."""
    return [
        word.removeprefix("undo:") for word in (notice.extra_tags or "").split() if word.startswith("undo:")
    ]


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> SafeString:
    """``data-theme`` of the root from the person's cookie: the right theme with the first byte, no flash."""
    request: HttpRequest | None = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return SafeString(f' data-theme="{chosen}"' if chosen in ("light", "dark") else "")
