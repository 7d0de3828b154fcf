"""bin/bench on tiny data: it works, and its last line is the JSON that was promised. Figures are not judged here."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house.conftest import ROOT, end

TINY = {
    "BENCH_TICKETS": "1500",
    "BENCH_ROUNDS": "1",
    "BENCH_SECONDS": "1",
    "BENCH_EVENTS": "80",
    "BENCH_MESSAGES": "800",
}
SECONDS = 110
FIGURES = {
    "ingest": {"messages_per_second", "rows_per_message"},
    "console": {"list_c1_p95_ms", "detail_c1_p95_ms", "list_queries", "detail_queries"},
    "push": {"p50_ms", "p95_ms", "p99_ms"},
    "triage": {
        "service_f1",
        "kind_accuracy",
        "urgency_accuracy",
        "abusive_f1",
        "threat_f1",
        "us_per_message",
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One state folder for all of them: the tiny database is built once."""
    made = Path("/tmp") / f"cf-bench-{os.getpid()}"
    made.mkdir(mode=0o755)
    yield made
    end(made)
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.live
@pytest.mark.timeout(SECONDS)
@pytest.mark.parametrize("name", FIGURES)
def test_bench_ends_with_its_figures_as_json(name: str, folder: Path) -> None:
    if name == "console" and shutil.which("wrk") is None:
        pytest.skip("wrk is not installed")
    result = bench(name, folder)
    assert result["bench"] == name
    assert FIGURES[name] <= result["measured"].keys()
    assert result["ratio"] > 0
    assert all(
        isinstance(value, int | float)
        for value in [*result["yardstick"].values(), *result["ratios"].values()]
    )


def test_bench_says_which_benches_there_are() -> None:
    said = subprocess.run([ROOT / "bin" / "bench", "speed"], capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert "ingest" in said.stderr


def bench(name: str, folder: Path) -> dict[str, Any]:
    """Run it; its last line."""
    env = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH")}
    ran = subprocess.run(
        [ROOT / "bin" / "bench", name],
        env=env | TINY | {"BENCH_VAR": str(folder / "var")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])
