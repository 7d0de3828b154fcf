"""What failed while it looked at running programs is tried once more, alone, on servers and a house of its own.

With three pytests on two cores a page, or a killed program, can miss the moment a test waits for. Such a test is named
on the terminal; one that fails twice has failed, and so has at once every test that waits for nobody.
"""

import os
from pathlib import Path

NAMES_IN = "CIRCUNFLEJO_FAILED"
# When more fail, it is not the machine.
MOST = 4
LIVE, OTHER = "live", "other"


def write_down(test: str, *, is_live: bool) -> None:
    """Add a failed test to the file that ``bin/test`` asked for; nothing when it did not."""
    if name := os.environ.get(NAMES_IN):
        with Path(name).open("a") as file:
            file.write(f"{LIVE if is_live else OTHER} {test}\n")


def to_try(names: Path) -> list[str] | None:
    """The failed tests of a group in the order they failed, each once; None when one of them may not be tried again."""
    lines = names.read_text().splitlines() if names.exists() else []
    kinds = [line.partition(" ") for line in lines]
    if not kinds or any(kind != LIVE for kind, _, _test in kinds):
        return None
    return list(dict.fromkeys(test for _kind, _, test in kinds))
