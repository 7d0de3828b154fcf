from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from faq.domain import writing
from faq.domain.themes import add_theme
from faq.domain.writing import About
from faq.models import Article
from faq.rules.document import Document
from helpdesk.site.models import Site
from helpdesk.tenancy.context import tenant
from tests.cast import bank_today


@pytest.fixture
def article(cast) -> Callable[..., Article]:
    """An article of the bank, written by Juan and, unless said otherwise, published by Paola; on an open site."""
    with tenant(cast.bank.pk):
        Site.objects.get_or_create(organization=cast.bank, defaults={"is_on": True})

    def make(
        title: str = "Me cobraron dos veces la misma compra", *, published: bool = True, **more: Any
    ) -> Article:
        with tenant(cast.bank.pk):
            theme = add_theme(cast.bank, name=more.pop("theme", f"Tema de {title}"[:60]), by=cast.paola)
            body = more.pop("body", "Casi siempre es una **reserva** que se libera sola en 72 horas.")
            expires_on = more.pop("expires_on", bank_today() + timedelta(days=90))
            made = writing.begin(
                cast.bank, Document(title=title, body=body, category=theme.pk, **more), by=cast.juan,
                about=About(cast.juan, expires_on), ask_review=True,
            )  # fmt: skip
            if published:
                writing.publish(made, step=made.step, by=cast.paola)
            return Article.objects.select_related("version", "category", "owner").get(pk=made.pk)

    return make
