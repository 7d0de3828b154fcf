"""A look at some days: their questions in groups, those an article answers already set apart. Inside ``tenant``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from channels_social.models import SocialAccount
from faq.domain.queries.shelf import today_in
from faq.enums import ArticleState
from faq.models import Article
from faq.rules.document import document_of
from faq.rules.markdown import as_plain
from faq.rules.search import Entry, Shelf, ready
from helpdesk import audit, clock
from helpdesk.stems import stems_of
from helpdesk.tenancy.context import tenant, whole
from helpdesk.tenancy.models import Membership, Organization
from tickets.cases.models import Message
from tickets.enums import Direction
from tickets.privacy.rules.anonymous import anonymous
from tickets.questions.models import GroupState, QuestionGroup, QuestionMember, QuestionWeek
from tickets.questions.rules.grouping import Asked, Group, alike, group_questions
from tickets.questions.rules.titles import title_of, words_for

WEEK = timedelta(days=7)
# A week's messages that are looked at: all of most companies; while somebody waits, the newest.
MOST, MOST_NOW = 200_000, 20_000
# So long it is tried to do what somebody asked for.
TRIED = timedelta(minutes=10)
# A group like one that was decided upon within these weeks is not put before anybody again.
REMEMBERED = timedelta(weeks=8)
SAME = 0.6
# An article answers a group when it has this much of its title and terms.
ANSWERED = 0.7


@dataclass(frozen=True, slots=True)
class _Words:
    """A group as it is shown: its title and its terms as they are written."""

    title: str
    terms: list[tuple[str, str, float]]


def group_last_week(organization: Organization) -> QuestionWeek | None:
    """Group the week that is over, whole and once; None when that was done. Opens its own tenant."""
    with tenant(organization.pk):
        monday = _monday(today_in(organization)) - WEEK
        since, until = _midnight(monday, organization), _midnight(monday + WEEK, organization)
        # A look that somebody asked for in the middle of it had not seen its end.
        if QuestionWeek.objects.filter(organization=organization, week=monday, until__gte=until).exists():
            return None
        return group_days(organization, week=monday, since=since, until=until)


@transaction.atomic
def ask_grouping(organization: Organization, *, by: Membership) -> None:
    """Have the last seven days grouped by *net*; asked again while that runs it is asked once."""
    now = clock.now()
    look, _is_new = QuestionWeek.objects.get_or_create(
        organization=organization, week=_monday(today_in(organization)),
        defaults={"since": now - WEEK, "until": now, "looked_at": 0, "grouped": 0},
    )  # fmt: skip
    if not is_running(look):
        QuestionWeek.objects.filter(pk=look.pk).update(asked_at=now, made_by=by)
        audit.record(organization.pk, "question_groups.asked", actor_id=by.pk)


def is_running(look: QuestionWeek) -> bool:
    """Whether a look that somebody asked for is still to come; one that broke down may be asked for again."""
    return look.asked_at is not None and look.asked_at > clock.now() - TRIED


def group_asked(organization: Organization) -> QuestionWeek | None:
    """Group the last seven days where somebody asks for it; None where nobody does. Opens its own tenant.

    What was asked for is done when its row says so: a worker that dies leaves it to the next, for ``TRIED``.
    """
    now = clock.now()
    with tenant(organization.pk):
        asked = QuestionWeek.objects.filter(organization=organization, asked_at__gt=now - TRIED)
        look = asked.select_related("made_by").first()
        if look is None:
            return None
        look = group_days(
            organization, week=look.week, since=now - WEEK, until=now, by=look.made_by, most=MOST_NOW
        )
        QuestionWeek.objects.filter(pk=look.pk).update(asked_at=None)
        return look


@transaction.atomic
def group_days(
    organization: Organization, *, week: date, since: datetime, until: datetime, by: Membership | None = None,
    most: int = MOST,
) -> QuestionWeek:  # fmt: skip
    """Look at what customers asked between two instants; groups nobody has decided upon are made anew."""
    with whole():
        _one_at_a_time(organization)
        said, texts = _asked(organization, since, until, most)
        groups = group_questions(said, ours=frozenset(stems_of(organization.name)))
        look, _new = QuestionWeek.objects.update_or_create(
            organization=organization, week=week,
            defaults={
                "since": since, "until": until, "looked_at": len(said), "made_by": by, "made_at": clock.now(),
                "grouped": sum(one.size for one in groups),
            },
        )  # fmt: skip
        _forget_undecided(look)
        _put(organization, look, groups, texts)
    return look


def _one_at_a_time(organization: Organization) -> None:
    """Two looks of an organization wait for each other; the lock goes with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('questions'), %s)", [organization.pk])


