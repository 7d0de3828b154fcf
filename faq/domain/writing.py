"""The life of an article: drafts several write, asked for review, published by somebody who did not. Inside ``tenant``.

A draft is saved with the step that was read: of two people at once the second is told, and keeps what they wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from faq.domain.naming import free_code, free_slug
from faq.enums import ArticleState, Origin
from faq.models import Article, ArticleVersion, Category
from faq.rules.document import Document, document_of, wrongs_in
from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership, Organization

# How long an article holds when nobody says another day.
HOLDS = timedelta(days=182)


class Outdated(Exception):
    """Somebody else saved or published since it was read; ``article`` is how it stands now."""

    def __init__(self, article: Article) -> None:
        super().__init__(f"article {article.pk} is at step {article.step}")
        self.article = article


class NotAllowed(Exception):
    """``code`` has its sentence in ``faq.sentences``: ``own``, ``nothing``, ``not_in_review``, ``in_use`` …"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class About:
    """Who answers for an article and its last day; in force as soon as saved."""

    owner: Membership | None = None
    expires_on: date | None = None


@transaction.atomic
def begin(
    organization: Organization,
    document: Document,
    *,
    by: Membership,
    about: About | None = None,
    origin: Origin = Origin.HAND,
    ask_review: bool = False,
) -> Article:
    """A new article with its first draft; without ``about`` its author answers for it, for half a year."""
    about = about or About(by, clock.now().date() + HOLDS)
    article = Article(
        organization=organization, origin=origin, owner=about.owner, expires_on=about.expires_on,
        slug=free_slug(Article, organization.pk, document.title, longest=80), code=free_code(organization.pk),
    )  # fmt: skip
    _write(article, document, by)
    if ask_review:
        article.review_asked_at = clock.now()
    article.save()
    _tell(article, "drafted", by, origin=str(origin))
    return article


@transaction.atomic
def save_draft(
    article: Article, document: Document, *, step: int, by: Membership, about: About, ask_review: bool = False
) -> bool:
    """Keep a draft as it was written at ``step``; whether anything changed. Raises :class:`Outdated`.

    A draft that changes leaves review, unless it is asked for again.
    """
    row = _locked(article, step)
    standing = document_of(row.draft if row.draft is not None else _in_force(row))
    is_new = standing != document
    is_about = (about.owner.pk if about.owner else None, about.expires_on) != (row.owner_id, row.expires_on)
    asks = ask_review and (is_new or row.draft is not None) and not row.is_in_review
    if not (is_new or is_about or asks):
        return False
    row.owner, row.expires_on = about.owner, about.expires_on
    if is_new:
        _write(row, document, by)
        row.review_asked_at, row.returned_note, row.returned_by = None, "", None
    else:
        row.step, row.saved_by, row.saved_at = row.step + 1, by, clock.now()
    if ask_review and row.draft is not None:
        row.review_asked_at, row.returned_note, row.returned_by = clock.now(), "", None
    row.save()
    _tell(row, "review_asked" if asks else "drafted", by)
    return True


@transaction.atomic
def give_back(article: Article, *, step: int, by: Membership, note: str) -> None:
    """Out of review, with what is missing. Raises :class:`Outdated` or :class:`NotAllowed`."""
    row = _locked(article, step)
    if not row.is_in_review:
        raise NotAllowed("not_in_review")
    if not note.strip():
        raise NotAllowed("no_note")
    row.review_asked_at, row.returned_note, row.returned_by = None, note.strip()[:400], by
    row.step, row.saved_at = row.step + 1, clock.now()
    row.save()
    _tell(row, "returned", by)


@transaction.atomic
def publish(article: Article, *, step: int, by: Membership) -> ArticleVersion:
    """Publish what waits for review as it was read at ``step``, by somebody who did not write in it.

    Raises :class:`Outdated`, or :class:`NotAllowed` with what keeps it from being published.
    """
    row = _locked(article, step)
    if row.draft is None:
        raise NotAllowed("nothing")
    if by.pk in row.authors:
        raise NotAllowed("own")
    if not row.is_in_review:
        raise NotAllowed("not_in_review")
    for code in what_keeps(row):
        raise NotAllowed(code)
    version = put_in_force(row, document_of(row.draft), by=by)
    _tell(row, "published", by, version=version.number)
    return version


