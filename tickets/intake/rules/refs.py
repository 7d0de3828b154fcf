"""Numbers of other systems, written in one way. Pure."""

from __future__ import annotations

from helpdesk.text import clean
from tickets.cases.filings import System
from tickets.cases.rules import fold_number
from tickets.intake.asked import Ref

LONGEST = 60


def normalised(ref: Ref) -> Ref:
    """The reference as it is kept: a system we do not know is part of the number.

    Raises ``ValueError`` for a number without a letter or a digit, or a longer one than can be kept.
    """
    named = ref.system.strip()
    system = named.lower() if named.lower() in System.values else System.OTHER.value
    is_ours_to_name = system == System.OTHER and named.lower() not in ("", "other", "otro")
    number = " ".join(clean(f"{named} {ref.number}" if is_ours_to_name else ref.number).split())
    if not fold_number(number) or max(len(number), len(fold_number(number))) > LONGEST:
        raise ValueError("number")
    return Ref(system, number, " ".join(ref.state.split())[:LONGEST], ref.due_on)


def key_of(ref: Ref) -> tuple[str, str]:
    """What a normalised reference is unique by: its system and its folded number."""
    return ref.system, fold_number(ref.number)
