"""Judge messages: one a line in, one JSON object a line out. Needs no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand

from tickets.triage.engine import Verdict, judge

#: Bytes of a line that are read; the rest of a longer one is passed over.
MAX_LINE = 64 * 1024


class Command(BaseCommand):
    help = "Judge the messages on standard input, one a line: one JSON object a line, in order."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for line in lines(sys.stdin.buffer):
            self.stdout.write(json.dumps(told(judge(line)), ensure_ascii=False))


def lines(source: BinaryIO) -> Iterator[str]:
    """Yield lines as text, bad UTF-8 replaced, each as far as ``MAX_LINE``."""
    while line := source.readline(MAX_LINE):
        part = line
        while not part.endswith(b"\n") and (part := source.readline(MAX_LINE)):
            pass
        yield line.decode("utf-8", "replace").rstrip("\r\n")


def told(verdict: Verdict) -> dict[str, Any]:
    """A verdict in the words that readers of messages label with."""
    return {
        "service": int(verdict.service),
        "kind": verdict.kind,
        "urgency": verdict.urgency,
        "abusive": int(verdict.abusive),
        "threat": int(verdict.threat),
        "courtesy": int(verdict.courtesy),
        "reiteration": int(verdict.reiteration),
        "language": verdict.language,
        "doubtful": int(verdict.doubtful),
        "confidence": round(verdict.confidence, 3),
        "reasons": list(verdict.reasons),
    }
