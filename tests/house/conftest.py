"""State folders for process-level tests, and their certain end."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bin"))

from house import places, services  # noqa: E402
from house.program import leftovers, stop_all  # noqa: E402


@pytest.fixture(autouse=True)
def own_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests start servers of their own, whatever bin/test set for the others."""
    names = ["DATABASE_URL", "REDIS_URL", "BASE_URL", "SANDBOX_URL", "SECRET_KEY", "ENCRYPTION_KEYS"]
    for name in [*names, "PORT", "SANDBOX_PORT", "DATABASE_ROLE", "CIRCUNFLEJO_VAR", "CIRCUNFLEJO_INSTANCE"]:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder every account can reach, for several state folders; removed with what runs there."""
    with tempfile.TemporaryDirectory(prefix="cf-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        end(folder)


@pytest.fixture
def var(open_folder: Path) -> Path:
    """A new state folder."""
    return open_folder / "var"


def end(folder: Path) -> None:
    """Stop whatever runs in state folders below `folder`, and remove what they keep elsewhere."""
    for var in {file.parent for file in folder.rglob("instance.json")} | {folder / "var"}:
        stop_all(leftovers(var), seconds=3)
        services.forget()
        shutil.rmtree(places.SHARED / f"circunflejo-{places.digest(var)}", ignore_errors=True)
        for elsewhere in Path("/tmp").glob(f"circunflejo-*{places.digest(var)}"):
            shutil.rmtree(elsewhere, ignore_errors=True)