def _asked(
    organization: Organization, since: datetime, until: datetime, most: int
) -> tuple[list[Asked], dict[int, str]]:
    """What customers asked and nobody judged noise, without who said it; reserved cases are left out."""
    rows = (
        Message.objects.filter(
            organization=organization, direction=Direction.IN, needs_attention=True, is_courtesy=False,
            is_encrypted=False, deleted_at=None, occurred_at__gte=since, occurred_at__lt=until,
        )
        .exclude(text="")
        .exclude(ticket__is_reserved=True)
        .order_by("-occurred_at", "-pk")
        .values_list("pk", "conversation__customer_id", "conversation__customer__name", "text")[:most]
    )  # fmt: skip
    handles = SocialAccount.objects.filter(organization=organization).exclude(handle="")
    ours = list(handles.values_list("handle", flat=True))
    texts = {pk: anonymous(text, [name], ours) for pk, _who, name, text in rows}
    return [Asked(pk, who, texts[pk]) for pk, who, _name, _text in rows], texts


def _put(organization: Organization, look: QuestionWeek, groups: list[Group], texts: dict[int, str]) -> None:
    """Write the groups that are worth a look; what is like a decided one is that one again."""
    decided = list(
        QuestionGroup.objects.filter(
            organization=organization, decided_at__gt=clock.now() - REMEMBERED
        ).select_related("article")
    )
    shelf = _shelf(organization)
    for one in groups:
        former = max(decided, key=lambda row: alike(row.stems, list(one.terms)), default=None)
        is_known = former is not None and alike(former.stems, list(one.terms)) >= SAME
        if (
            former is not None
            and is_known
            and (former.state == GroupState.DISMISSED or former.week_id == look.pk)
        ):
            continue
        words = _words(one, texts)
        covered = former.article_id if former is not None and is_known else _answer_to(words, shelf)
        _write(look, one, words, covered)


def _write(look: QuestionWeek, group: Group, words: _Words, covered_by: int | None) -> None:
    row = QuestionGroup.objects.create(
        organization_id=look.organization_id, week=look, title=words.title[:160], terms=words.terms,
        size=group.size, people=group.people, cohesion=group.cohesion, covered_by_id=covered_by,
    )  # fmt: skip
    QuestionMember.objects.bulk_create(
        QuestionMember(
            organization_id=look.organization_id, group=row, message_id=one.key, likeness=one.likeness,
            shared=[sign[:40] for sign in one.shared],
        )
        for one in group.members
    )  # fmt: skip


def _words(group: Group, texts: dict[int, str]) -> _Words:
    said = [texts[one.key] for one in group.members]
    written = words_for(said, list(group.terms))
    terms = [(sign, written.get(sign, sign), share) for sign, share in group.terms.items()]
    return _Words(title_of(said, list(group.terms)), terms)


def _shelf(organization: Organization) -> Shelf:
    """Everything that is written or being written, expired or not: what exists is mended, not written twice."""
    rows = Article.objects.filter(organization=organization).exclude(state=ArticleState.RETIRED)
    entries = []
    for one in rows.select_related("version"):
        said = document_of(one.draft or (one.version.document if one.version else None))
        entries.append(ready(Entry(one.pk, said.title, said.keywords, said.summary, as_plain(said.body))))
    return Shelf(entries)


def _answer_to(words: _Words, shelf: Shelf) -> int | None:
    """The article whose title, summary and words have nearly all of what the group asks."""
    asked = " ".join([words.title, *(word for _stem, word, _share in words.terms[:4])])
    found = shelf.find(asked, 1)
    return found[0].key if found and found[0].covered >= ANSWERED else None


def _forget_undecided(look: QuestionWeek) -> None:
    undecided = QuestionGroup.objects.filter(week=look, state=GroupState.NEW)
    QuestionMember.objects.filter(group__in=undecided).delete()
    undecided.delete()


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _midnight(day: date, organization: Organization) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(organization.timezone))
