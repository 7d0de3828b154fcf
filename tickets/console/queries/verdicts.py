"""A stored verdict as the console shows it: what was judged, and the customer's words that made it. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tickets.privacy.rules.masking import mask


@dataclass(frozen=True, slots=True)
class SeenVerdict:
    """What a line under a message says."""

    reasons: list[str] = field(default_factory=list)
    is_abusive: bool = False
    is_threat: bool = False


def verdict_of(stored: Any, *, is_masked: bool = False) -> SeenVerdict:
    """A verdict as ``intake.judging.as_stored`` keeps it, from a cursor or the ORM; none says nothing."""
    facts = json.loads(stored) if isinstance(stored, str) else stored
    if not facts:
        return SeenVerdict()
    reasons = [str(one) for one in facts.get("reasons", ())]
    return SeenVerdict(
        [mask(one) for one in reasons] if is_masked else reasons,
        bool(facts.get("abusive")),
        bool(facts.get("threat")),
    )
