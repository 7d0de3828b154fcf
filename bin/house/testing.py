"""What `bin/test` does: style, its own servers in var/test, then pytest; everything stopped at the end.

All tests are three pytests side by side, each with servers of its own: those that start the whole house or a browser
mostly wait, and the others wait for their database half of the time. A fourth makes two cores too late for what is
timed. With arguments there is one, and it gets them.
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
from pathlib import Path
from typing import Any

from house import places, services
from house.instance import ROOT
from house.messages import compile_all
from house.program import leftovers, stop_all
from house.terminal import Trouble, step

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FOLDERS = 18  # three times as many as bin/test of one checkout may run at the same time
# Rooms of tests that start programs or a browser, the desk, and what is left: about as long each.
SLOW = ("tests/chaos", "tests/house", "tests/journeys", "tests/sandbox", "tests/ui")
DESK = ("tests/tickets/api", "tests/tickets/areas", "tests/tickets/customers", "tests/tickets/permissions",
        "tests/tickets/intake", "tests/tickets/replies", "tests/tickets/filing")  # fmt: skip
LANES = ([f"--ignore={room}" for room in (*SLOW, *DESK)], list(SLOW), list(DESK))
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
        browser = _browser()
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


def _browser() -> str:
    """Make sure there is a Chromium; else the sentence that says why the browser tests are skipped."""
    if any(shutil.which(name) for name in BROWSERS):
        return ""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return "SKIPPED: browser tests: no Chromium, and only root can install it (apt-get install chromium)."
    wanted = ["chromium", "fonts-noto-color-emoji"]
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with step("installing Chromium for the browser tests"):
        for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *wanted]):
            done = subprocess.run(["apt-get", *command], env=env, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    return f"SKIPPED: browser tests, Chromium could not be installed: {done.stderr.strip()[-300:]}"


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
    """The worst exit code of the lanes. The first speaks as it goes, the others when it is done."""
    with contextlib.ExitStack() as stack:
        envs = [stack.enter_context(_servers(stack.enter_context(_own_folder()))) for _lane in LANES]
        said = [stack.enter_context(tempfile.TemporaryFile("w+")) for _lane in LANES[1:]]
        waiting = [
            _pytest(lane, env, stdout=file, stderr=subprocess.STDOUT)
            for lane, env, file in zip(LANES[1:], envs[1:], said, strict=True)
        ]
        try:
            codes = [_wait(_pytest(LANES[0], envs[0]))]
        except BaseException:
            for tests in waiting:
                _end(tests)
            raise
        for tests, file in zip(waiting, said, strict=True):
            codes.append(_wait(tests))
            file.seek(0)
            shutil.copyfileobj(file, sys.stdout)
        return max(codes)


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
