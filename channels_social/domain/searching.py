"""Saved searches: made, stopped, and read by the same claims as every other stream of an account."""

from __future__ import annotations

import logging
import random
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from channels_social.domain import findings
from channels_social.domain.budgets import purse_of, tell_budget, tomorrow
from channels_social.domain.doorbell import ring
from channels_social.domain.polling import Claim, back_off, pace
from channels_social.domain.receiving import store
from channels_social.domain.refreshing import client_for, record_trace
from channels_social.enums import Network, Use
from channels_social.models import PollCursor, SavedSearch, SocialAccount
from channels_social.networks.base import NetworkError, Page, Trace
from channels_social.networks.x.prices import PRICES
from channels_social.networks.x.queries import Wanted, build
from channels_social.networks.x.searching import FEWEST
from helpdesk import audit, clock
from helpdesk.tenancy.context import tenant

logger = logging.getLogger(__name__)
# Posts one poll may read where nobody set a budget: five pages.
MOST_A_POLL = 500
# A query X does not take is asked again once a day: plans and operators change.
REFUSED_AGAIN = timedelta(days=1)


@transaction.atomic
def save_search(search: SavedSearch, *, actor_id: int | None) -> SavedSearch:
    """Make a search or change it; what X said against it before is forgotten. Inside ``tenant``.

    Raises ``IntegrityError`` for a second one of the same name on the account.
    """
    is_new = search.pk is None
    search.problem = ""
    search.save()
    cursor, _made = PollCursor.objects.get_or_create(
        organization_id=search.organization_id, account_id=search.account_id, stream=search.stream
    )
    PollCursor.objects.filter(organization_id=search.organization_id, pk=cursor.pk).update(
        next_poll_at=Now(), failures=0
    )
    action = "search.created" if is_new else "search.changed"
    audit.record(
        search.organization_id, action, actor_id=actor_id, search=search.pk, account=search.account_id
    )
    return search


@transaction.atomic
def switch_search(search: SavedSearch, *, is_active: bool, actor_id: int | None) -> None:
    """Let it look, or rest; it goes on from where it was. Inside ``tenant``."""
    SavedSearch.objects.filter(organization_id=search.organization_id, pk=search.pk).update(
        is_active=is_active
    )
    if is_active:
        PollCursor.objects.filter(organization_id=search.organization_id, stream=search.stream).update(
            next_poll_at=Now()
        )
    action = "search.activated" if is_active else "search.deactivated"
    audit.record(search.organization_id, action, actor_id=actor_id, search=search.pk)


def query_of(search: SavedSearch) -> str:
    """The query as the network is asked it. Inside ``tenant``; raises ``ValueError`` without words."""
    return build(Wanted(search.include, search.exclude, search.language, own_handles(search.organization_id)))


def own_handles(organization_id: int) -> list[str]:
    """The handles of the organization's accounts on X: what they say or are told is not listened for."""
    found = SocialAccount.objects.filter(organization_id=organization_id, network=Network.X).exclude(
        handle=""
    )
    return list(found.order_by("pk").values_list("handle", flat=True))


def search_one(claim: Claim) -> int:
    """Read one search to where its share of the budget ends; how many findings were new. As the worker."""
    with tenant(claim.organization_id):
        stream = PollCursor.objects.select_related("account").get(
            organization_id=claim.organization_id, pk=claim.cursor_id
        )
        search = SavedSearch.objects.filter(
            organization_id=claim.organization_id, pk=int(stream.stream.partition(":")[2])
        ).first()
        if search is None or not search.is_active:
            _rest(stream, clock.now() + REFUSED_AGAIN)
            return 0
        most, query = _most(stream.account), query_of(search)
        if most < FEWEST:
            _rest(stream, tomorrow(clock.now()) + timedelta(seconds=random.uniform(30, 600)))
            tell_budget(stream.account)
            return 0
    return _search(stream, search, query, most)


def _search(stream: PollCursor, search: SavedSearch, query: str, most: int) -> int:
    trace = Trace()
    try:
        client = client_for(stream.account)
        trace = client.trace
        page = client.search(query, stream.cursor, most=most)  # type: ignore[attr-defined]
    except NetworkError as error:
        _put_off(stream, search, error, trace)
        return 0
    except Exception:
        logger.exception("search %s", search.pk)
        _put_off(stream, search, NetworkError("later", "not_understood"), trace)
        return 0
    return _keep(stream, search, page, trace)


def _most(account: SocialAccount) -> int:
    """How many posts this poll may read."""
    purse = purse_of(account)
    left = purse.left_today(Use.SEARCH)
    if not purse.allows(Use.SEARCH):
        return 0
    return MOST_A_POLL if left is None else min(left // PRICES["post_read"], MOST_A_POLL)


def _keep(stream: PollCursor, search: SavedSearch, page: Page, trace: Trace) -> int:
    """Rows first, then the cursor, in one transaction."""
    limits = list(trace.limits.values())
    with tenant(stream.organization_id):
        # Said to us after all (a handle that changed, say): a message, never a finding.
        ours = [entry for entry in page.entries if entry.kind != "x.found"]
        fresh = store(ours, source="poll", network=stream.account.network).get(stream.organization_id, 0)
        found = findings.store_found(search, stream.account, page.entries)
        record_trace(stream.account, trace)
        tell_budget(stream.account)
        now = clock.now()
        wait = max(pace(limits, now), timedelta(seconds=settings.SEARCH_EVERY * random.uniform(0.95, 1.05)))
        PollCursor.objects.filter(organization_id=stream.organization_id, pk=stream.pk).update(
            cursor=page.cursor, failures=0, lease_until=None, last_polled_at=now, next_poll_at=now + wait,
            gap_since=Coalesce(F("gap_since"), Now()) if page.has_gap else F("gap_since"),
        )  # fmt: skip
        if search.problem:
            _say(search, "")
    if fresh:
        ring("inbox")
    return found


def _put_off(stream: PollCursor, search: SavedSearch, error: NetworkError, trace: Trace) -> None:
    """Wait. A search never pauses its account: what comes in and what we answer goes on."""
    logger.info("search %s: %s %s", search.pk, error.verdict, error.code)
    now = clock.now()
    at = now + back_off(stream.failures)
    if error.verdict in ("refused", "account"):
        at = now + REFUSED_AGAIN if error.verdict == "refused" else now + timedelta(hours=1)
    elif error.retry_at is not None:
        at = max(error.retry_at, now) + timedelta(seconds=random.uniform(1, 5))
    with tenant(stream.organization_id):
        record_trace(stream.account, trace)
        PollCursor.objects.filter(organization_id=stream.organization_id, pk=stream.pk).update(
            failures=F("failures") + 1, lease_until=None, next_poll_at=at
        )
        if error.verdict in ("refused", "account", "auth"):
            _say(search, error.detail or error.code)


def _rest(stream: PollCursor, until: object) -> None:
    PollCursor.objects.filter(organization_id=stream.organization_id, pk=stream.pk).update(
        lease_until=None, next_poll_at=until
    )


def _say(search: SavedSearch, problem: str) -> None:
    SavedSearch.objects.filter(organization_id=search.organization_id, pk=search.pk).update(
        problem=problem[:300]
    )
