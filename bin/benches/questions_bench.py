"""`questions`: 100,000 messages into groups of frequent questions: noise out, groups made, each with its title.

The messages are read in place from ``../shared/data`` (or ``CIRCUNFLEJO_SHARED``), which is not of this repository:
those of customers to banks and airlines, taken again from the first as often as it needs. Each is judged by triage,
as intake does, and counted as of its own author where the file says who it was. Nothing here is told what is asked.

Coherence is measured by what grouping never sees: how much two messages of a group are alike in runs of three letters
(Jaccard, the words that made the group left out on both sides), against two messages drawn from all that were grouped.
``ratio`` is the first over the second: 1 is chance. Beside it ``npmi``, the normalised pointwise mutual information of
a group's five first words over all messages (-1 to 1), and, where a file of questions labelled by people is at hand
(``chec_energia_intents_co.md``), how pure the groups are by those labels.
"""

from __future__ import annotations

import csv
import os
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, cycle, islice
from math import log
from pathlib import Path
from typing import Any

from house.terminal import Trouble

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("CIRCUNFLEJO_SHARED", ROOT.parent / "shared"))
# File, its column of text, who wrote it, and what of it is the company's own.
FILES = (
    ("bank_mentions_es_co_mx.csv", "author", "author_is_brand"),
    ("banamex_conversations_es.csv", "author", "is_brand"),
    ("airlines_es_sentiment.csv", "", ""),
    ("bank_opinions_es.csv", "", ""),
)
INTENTS = "chec_energia_intents_co.md"
MESSAGES = 100_000
PAIRS = 4_000
SHOWN = 12


def run() -> dict[str, Any]:
    """Judge, group, name, measure; the figures."""
    sys.path.insert(0, str(ROOT))
    from tickets.questions.rules.grouping import Asked, group_questions
    from tickets.questions.rules.titles import title_of

    rows = _rows()
    said = [Asked(n, who, text) for n, (who, text) in enumerate(islice(cycle(rows), MESSAGES))]
    print(
        f"{len(said):,} messages: {len(rows):,} of {len(FILES)} files of ../shared/data, again from the first"
    )
    _judge_once()
    started = time.monotonic()
    service = [one for one in said if not _is_noise(one.text)]
    judged = time.monotonic()
    groups = group_questions(service)
    grouped = time.monotonic()
    texts = {one.key: one.text for one in service}
    titles = [
        title_of([texts[member.key] for member in group.members], list(group.terms)) for group in groups
    ]
    ended = time.monotonic()
    print(
        f"noise out {judged - started:.1f} s ({len(said) - len(service):,} noise), "
        f"groups {grouped - judged:.1f} s, titles {ended - grouped:.1f} s"
    )
    _show(groups, titles)
    inside, across = _likeness(groups, texts)
    npmi = _npmi(groups, service)
    pure = _purity(group_questions, Asked)
    members = sum(group.size for group in groups)
    cohesion = statistics.mean(group.cohesion for group in groups) if groups else 0.0
    print(f"{len(groups)} groups of {members:,} messages; alike inside {inside:.4f}, drawn {across:.4f}")
    print(f"npmi of their words {npmi:.3f}; mean likeness to their centre {cohesion:.3f}; labelled: {pure}")
    return {
        "measured": {
            "seconds": round(ended - started, 2), "messages": len(said), "noise": len(said) - len(service),
            "groups": len(groups), "grouped": members, "coherence": round(inside, 4), "npmi": round(npmi, 3),
            "cohesion": round(cohesion, 3), **pure,
        },
        "yardstick": {"coherence": round(across, 4)},
        "ratio": round(inside / across, 3) if across else 0.0,
    }  # fmt: skip


def _rows() -> list[tuple[str, str]]:
    """(author, text) of every customer's message."""
    folder = SHARED / "data"
    missing = [name for name, _who, _ours in FILES if not (folder / name).is_file()]
    if missing:
        raise Trouble(
            f"The messages of this bench are not of this repository: put {', '.join(missing)} into a folder "
            "«shared/data» beside the checkout, or name its «shared» in CIRCUNFLEJO_SHARED."
        )
    return [row for name, who, ours in FILES for row in _of(folder / name, who, ours)]


