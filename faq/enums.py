from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ArticleState(TextChoices):
    """Where an article is; what waits for review beside one in force is the draft's own state."""

    DRAFT = "draft", _("Borrador")
    PUBLISHED = "published", _("Publicado")
    RETIRED = "retired", _("Retirado")


class Origin(TextChoices):
    """What an article was begun from."""

    HAND = "", _("Escrito a mano")
    ANSWER = "answer", _("De una respuesta")
    QUESTIONS = "questions", _("De preguntas frecuentes")
    SEARCH = "search", _("De una búsqueda sin resultado")
    SEED = "seed", _("Vino con el producto")
