"""From any Python to the locked environment: what is said when it cannot be done."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from house import start

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("file", ["bin/run", "bin/test", "bin/services", "bin/house/start.py"])
def test_old_pythons_can_read_it(file):
    ast.parse((ROOT / file).read_text(), feature_version=(3, 6))


def test_an_old_python_is_told_what_is_missing(monkeypatch, capsys):
    monkeypatch.setattr(start, "MINIMUM", (3, 99))
    monkeypatch.setattr(start.sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit):
        start._continue_with_newer("bin/run")
    assert "needs Python 3.11 or newer. This is Python 3.9.2" in capsys.readouterr().err


@pytest.fixture
def bare(open_folder: Path) -> Path:
    """A checkout with nothing prepared and one package to install."""
    shutil.copytree(ROOT / "bin", open_folder / "bin", ignore=shutil.ignore_patterns("__pycache__"))
    (open_folder / "requirements.lock").write_text(f"amqp==5.4.2 --hash=sha256:{'0' * 64}\n")
    return open_folder


def run(bare: Path, script: str = "bin/services", **env: str) -> subprocess.CompletedProcess:
    path = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "CIRC"))
    }
    argv = [os.path.realpath(sys.executable), str(bare / script), "up"]
    return subprocess.run(
        argv, env=plain | path | env, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.live
def test_without_an_index_the_first_start_says_so(bare):
    said = run(bare, PIP_NO_INDEX="1", PIP_CONFIG_FILE="/dev/null", UV_OFFLINE="1", UV_NO_CONFIG="1")
    assert said.returncode == 1
    assert "The first start needs the network" in said.stderr
    assert "Traceback" not in said.stderr
    assert not (bare / ".venv" / ".requirements.sha256").exists()


def test_too_little_disk_is_said_before_anything_is_made(bare):
    code = (bare / "bin" / "house" / "start.py").read_text()
    huge = code.replace("SPACE_NEEDED = 1500 * 1024 * 1024", "SPACE_NEEDED = 10**18")
    assert huge != code
    (bare / "bin" / "house" / "start.py").write_text(huge)
    said = run(bare)
    assert said.returncode == 1
    assert "free disk" in said.stderr
    assert not (bare / ".venv").exists()
