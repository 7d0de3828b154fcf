"""What `bin/test` does: style, its own servers in var/test, then pytest; everything stopped at the end.

All tests go in groups, three pytests side by side, each with servers of its own: those that start the whole house or a
browser mostly wait, and the others wait for their database half of the time. A fourth makes two cores too late for what
waits for a moment. With arguments there is one, and it gets them.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from house import again, places, services
from house.instance import ROOT
from house.messages import compile_all
from house.program import leftovers, stop_all
from house.terminal import Trouble, step

# The headless shell needs half the processor time for the same pages.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FONT = "fonts-noto-color-emoji"
FOLDERS = 18  # three times as many as bin/test of one checkout may run at the same time
LANES = 3
# Rooms of tests, the longest first, what no group names as the third. The journeys are halved, each with a house.
JOURNEYS = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "tests/journeys").glob("test_*.py"))
MIDDLE = "tests/journeys/test_s"
NAMED = (
    ("tests/house",),
    tuple(name for name in JOURNEYS if name < MIDDLE),
    tuple(name for name in JOURNEYS if name >= MIDDLE),
    ("tests/chaos", "tests/sandbox"),
    ("tests/tickets/api", "tests/tickets/areas", "tests/tickets/customers", "tests/tickets/permissions",
     "tests/tickets/intake", "tests/tickets/replies", "tests/tickets/filing"),
    ("tests/channels_social", "tests/helpdesk", "tests/protocols"),
    ("tests/ui",),
    ("tests/faq", "tests/tickets/insights", "tests/tickets/incidents", "tests/tickets/supervision",
     "tests/tickets/public", "tests/tickets/questions"),
)  # fmt: skip
OTHERS = tuple(f"--ignore={room}" for group in NAMED for room in group)
GROUPS = (*NAMED[:2], OTHERS, *NAMED[2:])
DATABASE_IS_MADE = "CIRCUNFLEJO_TEST_DATABASE"
POLL_S = 0.2
FAILED = 1  # pytest's code for it; others are worse
INTERRUPTED = 130
STYLE_LINES = 25


def main(arguments: list[str]) -> int:
    """Run everything; the exit code is pytest's, or 1 when only the style is wrong."""
    began = float(os.environ.pop("CIRCUNFLEJO_BEGAN", time.time()))
    # A shell or CI that ends us by SIGTERM gets the same clean end as Ctrl-C; one that starts us in the background
    # has Ctrl-C ignored, by us and by every program the tests start.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        style = "" if arguments else _style()
        browser = _browser(best=not arguments)
        compile_all(ROOT / "locale")
        code = _one(arguments) if arguments else _all()
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    print(f"{time.time() - began:.0f} s in all")
    for sentence in filter(None, (style, browser)):
        print(sentence)
    return code or (1 if style else 0)


def _style() -> str:
    """What ruff finds, in a few lines; empty when nothing."""
    found = []
    for arguments in (
        ["check", "-q", "--output-format", "concise"],
        ["format", "--check", "-q", "--output-format", "concise"],
    ):
        asked = [sys.executable, "-m", "ruff", *arguments, ".", *_scripts()]
        says = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
        lines = [line for line in (says.stdout + says.stderr).splitlines() if not line[:1].isspace()]
        if says.returncode:
            found += [f"STYLE: ruff {arguments[0]} failed:", *lines[:STYLE_LINES]]
    return "\n".join(found)


def _scripts() -> list[str]:
    """The Python files of bin/ without a suffix, which ruff does not find by itself."""
    return [
        str(file)
        for file in (ROOT / "bin").iterdir()
        if file.is_file() and b"python" in file.read_bytes()[:40]
    ]


def _browser(*, best: bool) -> str:
    """Make sure there is a Chromium, `best`: the headless shell; else why the browser tests are skipped."""
    there = any(map(shutil.which, BROWSERS))
    if shutil.which(BROWSERS[0]) or (there and not best):
        return ""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        missing = (
            "SKIPPED: browser tests: no Chromium, and only root can install it (apt-get install chromium)."
        )
        return "" if there else missing
    with step("installing Chromium for the browser tests"):
        _apt("update")
        for package in BROWSERS[: 1 if there else 2]:
            said = _apt("install", "-y", "--no-install-recommends", "--no-remove", package, FONT)
            if shutil.which(package):
                return ""
    return "" if there else f"SKIPPED: browser tests, Chromium could not be installed: {said.strip()[-300:]}"


