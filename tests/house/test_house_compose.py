"""docker-compose.yml runs what bin/run runs. It was never started: there is no container engine here."""

import re
import shlex
from pathlib import Path

import pytest
from house import postgres, programs, valkey

COMPOSE = Path(__file__).resolve().parents[2] / "docker-compose.yml"


def services() -> dict[str, dict[str, str]]:
    """The plain `key: value` lines of each service; enough YAML for this file, and no dependency."""
    found: dict[str, dict[str, str]] = {}
    section = service = ""
    for line in COMPOSE.read_text().splitlines():
        if heading := re.fullmatch(r"(\S+):.*", line):
            section = heading[1]
        elif section == "services" and (name := re.fullmatch(r"  (\w+):", line)):
            service = name[1]
            found[service] = {}
        elif section == "services" and (pair := re.fullmatch(r" {4,6}(\w+): (.+)", line)):
            found[service][pair[1]] = pair[2].strip('"')
    return found


def test_the_reader_finds_every_service():
    assert set(services()) == {"postgres", "valkey", "prepare"} | {entry.name for entry in programs.TABLE}


@pytest.mark.parametrize("entry", programs.TABLE, ids=lambda entry: entry.name)
def test_commands_and_roles_equal_the_supervisors(entry):
    assert shlex.split(services()[entry.name]["command"]) == shlex.split(entry.command)
    assert services()[entry.name].get("DATABASE_ROLE") == entry.role


def test_the_servers_get_the_supervisors_options():
    options = [part for option in postgres.OPTIONS for part in ("-c", option)]
    assert shlex.split(services()["postgres"]["command"]) == ["postgres", *options]
    assert shlex.split(services()["valkey"]["command"]) == ["valkey-server", *valkey.OPTIONS]


def test_only_what_prepares_knows_the_owners_password():
    knows = {name for name, pairs in services().items() if "OWNER_PASSWORD" in str(pairs)}
    assert knows == {"postgres", "prepare"}
