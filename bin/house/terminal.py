"""What the person at the terminal reads: steps with seconds, notes, and one clear sentence for trouble."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator

TICK_S = 1.0
QUIET_TICK_S = 15.0  # without a terminal: one line now and then is enough


class Trouble(Exception):
    """Something the person can put right; its text is the sentence to print, without a traceback."""


@contextlib.contextmanager
def step(label: str) -> Iterator[None]:
    """Print `label` with running seconds while the block works, and its duration at the end."""
    started = time.monotonic()
    over = threading.Event()
    ticker = threading.Thread(target=_tick, args=(label, started, over), daemon=True)
    ticker.start()
    mark = "✗"
    try:
        yield
        mark = "✓"
    finally:
        over.set()
        ticker.join()
        _line(f"{mark} {label}  {time.monotonic() - started:.1f} s", last=True)


def note(sentence: str) -> None:
    """Print one line with the time of day."""
    _line(f"{time.strftime('%H:%M:%S')} {sentence}", last=True)


def _tick(label: str, started: float, over: threading.Event) -> None:
    on_terminal = sys.stdout.isatty()
    if on_terminal:
        _line(f"· {label}", last=False)
    while not over.wait(TICK_S if on_terminal else QUIET_TICK_S):
        _line(f"· {label}  {time.monotonic() - started:.0f} s", last=not on_terminal)


def _line(text: str, *, last: bool) -> None:
    start, end = ("\r\x1b[2K", "\n" if last else "") if sys.stdout.isatty() else ("", "\n")
    # A closed terminal must never stop the supervisor.
    with contextlib.suppress(OSError, ValueError):
        print(f"{start}{text}", end=end, flush=True)
