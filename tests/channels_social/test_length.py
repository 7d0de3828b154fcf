"""Texts weigh what the networks say they weigh, in linear time, in Python and in the composer alike."""

import json
import os
import random
import re
import shutil
import subprocess
import time
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels_social.networks.facebook import length as facebook
from channels_social.networks.x.length import fits, split_thread, weighted_length
from channels_social.networks.x.links import links
from channels_social.networks.x.tlds import TLDS

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("CIRCUNFLEJO_SHARED", ROOT.parent / "shared"))
ORACLE = SHARED / "payloads" / "twitter_text"

CASES = [
    ("", 0),
    ("Hola", 4),
    ("¿Qué pasó, señor Núñez?", 23),
    ("Camio\u0301n", 6),
    ("“comillas” y ‘simples’ — –", 26),
    ("puntos…", 8),
    ("precio 5 €", 11),
    ("故人西辞", 8),
    ("👍", 2),
    ("👍🏽", 2),
    ("👨‍👩‍👧‍👦", 2),
    ("🇨🇴🇪🇸", 4),
    ("1️⃣ #️⃣", 5),
    ("❤️ ☺", 5),
    ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
    ("© 2026", 6),
    ("Gracias 🙏 ^JC", 14),
    ("https://bancox.example.com/ayuda/tarjetas?x=1&y=2#z", 23),
    ("Vea bancox.com.co.", 28),
    ("(https://es.wikipedia.org/wiki/Banco_(dinero))", 25),
    ("HTTPS://BANCOX.COM y http://t.co/abc", 49),
    ("escriba a ayuda@bancox.com", 26),
    ("@bancox.com #bancox.com $bancox.com", 35),
    ("vuelo 3.500 pesos a las 10.45", 29),
    ("archivo.tar.bz2 y tarea.no", 41),
    ("fin.Gracias", 11),
    ("http://localhost:8400/x", 23),
    ("http://☃.net/", 23),
    ("ver bancox.com/señal y ya", 32),
    ("http://a_b.c-d.com http://c_d.com", 38),
    ("中国語bancox.com/path한국", 33),
    ("x" * 64 + ".com", 68),
    ("http://t.co/" + "a" * 41, 53),
    ("\u202ehola\u202c", 8),
]


@pytest.mark.parametrize(("text", "weight"), CASES, ids=lambda value: str(value)[:20])
def test_weighted_length_counts_as_x_does(text, weight):
    assert weighted_length(text) == weight


def test_fits_ends_at_280():
    assert fits("ñ" * 280)
    assert not fits("ñ" * 279 + "…")
    assert fits("x" * 300, 300)


def _oracle(name):
    path = ORACLE / name
    if not path.exists():
        pytest.skip("the official conformance files are not at hand")
    return json.loads(path.read_text())["tests"]


def test_weighted_length_agrees_with_the_official_cases():
    groups = _oracle("conformance_validate.json")
    cases = (
        groups["WeightedTweetsWithDiscountedEmojiCounterTest"] + groups["UnicodeDirectionalMarkerCounterTest"]
    )
    wrong = [c["text"] for c in cases if weighted_length(c["text"]) != c["expected"]["weightedLength"]]
    assert not wrong


def test_links_agree_with_the_official_cases():
    cases = _oracle("conformance_extract.json")["urls"]
    wrong = [c["text"] for c in cases if [c["text"][a:b] for a, b in links(c["text"])] != c["expected"]]
    assert len(wrong) <= 1, wrong  # One mixes an internationalised domain into running Japanese.


