"""Text that strangers write: shown safely and exactly."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.ui.text import masked, name, one_line, text_with_links


class Reader(HTMLParser):
    """Reads back what a browser would show, and which elements and attributes it would make."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "Pérez & hijos <b>S. A.</b> 'x' \"y\"",
        "&lt;ya escapado&gt; &amp;",
        "👩‍👩‍👧‍👦 familia 🏳️‍🌈 🇨🇴",
        "مرحبا \u202eabc\u202c fin",
        "uno\n\n  dos\ttres ",
        "العربية ثم English ثم العربية",
    ],
)
def test_text_is_shown_exactly(written):
    shown = read(text_with_links(written))
    assert shown.text == written
    assert shown.tags == ["bdi"]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=300))
def test_any_text_is_shown_exactly_and_makes_no_element_but_links(written):
    shown = read(text_with_links(written))
    assert shown.text == written
    assert set(shown.tags) <= {"bdi", "a"}


def test_text_is_isolated_and_takes_its_own_direction():
    assert text_with_links("\u202eevil").startswith('<bdi class="said" dir="auto">')
    assert text_with_links("\u202eevil").endswith("</bdi>")


@pytest.mark.parametrize(
    ("written", "linked"),
    [
        ("mire https://banco.example/a?b=1&c=2.", "https://banco.example/a?b=1&c=2"),
        (
            "(ver https://es.wikipedia.org/wiki/Paz_(desambiguación))",
            "https://es.wikipedia.org/wiki/Paz_(desambiguación)",
        ),
        ("«http://a.example/x»", "http://a.example/x"),
        ("https://a.example/…", "https://a.example/"),
        ("https://a.example/'><script>", "https://a.example/"),
    ],
)
def test_web_addresses_become_links_without_what_belongs_to_the_sentence(written, linked):
    shown = read(text_with_links(written))
    assert ("href", linked) in shown.attributes
    assert ("rel", "nofollow noopener noreferrer ugc") in shown.attributes
    assert shown.text == written


@pytest.mark.parametrize(
    "written", ["javascript:alert(1)", "data:text/html,x", "https://", "@FrailejonAyuda #hola", "a.example"]
)
def test_nothing_else_becomes_a_link(written):
    assert "<a" not in text_with_links(written)


def test_a_bidi_control_ends_a_link_so_no_address_looks_like_another():
    shown = read(text_with_links("https://banco.example/\u202emoc.live"))
    assert ("href", "https://banco.example/") in shown.attributes


def test_a_text_of_brackets_and_dots_is_read_in_linear_time():
    assert read(text_with_links("https://a.example/" + ")." * 20_000)).text.endswith(").")


def test_names_are_escaped_and_isolated():
    assert name("<b>Ana</b>\u202e") == "<bdi>&lt;b&gt;Ana&lt;/b&gt;\u202e</bdi>"


def test_a_masked_datum_says_so_and_escapes_its_tooltip():
    html = masked("cédula ···482", 'x" onclick="y')
    assert "i-eyeoff" in html
    assert read(html).text == "cédula ···482"
    assert not [a for a, _ in read(html).attributes if a.startswith("on")]


def test_one_line_has_no_breaks_and_ends():
    assert one_line("a\n\n b\t c") == "a b c"
    assert len(one_line("x" * 10_000)) == 140
