"""Our own labelled messages, and the file of weights built from them. Pure but for reading and writing files."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from tickets.triage.labels import KINDS, LANES, URGENCIES, Kind, Urgency
from tickets.triage.lanes import unpack
from tickets.triage.learning import Row, learn
from tickets.triage.model import BUILT, Model

CORPUS = Path(__file__).parent / "corpus"
_YES = {"0": False, "1": True}


def read_rows(paths: Iterable[Path] = ()) -> list[Row]:
    """Return every row of the corpus, each text once. Raises ``ValueError`` naming file and line of a bad one."""
    rows: dict[str, Row] = {}
    for path in sorted(paths) or sorted(CORPUS.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for number, fields in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
                row = _row(fields, f"{path.name}:{number}")
                rows.setdefault(row.text, row)
    return list(rows.values())


#: A question needs an answer, however calm: that is what *media* means.
_URGENCY = {(Kind.INFORMACION, Urgency.BAJA): Urgency.MEDIA}


def _row(fields: dict[str, str], where: str) -> Row:
    try:
        row = Row(
            text=fields["text"].replace("\\n", "\n"),
            service=_YES[fields["service"]],
            kind=fields["kind"],
            urgency=_URGENCY.get((fields["kind"], fields["urgency"]), fields["urgency"]),
            abusive=_YES[fields["abusive"]],
            threat=_YES[fields["threat"]],
        )
    except (KeyError, AttributeError) as error:
        raise ValueError(f"{where}: not a row of the corpus") from error
    if row.kind not in (*KINDS, Kind.NINGUNO) or row.urgency not in URGENCIES:
        raise ValueError(f"{where}: unknown label {row.kind} {row.urgency}")
    if row.service == (row.kind == Kind.NINGUNO):
        raise ValueError(f"{where}: service and kind disagree")
    return row


def part_of(row: Row, parts: int) -> int:
    """Return which of some equal parts a row falls in, the same every time."""
    return sha256(row.text.encode()).digest()[0] % parts


def digest() -> str:
    """Return what names the corpus and the code that reads it: the built file says which it is of."""
    here = Path(__file__).parent
    read = sha256()
    sources = [*here.glob("rules/*.py"), *(here / f"{name}.py" for name in _SHAPING), *CORPUS.glob("*.tsv")]
    for path in sorted(sources):
        read.update(path.name.encode() + path.read_bytes())
    return read.hexdigest()[:20]


_SHAPING = ("labels", "clues", "learning", "model", "lanes", "corpus")


def as_text(model: Model) -> str:
    """Return a model as the file has it."""
    lines = [f"# {digest()} {' '.join(LANES)}"]
    for group, weights in (("r", model.rules), ("w", model.words)):
        for name, packed in sorted(weights.items()):
            lines.append(f"{group}\t{name}\t{','.join(map(str, unpack(packed, len(LANES))))}")
    return "\n".join(lines) + "\n"


def build(path: Path = BUILT) -> int:
    """Learn from the whole corpus and write the file; how many rows were read."""
    rows = read_rows()
    path.write_text(as_text(learn(rows)), encoding="utf-8")
    return len(rows)
