"""Files of strangers: kept without what is not theirs to show, refused when they are something else besides."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.site.files import MOST_BYTES, BadFile, clean_file
from tests.tickets.public.pictures import chunk, exif, jpeg, png, segment

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
    ],
    ids=[
        "zip", "html", "php in a comment", "pdf", "script in a png", "zip in a png", "pdf that runs",
        "pdf that hides it", "pdf that launches", "html in a pdf", "zip in a pdf",
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
        assert code_of(torn) in {"", "empty", "broken", "type", "too_large", "hostile"}
        assert code_of(whole[: at % len(whole)]) in {"", "empty", "broken", "type"}


def test_png_is_written_anew_from_what_draws_it():
    kept = clean_file(png(extra=chunk(b"tEXt", b"Author\0Diana"), after=b"\0" * 40))
    assert b"Diana" not in kept.body
    assert kept.body.endswith(chunk(b"IEND", b""))
    assert kept.content_type == "image/png"
