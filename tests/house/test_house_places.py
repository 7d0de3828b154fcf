"""Where state may lie."""

import pytest
from house import places
from house.terminal import Trouble


def test_sockets_stay_near_when_the_path_is_short(open_folder):
    near = places.sockets(open_folder)
    assert near == open_folder / "run" / "s"
    assert near.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["d" * 90, "año nuevo"])
def test_sockets_move_to_tmp_when_the_path_is_long_or_needs_quoting(open_folder, name):
    deep = open_folder / name
    deep.mkdir()
    far = places.sockets(deep)
    try:
        assert far.parent.as_posix() == "/tmp"
        assert places.PLAIN.fullmatch(str(far))
        assert far.stat().st_mode & 0o777 == 0o700
    finally:
        far.rmdir()


def test_folder_refuses_a_link(open_folder):
    (open_folder / "real").mkdir()
    (open_folder / "link").symlink_to(open_folder / "real")
    with pytest.raises(Trouble):
        places.folder(open_folder / "link")


def test_only_one_holds_a_lock(open_folder):
    with (
        places.alone(open_folder / "lock", wait=False) as first,
        places.alone(open_folder / "lock", wait=False) as second,
    ):
        assert (first, second) == (True, False)


def test_open_to_all_sees_a_closed_parent(open_folder):
    inner = open_folder / "home" / "checkout"
    inner.mkdir(parents=True)
    assert places.open_to_all(inner)
    inner.parent.chmod(0o700)
    assert not places.open_to_all(inner)
