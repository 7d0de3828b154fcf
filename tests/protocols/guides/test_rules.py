"""Protocols as values: amounts, what is wrong with them, which step is next, and that all that ships is right."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from protocols.answers.rules.wording import wrongs_of as wording_wrongs
from protocols.guides import seeds
from protocols.guides.enums import CHECKS, MEANS
from protocols.guides.rules.checks import wrongs_of
from protocols.guides.rules.following import states_of
from protocols.guides.rules.guide import Attribution, Destination, Guide, Note, Step, amount_of, guide_of
from protocols.typification.rules.tree import MOTIVE
from protocols.typification.seeds import seed
from tickets.enums import CheckMeans, IdentityCheck

GOOD = Guide(
    name="Doble cobro", motives=("m1",), text="Primero se mira el extracto.", steps=(Step("s1", "Mirar"),)
)
COUNTRIES = ("CO", "ES", "MX", "PE", "CL", "AR", "EC", "UY")


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("150000", "150000"), ("150.000", "150000"), ("1.250.000", "1250000"), ("150,000", "150000"),
        ("40,5", "40.5"), ("40.50", "40.50"), ("1.250,50", "1250.50"), (" 2 000 ", "2000"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(said, amount):
    assert amount_of(said) == Decimal(amount)


@pytest.mark.parametrize("said", ["", "0", "-5", "cien", "1,2,3,4", "1e9", "٣", "9" * 20, "12,345678"])
def test_what_is_no_amount_is_none(said):
    assert amount_of(said) is None


def codes(guide, **more):
    return [one.code for one in wrongs_of(guide, motives=("m1", "m2"), **more)]


def test_a_good_protocol_has_nothing_wrong():
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "no_name"),
        ({"motives": ()}, "no_motive"),
        ({"motives": ("gone",)}, "gone_motive"),
        ({"text": "", "steps": ()}, "empty"),
        ({"steps": (Step("s1", "Validar", "verified"),)}, "no_means"),
        ({"steps": (Step("s1", "Validar", "proven"),)}, "bad_check"),
        ({"steps": tuple(Step(f"s{n}", "x") for n in range(21))}, "many_steps"),
        ({"destinations": (Destination("website", "Portal", "http://a.example"),)}, "bad_address"),
        ({"destinations": (Destination("form", "Formulario", "https://a b.example"),)}, "bad_address"),
        ({"destinations": (Destination("area", "Consultar", " "),)}, "no_area"),
        ({"attributions": (Attribution("a1", "Bono", "COP", "cien"),)}, "bad_amount"),
        ({"attributions": (Attribution("a1", "Bono", "COP", "200", "100"),)}, "upside_down"),
        ({"attributions": (Attribution("a1", "", "COP", "200"),)}, "nameless_attribution"),
    ],
)
def test_what_is_wrong_is_named(change, code):
    assert codes(replace(GOOD, **change)) == [code]


def test_a_motive_has_one_protocol():
    assert codes(GOOD, taken=("m1",)) == ["taken_motive"]


STEPS = (
    Step("a", "uno"),
    Step("b", "dos", "verified", "code"),
    Step("c", "tres"),
    Step("d", "cuatro", "declared"),
)


@pytest.mark.parametrize(
    ("done", "proven", "blocked"),
    [
        ((), "none", "bcd"),
        (("a",), "declared", "bcd"),
        (("a",), "verified", ""),
        # What was done while the check stood stays done when it gets old; the next check is asked anew.
        (("a", "b"), "none", "d"),
        (("a", "b"), "declared", ""),
    ],
)
def test_nothing_goes_on_past_a_missing_check(done, proven, blocked):
    found = states_of(STEPS, done, proven)

    assert "".join(one.step.key for one in found if one.waits_for) == blocked
    assert [one.step.key for one in found if one.is_next] == ["abcd"[len(done)]]


def test_document_reads_back():
    whole = replace(
        GOOD, data=("Cédula",), destinations=(Destination("private", "Privado"),),
        attributions=(Attribution("a1", "Bono", "COP", "1", "2"),), notes=(Note("CO", "ley", "aviso"),),
    )  # fmt: skip

    assert guide_of(whole.as_document()) == whole


@pytest.mark.parametrize("sector", ["bank", "airline", "telecom", "retail"])
def test_all_that_ships_can_be_published(sector):
    motives = {one.key for one in seed(sector).live(MOTIVE)}
    for country in COUNTRIES:
        pages = seeds.protocols(sector, country)
        taken = [key for _seed, guide in pages for key in guide.motives]
        assert len(taken) == len(set(taken))
        assert [(key, found) for key, guide in pages if (found := wrongs_of(guide, motives=motives))] == []
    assert [found for _seed, words in seeds.templates(sector) if (found := wording_wrongs(words))] == []
    assert all(set(words.texts) == {"usted", "tu", "vos"} for _seed, words in seeds.templates(sector))


def test_money_is_only_granted_where_it_is_that_money():
    units = {
        country: {
            one.unit for _key, guide in seeds.protocols("airline", country) for one in guide.attributions
        }
        for country in ("ES", "CO")
    }

    assert units == {"ES": {"EUR", "millas"}, "CO": {"millas"}}


def test_notes_are_those_of_the_country():
    assert "1581" in seeds.note_of("CO", "bank").privacy
    assert "RGPD" in seeds.note_of("ES", "airline").privacy
    assert "72 horas" in seeds.note_of("CO", "telecom").legal
    assert seeds.note_of("UY", "bank").privacy == ""


def test_checks_and_means_are_the_desks():
    assert {*CHECKS, "none"} - {""} == set(IdentityCheck.values)
    assert set(MEANS) == set(CheckMeans.values) - {"said"}
