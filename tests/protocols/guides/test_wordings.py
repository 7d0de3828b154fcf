"""Templates as values: their variables, gaps and treatments."""

from __future__ import annotations

import pytest

from protocols.answers.rules.variables import VARIABLES, fill, gaps, mistakes_of, nearest, unfilled
from protocols.answers.rules.wording import Wording, wording_of, wrongs_of


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("nonbre", "nombre"), ("Nombre", "nombre"), ("fecha prometida", "fecha_comprometida"),
        ("radicados", "radicado"), ("asesor", "agente"), ("ini", "iniciales"), ("área", "area"), ("zzzz", ""),
    ],
)  # fmt: skip
def test_nearest_variable_is_the_one_they_meant(said, meant):
    assert nearest(said) == meant


def test_mistakes_are_named_once_and_in_order():
    found = mistakes_of("Hola {nonbre}, {nombre} {nonbre} {zzzz} y {sin cerrar")

    assert [(one.code, one.said, one.nearest) for one in found] == [
        ("unknown", "nonbre", "nombre"),
        ("unknown", "zzzz", ""),
        ("brace", "", ""),
    ]


def test_every_variable_there_is_is_right():
    assert mistakes_of(" ".join(f"{{{name}}}" for name in VARIABLES)) == []


def test_what_has_no_value_stays_for_the_agent_to_see():
    said = fill("Hola {nombre}, le avisamos {fecha_comprometida}. [Qué sigue]", {"nombre": "Diana"})

    assert said == "Hola Diana, le avisamos {fecha_comprometida}. [Qué sigue]"
    assert (unfilled(said), gaps(said)) == ("{fecha_comprometida}", ["[Qué sigue]"])
    assert unfilled("llaves {de otra cosa}") == ""


def test_a_value_is_never_read_as_a_variable():
    assert fill("Hola {nombre}", {"nombre": "{radicado}", "radicado": "1"}) == "Hola {radicado}"


def test_a_treatment_without_words_borrows_another():
    wording = Wording("x", texts={"usted": "Su caso", "vos": " "})

    assert wording.text("tu") == ("Su caso", "usted")
    assert wording.text("vos") == ("Su caso", "usted")
    assert wording_of(wording.as_document()) == wording


def test_an_empty_template_and_a_long_one_are_wrong():
    assert [one.code for one in wrongs_of(Wording("x"))] == ["empty"]
    assert [one.code for one in wrongs_of(Wording("", texts={"tu": "y" * 2001}))] == ["no_name", "long_text"]
