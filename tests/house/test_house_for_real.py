"""bin/run with the real programs: ready, quick the second time, and alive again whatever is killed."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from house.program import leftovers
from house.programs import answers

pytestmark = [pytest.mark.live, pytest.mark.timeout(180)]
ROOT = Path(__file__).resolve().parents[2]
MADE_ONCE = "front-end files"  # a house collects and compresses them its first time only


class Running:
    """One bin/run on a state folder, and what it printed."""

    def __init__(self, var: Path) -> None:
        self.var, self.log = var, var.parent / "said"
        with open(self.log, "w") as out:
            argv = [str(ROOT / "bin" / "run"), "--var", str(var)]
            self.popen = subprocess.Popen(argv, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)

    def until(self, words: str, seconds: float = 150) -> str:
        end = time.monotonic() + seconds
        while words not in self.log.read_text():
            assert self.popen.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)
        return self.log.read_text()

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *failed: object) -> None:
        self.popen.kill()
        self.popen.wait()

    def state(self) -> dict:
        return json.loads((self.var / "run" / "supervisor.json").read_text())

    def healthy(self) -> bool:
        return answers(f"{self.state()['address']}/healthz") == 200


def test_it_starts_survives_kill_9_and_stops(var):
    with Running(var) as first:
        first.until("Ready in")
        assert first.healthy()
        pids = first.state()["programs"]
        assert set(pids) == {"postgres", "valkey", "sandbox", "app"}
        for pid in pids.values():
            os.kill(pid, signal.SIGKILL)
        for name in pids:
            first.until(f"{name} works again", 40)
        assert first.healthy()
    # The supervisor itself is killed now, and half of the rest.
    for one in leftovers(var)[::2]:
        one.kill()
    with Running(var) as second:
        said = second.until("Ready in")
        assert second.healthy()
        assert MADE_ONCE not in said

        second.popen.send_signal(signal.SIGINT)
        assert second.popen.wait(30) == 0
    assert leftovers(var) == []
