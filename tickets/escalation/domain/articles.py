"""Whoever answers for an article hears that its last day comes: two weeks before, and every week until it is renewed
or retired, at most four weeks long. As the worker, inside ``tenant``.
"""

from __future__ import annotations

from datetime import date, timedelta

from faq.domain.queries.pages import SOON
from faq.domain.queries.shelf import today_in
from faq.enums import ArticleState
from faq.models import Article
from faq.rules.rights import may_publish
from helpdesk.tenancy.models import Membership, Organization
from tickets.escalation.domain.alarms import raise_alarm
from tickets.escalation.enums import AlarmKind
from tickets.escalation.models import Alarm

# What such an alarm says happened: a rule of the house, that no admin writes.
DUE = "article_due"
LONGEST = timedelta(weeks=4)


def remind(organization: Organization) -> int:
    """Raise what is due this week; how many. Again in the same week raises nothing more."""
    today = today_in(organization)
    due = Article.objects.filter(
        organization=organization, state=ArticleState.PUBLISHED, expires_on__lt=today + SOON,
        expires_on__gte=today - LONGEST,
    )  # fmt: skip
    raised = 0
    for article in due.select_related("owner").order_by("expires_on", "pk"):
        week = (article.expires_on - today).days // 7 if article.expires_on else 0
        key = f"article:{article.pk}:{article.expires_on}:{week}"
        if Alarm.objects.filter(organization=organization, key=key).exists():
            continue
        to = _answerable(article)
        raised += (
            bool(to) and raise_alarm(organization, key=key, kind=AlarmKind.RULE, what=DUE, to=to) is not None
        )
    return raised


def article_of(alarm: Alarm) -> Article | None:
    """The article an alarm is about; its key names the row."""
    return Article.objects.filter(pk=int(alarm.key.split(":")[1])).first() if alarm.what == DUE else None


def is_settled(alarm: Alarm) -> bool:
    """Whether its article was renewed, retired or deleted since."""
    article, told = article_of(alarm), date.fromisoformat(alarm.key.split(":")[2])
    return article is None or article.state != ArticleState.PUBLISHED or article.expires_on != told


def _answerable(article: Article) -> list[Membership]:
    """Its owner; of who has left or was never named, everybody who publishes."""
    if article.owner is not None and article.owner.is_active:
        return [article.owner]
    team = Membership.objects.filter(organization_id=article.organization_id, is_active=True)
    return [one for one in team.order_by("pk") if may_publish(one)]
