"""Text is kept exactly, found without accents, cut at whole characters and recognised when it comes back."""

import sys
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.text import clean, excerpt, fold, fold_handle, normalised

ANY_TEXT = st.text(st.characters(exclude_categories=[]))


@given(ANY_TEXT)
def test_clean_leaves_only_what_postgresql_can_hold(text):
    kept = clean(text)
    assert "\x00" not in kept
    kept.encode()
    assert clean(kept) == kept


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_clean_keeps_everything_else_exactly(text):
    assert clean(text) == text


@pytest.mark.parametrize(
    ("dirty", "kept"),
    [
        ("a\x00b", "ab"),
        ("hola \ud83d", "hola "),
        ("\ude00hola", "hola"),
        ("\ud83d\ude00", "😀"),
        ("\ud83d\ud83d\ude00\x00é", "😀é"),
        ("\u202eabc\u202c &amp; \u200d", "\u202eabc\u202c &amp; \u200d"),
    ],
)
def test_clean_strips_nul_and_lone_halves(dirty, kept):
    assert clean(dirty) == kept


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Núñez", "nunez"),
        ("MUN\u0303OZ", "munoz"),
        ("José María", "jose maria"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ＢＡＮＣＯ", "banco"),
        ("İstanbul", "istanbul"),
        ("ﬁn", "fin"),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_fold_ignores_case_accents_and_forms(name, key):
    assert fold(name) == key


def test_fold_is_idempotent_for_every_character():
    every = (chr(n) for n in range(sys.maxunicode + 1) if not 0xD800 <= n <= 0xDFFF)
    text = " ".join(c for c in every if not c.isascii())
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT)
def test_fold_agrees_between_composed_and_decomposed(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_fold_handle_drops_the_at_sign_and_case():
    assert fold_handle(" @FrailejonAyuda ") == fold_handle("＠frailejonayuda") == "frailejonayuda"


@given(ANY_TEXT, st.integers(0, 60))
def test_excerpt_fits_and_splits_no_cluster(text, limit):
    short = excerpt(text, limit)
    line = " ".join(text.split())
    assert len(short) <= limit
    if short != line and limit:
        kept = short.removesuffix("…")
        ends = {0} | {m.end() for m in regex.finditer(r"\X", line)}
        assert line.startswith(kept)
        assert len(kept) in ends


def test_excerpt_keeps_families_and_flags_whole():
    assert excerpt("ab👩‍👩‍👧‍👦cd", 6) == "ab…"
    assert excerpt("🇨🇴🇪🇸🇲🇽", 4) == "🇨🇴…"
    assert excerpt("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 5) == "…"


def test_excerpt_ends_at_a_word_and_on_one_line():
    assert excerpt("Llevo tres\n días esperando respuesta", 25) == "Llevo tres días…"
    assert excerpt("corto", 5) == "corto"


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("Hola Ana, es 2 < 3 & ya ^JC", "Hola Ana, es 2 &lt; 3 &amp; ya ^JC"),
        ("Escriba &amp; así ^JC", "Escriba &amp;amp; así ^JC"),
        ("Vea bancox.com/ayuda ^JC", "Vea https://t.co/AbC123 ^JC"),
        ("(https://bancox.com/a?b=c) ^JC", "(https://t.co/AbC123) ^JC"),
        ("Con foto ^JC", "@ana_perez @otro Con foto ^JC https://t.co/zzz"),
        ("Un  espacio\n\nde más ^JC", "Un espacio de más ^JC"),
        ("Camio\u0301n ^JC", "Camión ^JC"),
    ],
)
def test_normalised_recognises_our_text_when_the_network_reads_it_back(sent, read):
    assert normalised(sent) == normalised(read)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hola Ana ^JC", "Hola Eva ^JC"), ("Son 3.500 ^JC", "Son 3.600 ^JC"), ("Hola ^JC", "Hola ^PM")],
)
def test_normalised_keeps_different_texts_apart(one, other):
    assert normalised(one) != normalised(other)
