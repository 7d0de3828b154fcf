"""What readers of the public pages tell us without a name: whether an article helped, what they did not find."""

from __future__ import annotations

import base64
import hmac
import re
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import connection, transaction

from faq.domain.writing import begin
from faq.enums import Origin
from faq.models import Article, ArticleVote, MissedSearch
from faq.rules.document import Document
from helpdesk import audit, clock
from helpdesk.stems import stems_of
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.text import clean

# A word with a figure or an @ may be somebody's number, account or address: it is not written down.
_MAY_BE_A_DATUM = re.compile(r"\S*[\d@＠]\S*")
_SHORTEST, _LONGEST = 3, 120
MISSED_KEPT = timedelta(days=90)


def reader_key(address: str, browser: str) -> str:
    """A digest that is the same for one reader on one day, and from which nobody is known."""
    said = f"reader:{clock.now().date()}:{address}:{browser[:300]}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), said, sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def vote(article: Article, *, is_useful: bool, reader: str) -> None:
    """Count one reader's word; said again it is changed. ``article`` has its version. Inside ``tenant``."""
    assert article.version is not None
    ArticleVote.objects.update_or_create(
        organization_id=article.organization_id, article=article, reader=reader,
        defaults={"version": article.version, "is_useful": is_useful, "at": clock.now()},
    )  # fmt: skip


def note_missed(organization_id: int, text: str) -> bool:
    """Write down what was looked for in vain, as few words and no data; whether anything was. Inside ``tenant``."""
    words = " ".join(_MAY_BE_A_DATUM.sub(" ", clean(text)).split())[:_LONGEST]
    key = " ".join(sorted(stems_of(words)))[:_LONGEST]
    if len(key) < _SHORTEST:
        return False
    with connection.cursor() as cursor:  # one statement: two readers at once are two
        cursor.execute(
            "INSERT INTO faq_missedsearch (organization_id, key, words, times, first_at, last_at) "
            "VALUES (%s, %s, %s, 1, %s, %s) ON CONFLICT (organization_id, key) "
            "DO UPDATE SET times = faq_missedsearch.times + 1, last_at = EXCLUDED.last_at",
            [organization_id, key, words, clock.now(), clock.now()],
        )
    return True


@transaction.atomic
def draft_missed(missed: MissedSearch, organization: Organization, *, by: Membership) -> Article:
    """An article begun for what was not found; once."""
    row = MissedSearch.objects.select_for_update(of=("self",)).select_related("article").get(pk=missed.pk)
    if row.article is not None:
        return row.article
    words = row.words[:1].upper() + row.words[1:]
    document = Document(title=words, keywords=(row.words[:60],))
    article = begin(organization, document, by=by, origin=Origin.SEARCH)
    row.article = article
    row.save(update_fields=["article"])
    return article


def dismiss_missed(missed: MissedSearch, *, by: Membership) -> None:
    """It needs no article."""
    if MissedSearch.objects.filter(pk=missed.pk, dismissed_at=None).update(dismissed_at=clock.now()):
        audit.record(missed.organization_id, "missed_search.dismissed", actor_id=by.pk, search=missed.pk)


def forget_missed(organization_id: int) -> int:
    """What nobody looked for in ninety days, as raw events are kept (care.md 5); how many. Inside ``tenant``."""
    old = MissedSearch.objects.filter(organization_id=organization_id, last_at__lt=clock.now() - MISSED_KEPT)
    return old.delete()[0]
