"""Our corpus is sane and ours, and the built weights are what it builds."""

from __future__ import annotations

import csv
import os
from collections import Counter
from pathlib import Path

import pytest

from tickets.triage import corpus
from tickets.triage.labels import KINDS, Kind, Urgency
from tickets.triage.model import BUILT

SHARED = Path(os.environ.get("CIRCUNFLEJO_SHARED", Path(__file__).resolve().parents[3].parent / "shared"))


def test_every_row_is_legal_and_every_kind_has_some():
    rows = corpus.read_rows()
    kinds = Counter(row.kind for row in rows)
    assert len(rows) > 4000
    assert all(kinds[kind] >= 80 for kind in (*KINDS, Kind.NINGUNO))


def test_no_text_is_there_twice():
    texts = Counter()
    for path in corpus.CORPUS.glob("*.tsv"):
        with path.open(encoding="utf-8", newline="") as lines:
            texts.update(
                " ".join(row["text"].lower().split())
                for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            )
    assert [text for text, count in texts.items() if count > 1] == []


def test_a_bad_row_is_named(tmp_path):
    bad = tmp_path / "bad.tsv"
    bad.write_text("text\tservice\tkind\turgency\tabusive\tthreat\nhola\t1\tninguno\tbaja\t0\t0\n")
    with pytest.raises(ValueError, match="bad.tsv:2"):
        corpus.read_rows([bad])
    bad.write_text("text\tservice\tkind\turgency\tabusive\tthreat\nhola\t1\tenojo\tbaja\t0\t0\n")
    with pytest.raises(ValueError, match="bad.tsv:2"):
        corpus.read_rows([bad])


def test_a_question_needs_an_answer(tmp_path):
    asked = tmp_path / "asked.tsv"
    asked.write_text(
        "text\tservice\tkind\turgency\tabusive\tthreat\n¿abren?\t1\tsolicitud_informacion\tbaja\t0\t0\n"
    )
    assert corpus.read_rows([asked])[0].urgency == Urgency.MEDIA


def test_the_built_weights_are_of_this_corpus_and_this_code():
    with BUILT.open(encoding="utf-8") as lines:
        assert next(lines).split()[1] == corpus.digest(), "run manage.py build_triage"


@pytest.mark.timeout(120)
def test_building_gives_the_same_file_to_the_last_digit(tmp_path):
    corpus.build(tmp_path / "again.tsv")
    assert (tmp_path / "again.tsv").read_bytes() == BUILT.read_bytes()


def test_no_row_is_anyone_else_s():
    folder = SHARED / "data"
    if not folder.exists():
        pytest.skip("the real messages are not at hand")
    ours = {" ".join(row.text.lower().split()) for row in corpus.read_rows()}
    theirs: set[str] = set()
    for path in folder.glob("*.[ct]sv"):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t" if path.suffix == ".tsv" else ","):
                theirs.update(" ".join(str(value).lower().split()) for value in row.values())
    # Mere greetings and thanks belong to everybody.
    assert [text for text in ours & theirs if len(text.split()) > 3] == []