def _apt(*arguments: str) -> str:
    """Ask apt-get, which gives up on an index that does not answer; what went wrong."""
    argv = ["apt-get", "-q", "-o", "Acquire::http::Timeout=10", "-o", "Acquire::Retries=1", *arguments]
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(argv, env=env, capture_output=True, text=True, check=False).stderr


@contextlib.contextmanager
def _own_folder() -> Iterator[Path]:
    """var/test, or var/test-2 … when another bin/test of this checkout is at work."""
    for number in range(1, FOLDERS + 1):
        var = ROOT / "var" / ("test" if number == 1 else f"test-{number}")
        places.folder(var, mode=0o755)
        with places.alone(var / "test.lock", wait=False) as mine:
            if mine:
                yield var
                return
    raise Trouble(f"{FOLDERS} bin/test of this checkout are already at work.")


@contextlib.contextmanager
def _servers(var: Path) -> Iterator[dict[str, str]]:
    """Fresh servers for this run, stopped with whatever tests left behind in their folder."""
    stop_all(leftovers(var))
    try:
        with step("PostgreSQL and Valkey for the tests"):
            env = services.start(var, durable=False)
        yield env
    finally:
        stop_all(leftovers(var))


def _one(arguments: list[str]) -> int:
    with _own_folder() as var, _servers(var) as env:
        return _wait(_pytest(arguments, env))


def _all() -> int:
    """The worst exit code of the groups; each is told when it is done, its figures and what failed.

    Failed tests that may be tried once more are, together, when all groups are done.
    """
    waiting, codes, once_more = list(GROUPS), [0], list[str]()
    with contextlib.ExitStack() as stack:
        idle = [stack.enter_context(_servers(stack.enter_context(_own_folder()))) for _lane in range(LANES)]
        running: list[_Lane] = []
        stack.callback(lambda: [_end(lane.tests) for lane in running if lane.tests.poll() is None])
        while waiting or running:
            while waiting and idle:
                running.append(_start(waiting.pop(0), idle.pop()))
            time.sleep(POLL_S)
            for lane in [lane for lane in running if lane.tests.poll() is not None]:
                running.remove(lane)
                idle.append(lane.env | {DATABASE_IS_MADE: "1"})
                _tell(lane)
                failed = again.to_try(lane.names) if lane.tests.returncode == FAILED else None
                once_more += failed or []
                codes += [] if failed else [lane.tests.returncode]
        if len(once_more) > again.MOST:
            codes.append(FAILED)
        elif once_more:
            print("\ntried once more, alone:", *once_more, sep="\n  ", flush=True)
            codes.append(_wait(_pytest(["--reuse-db", *once_more], idle[0])))
    return max(map(abs, codes))  # one that a signal ended has a negative one


@dataclass
class _Lane:
    """A group at work: its pytest, the servers it has, and what it says."""

    group: tuple[str, ...]
    env: dict[str, str]
    tests: subprocess.Popen[bytes]
    said: IO[str]
    names: Path
    began: float


def _start(group: tuple[str, ...], env: dict[str, str]) -> _Lane:
    said = tempfile.TemporaryFile("w+")  # noqa: SIM115  (closed when it was told)
    # The second group of a lane finds the tables the first made.
    tables = ["--reuse-db"] if DATABASE_IS_MADE in env else ["--reuse-db", "--create-db"]
    names = Path(env["CIRCUNFLEJO_VAR"]) / "failed"
    names.unlink(missing_ok=True)
    told = env | {again.NAMES_IN: str(names)}
    tests = _pytest([*tables, *group], told, stdout=said, stderr=subprocess.STDOUT)
    return _Lane(group, env, tests, said, names, time.time())


def _tell(lane: _Lane) -> None:
    rooms = " ".join(part for part in lane.group if not part.startswith("-")) or "all other tests"
    print(f"\n{rooms}: {time.time() - lane.began:.0f} s", flush=True)
    with lane.said as said:
        said.seek(0)
        shutil.copyfileobj(said, sys.stdout)
    sys.stdout.flush()


def _pytest(arguments: list[str], env: dict[str, str], **output: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=os.environ | env, **output
    )


def _wait(tests: subprocess.Popen[bytes]) -> int:
    """pytest's exit code. It gets a Ctrl-C itself, so here it is only waited for."""
    try:
        return tests.wait()
    except KeyboardInterrupt:
        _end(tests)
        raise


def _end(tests: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        tests.send_signal(signal.SIGINT)
        tests.wait(20)
    tests.kill()
    tests.wait()
