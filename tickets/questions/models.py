"""Rows of frequent questions: each look at a week, the groups it found and why, and articles linked in answers."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from faq.models import Article
from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from tickets.cases.models import Message


class GroupState(models.TextChoices):
    """What became of a group of questions."""

    NEW = "new", _("Por mirar")
    DRAFTED = "drafted", _("Con borrador")
    DISMISSED = "dismissed", _("No hace falta")


class QuestionWeek(TenantModel):
    """A look at the questions of some days; the last of a week stands."""

    # The Monday it is of, where the organization is.
    week = models.DateField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    looked_at = models.PositiveIntegerField()
    grouped = models.PositiveIntegerField()
    made_at = models.DateTimeField(db_default=Now())
    # Null: by itself, at the end of the week.
    made_by = TenantForeignKey(Membership, null=True, db_index=False)
    # Somebody asked then for the last seven days, and they are not grouped yet.
    asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "week"], name="question_week_once")]


class QuestionGroup(TenantModel):
    """Messages of a week that ask the same."""

    week = TenantForeignKey(QuestionWeek, db_index=False)
    title = models.CharField(max_length=160)
    # [stem, as it is written, its share of the members], heaviest first: why they belong together.
    terms: Any = models.JSONField()
    size = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    cohesion = models.FloatField()
    state = models.CharField(max_length=10, choices=GroupState, default=GroupState.NEW)
    # What is being written for it.
    article = TenantForeignKey(Article, null=True, db_index=False)
    # What was there already, and was not found.
    covered_by = TenantForeignKey(Article, null=True, db_index=False)
    decided_by = TenantForeignKey(Membership, null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="drafted") | Q(article__isnull=False), name="question_group_article"
            )
        ]
        indexes = [models.Index(fields=["organization", "week", "state"], name="question_group_week")]

    @property
    def stems(self) -> list[str]:
        """What it is told by, heaviest first."""
        return [stem for stem, _word, _share in self.terms]

    @property
    def words(self) -> list[str]:
        """The same as customers write it."""
        return [word for _stem, word, _share in self.terms]


class QuestionMember(TenantModel):
    """A message in its group. Its words are read where they are: what a customer deletes is gone here too."""

    group = TenantForeignKey(QuestionGroup, db_index=False)
    message = TenantForeignKey(Message, db_index=False)
    likeness = models.FloatField()
    # The stems it shares with the rest.
    shared = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "group", "message"], name="question_member_once")
        ]


class ArticleUse(TenantModel):
    """An article in an answer: linked there, or begun from it."""

    article = TenantForeignKey(Article, db_index=False)
    message = TenantForeignKey(Message, db_index=False)
    is_source = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "article", "message", "is_source"], name="article_use_once"
            )
        ]
        indexes = [models.Index(fields=["organization", "message"], name="article_use_message")]
