"""Where state may lie."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bin"))
from house import places  # noqa: E402
from house.terminal import Trouble  # noqa: E402


def test_sockets_move_to_tmp_when_the_path_is_long(tmp_path):
    near = places.sockets(tmp_path) if len(str(tmp_path)) < 60 else None
    deep = tmp_path / ("d" * 90)
    deep.mkdir()
    far = places.sockets(deep)
    assert str(far).startswith("/tmp/circunflejo-")
    assert len(str(far)) < places.SHORT
    assert far.stat().st_mode & 0o777 == 0o700
    assert near is None or near == tmp_path / "run" / "s"
    far.rmdir()


def test_folder_refuses_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(Trouble):
        places.folder(tmp_path / "link")
