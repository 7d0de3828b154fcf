"""Shows consoles what changed, beside the work that changes it: a thread of the worker *inbox*, for the whole house.

One place reads, writes and pushes: a turn of intake does not wait for it, nor does the door. Changes that wait while it
is busy become one, and how many cases stand in a view is told when there is a moment, five times a second at the most.
"""

from __future__ import annotations

import logging
import threading
import time

from django.db import close_old_connections, connection

from helpdesk.push import have_all_look_again, publish
from tickets.console.handing import Change, handed_over
from tickets.console.push import push_changes, push_counts

logger = logging.getLogger(__name__)
LISTENS_S, COUNTS_S, PAUSE_S, ENDS_S = 1.0, 0.2, 1.0, 3.0


class Announcer(threading.Thread):
    """``start`` and ``stop``: what was handed over until then is still shown."""

    def __init__(self) -> None:
        super().__init__(name="announcer", daemon=True)
        self._stopping = threading.Event()
        self._uncounted: set[int] = set()
        self._counted_at = 0.0

    def stop(self) -> None:
        """End after what is waiting, in at most a few seconds."""
        self._stopping.set()
        self.join(ENDS_S)

    def run(self) -> None:
        # Whoever did this before may have died with changes in hand, or nobody did it for a while.
        have_all_look_again()
        try:
            while self._turn():
                pass
        finally:
            connection.close()

    def _turn(self) -> bool:
        """Hear and show; False when it is time to end."""
        try:
            changes = handed_over(self._patience())
            close_old_connections()  # PostgreSQL may have started anew
        except Exception as error:  # whatever it is: a thread that ended would leave the consoles as they are
            logger.warning("the announcer hears nothing: %s", type(error).__name__)
            return not self._stopping.wait(PAUSE_S)
        self.show(changes)
        return bool(changes) or not self._stopping.is_set()

    def show(self, changes: list[Change]) -> None:
        """Push these changes, and counts that are due."""
        for change in changes:
            self._uncounted.add(change.organization_id)
            self._push(change)
        if self._uncounted and time.monotonic() - self._counted_at >= COUNTS_S:
            self._count()

    def _patience(self) -> float:
        """How long to listen, in seconds; no longer than until counts are due."""
        if self._stopping.is_set():
            return 0
        due = self._counted_at + COUNTS_S - time.monotonic()
        return min(LISTENS_S, max(due, 0.001)) if self._uncounted else LISTENS_S

    def _push(self, change: Change) -> None:
        try:
            push_changes(*change)
        except Exception:  # one organization's trouble is not the others'
            logger.exception("organization %s was not told", change.organization_id)
            # What was not shown is fetched.
            publish(change.organization_id, [("refresh", "{}")])

    def _count(self) -> None:
        self._counted_at = time.monotonic()
        for organization_id in sorted(self._uncounted):
            try:
                push_counts(organization_id)
            except Exception:
                logger.exception("counts of organization %s were not told", organization_id)
        self._uncounted.clear()
