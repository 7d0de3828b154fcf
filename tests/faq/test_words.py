"""What is forgiven in a search, and what no Markdown can do."""

from __future__ import annotations

import pytest

from faq.rules.document import Document, countries_of, posted_document, wrongs_in
from faq.rules.markdown import as_html, as_plain
from faq.rules.search import Entry, Shelf, ready
from faq.seeds import seeds_of

BANK = Shelf(
    ready(Entry(n, one.title, one.keywords, one.summary, as_plain(one.body)))
    for n, one in enumerate(seeds_of("bank"))
)
PLACE = {one.key: n for n, one in enumerate(seeds_of("bank"))}


def best(text: str) -> str | None:
    found = BANK.find(text, 1)
    return next((key for key, n in PLACE.items() if found and n == found[0].key), None)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("me cobraron dos veces", "doble-cobro"),
        ("ME COBRARÓN DOS VECES!!", "doble-cobro"),
        ("dos veces la misma compra me han cobrado", "doble-cobro"),
        ("tarjeta robada", "tarjeta-robada"),
        ("targeta rovada", "tarjeta-robada"),
        ("como saco el pas y salbo", "paz-y-salvo"),
        ("trasferencia no yega", "transferencia-no-llega"),
        ("telefono nuevo y la aplicacion no abre", "app-celular-nuevo"),
        ("el kajero no me dio la plata", "cajero-no-entrego"),
        ("cuota manejo", "cuota-de-manejo"),
    ],
)
def test_a_search_forgives_accents_typos_endings_and_order(asked, answer):
    assert best(asked) == answer


@pytest.mark.parametrize("asked", ["", "   ", "¿?", "horario de la piscina municipal", "abono al teatro"])
def test_what_no_article_answers_is_not_answered(asked):
    assert BANK.find(asked) == []


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[pulse](javascript:alert(1))",
        "[pulse](JaVaScRiPt&#58;alert(1))",
        "[pulse](data:text/html;base64,PHNjcmlwdD4=)",
        "![foto](https://afuera.example/rastro.png)",
        '[x](https://a.example "onmouseover=alert(1)")',
        "<svg/onload=alert(1)>",
        "<iframe src=https://afuera.example></iframe>",
        "`<script>`\n\n    <script>alert(1)</script>",
        '<https://a.example/"onclick=alert(1)>',
        '<a href="https://a.example" style="position:fixed" onclick="x()">a</a>',
        "[a]: javascript:alert(1)\n[a]",
    ],
)
def test_hostile_markdown_runs_fetches_and_dresses_nothing(hostile):
    from html.parser import HTMLParser

    seen: list[tuple[str, str, str | None]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            seen.append((tag, "", ""))
            seen.extend((tag, name, value) for name, value in attrs)

    Reader().feed(as_html(hostile))

    assert {tag for tag, _name, _value in seen} <= {"p", "a", "code", "pre"}
    assert {name for _tag, name, _value in seen} <= {"", "href", "rel"}
    links = [value or "" for _tag, name, value in seen if name == "href"]
    assert all(link.startswith("https://") for link in links)


def test_markdown_becomes_headings_below_the_title_lists_and_tables():
    html = as_html("# Uno\n\n- **a**\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n[ley](https://ley.example)")

    assert "<h2>Uno</h2>" in html
    assert "<li><strong>a</strong></li>" in html
    assert "<td>2</td>" in html
    assert 'rel="noopener noreferrer"' in html
    assert as_plain("# Uno\n\n- **a**\n- b [c](https://x.example)") == "Uno a b c"


def test_deep_and_long_markdown_is_read_in_time():
    assert as_html("> " * 3000 + "x")
    assert as_html("[" * 5000)
    assert as_html("*a " * 5000)


def test_what_a_form_holds_is_cut_and_cleaned_whatever_was_sent():
    found = posted_document(
        {"title": " ¿Qué \n pasa?  \x00", "body": "a\r\nb\ud800", "keywords": "x, x,, y ", "category": "9" * 40,
         "countries": "co; es,Perú"}
    )  # fmt: skip

    assert found == Document(title="¿Qué pasa?", body="a\nb", keywords=("x", "y"), countries=("CO", "ES"))
    assert countries_of("") == ()
    assert wrongs_in(found) == ["body", "category"]


def test_every_seed_can_be_published():
    for sector in ("bank", "airline"):
        found = seeds_of(sector)
        assert 8 <= len(found) <= 12
        assert len({one.key for one in found}) == len(found)
        for one in found:
            document = Document(one.title, one.summary, one.body, one.keywords, category=1)
            assert wrongs_in(document) == []
            assert len(one.summary) <= 280
            assert len(one.title) <= 160
