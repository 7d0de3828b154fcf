"""A bad day, by switches: what goes wrong on a network, how often, for whom, and for how long."""

from __future__ import annotations

import random
import time
from dataclasses import asdict, dataclass
from typing import Any

from channels_social.sandbox.store import Store

NETWORKS = ("x", "facebook")
# What each switch means when it is only turned on. Fields: see Fault.
DEFAULTS: dict[str, dict[str, Any]] = {
    # What arrives (webhooks)
    "duplicate_webhooks": {},
    "delay_webhooks": {"seconds": 5},
    "reorder_webhooks": {"seconds": 40},
    "lose_webhooks": {"fraction": 0.1},
    "webhooks_off": {},
    # What leaves (calls)
    "lost_response": {"match": "POST"},
    "lost_request": {"match": "POST"},
    "rate_limited": {"seconds": 900},
    "credits_exhausted": {},
    "revoked": {},
    "forbidden": {"status": 403},
    "server_error": {"status": 503, "body": "json"},
    "slow": {"seconds": 3},
    "read_lag": {"seconds": 10},
    # Rules of the networks that can be harder than usual
    "own_post_replies_refused": {},
    "dm_refused": {},
    "comment_from_absent": {},
}


@dataclass
class Fault:
    """One switch that is on. `count`: only the next N times. `fraction`: that share of the time. `match`:
    only calls whose "METHOD /path" contains this (webhooks: whose event kind does). `account`: only this
    account's."""

    name: str
    network: str
    count: int | None = None
    fraction: float = 1.0
    seconds: float = 0.0
    match: str = ""
    account: str = ""
    status: int = 0
    body: str = ""
    code: int = 0
    detail: str = ""
    subcode: int = 0
    for_s: float = 0.0  # off by itself after this many seconds; 0 is never
    until: float = 0.0

    def over(self) -> bool:
        """Whether its time has passed."""
        return bool(self.until) and time.time() >= self.until


class UnknownFault(ValueError):
    """No switch of this name, or a value it cannot take."""


class Faults:
    """The switches of both networks, kept in the file so that they survive a restart."""

    def __init__(self, store: Store) -> None:
        # The file's own lock, so that a delivery inside a transaction cannot wait for a switch being turned.
        self._store, self._lock = store, store.lock
        self._random = random.Random()
        self._on: dict[tuple[str, str], Fault] = {}
        for saved in store.setting("faults", []):
            fault = Fault(**saved)
            self._on[fault.network, fault.name] = fault

    def switch(self, network: str, name: str, value: Any) -> None:
        """Turn one on (`True` or a dict of Fault's fields) or off (`False`, `None`); raises UnknownFault."""
        if network not in NETWORKS or name not in DEFAULTS:
            raise UnknownFault(f"{network}.{name}")
        with self._lock:
            self._on.pop((network, name), None)
            if value not in (None, False):
                given = value if isinstance(value, dict) else {}
                try:
                    fault = Fault(**{**DEFAULTS[name], **given, "name": name, "network": network})
                except TypeError as wrong:
                    raise UnknownFault(str(wrong)) from None
                fault.until = time.time() + fault.for_s if fault.for_s else fault.until
                self._on[network, name] = fault
            self._save()

    def clear(self) -> None:
        """Everything normal."""
        with self._lock:
            self._on.clear()
            self._save()

    def seed(self, number: int) -> None:
        """Make the fractions and delays repeatable."""
        self._random = random.Random(number)

    def shown(self) -> dict[str, dict[str, Any]]:
        """Per network, every switch: its fields when on, None when off."""
        with self._lock:
            return {n: {name: self._told(n, name) for name in DEFAULTS} for n in NETWORKS}

    def _told(self, network: str, name: str) -> dict[str, Any] | None:
        fault = self.on(network, name)
        return (
            None
            if fault is None
            else {k: v for k, v in asdict(fault).items() if k not in ("name", "network")}
        )

    def on(self, network: str, name: str) -> Fault | None:
        """The switch if it is on, without counting it as used."""
        fault = self._on.get((network, name))
        return None if fault is None or fault.over() else fault

    def strikes(self, network: str, name: str, *, what: str = "", account: str = "") -> Fault | None:
        """The switch if it hits this time; a `count` goes down, and at nought the switch is off."""
        if (network, name) not in self._on:
            return None
        with self._lock:
            fault = self.on(network, name)
            if fault is None or (fault.match and fault.match not in what):
                return None
            if fault.account and fault.account != account:
                return None
            if fault.fraction < 1 and self._random.random() >= fault.fraction:
                return None
            if fault.count is not None:
                fault.count -= 1
                if fault.count <= 0:
                    self._on.pop((network, name))
                self._save()
            return fault

    def within(self, seconds: float) -> float:
        """A delay between nothing and `seconds`."""
        return self._random.uniform(0, seconds)

    def _save(self) -> None:
        self._store.keep("faults", [asdict(fault) for fault in self._on.values()])
