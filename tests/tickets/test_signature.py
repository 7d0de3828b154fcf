"""Answers carry one signature, and the signatures of others are read."""

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_social.networks.x.length import weighted_length
from tickets.cases.signature import parse_signature, sign

SHARED = Path(os.environ.get("CIRCUNFLEJO_SHARED", Path(__file__).parents[2].parent / "shared"))


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        ("Hola Ana", "Hola Ana ^JC"),
        ("Hola Ana ^JC", "Hola Ana ^JC"),
        ("Hola Ana^jc ", "Hola Ana ^JC"),
        ("Hola ^JC ^JC\n", "Hola ^JC"),
        ("Hola ^JCR", "Hola ^JCR ^JC"),
        ("", "^JC"),
    ],
)
def test_sign_adds_exactly_one_signature(text, signed):
    assert sign(text, "JC") == signed


@given(st.text(max_size=60), st.sampled_from(["JC", "ÑA", "PMR"]))
def test_sign_is_idempotent_and_read_back(text, initials):
    signed = sign(text, initials)
    assert sign(signed, initials) == signed
    assert parse_signature(signed)[1] == initials


def test_sign_weighs_four_more():
    assert weighted_length(sign("Hola", "JC")) == weighted_length("Hola") + 4


@pytest.mark.parametrize(
    ("text", "body", "initials"),
    [
        ("Con gusto, Ana ^JC", "Con gusto, Ana", "JC"),
        ("Con gusto 😀^jc", "Con gusto 😀", "JC"),
        ("Seguimos a sus órdenes.-YA", "Seguimos a sus órdenes.", "YA"),
        ("¿Qué error aparece? -FL", "¿Qué error aparece?", "FL"),
        ("Quedamos atentos /MG", "Quedamos atentos", "MG"),
        ("Quedamos atentos 🙏-MG", "Quedamos atentos 🙏", "MG"),
        ("Mire aquí ^RR https://t.co/abc", "Mire aquí https://t.co/abc", "RR"),
        ("Thanks 2/2 ^Rashmi", "Thanks 2/2", "Rashmi"),
        ("Sin firma", "Sin firma", None),
        ("De lunes a viernes, L-V", "De lunes a viernes, L-V", None),
        ("Son 24/7", "Son 24/7", None),
        ("Vuelo BOG-MAD", "Vuelo BOG-MAD", None),
        ("¿Y mi dinero ^^", "¿Y mi dinero ^^", None),
    ],
)
def test_parse_signature_reads_the_three_ways_of_signing(text, body, initials):
    assert parse_signature(text) == (body, initials)


def test_parse_signature_reads_a_real_bank():
    path = SHARED / "data" / "banamex_conversations_es.csv"
    if not path.exists():
        pytest.skip("the real conversations are not at hand")
    with path.open() as file:
        ours = [row for row in csv.DictReader(file) if row["is_brand"] == "True"]
    right = sum((parse_signature(row["text"])[1] or "") == row["agent_sig"] for row in ours)
    assert right / len(ours) > 0.99
