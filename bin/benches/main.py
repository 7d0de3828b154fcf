"""`bin/bench NAME`: runs one bench, prints readable lines and, last, one line of JSON."""

from __future__ import annotations

import importlib
import json
import signal
import sys
import time

from house.terminal import Trouble

NAMES = ("ingest", "webhook", "console", "reply", "push", "memory", "triage", "sla", "questions", "public")
INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Run it; the exit code."""
    if len(arguments) != 1 or arguments[0] not in (*NAMES, "data", "plans"):
        print(f"Which one? bin/bench {'|'.join(NAMES)}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = time.monotonic()
    try:
        result = importlib.import_module(f"benches.{arguments[0]}_bench").run()
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    print(f"{time.monotonic() - started:.0f} s in all")
    print(json.dumps({"bench": arguments[0], **result}, ensure_ascii=False))
    return 0
