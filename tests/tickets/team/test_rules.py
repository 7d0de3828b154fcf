"""Shifts as people type them, pictures as they come, and who may approve when. Pure."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

import pytest

from tickets.team.rules import approval
from tickets.team.rules.photos import BadPhoto, clean_photo
from tickets.team.rules.shifts import BadSpan, is_on_duty, is_within, read_day, write_day

BOGOTA = "America/Bogota"
NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # a Monday, 12:00 in Bogotá


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("8-12, 14:00-18:00", "8:00-12:00, 14:00-18:00"),
        ("14-18; 8.30 a 12", "8:30-12:00, 14:00-18:00"),
        ("22-6", "22:00-6:00"),
        ("16-24", "16:00-24:00"),
        ("", ""),
    ],
)
def test_day_reads_as_people_write_it(typed, written):
    assert write_day(read_day(0, typed)) == written
    assert read_day(0, written) == read_day(0, typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("mañana", "unreadable"), ("25-26", "unreadable"), ("8-8", "empty"), ("8-12, 11-13", "overlap")],
)
def test_day_that_is_none_says_why(typed, code):
    with pytest.raises(BadSpan) as refused:
        read_day(0, typed)
    assert refused.value.code == code


def test_night_shift_goes_on_after_midnight():
    night = read_day(0, "22-6")

    assert is_within(night, NOON + timedelta(hours=11), BOGOTA)  # Monday 23:00
    assert is_within(night, NOON + timedelta(hours=17, minutes=59), BOGOTA)  # Tuesday 5:59
    assert not is_within(night, NOON + timedelta(hours=18), BOGOTA)
    assert not is_within(night, NOON, BOGOTA)


def test_on_duty_is_who_says_so_whose_shift_it_is_or_of_whom_nothing_is_known():
    morning = read_day(0, "8-11")

    assert not is_on_duty("offline", morning, NOON, BOGOTA)
    assert is_on_duty("pause", morning, NOON, BOGOTA)
    assert is_on_duty("offline", morning, NOON - timedelta(hours=2), BOGOTA)
    assert is_on_duty("offline", [], NOON, BOGOTA)


def _jpeg(width: int = 200, height: int = 200, extra: bytes = b"", tail: bytes = b"") -> bytes:
    def segment(marker: int, body: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body

    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    return (
        b"\xff\xd8" + segment(0xE0, b"JFIF\0") + extra + segment(0xDB, b"\0" * 65) + frame
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"pixels\xff\x00more\xff\xd3rest" + b"\xff\xd9" + tail
    )  # fmt: skip


def test_picture_loses_what_the_camera_wrote_and_what_hangs_behind_it():
    place = b"\xff\xe1" + struct.pack(">H", 2 + 20) + b"Exif\0\0GPS 4.6,-74.08"
    photo = clean_photo(_jpeg(extra=place, tail=b"<script>alert(1)</script>"))

    assert (photo.width, photo.height) == (200, 200)
    assert b"GPS" not in photo.body
    assert b"script" not in photo.body
    assert b"pixels\xff\x00more\xff\xd3rest\xff\xd9" in photo.body


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<svg onload=alert(1)>", "not_jpeg"),
        (b"\x89PNG\r\n", "not_jpeg"),
        (_jpeg()[:80], "not_jpeg"),
        (b"\xff\xd8\xff\xd9", "not_jpeg"),
        (_jpeg(4000, 3000), "too_large"),
        (_jpeg(20, 20), "too_small"),
        (b"\xff\xd8\xff" + b"\0" * 200_000, "too_heavy"),
    ],
)
def test_what_is_no_small_picture_is_refused(body, code):
    with pytest.raises(BadPhoto) as refused:
        clean_photo(body)
    assert refused.value.code == code


def test_first_five_minutes_are_the_assigned_supervisors():
    opens = approval.open_to_all_at(NOON, supervisor=7, is_supervisor_here=True)

    assert opens == NOON + timedelta(minutes=5)
    assert approval.why_not(author=1, by=7, supervisor=7, opens_at=opens, now=NOON) == ""
    assert approval.why_not(author=1, by=8, supervisor=7, opens_at=opens, now=NOON) == "first"
    assert approval.why_not(author=1, by=8, supervisor=7, opens_at=opens, now=opens) == ""
    assert approval.why_not(author=8, by=8, supervisor=8, opens_at=opens, now=opens) == "own"
    assert approval.open_to_all_at(NOON, supervisor=7, is_supervisor_here=False) == NOON
    assert approval.due_at(NOON, NOON + timedelta(minutes=2)) == NOON + timedelta(minutes=2)
