"""Starts programs in order, starts again what dies, stops everything in reverse order."""

import contextlib
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from house import logs
from house.program import Program, spawn, tail, wait_ready
from house.terminal import Trouble, note, step

TURN_S = 0.2
ROTATE_S = 5.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.3, 15.0
PROVEN_S = 30.0  # alive that long: earlier failures are forgotten
STOP_S = {"postgres": 6.0}  # fast shutdown ends with a checkpoint
STOP_DEFAULT_S = 5.0
SERVICES = ("postgres", "valkey")


@dataclass
class Watched:
    """One program under watch. `due`: when to start it again, if it is down."""

    program: Program
    popen: subprocess.Popen
    since: float
    failures: int = 0
    due: float | None = None
    proven: bool = True


class Supervisor:
    """Holds the living programs of one state folder; the caller owns its `supervisor.lock`."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.watched: list[Watched] = []
        self.address = ""
        self.stops_asked = 0

    def listen(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal ask for the end; asked twice, nothing is waited for."""
        self._write_state()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._asked)

    def _asked(self, number: int, _frame: object) -> None:
        self.stops_asked += 1
        if self.stops_asked == 1:
            raise KeyboardInterrupt

    def begin(self, *programs: Program, seconds: float = 60) -> None:
        """Start them all at once, then wait for each. Trouble, with the end of its log, when one fails."""
        begun = [self._spawn(program) for program in programs]
        for one in begun:
            with step(one.program.name):
                if not wait_ready(one.program, lambda one=one: one.popen.poll() is None, seconds=seconds):
                    log = one.program.log
                    raise Trouble(f"{one.program.name} did not start. The end of {log}:\n{tail(log)}")
            one.since = time.monotonic()

    def _spawn(self, program: Program) -> Watched:
        one = Watched(program, spawn(program), time.monotonic())
        self.watched.append(one)
        self._write_state()
        return one

    def watch(self) -> None:
        """Until the end is asked for (KeyboardInterrupt)."""
        rotated = time.monotonic()
        while True:
            self.look()
            if time.monotonic() - rotated > ROTATE_S:
                logs.rotate(self.var / "log")
                rotated = time.monotonic()
            time.sleep(TURN_S)

    def look(self) -> None:
        """One look at all of them: notice deaths, start again what is due."""
        for one in self.watched:
            self._look_after(one)

    def _look_after(self, one: Watched) -> None:
        now = time.monotonic()
        if one.due is not None:
            if now >= one.due:
                self._again(one)
        elif one.popen.poll() is not None:
            self._died(one, now)
        elif not one.proven and one.program.ready():
            one.proven = True
            note(f"{one.program.name} works again")

    def _died(self, one: Watched, now: float) -> None:
        self._end_group(one)
        pause = next_pause(one, alive_s=now - one.since)
        one.due = now + pause
        why = _why(one.popen.returncode)
        note(f"{one.program.name} died ({why}); starting it again in {pause:.1f} s, see {one.program.log}")

    def _again(self, one: Watched) -> None:
        try:
            one.popen = spawn(one.program)
        except OSError as error:  # a full disk, no memory: try later, say so
            one.due = time.monotonic() + LONGEST_PAUSE_S
            note(f"{one.program.name} cannot be started now: {error}")
            return
        one.due, one.proven, one.since = None, False, time.monotonic()
        self._write_state()

    def stop(self) -> None:
        """Applications together, then Valkey, then PostgreSQL; what does not end in time is killed."""
        running = [one for one in self.watched if one.popen.poll() is None]
        applications = [one for one in running if one.program.name not in SERVICES]
        self._stop_together(applications)
        for one in reversed([one for one in running if one not in applications]):
            self._stop_together([one])
        self.watched.clear()
        self._write_state()

    def _stop_together(self, group: list[Watched]) -> None:
        for one in group:
            one.popen.send_signal(one.program.stop_signal)
        started = time.monotonic()
        for one in group:
            until = started + STOP_S.get(one.program.name, STOP_DEFAULT_S)
            while one.popen.poll() is None and time.monotonic() < until and self.stops_asked < 2:
                time.sleep(0.02)
            self._end_group(one)
            one.popen.wait()

    @staticmethod
    def _end_group(one: Watched) -> None:
        """Kill what is left of its process group: a server's orphaned workers would keep its port."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(one.popen.pid, signal.SIGKILL)

    def _write_state(self) -> None:
        """var/run/supervisor.json: who runs, for people and tests."""
        pids = {one.program.name: one.popen.pid for one in self.watched}
        state = {"pid": os.getpid(), "address": self.address, "programs": pids}
        draft = self.var / "run" / "supervisor.new"
        with contextlib.suppress(OSError):
            draft.write_text(json.dumps(state))
            draft.replace(draft.with_suffix(".json"))


def next_pause(one: Watched, *, alive_s: float) -> float:
    """Seconds until it is started again: doubling while it keeps dying soon, short after a long life."""
    if alive_s > PROVEN_S:
        one.failures = 0
    one.failures += 1
    return min(FIRST_PAUSE_S * 2 ** (one.failures - 1), LONGEST_PAUSE_S)


def _why(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
