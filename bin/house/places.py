"""Where things may lie: state folders, short socket folders, and what an unprivileged account can reach."""

import contextlib
import fcntl
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from house.terminal import Trouble

SHORT = 80  # bytes; a Unix socket's whole path may have 107 (sun_path), file names take up to 25 of them
PLAIN = re.compile(r"[A-Za-z0-9/_.-]+")  # needs no quoting inside a URL
SHARED = Path("/var/tmp")


def digest(path: Path) -> str:
    """First 8 hex digits of the SHA-256 of the real path: names what belongs to that folder only."""
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:8]


def folder(path: Path, *, mode: int = 0o700, owner: int | None = None) -> Path:
    """Make `path` with exactly this mode and owner. Refuses a link or a stranger's folder (Trouble)."""
    path.mkdir(parents=True, exist_ok=True)
    found = path.lstat()
    allowed = {os.geteuid(), owner if owner is not None else os.geteuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in allowed:
        raise Trouble(f"{path} belongs to someone else; remove it or start as the same user as before.")
    if owner is not None and found.st_uid != owner:
        os.chown(path, owner, -1)
    if stat.S_IMODE(found.st_mode) != mode:
        path.chmod(mode)
    return path


def sockets(var: Path) -> Path:
    """A 0700 folder for our sockets: `var/run/s` when its path is short and plain, else one under /tmp."""
    here = var / "run" / "s"
    if len(os.fsencode(here)) > SHORT or not PLAIN.fullmatch(str(here)):
        here = Path("/tmp") / f"circunflejo-{os.geteuid()}-{digest(var)}"
    return folder(here)


@contextlib.contextmanager
def alone(lock: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold the lock file for the block; yields False at once when `wait` is false and another holds it."""
    with open(os.open(lock, os.O_RDWR | os.O_CREAT, 0o600), "r+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def open_to_all(path: Path) -> bool:
    """Can any account read `path` and walk to it? (mode bits only; ACLs are not asked)"""
    path = path.resolve()
    if not path.exists():
        return False
    return bool(path.stat().st_mode & 0o004) and all(up.stat().st_mode & 0o001 for up in path.parents)
