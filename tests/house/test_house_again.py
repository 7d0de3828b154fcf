"""Which failed tests `bin/test` tries once more: those that look at running programs, when nothing else failed."""

from __future__ import annotations

from pathlib import Path

import pytest
from house import again


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(again.NAMES_IN, str(tmp_path / "failed"))
    return tmp_path / "failed"


def test_again_names_live_tests_once_and_in_order(names: Path) -> None:
    for test in ("b.py::test_two[a b]", "a.py::test_one", "b.py::test_two[a b]"):
        again.write_down(test, is_live=True)

    assert again.to_try(names) == ["b.py::test_two[a b]", "a.py::test_one"]


def test_again_tries_nothing_when_a_test_failed_that_waits_for_nobody(names: Path) -> None:
    again.write_down("a.py::test_one", is_live=True)
    again.write_down("b.py::test_two", is_live=False)

    assert again.to_try(names) is None


def test_again_tries_nothing_when_nothing_was_named(names: Path) -> None:
    assert again.to_try(names) is None


def test_again_writes_nothing_for_who_did_not_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(again.NAMES_IN, raising=False)
    monkeypatch.chdir(tmp_path)

    again.write_down("a.py::test_one", is_live=True)

    assert list(tmp_path.iterdir()) == []
