"""What an instance remembers, and what it refuses."""

import json
import shutil
import socket

import pytest
from house import instance, services
from house.terminal import Trouble


def test_secrets_are_made_once_and_private(var):
    first = instance.load(var)
    assert first.file.stat().st_mode & 0o777 == 0o600
    assert instance.load(var).kept == first.kept
    assert len(first.name) == 8


def test_two_folders_have_different_names_ports_and_secrets(open_folder):
    one, two = instance.load(open_folder / "a"), instance.load(open_folder / "b")
    assert one.name != two.name
    assert not {one.kept["secret_key"], one.kept["owner_password"]} & set(map(str, two.kept.values()))
    assert not set(instance.choose_ports(one)) & set(instance.choose_ports(two))


def test_ports_are_remembered_and_move_on_when_taken(var):
    here = instance.load(var)
    first = instance.choose_ports(here)
    assert instance.choose_ports(instance.load(var)) == first
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", first[0]))
        stranger.listen()
        moved = instance.choose_ports(here)
    assert first[0] not in moved
    assert instance.choose_ports(instance.load(var)) == moved


def test_a_port_asked_for_and_taken_is_refused(var, monkeypatch):
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        monkeypatch.setenv("PORT", str(stranger.getsockname()[1]))
        with pytest.raises(Trouble, match="is taken"):
            instance.choose_ports(instance.load(var))


def test_nonsense_for_a_port_is_refused(var, monkeypatch):
    monkeypatch.setenv("SANDBOX_PORT", "80a")
    with pytest.raises(Trouble, match="SANDBOX_PORT=80a"):
        instance.choose_ports(instance.load(var))


def test_a_copied_state_folder_is_refused_and_a_moved_one_keeps_its_name(open_folder):
    name = instance.load(open_folder / "a").name
    shutil.copytree(open_folder / "a", open_folder / "b")
    with pytest.raises(Trouble, match="is a copy of"):
        instance.load(open_folder / "b")
    shutil.rmtree(open_folder / "a")
    assert instance.load(open_folder / "b").name == name


def test_data_without_its_secrets_is_refused(var):
    (var / "pg" / "18").mkdir(parents=True)
    (var / "pg" / "18" / "PG_VERSION").write_text("18\n")
    with pytest.raises(Trouble, match="is missing"):
        instance.load(var)


def test_variables_that_are_set_win(var, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:pw@db.example/name")
    monkeypatch.setenv("SANDBOX_URL", "")
    env = services.environment(instance.load(var))
    assert env["DATABASE_URL"] == "postgresql://me:pw@db.example/name"
    assert env["SANDBOX_URL"] == ""
    assert json.loads((var / "instance.json").read_text())["secret_key"] == env["SECRET_KEY"]
