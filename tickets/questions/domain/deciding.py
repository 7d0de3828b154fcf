"""What is made of a group of questions or of a good answer: the draft of an article. Inside ``tenant``."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from channels_social.enums import ActionState
from channels_social.models import SocialAccount
from faq.domain.writing import begin
from faq.enums import Origin
from faq.models import Article
from faq.rules.document import TITLE, Document, keywords_of
from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.text import excerpt
from tickets.cases.models import Message, Ticket
from tickets.cases.signature import parse_signature
from tickets.enums import Direction
from tickets.privacy.rules.anonymous import anonymous
from tickets.questions.models import ArticleUse, GroupState, QuestionGroup, QuestionMember

# Answers of a group's cases that are looked at for one to begin with.
_LOOKED_AT = 40


class NoAnswer(Exception):
    """The case has no public answer of ours that was sent."""


@transaction.atomic
def draft_group(group: QuestionGroup, organization: Organization, *, by: Membership) -> Article:
    """An article begun from what people asked and, where one of them was answered in public, from that answer; once."""
    row = QuestionGroup.objects.select_for_update(of=("self",)).select_related("article").get(pk=group.pk)
    if row.article is not None:
        return row.article
    answer = _answer_in(row)
    document = Document(
        title=row.title,
        body=_without_people(answer, organization) if answer else "",
        keywords=keywords_of([row.title, " ".join(row.words[:4])]),
    )
    article = begin(organization, document, by=by, origin=Origin.QUESTIONS)
    _decide(row, GroupState.DRAFTED, by, article)
    audit.record(organization.pk, "question_group.drafted", actor_id=by.pk, group=row.pk, article=article.pk)
    return article


@transaction.atomic
def dismiss_group(group: QuestionGroup, *, by: Membership) -> None:
    """It needs no article; groups like it are not shown again for some weeks."""
    row = QuestionGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)
    if row.state == GroupState.NEW:
        _decide(row, GroupState.DISMISSED, by, None)
        audit.record(row.organization_id, "question_group.dismissed", actor_id=by.pk, group=row.pk)


@transaction.atomic
def restore_group(group: QuestionGroup, *, by: Membership) -> None:
    """Look at a dismissed one again."""
    row = QuestionGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)
    if row.state == GroupState.DISMISSED:
        QuestionGroup.objects.filter(pk=row.pk).update(state=GroupState.NEW, decided_by=None, decided_at=None)
        audit.record(row.organization_id, "question_group.restored", actor_id=by.pk, group=row.pk)


@transaction.atomic
def draft_answer(ticket: Ticket, organization: Organization, *, by: Membership) -> Article:
    """An article begun from the last public answer of a case, without who it was said to; once for an answer.

    Raises :class:`NoAnswer`.
    """
    answer = _sent_in_public(ticket_id=ticket.pk).order_by("-occurred_at", "-pk").first()
    if answer is None:
        raise NoAnswer
    made = ArticleUse.objects.filter(message=answer, is_source=True).select_related("article").first()
    if made is not None:
        return made.article
    document = Document(
        title=_question_before(answer, ticket, organization), body=_without_people(answer, organization)
    )
    article = begin(organization, document, by=by, origin=Origin.ANSWER)
    ArticleUse.objects.create(organization=organization, article=article, message=answer, is_source=True)
    audit.record(
        organization.pk, "article.from_answer", actor_id=by.pk, ticket_id=ticket.pk, article=article.pk,
        message=answer.pk,
    )  # fmt: skip
    return article


def _decide(row: QuestionGroup, state: GroupState, by: Membership, article: Article | None) -> None:
    row.state, row.decided_by, row.decided_at, row.article = state, by, clock.now(), article
    row.save(update_fields=["state", "decided_by", "decided_at", "article"])


def _answer_in(group: QuestionGroup) -> Message | None:
    """The newest public answer in a case of the group, of those nearest to what it asks."""
    members = QuestionMember.objects.filter(group=group, message__ticket__isnull=False).order_by("-likeness")
    tickets = list(members.values_list("message__ticket_id", flat=True)[:_LOOKED_AT])
    return _sent_in_public(ticket_id__in=tickets).order_by("-occurred_at", "-pk").first()


def _sent_in_public(**of: Any) -> QuerySet[Message]:
    rows = Message.objects.filter(
        direction=Direction.OUT, is_public=True, is_notice=False, deleted_at=None,
        send_state__in=["", ActionState.SENT], **of,
    )  # fmt: skip
    return rows.exclude(text="").select_related("conversation__customer")


def _question_before(answer: Message, ticket: Ticket, organization: Organization) -> str:
    """What the customer had asked, on one line and without data."""
    asked = (
        Message.objects.filter(
            ticket=ticket, direction=Direction.IN, needs_attention=True, deleted_at=None,
            occurred_at__lte=answer.occurred_at,
        )
        .exclude(text="")
        .order_by("-occurred_at", "-pk")
        .first()
    )  # fmt: skip
    words = _plain(asked.text, [ticket.customer.name], organization) if asked is not None else ""
    return excerpt(words, TITLE) or str(ticket.number)


def _without_people(answer: Message, organization: Organization) -> str:
    """An answer without signature, names, handles and data."""
    text, _who = parse_signature(answer.text)
    return _plain(text, [answer.conversation.customer.name], organization)


def _plain(text: str, names: list[str], organization: Organization) -> str:
    handles = SocialAccount.objects.filter(organization=organization).exclude(handle="")
    ours = set(handles.values_list("handle", flat=True))
    said = anonymous(text, names, ours)
    words = [word for word in said.split(" ") if word.strip(".,:;").lower() not in _mentions(ours)]
    return " ".join(words).strip()


def _mentions(ours: set[str]) -> set[str]:
    return {"@cliente", *(f"@{handle.lower()}" for handle in ours)}
