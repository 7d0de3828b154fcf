"""Files of strangers: kept without what is not theirs to show, refused when they are something else besides."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.site.files import MOST_BYTES, BadFile, clean_file
from tests.tickets.public.pictures import chunk, exif, jpeg, png, segment


def pdf_with(about: bytes, content: bytes, *, packed: bool = True) -> bytes:
    """A PDF with one stream."""
    body = zlib.compress(content) if packed else content
    return PDF.replace(
        b"trailer", b"2 0 obj\n<< " + about + b" >>\nstream\n" + body + b"\nendstream\nendobj\ntrailer"
    )


ZIP = b"PK\x03\x04stuff" + b"PK\x01\x02dir" + b"PK\x05\x06" + bytes(18)
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def code_of(body: bytes) -> str:
    try:
        clean_file(body)
    except BadFile as bad:
        return bad.code
    return ""


def test_place_where_a_photo_was_taken_is_not_kept_but_how_it_was_held_is():
    kept = clean_file(jpeg(before=exif(6))).body

    assert b"74.0721W" not in kept
    assert kept[:4] == b"\xff\xd8\xff\xe1"
    assert struct.pack(">H", 6) in kept[:40]
    assert clean_file(kept).body == kept


def test_film_behind_a_photo_is_cut_off():
    kept = clean_file(jpeg(after=b"\x00\x00\x00\x18ftypmp42" + bytes(500))).body
    assert kept.endswith(b"\xff\xd9")
    assert b"ftyp" not in kept


@pytest.mark.parametrize(
    "body",
    [
        jpeg(after=ZIP),
        jpeg(after=b"<html><script>x</script>"),
        jpeg(before=segment(0xFE, b"<?php system($_GET['c']); ?>")),
        jpeg(after=PDF),
        png(extra=chunk(b"tEXt", b"Comment\0<script>alert(1)</script>")),
        png(after=ZIP),
        PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript /JS (app.alert) >>"),
        PDF.replace(b"/Catalog", b"/Catalog /S /J#61vaScript"),
        PDF.replace(b"/Catalog", b"/Catalog /Launch"),
        PDF.replace(b"1 0 obj", b"<html><body>1 0 obj"),
        PDF.replace(b"%%EOF", ZIP + b"%%EOF"),
        pdf_with(b"/Type /ObjStm /Filter /FlateDecode", b" " * 300_000 + b"/S /Java#53cript /JS (x)"),
        pdf_with(b"/Filter /FlateDecode", b"<< /S /Launch >>"),
    ],
    ids=[
        "zip", "html", "php in a comment", "pdf", "script in a png", "zip in a png", "pdf that runs",
        "pdf that hides it", "pdf that launches", "html in a pdf", "zip in a pdf",
        "pdf that packs it", "pdf that does not say what it packs",
    ],
)  # fmt: skip
def test_file_that_is_another_one_too_is_refused(body):
    assert code_of(body) == "hostile"


def test_what_is_no_picture_whatever_its_name_is_refused():
    assert code_of(b"GIF89a<script>") == "type"
    assert code_of(b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>") == "type"
    assert code_of(b"MZ\x90\0") == "type"
    assert code_of(b"") == "empty"
    assert code_of(b"\xff\xd8\xff" + bytes(MOST_BYTES)) == "too_heavy"


def test_picture_that_would_fill_memory_is_refused():
    assert code_of(jpeg(width=60_000, height=60_000)) == "too_large"
    assert (
        code_of(png(width=1)[:8] + chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 2, 8, 0, 0, 0, 0)))
        == "too_large"
    )


@given(st.binary(max_size=300), st.integers(0, 140))
def test_torn_files_never_break_anything(noise, at):
    for whole in (jpeg(before=exif(3)), png(), PDF):
        torn = whole[:at] + noise
        assert code_of(torn) in {"", "empty", "broken", "type", "too_large", "hostile", "unread"}
        assert code_of(whole[: at % len(whole)]) in {"", "empty", "broken", "type"}


def test_png_is_written_anew_from_what_draws_it():
    kept = clean_file(png(extra=chunk(b"tEXt", b"Author\0Diana"), after=b"\0" * 40))
    assert b"Diana" not in kept.body
    assert kept.body.endswith(chunk(b"IEND", b""))
    assert kept.content_type == "image/png"


def test_pdf_of_photos_is_taken_whatever_their_bytes_look_like():
    assert code_of(pdf_with(b"/Subtype /Image /Filter /DCTDecode", b"\0/JS \0", packed=False)) == ""
    assert code_of(pdf_with(b"/Type /ObjStm /Filter /FlateDecode", b"3 0 << /Type /Page >>")) == ""


def test_pdf_that_cannot_be_looked_through_is_refused(monkeypatch):
    packed = b"/Type /ObjStm /Filter /FlateDecode"
    assert code_of(pdf_with(b"/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]", b"00")) == "unread"
    assert code_of(pdf_with(packed, b"x").replace(b"trailer\n<<", b"trailer\n<< /Encrypt 5 0 R")) == "unread"
    monkeypatch.setattr("helpdesk.site.pdf.MOST_INFLATED", 1_000_000)
    assert code_of(pdf_with(b"/Filter /FlateDecode", bytes(30_000_000))) == "unread"
    assert code_of(PDF.replace(b"trailer", b"stream\nx\x9c\0\0\0\xff\xff" * 3000 + b"trailer")) == "unread"
