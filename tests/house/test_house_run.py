"""bin/run: one per clone, restarts what dies, ends cleanly, recovers from kill -9 of everything."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from house import supervisor
from house.program import leftovers
from house.programs import answers

pytestmark = pytest.mark.live
STAND_IN = Path(__file__).with_name("stand_in.py")


class House:
    """A running stand_in.py and what it says."""

    def __init__(self, var: Path, *, output: str = "said", **env: str) -> None:
        self.var, self.output = var, var.parent / f"{var.name}.{output}"
        with open(self.output, "w") as output:
            self.popen = subprocess.Popen(
                [sys.executable, str(STAND_IN), "--var", str(var)],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=os.environ | env,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.output.read_text()

    def until(self, true: Callable[[], bool], seconds: float = 15) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, self.said()
            time.sleep(0.05)

    def ready(self) -> "House":
        self.until(lambda: "Ready in" in self.said())
        return self

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait()

    def stopped_by(self, number: int) -> float:
        """Seconds it took; its exit code must say that all went well."""
        began = time.monotonic()
        self.popen.send_signal(number)
        assert self.popen.wait(15) == 0, self.said()
        return time.monotonic() - began

    def programs(self) -> dict[str, int]:
        return json.loads((self.var / "run" / "supervisor.json").read_text())["programs"]

    def works(self) -> bool:
        port = json.loads((self.var / "instance.json").read_text())["ports"][0]
        return answers(f"http://127.0.0.1:{port}/healthz") == 200


def lives(one: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return one.status() != psutil.STATUS_ZOMBIE
    return False


@pytest.fixture
def start(open_folder: Path) -> Iterator[Callable[..., House]]:
    houses: list[House] = []

    def begin(name: str = "var", **options: str) -> House:
        houses.append(House(open_folder / name, **options))
        return houses[-1]

    yield begin
    for house in houses:
        house.kill()


def test_ctrl_c_stops_everything_in_time(start):
    house = start().ready()
    assert house.works()
    assert house.stopped_by(signal.SIGINT) < 8
    assert leftovers(house.var) == []
    # A clean end of PostgreSQL, not a crash to recover from.
    assert "database system is shut down" in (house.var / "log" / "postgres.log").read_text()


def test_one_per_clone_and_clones_side_by_side(start):
    one, two = start("a"), start("b")
    assert one.ready().works()
    assert two.ready().works()
    second = start("b", output="second")
    assert second.popen.wait(10) == 1
    assert "already running here" in second.said()
    assert one.stopped_by(signal.SIGTERM) < 8
    assert two.works()


def test_what_dies_is_started_again(start):
    house = start().ready()
    before = house.programs()
    orphan = psutil.Process(before["app"]).children()[0]
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    house.until(lambda: all(f"{name} works again" in house.said() for name in before))
    assert set(house.programs()) == set(before)
    assert not set(house.programs().values()) & set(before.values())
    assert house.works()
    assert "app died (signal SIGKILL)" in house.said()
    assert not lives(orphan)


def test_after_kill_9_of_the_supervisor_or_of_everything_the_next_start_works(start):
    first = start().ready()
    first.kill()
    assert len(leftovers(first.var)) >= 4
    before = first.programs()
    second = start().ready()
    assert second.works()
    assert "left over from a bin/run that was killed" in second.said()
    assert {one.pid for one in leftovers(first.var)}.isdisjoint(before.values())

    second.kill()
    for one in leftovers(first.var):
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    assert start().ready().works()


def test_a_program_that_cannot_start_is_shown_and_all_is_stopped(start):
    house = start(SANDBOX_URL="http://localhost:not-a-port")
    assert house.popen.wait(20) == 1
    assert "sandbox did not start. The end of" in house.said()
    assert leftovers(house.var) == []


def test_the_pause_between_restarts_grows_and_is_forgotten():
    one = supervisor.Watched(program=None, popen=None, since=0.0)
    pauses = [supervisor.next_pause(one, alive_s=1.0) for _ in range(8)]
    assert pauses[:3] == [0.3, 0.6, 1.2]
    assert pauses[-1] == supervisor.LONGEST_PAUSE_S
    assert supervisor.next_pause(one, alive_s=supervisor.PROVEN_S + 1) == supervisor.FIRST_PAUSE_S