def what_keeps(article: Article) -> list[str]:
    """Codes of what keeps its draft from being published, in the order they are said."""
    codes = wrongs_in(document_of(article.draft))
    if article.owner_id is None:
        codes.append("owner")
    if article.expires_on is None or article.expires_on <= clock.now().date():
        codes.append("expiry")
    return codes


def put_in_force(row: Article, document: Document, *, by: Membership | None) -> ArticleVersion:
    """Write a version of this document and let it stand; the draft is used up."""
    last = ArticleVersion.objects.filter(article=row).order_by("-number").first()
    version = ArticleVersion.objects.create(
        organization_id=row.organization_id, article=row, number=last.number + 1 if last else 1,
        document=document.as_stored(), authors=row.authors, published_by=by,
    )  # fmt: skip
    row.version, row.state = version, ArticleState.PUBLISHED
    _show(row, document)
    _use_up(row)
    row.save()
    return version


@transaction.atomic
def discard(article: Article, *, step: int, by: Membership) -> None:
    """Back to the version in force. Raises :class:`Outdated`, or :class:`NotAllowed` ``nothing`` without one."""
    row = _locked(article, step)
    if row.draft is None or row.version is None:
        raise NotAllowed("nothing")
    _use_up(row)
    row.save()
    _tell(row, "discarded", by)


@transaction.atomic
def retire(article: Article, *, by: Membership) -> None:
    """Take it off the site; links to it say so."""
    _switch(article, ArticleState.RETIRED, by, "retired")


@transaction.atomic
def restore(article: Article, *, by: Membership) -> None:
    """Back on the site, as it was published last."""
    row = Article.objects.get(pk=article.pk)
    _switch(row, ArticleState.PUBLISHED if row.version_id else ArticleState.DRAFT, by, "restored")


@transaction.atomic
def drop(article: Article, *, by: Membership) -> None:
    """Put one aside that was never published; it can be brought back. :class:`NotAllowed` ``in_use`` otherwise."""
    row = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    if row.version_id is not None:
        raise NotAllowed("in_use")
    row.review_asked_at = None
    row.save(update_fields=["review_asked_at"])
    _switch(row, ArticleState.RETIRED, by, "dropped")


def _locked(article: Article, step: int) -> Article:
    rows = Article.objects.select_for_update(of=("self",)).select_related("saved_by", "version", "owner")
    row = rows.get(pk=article.pk)
    if row.step != step:
        raise Outdated(row)
    return row


def _in_force(row: Article) -> dict[str, object] | None:
    return row.version.document if row.version else None


def _write(row: Article, document: Document, by: Membership) -> None:
    row.draft, row.step = document.as_stored(), row.step + 1
    row.authors = sorted({*row.authors, by.pk})
    row.saved_by, row.saved_at = by, clock.now()
    if row.version_id is None:
        _show(row, document)


def _show(row: Article, document: Document) -> None:
    """What lists and addresses read of the document; a theme that is gone is none."""
    row.title, row.countries = document.title, list(document.countries)
    row.category = Category.objects.filter(pk=document.category).first() if document.category else None


def _use_up(row: Article) -> None:
    row.draft, row.authors, row.review_asked_at = None, [], None
    row.returned_note, row.returned_by = "", None
    row.step, row.saved_at = row.step + 1, clock.now()


def _switch(article: Article, state: ArticleState, by: Membership, action: str) -> None:
    row = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    row.state, row.step, row.saved_at = state, row.step + 1, clock.now()
    row.save(update_fields=["state", "step", "saved_at"])
    _tell(row, action, by)


def _tell(row: Article, action: str, by: Membership, **data: object) -> None:
    audit.record(row.organization_id, f"article.{action}", actor_id=by.pk, article=row.pk, **data)