def _of(path: Path, who: str, ours: str) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for n, row in enumerate(csv.DictReader(file)):
            if row["text"] and not (ours and row[ours] == "True"):
                yield row[who] if who else f"{path.name}:{n}", row["text"]


def _judge_once() -> None:
    """What is read once a process is read before the clock starts: the weights of the judge."""
    from tickets.triage.engine import judge

    judge("la primera vez se leen los pesos")


def _is_noise(text: str) -> bool:
    from tickets.triage.engine import judge

    verdict = judge(text)
    return verdict.is_noise or verdict.courtesy


def _show(groups: Sequence[Any], titles: Sequence[str]) -> None:
    print(f"{'':4}{'people':>7}{'messages':>10}{'likeness':>10}  title · what holds it together")
    for n, (group, title) in enumerate(zip(groups[:SHOWN], titles, strict=False), 1):
        words = ", ".join(f"{sign} {share:.0%}" for sign, share in list(group.terms.items())[:4])
        print(f"{n:3} {group.people:7,}{group.size:10,}{group.cohesion:10.2f}  {title} · {words}")


def _likeness(groups: Sequence[Any], texts: dict[int, str]) -> tuple[float, float]:
    """Mean likeness of two different messages of one group, and of two drawn from all groups."""
    dice = random.Random(5)
    bags = [
        [bag for bag in {_letters(texts[one.key], group.terms) for one in group.members} if len(bag) > 8]
        for group in groups
    ]
    bags = [one for one in bags if len(one) >= 2]
    everything = [bag for one in bags for bag in one]
    if not everything:
        return 0.0, 0.0
    each = max(1, PAIRS // len(bags))
    inside = [_jaccard(*dice.sample(one, 2)) for one in bags for _pair in range(each)]
    across = [_jaccard(*dice.sample(everything, 2)) for _pair in range(PAIRS)]
    return statistics.mean(inside), statistics.mean(across)


def _letters(text: str, terms: Any) -> frozenset[str]:
    """Its runs of three letters, without the words that grouping went by."""
    from helpdesk.stems import stem, words_of

    line = " ".join(word for word in words_of(text) if stem(word) not in terms)
    return frozenset(line[at : at + 3] for at in range(len(line) - 2))


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def _npmi(groups: Sequence[Any], said: Sequence[Any]) -> float:
    """Of the first five words of each group, over all messages."""
    from tickets.questions.rules.words import signs_of

    wanted = {sign for group in groups for sign in list(group.terms)[:5]}
    bags = [wanted.intersection(signs_of(one.text)) for one in said]
    single = Counter(sign for bag in bags for sign in bag)
    pairs = Counter(pair for bag in bags for pair in combinations(sorted(bag), 2))
    values = []
    for group in groups:
        for pair in combinations(sorted(list(group.terms)[:5]), 2):
            n = pairs[pair]
            chance = (
                log(n * len(bags) / (single[pair[0]] * single[pair[1]])) / -log(n / len(bags)) if n else -1
            )
            values.append(chance)
    return statistics.mean(values) if values else 0.0


def _purity(group_questions: Any, asked: Any) -> dict[str, float]:
    """By labels of people that grouping never sees: the share of grouped questions that are of their group's label."""
    path = SHARED / "data" / INTENTS
    if not path.is_file():
        return {}
    label, rows = "", []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## intent:"):
            label = line.removeprefix("## intent:").strip()
        elif line.startswith("- "):
            rows.append((label, line[2:]))
    found = group_questions(
        [asked(n, n, text) for n, (_l, text) in enumerate(rows)], size=3, people=3, texts=2
    )
    right = sum(Counter(rows[one.key][0] for one in group.members).most_common(1)[0][1] for group in found)
    grouped = sum(group.size for group in found)
    return {"purity": round(right / grouped, 3) if grouped else 0.0, "labelled_grouped": grouped}
