"""The life of a page: drafts that several write, versions that somebody else publishes. Inside ``tenant``.

A draft is saved with the step that was read: of two people at once the second is told, and keeps what they wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership, Organization
from protocols.versions.models import PageState, PageVersion, VersionedPage

P = TypeVar("P", bound=VersionedPage)


class Outdated(Exception):
    """Somebody else saved or published since it was read; ``page`` is how it stands now."""

    def __init__(self, page: VersionedPage) -> None:
        super().__init__(f"{page._meta.model_name} {page.pk} is at step {page.step}")
        self.page = page


class NotAllowed(Exception):
    """``own`` (who wrote it does not publish it), ``nothing`` (no draft), ``in_use`` (it was published once)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def begin(
    model: type[P],
    organization: Organization,
    document: dict[str, Any],
    *,
    by: Membership,
    owner: Membership | None = None,
    review_on: date | None = None,
) -> P:
    """A new page with its first draft."""
    page = model(organization=organization, owner=owner, review_on=review_on)
    _write(page, document, by)
    page.save()
    _tell(page, "drafted", by)
    return page


@transaction.atomic
def save_draft(
    page: P,
    document: dict[str, Any],
    *,
    step: int,
    by: Membership,
    owner: Membership | None = None,
    review_on: date | None = None,
) -> bool:
    """Keep a draft as it was written at ``step``; whether anything changed. Raises :class:`Outdated`."""
    row = _locked(page, step)
    standing = row.draft if row.draft is not None else _in_force(row)
    about = (owner.pk if owner else None, review_on)
    if standing == document and about == (row.owner_id, row.review_on):
        return False
    row.owner, row.review_on = owner, review_on
    if standing != document:
        _write(row, document, by)
    else:
        row.step, row.saved_by, row.saved_at = row.step + 1, by, clock.now()
    row.save()
    _tell(row, "drafted", by)
    return True


@transaction.atomic
def publish(page: P, *, step: int, by: Membership) -> PageVersion:
    """Publish the draft as it was read at ``step``, by somebody who did not write in it.

    Raises :class:`Outdated`, or :class:`NotAllowed` with ``own`` or ``nothing``.
    """
    row = _locked(page, step)
    if row.draft is None:
        raise NotAllowed("nothing")
    if by.pk in row.authors:
        raise NotAllowed("own")
    version = put_in_force(row, row.draft, by=by)
    _tell(row, "published", by, version=version.number)
    return version


def put_in_force(row: VersionedPage, document: dict[str, Any], *, by: Membership | None) -> PageVersion:
    """Write a version of this document and let it stand; the draft is used up."""
    versions: Any = row._meta.get_field("version").related_model
    last = versions.objects.filter(page=row).order_by("-number").first()
    version: PageVersion = versions.objects.create(
        organization_id=row.organization_id, page=row, number=last.number + 1 if last else 1,
        document=document, authors=row.authors, published_by=by,
    )  # fmt: skip
    row.version = version  # type: ignore[attr-defined]
    row.name, row.motives = document["name"], document["motives"]
    row.state, row.draft, row.authors, row.step = PageState.PUBLISHED, None, [], row.step + 1
    row.save()
    return version


@transaction.atomic
def discard(page: P, *, step: int, by: Membership) -> None:
    """Back to the version in force. Raises :class:`Outdated`, or :class:`NotAllowed` ``nothing`` without one."""
    row = _locked(page, step)
    if row.draft is None or _in_force(row) is None:
        raise NotAllowed("nothing")
    row.draft, row.authors, row.step = None, [], row.step + 1
    row.save()
    _tell(row, "discarded", by)


@transaction.atomic
def retire(page: P, *, by: Membership) -> None:
    """Offer it no more; who follows it goes on."""
    _switch(page, PageState.RETIRED, by, "retired")


@transaction.atomic
def restore(page: P, *, by: Membership) -> None:
    """Offer it again."""
    _switch(page, PageState.PUBLISHED if _in_force(page) else PageState.DRAFT, by, "restored")


@transaction.atomic
def drop(page: P, *, by: Membership) -> None:
    """Delete a page that was never published. :class:`NotAllowed` ``in_use`` for one that was."""
    row = type(page).objects.select_for_update().get(pk=page.pk)  # type: ignore[attr-defined]
    if _in_force(row) is not None:
        raise NotAllowed("in_use")
    _tell(row, "dropped", by)
    row.delete()


def authors_of(page: VersionedPage) -> Sequence[Membership]:
    """Who wrote in the draft, in the order of their names."""
    found = Membership.objects.filter(organization_id=page.organization_id, pk__in=page.authors)
    return list(found.order_by("display_name"))


def _locked(page: P, step: int) -> P:
    rows = type(page).objects.select_for_update(of=("self",)).select_related("saved_by")  # type: ignore[attr-defined]
    row: P = rows.get(pk=page.pk)
    if row.step != step:
        raise Outdated(row)
    return row


def _in_force(row: VersionedPage) -> dict[str, Any] | None:
    version = row.version  # type: ignore[attr-defined]
    return version.document if version else None


def _write(row: VersionedPage, document: dict[str, Any], by: Membership) -> None:
    row.draft, row.step = document, row.step + 1
    row.authors = sorted({*row.authors, by.pk})
    row.saved_by, row.saved_at = by, clock.now()
    if row.state == PageState.DRAFT:
        row.name, row.motives = document["name"], document["motives"]


def _switch(page: VersionedPage, state: PageState, by: Membership, action: str) -> None:
    row: Any = type(page)._default_manager.select_for_update().get(pk=page.pk)
    row.state, row.step = state, row.step + 1
    row.save()
    _tell(row, action, by)


def _tell(row: VersionedPage, action: str, by: Membership, **data: Any) -> None:
    kind = "protocol" if row._meta.model_name == "protocol" else "template"
    audit.record(row.organization_id, f"{kind}.{action}", actor_id=by.pk, page=row.pk, **data)
