"""The row of the queue: cheap, safe, placeable."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import process_time

from helpdesk.ui.row import queue_row

NOW = datetime(2026, 11, 26, 15, 42, tzinfo=UTC)


@dataclass
class Row:
    ticket_id: int = 2**53 + 1
    number: str = "2026-004391"
    url: str = "/frailejon/cases/2026-004391/"
    name: str = "Diana Marcela Rojas"
    network: str = "x"
    private: bool = False
    priority: str = "high"
    priority_label: str = "alta"
    kind_label: str = "Reclamo"
    last_text: str = "Y otra vez «escríbanos por DM»\nYa escribí dos veces"
    last_at: datetime = NOW - timedelta(minutes=3)
    unread: bool = True
    due_at: datetime | None = NOW + timedelta(minutes=3)
    clock_kind: str = "next_response"
    clock_state: str = "due"
    assignee_initials: str = "JC"
    assignee_name: str = "Juan Carlos"
    state: str = "open"
    version: int = 7
    unanswered_since: datetime | None = None
    worked: timedelta | None = None


def test_a_row_carries_what_the_page_needs_to_place_it():
    html = queue_row(Row(), now=NOW)
    assert html.startswith(
        '<li id="row-9007199254740993" data-ticket="9007199254740993" '
        'data-due="2026-11-26T15:45:00Z" data-v="7">'
    )
    assert 'data-agent="JC"' in html
    assert "data-unread" in html


def test_a_row_whose_last_message_has_no_words_says_so():
    """A picture alone, or what the customer deleted."""
    assert "sin texto" in queue_row(replace(Row(), last_text=""), now=NOW)
    assert "sin texto" not in queue_row(Row(), now=NOW)


def test_a_row_whose_clock_rests_has_no_due_time():
    assert 'data-due=""' in queue_row(replace(Row(), clock_state="paused"), now=NOW)
    assert 'data-due=""' in queue_row(replace(Row(), due_at=None, clock_state=""), now=NOW)


def test_a_row_says_how_long_somebody_waits_and_how_much_of_it_we_were_there():
    waits = replace(Row(), unanswered_since=NOW - timedelta(hours=41), worked=timedelta(0))
    assert ">41\u00a0h</time>" in queue_row(waits, now=NOW)
    assert "hábil 0 h" in queue_row(waits, now=NOW)
    assert "hábil" not in queue_row(replace(waits, worked=timedelta(hours=41)), now=NOW)


def test_a_row_begins_with_what_is_said_not_with_whom_it_speaks_to():
    said = queue_row(replace(Row(), last_text="@FrailejonAyuda @otra no me entregó la plata"), now=NOW)
    assert "<bdi>no me entregó la plata</bdi>" in said
    assert "<bdi>@FrailejonAyuda</bdi>" in queue_row(replace(Row(), last_text="@FrailejonAyuda"), now=NOW)


def test_a_row_escapes_everything_a_stranger_writes():
    evil = '"><script>x</script>\u202e'
    html = queue_row(replace(Row(), name=evil, last_text=evil, kind_label=evil, assignee_name=evil), now=NOW)
    assert "<script" not in html
    assert "<bdi>&quot;&gt;&lt;script" in html


def test_fifty_rows_are_written_in_less_than_six_milliseconds():
    rows = [replace(Row(), ticket_id=i) for i in range(50)]
    best = min(_seconds(rows) for _ in range(20))
    assert best < 0.006, f"{best * 1000:.2f} ms"


def _seconds(rows) -> float:
    start = process_time()
    for row in rows:
        queue_row(row, now=NOW, tz="America/Bogota")
    return process_time() - start
