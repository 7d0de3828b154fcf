"""Addresses and codes of articles and themes: given once, kept for ever. Inside ``tenant``."""

from __future__ import annotations

import secrets
from typing import Any

from django.utils.text import slugify

from faq.models import Article

# Without what is read for something else (0 and o, 1 and l), and without vowels: no code is a word.
_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
CODE = 6


def free_slug(model: Any, organization_id: int, name: str, *, longest: int) -> str:
    """An address made of a name that no other row of the organization has."""
    wanted = slugify(name)[:longest].strip("-") or "articulo"
    taken = set(
        model.objects.filter(organization_id=organization_id, slug__startswith=wanted).values_list(
            "slug", flat=True
        )
    )
    if wanted not in taken and wanted not in RESERVED:
        return wanted
    return next(slug for n in range(2, 10_000) if (slug := f"{wanted}-{n}") not in taken)


def free_code(organization_id: int) -> str:
    """A short code nobody of the organization has; 27⁶ of them, drawn, so that none is guessed in order."""
    while True:
        code = "".join(secrets.choice(_LETTERS) for _ in range(CODE))
        if not Article.objects.filter(organization_id=organization_id, code=code).exists():
            return code


# Words of the public addresses beside articles.
RESERVED = frozenset({"tema", "buscar"})
