"""Logs that do not fill the disk. Programs append to their files themselves: they outlive the supervisor."""

import os
import shutil
from pathlib import Path

LARGEST = 10 * 1024 * 1024  # bytes
KEPT = 3


def rotate(folder: Path, largest: int = LARGEST) -> None:
    """Copy a log that grew too large to `.1` (older ones move up) and empty it.

    The program keeps its file open in append mode, so it goes on at the new beginning; a line written between
    the copy and the emptying is lost.
    """
    for log in folder.glob("*.log"):
        if log.stat().st_size < largest:
            continue
        for number in range(KEPT - 1, 0, -1):
            older = log.with_name(f"{log.name}.{number}")
            if older.exists():
                older.replace(log.with_name(f"{log.name}.{number + 1}"))
        shutil.copyfile(log, log.with_name(f"{log.name}.1"))
        os.truncate(log, 0)
