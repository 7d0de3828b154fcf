"""Which steps of a protocol can be ticked now. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

from protocols.guides.rules.guide import Step

_PROVEN = {"": 0, "none": 0, "declared": 1, "verified": 2}


@dataclass(frozen=True, slots=True)
class StepState:
    """A step in a case: done, or what stands in its way."""

    step: Step
    is_done: bool
    # The step whose identity check is missing: itself or an earlier one.
    waits_for: Step | None = None
    is_next: bool = False


def meets(proven: str, wanted: str) -> bool:
    """Whether an identity proven this far is enough."""
    return _PROVEN.get(proven, 0) >= _PROVEN.get(wanted, 0)


def states_of(steps: Iterable[Step], done: Container[str], proven: str) -> list[StepState]:
    """Every step with whether it may be ticked: past a check that is missing nothing goes on (care.md, story 5)."""
    found: list[StepState] = []
    waits_for: Step | None = None
    for step in steps:
        is_done = step.key in done
        if not is_done and waits_for is None and not meets(proven, step.identity):
            waits_for = step
        is_next = not is_done and not any(one.is_next for one in found)
        found.append(StepState(step, is_done, None if is_done else waits_for, is_next))
    return found
