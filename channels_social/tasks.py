"""What runs by itself here. A Celery message is only a doorbell: rows are the queues, claims the leases."""

from __future__ import annotations

from celery import shared_task

from channels_social.domain.billing import settle_pushed
from channels_social.domain.doorbell import answer, ring
from channels_social.domain.fetching import claim_media, fetch_one
from channels_social.domain.health import claim_stopped, forget_unknown, revive
from channels_social.domain.polling import claim_due, poll_one
from channels_social.domain.rereading import reread_one
from channels_social.domain.resolving import resolve_waiting
from channels_social.domain.searching import search_one

READERS = {"search": search_one, "again": reread_one}
# One task stays this long with its queue; the next beat goes on.
POLLS_A_RING, FILES_A_RING = 20, 20


@shared_task(name="channels.net_poll")
def net_poll() -> None:
    """Read streams that are due. Each one taken rings for the next, so that threads share the work."""
    answer("poll")
    for _place in range(POLLS_A_RING):
        claims = claim_due(1)
        if not claims:
            return
        ring("poll")
        READERS.get(claims[0].kind, poll_one)(claims[0])


@shared_task(name="channels.net_resolve")
def net_resolve() -> None:
    """Ask networks for the roots that events wait for."""
    answer("resolve")
    resolve_waiting()


@shared_task(name="channels.net_fetch")
def net_fetch() -> None:
    """Fetch files that networks hold for a while."""
    answer("fetch")
    for _place in range(FILES_A_RING):
        claims = claim_media(1)
        if not claims:
            return
        ring("fetch")
        fetch_one(claims[0])


@shared_task(name="channels.net_watch")
def net_watch() -> None:
    """Ask about stopped accounts, forget strangers' deliveries, write down what pushed events cost."""
    while (stopped := claim_stopped()) is not None:
        revive(*stopped)
    forget_unknown()
    settle_pushed()
