"""`triage`: what the judge makes of messages that two readers labelled, and what a message costs. No database.

The messages lie beside the checkout (``../shared/data/labelled_dev.csv``, or ``CIRCUNFLEJO_SHARED``); a label counts
where the two agree. Where they are not at hand a fourth of our own corpus is judged instead, by weights learnt from
the rest. The yardstick: answering every message with the commonest label, and the time of one plain pass of a
regular expression. ``ratio`` is the accuracy of kinds over the yardstick's.
"""

from __future__ import annotations

import csv
import os
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("CIRCUNFLEJO_SHARED", ROOT.parent / "shared"))
LABELLED = SHARED / "data" / "labelled_dev.csv"
YES_OR_NO = ("service", "abusive", "threat")
MANY = ("kind", "urgency")
PARTS = 4
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
# Of our own corpus, where that is judged: fewer learn sooner, and judge worse.
MOST = int(os.environ.get("BENCH_MESSAGES", "1000000"))
_WORD = re.compile(r"(?:https?://|[@#])?\w+")

Labels = dict[str, str]
Judged = list[tuple[Labels, Labels]]


def run() -> dict[str, Any]:
    """Judge, print the tables, and return the figures."""
    sys.path.insert(0, str(ROOT))
    if LABELLED.exists():
        with LABELLED.open(encoding="utf-8", newline="") as file:
            rows = [{name: row[name] for name in ("text", *YES_OR_NO, *MANY)} for row in csv.DictReader(file)]
        print(f"{len(rows)} messages of {LABELLED.name}, labels where the readers agree")
        judged = [(row, _judged(row["text"])) for row in rows]
    else:
        judged = list(_crossed())
        rows = [truth for truth, _ in judged]
        print(f"no {LABELLED.name} here: {len(rows)} messages of our corpus, judged by what the others teach")
    ours, plain = _measures(judged), _measures([(row, _commonest(rows)) for row in rows])
    texts = [row["text"] for row in rows]
    cost, pass_cost = _microseconds(texts)
    _print(judged)
    measured = {**ours, "us_per_message": round(cost, 1)}
    yardstick = {**plain, "us_per_message": round(pass_cost, 1)}
    return {
        "measured": measured,
        "yardstick": yardstick,
        "ratio": round(ours["kind_accuracy"] / plain["kind_accuracy"], 3),
        "ratios": {
            "service_f1": round(ours["service_f1"] / plain["service_f1"], 3),
            "urgency_accuracy": round(ours["urgency_accuracy"] / plain["urgency_accuracy"], 3),
            "us_per_message": round(cost / pass_cost, 2),
        },
    }


def _judged(text: str, model: Any = None) -> Labels:
    from tickets.triage.engine import judge

    verdict = judge(text, model=model)
    return {
        "service": str(int(verdict.service)),
        "abusive": str(int(verdict.abusive)),
        "threat": str(int(verdict.threat)),
        "kind": verdict.kind,
        "urgency": verdict.urgency,
    }


def _crossed() -> Iterator[tuple[Labels, Labels]]:
    """A part of our own rows, judged by what the other parts teach."""
    from tickets.triage.corpus import part_of, read_rows
    from tickets.triage.learning import learn

    rows = read_rows()
    rows = rows[:: -(-len(rows) // MOST)]
    model = learn([row for row in rows if part_of(row, PARTS)])
    for row in (row for row in rows if part_of(row, PARTS) == 0):
        truth = {"text": row.text, "kind": row.kind, "urgency": row.urgency}
        truth |= {name: str(int(getattr(row, name))) for name in YES_OR_NO}
        yield truth, _judged(row.text, model)


def _commonest(rows: Sequence[Labels]) -> Labels:
    """The label most messages have, for each."""
    counts = {name: Counter(row[name] for row in rows if row[name]) for name in (*YES_OR_NO, *MANY)}
    return {name: count.most_common(1)[0][0] for name, count in counts.items()}


def _measures(judged: Judged) -> dict[str, float]:
    found = {f"{name}_f1": round(_scores(judged, name, "1")[2], 4) for name in YES_OR_NO}
    return found | {f"{name}_accuracy": round(_accuracy(judged, name), 4) for name in MANY}


def _scores(judged: Judged, name: str, label: str) -> tuple[float, float, float, int]:
    """Precision, recall, F1 and number of one label."""
    pairs = [(truth[name] == label, said[name] == label) for truth, said in judged if truth[name]]
    right = sum(truth and said for truth, said in pairs)
    said_so, true = sum(said for _, said in pairs), sum(truth for truth, _ in pairs)
    precision, recall = right / said_so if said_so else 0.0, right / true if true else 0.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0, true


def _accuracy(judged: Judged, name: str) -> float:
    agreed = [truth[name] == said[name] for truth, said in judged if truth[name]]
    return sum(agreed) / len(agreed)


def _print(judged: Judged) -> None:
    """A table: each label's precision, recall, F1 and number."""
    print(f"{'':32}precision  recall     F1   rows")
    labels = [(name, "1") for name in YES_OR_NO]
    labels += [
        (name, label) for name in MANY for label in sorted({truth[name] for truth, _ in judged} - {""})
    ]
    for name, label in labels:
        precision, recall, f1, number = _scores(judged, name, label)
        shown = name if name in YES_OR_NO else f"{name} {label}"
        print(f"{shown:32}{precision:9.3f}{recall:8.3f}{f1:7.3f}{number:7}")


def _microseconds(texts: Sequence[str]) -> tuple[float, float]:
    """What a message costs the judge and a plain pass, in turns; medians of the rounds."""
    from tickets.triage.engine import judge

    judge("la primera vez se leen los pesos")
    rounds = [(_timed(judge, texts), _timed(_plain_pass, texts)) for _ in range(ROUNDS)]
    cost, pass_cost = (statistics.median(side) for side in zip(*rounds, strict=True))
    return cost, pass_cost


def _plain_pass(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _timed(work: Callable[[str], Any], texts: Sequence[str]) -> float:
    started = time.process_time()  # of the processor: another program beside it is no cost of ours
    for text in texts:
        work(text)
    return (time.process_time() - started) / len(texts) * 1e6
