"""A constant text is looked up once per language, and says the right one every time."""

from __future__ import annotations

import pytest
from django.template import engines
from django.utils.translation import override

SAYS = {"es": "Resolver", "en": "Resolve"}


def rendered(source: str, **context: object) -> str:
    return engines["django"].from_string("{% load i18n %}" + source).render(context)


@pytest.mark.parametrize("source", ['{% translate "Resolver" %}', '{% trans "Resolver" as it %}{{ it }}'])
def test_constant_text_follows_the_language_back_and_forth(source):
    template = engines["django"].from_string("{% load i18n %}" + source)

    for language in ("es", "en", "es", "en"):
        with override(language):
            assert template.render({}) == SAYS[language]


def test_what_is_no_constant_is_said_as_django_says_it():
    with override("en"):
        assert rendered("{% translate word %}", word="Resolver") == "Resolve"
        assert rendered('{% translate "Resolver"|upper %}') == "RESOLVE"
        assert rendered('{% translate "Resolver" noop %}') == "Resolver"
