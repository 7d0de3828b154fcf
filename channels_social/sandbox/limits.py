"""X's rate limits: per account and endpoint, in windows, told in headers (docs.x.com, "Rate limits")."""

from __future__ import annotations

import time
from dataclasses import dataclass

WINDOW_S = 900
# Requests per window for a user token; the second figure, where there is one, for an app bearer.
LIMITS: dict[str, tuple[int, int]] = {
    "GET /2/users/me": (75, 0),
    "GET /2/users/:id": (900, 300),
    "GET /2/users/by": (900, 300),
    "GET /2/users/by/username/:username": (900, 300),
    "GET /2/users": (900, 300),
    "GET /2/users/:id/mentions": (300, 450),
    "GET /2/users/:id/tweets": (900, 10000),
    "GET /2/tweets": (5000, 3500),
    "GET /2/tweets/:id": (900, 450),
    "GET /2/tweets/search/recent": (300, 450),
    "POST /2/tweets": (100, 0),
    "DELETE /2/tweets/:id": (50, 0),
    "PUT /2/tweets/:id/hidden": (50, 0),
    "POST /2/users/:id/likes": (50, 0),
    "DELETE /2/users/:id/likes/:tweet_id": (50, 0),
    "POST /2/users/:id/following": (50, 0),
    "DELETE /2/users/:id/following/:target": (50, 0),
    "GET /2/dm_events": (15, 0),
    "GET /2/dm_events/:id": (15, 0),
    "GET /2/dm_conversations/:id/dm_events": (15, 0),
    "GET /2/dm_conversations/with/:id/dm_events": (15, 0),
    "POST /2/dm_conversations": (15, 0),
    "POST /2/dm_conversations/with/:id/messages": (15, 0),
    "POST /2/dm_conversations/:id/messages": (15, 0),
    "DELETE /2/dm_events/:id": (300, 0),
    "POST /2/media/upload": (500, 0),
    # Graph tells percentages instead (200 calls per user and hour is its own budget); this one refuses
    # nobody.
    "GRAPH": (4800, 0),
}
OTHERS = (300, 450)


@dataclass(frozen=True)
class Share:
    """What is left of a window: `reset` in epoch seconds."""

    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """As X tells it."""
        return {
            "x-rate-limit-limit": str(self.limit),
            "x-rate-limit-remaining": str(max(self.remaining, 0)),
            "x-rate-limit-reset": str(self.reset),
        }


class Limits:
    """Counts per (account, endpoint).

    In memory: a restart opens new windows, as a network's own memory might.
    """

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}
        self.scale = 1.0
        self.window_s = float(WINDOW_S)
        self.own: dict[str, int] = {}

    def limit(self, endpoint: str, *, app: bool) -> int:
        """Requests allowed per window, with the tests' own figures and scale applied."""
        if endpoint in self.own:
            return self.own[endpoint]
        user, bearer = LIMITS.get(endpoint, OTHERS)
        return max(1, int((bearer if app and bearer else user) * self.scale))

    def take(self, account: str, endpoint: str, *, app: bool = False) -> Share:
        """Count one request; `remaining` is negative when it was one too many."""
        limit = self.limit(endpoint, app=app)
        now = time.time()
        opened, used = self._windows.get((account, endpoint), (now, 0))
        if now >= opened + self.window_s:
            opened, used = now, 0
        self._windows[account, endpoint] = opened, min(used + 1, limit + 1)
        return Share(limit, limit - used - 1, int(opened + self.window_s) + 1)

    def configure(self, *, scale: float | None, window_s: float | None, own: dict[str, int] | None) -> None:
        """Other figures, for tests; the counts start again."""
        self.scale = self.scale if scale is None else scale
        self.window_s = self.window_s if window_s is None else window_s
        self.own = self.own if own is None else {k: int(v) for k, v in own.items()}
        self._windows.clear()

    def reset(self) -> None:
        """The networks' own figures, and fresh windows."""
        self.configure(scale=1.0, window_s=float(WINDOW_S), own={})
