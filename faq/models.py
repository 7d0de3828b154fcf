"""Rows of articles: what is being written, what was published, and what readers made of it."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from faq.enums import ArticleState, Origin
from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel


class Category(TenantModel):
    """A theme that articles are found under."""

    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=70)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="faq_category_slug"),
            models.UniqueConstraint(fields=["organization", "name"], name="faq_category_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Article(TenantModel):
    """A question with its answer: a draft several write, and the version in force somebody else published."""

    # Where it came from: the key of a seed, so that planting twice plants once.
    seed = models.CharField(max_length=60, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, blank=True, default=Origin.HAND)
    # Its address, given once: links in answers stay good whatever it is called later.
    slug = models.SlugField(max_length=90)
    # Of the short link.
    code = models.CharField(max_length=8)
    # Of the version in force, or of the draft while there is none.
    title = models.CharField(max_length=160)
    category = TenantForeignKey(Category, null=True, db_index=False)
    # Where it holds, by ISO 3166; empty: everywhere.
    countries = ArrayField(models.CharField(max_length=2), default=list)
    state = models.CharField(max_length=10, choices=ArticleState, default=ArticleState.DRAFT)
    # {title, summary, body, keywords, category, countries}; null when nothing waits to be published.
    draft: Any = models.JSONField(null=True)
    # Counts every save for ever, so that a page opened before one is recognised as old.
    step = models.PositiveIntegerField(default=0)
    # Who wrote in the draft: none of them publishes it.
    authors = ArrayField(models.BigIntegerField(), default=list)
    saved_by = TenantForeignKey(Membership, null=True, db_index=False)
    # Of the last change of any kind.
    saved_at = models.DateTimeField(db_default=Now())
    # The draft waits for somebody else since then, or was given back with a sentence.
    review_asked_at = models.DateTimeField(null=True)
    returned_note = models.CharField(max_length=400, blank=True)
    returned_by = TenantForeignKey(Membership, null=True, db_index=False)
    # Who answers for it, and its last day.
    owner = TenantForeignKey(Membership, null=True, db_index=False)
    expires_on = models.DateField(null=True)
    version = TenantForeignKey("ArticleVersion", null=True, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="article_slug"),
            models.UniqueConstraint(fields=["organization", "code"], name="article_code"),
            models.UniqueConstraint(
                fields=["organization", "seed"], name="article_seed", condition=~Q(seed="")
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(version__isnull=False), name="article_published_version"
            ),
            models.CheckConstraint(
                condition=Q(draft__isnull=False) | Q(review_asked_at__isnull=True),
                name="article_review_draft",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "category"], name="article_shelf"),
            # What the index of a search is known to be old by.
            models.Index(fields=["organization", "saved_at"], name="article_saved"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_in_review(self) -> bool:
        """Whether the draft waits for somebody who did not write it."""
        return self.review_asked_at is not None


class ArticleVersion(TenantModel):
    """An article as it was published, whole. Append-only."""

    article = TenantForeignKey(Article, db_index=False)
    number = models.PositiveIntegerField()
    document: Any = models.JSONField()
    authors = ArrayField(models.BigIntegerField(), default=list)
    published_by = TenantForeignKey(Membership, null=True, db_index=False)
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "article", "number"], name="article_version_number"
            )
        ]


class ArticleVote(TenantModel):
    """«¿Te sirvió?»: what one reader said of one article, on one day; said again it is changed."""

    article = TenantForeignKey(Article, db_index=False)
    version = TenantForeignKey(ArticleVersion, db_index=False)
    is_useful = models.BooleanField()
    # A keyed digest of address, browser and day: nobody is known by it, and the same reader counts once.
    reader = models.CharField(max_length=43)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "article", "reader"], name="article_vote_once")
        ]


class MissedSearch(TenantModel):
    """Words that readers looked for and that no article answered."""

    # The stems, sorted: word order, accents and endings make no other search of it.
    key = models.CharField(max_length=120)
    # As somebody wrote it, without anything that could be a datum of a person.
    words = models.CharField(max_length=120)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())
    # Settled: an article is being written for it, or it needs none.
    article = TenantForeignKey(Article, null=True, db_index=False)
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="missed_search_key")]
        indexes = [models.Index(fields=["organization", "-times"], name="missed_search_times")]
