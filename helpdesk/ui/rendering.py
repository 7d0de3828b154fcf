"""Django's templates, with a page forgotten as soon as it is rendered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.template.backends.django import DjangoTemplates, Template, reraise
from django.template.context import make_context
from django.utils.safestring import SafeString


class Templates(DjangoTemplates):
    """Django's engine, whose templates are ``Page``."""

    def from_string(self, template_code: str) -> Page:
        """A template of this text."""
        return Page(self.engine.from_string(template_code), self)

    def get_template(self, template_name: str) -> Page:
        """The template of this name; TemplateDoesNotExist when there is none."""
        return Page(super().get_template(template_name).template, self)


class Page(Template):
    """A template that keeps nothing of what it showed.

    Django's context and the dictionaries in it point at each other: a quarter of a megabyte of a case's page would wait
    for the garbage collector, and a worker that shows forty before it comes holds ten (``bin/bench memory``).
    """

    def render(self, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> SafeString:
        """The text. TemplateDoesNotExist when a part of it is not there."""
        shown = make_context(context, request, autoescape=self.backend.engine.autoescape)
        try:
            return self.template.render(shown)
        except TemplateDoesNotExist as missing:
            reraise(missing, self.backend)
        finally:
            shown.dicts.clear()