@pytest.mark.parametrize(
    "hostile",
    ["a." * 5000, "a.a/" * 2500, "http://" * 1500, "x.co/(" * 1700, "x.co?" * 2000, "x.co/" + "." * 10_000]
    + ["t.co/x" * 1700, ("https://t.co/" + "a" * 41) * 180, "http://é." * 1100, "(" * 10_000, "👩‍" * 5000],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_weighted_length_takes_linear_time(hostile):
    def seconds(text):
        started = time.process_time()  # this process's own: a busy machine is not the text's fault
        weighted_length(text)
        return time.process_time() - started

    assert min(seconds(hostile) for _ in range(3)) < 0.05


WORDS = st.lists(
    st.sampled_from(
        [
            "Hola",
            "señor",
            "👨‍👩‍👧‍👦",
            "🇨🇴",
            "https://bancox.com/ayuda",
            "bancox.com",
            "…",
            "\n\n",
            "e\u0301",
            "a.b.",
            "故人",
        ]
        + ["x" * 90, "👍🏽" * 30, "palabra", "http://t.co/abc", "(ver", "así)", "foo.com" * 9]
    ),
    max_size=80,
)


@settings(max_examples=150, deadline=None)
@given(WORDS.map(" ".join) | WORDS.map("".join) | st.text(max_size=400), st.integers(60, 280))
def test_split_thread_fits_and_says_everything_once(text, limit):
    parts = split_thread(text, limit=limit, signature="^JC")
    assert all(weighted_length(part) <= limit for part in parts)
    said = [re.sub(r"( \(\d+/\d+\))?( \^JC)?$", "", part) if len(parts) > 1 else part[:-4] for part in parts]
    squeezed = "".join("".join(said).split())
    assert normalize("NFC", squeezed) == normalize("NFC", "".join(text.split()))
    assert sum(part.endswith(" ^JC") for part in parts) == bool(text.strip())


def test_split_thread_leaves_a_short_answer_alone():
    assert split_thread("Hola", signature="^JC") == ["Hola ^JC"]
    assert split_thread("Hola ^JC", signature="^JC") == ["Hola ^JC"]
    assert split_thread("Hola") == ["Hola"]
    assert split_thread("  ") == []


def test_split_thread_numbers_at_words_and_signs_the_last():
    parts = split_thread(
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce", limit=41, signature="^JC"
    )
    assert parts == ["uno dos tres cuatro cinco seis (1/2)", "siete ocho nueve diez once doce (2/2) ^JC"]


def test_split_thread_keeps_links_and_families_whole():
    link = "https://bancox.com/" + "ayuda/" * 40
    parts = split_thread(f"{'a' * 30} {link} {'👨‍👩‍👧‍👦' * 30}", limit=60)
    assert sum(link in part for part in parts) == 1
    assert sum(part.count("👨‍👩‍👧‍👦") for part in parts) == 30


def test_split_thread_without_numbers_and_past_nine_parts():
    assert all("(" not in part for part in split_thread("palabra " * 100, numbered=False))
    many = split_thread("palabra " * 100, limit=60)
    assert many[0].endswith(f"(1/{len(many)})")
    assert len(many) > 9


def test_split_thread_refuses_a_limit_without_room():
    with pytest.raises(ValueError, match="no room"):
        split_thread("hola " * 20, limit=30, signature="^JC")


@pytest.mark.parametrize(
    ("text", "units"), [("", 0), ("ñandú", 5), ("👍", 2), ("👨‍👩‍👧‍👦", 11), ("\ud83d", 1)]
)
def test_facebook_counts_utf16_units(text, units):
    assert facebook.length(text) == units


def test_facebook_limits_differ_between_comment_and_message():
    assert facebook.fits("ñ" * 8000)
    assert not facebook.fits("ñ" * 8001)
    assert not facebook.fits("👍" * 1001, facebook.MESSAGE_LIMIT)


def test_the_composer_knows_the_same_top_level_domains():
    script = (ROOT / "static/js/lib/tlds.js").read_text()
    assert set(script.split("`")[1].split()) == TLDS


def test_the_composer_counts_as_the_server_does():
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed; the composer's counter was not compared")
    dice = random.Random(4)
    fragments = (
        [text for text, _ in CASES] + list(".:/?@_-()áñ \n\u200d") + ["a.", "com", "http://", "xn--é.com"]
    )
    fragments += ["あいうえおかきくけこ" * 4, ".net", "é" * 40, "1\ufe0f\u20e3", "\U0001f3fb"]
    texts = [text for text, _ in CASES]
    texts += ["".join(dice.choices(fragments, k=dice.randint(1, 9))) for _ in range(1500)]
    module = (ROOT / "static/js/lib/weighted.js").as_uri()
    script = (
        f'import {{ weightedLength }} from "{module}"; let all = "";'
        "for await (const chunk of process.stdin) all += chunk;"
        "console.log(JSON.stringify(JSON.parse(all).map(weightedLength)));"
    )
    command = [node, "--input-type=module", "-e", script]
    done = subprocess.run(command, input=json.dumps(texts), text=True, capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr
    wrong = [
        (text, ours, theirs)
        for text, ours, theirs in zip(
            texts, map(weighted_length, texts), json.loads(done.stdout), strict=True
        )
        if ours != theirs
    ]
    assert not wrong
