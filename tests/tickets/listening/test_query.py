"""The query is made of words, not of operators."""

from __future__ import annotations

import pytest

from channels_social.networks.x.queries import Wanted, build, lines, term


def test_words_become_one_query():
    wanted = Wanted(["frailejon", "banco frailejón", "#Frailejon"], ["páramo"], "es", ["FrailejonAyuda"])

    assert build(wanted) == (
        '(frailejon OR "banco frailejón" OR #Frailejon) -páramo lang:es -is:retweet '
        "-from:FrailejonAyuda -@FrailejonAyuda"
    )


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("from:rival", '"from rival"'),
        ("OR", '"OR"'),
        ('"a" OR b', '"a OR b"'),
        ("(x)", "x"),
        ("-is:retweet", '"-is retweet"'),
        ("···", ""),
        ("D'Frailejón", '"D\'Frailejón"'),
    ],
)
def test_operators_typed_by_hand_are_words(typed: str, sent: str):
    assert term(typed) == sent


def test_nothing_to_look_for_is_refused():
    with pytest.raises(ValueError, match="no_words"):
        build(Wanted(["", "!!"]))


def test_words_are_listed_once_in_their_order():
    assert lines("b\na, b ;  c   d\n\n") == ["b", "a", "c d"]
