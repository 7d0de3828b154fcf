"""Icons, people, tags and clocks."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError

from helpdesk.ui import clocks, icons, people, tags

CSS = Path(settings.BASE_DIR) / "static" / "css"
NOW = datetime(2026, 11, 26, 15, 42, tzinfo=UTC)  # 10:42 a. m. in Bogotá, a Thursday


def test_every_icon_is_drawn_and_every_drawing_has_a_name():
    drawn = set(re.findall(r"\.i-([a-z]+) \{ --i:", (CSS / "icons.css").read_text()))
    assert drawn == icons.NAMES


def test_an_unknown_icon_or_size_is_refused():
    with pytest.raises(ValueError, match="no icon"):
        icons.icon("unicorn")
    with pytest.raises(ValueError, match="icons come in"):
        icons.icon("lock", 13)


def test_a_part_refuses_an_argument_nobody_declared():
    with pytest.raises(TemplateSyntaxError):
        Template('{% icon "lock" colour="red" %}')


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Diana Marcela Rojas", "DR"),
        ("Ñusta", "Ñ"),
        ("@la.verdad", "L"),
        ("<b>x</b> y", "BY"),
        ("👩‍👩‍👧‍👦 🏳️‍🌈", "?"),
        ("👩‍👩‍👧‍👦 Ana", "A"),
        ("محمد علي", "مع"),
        ("E\u0301lise", "É"),
        ("ßeta ŉord", "Sʼ"),
        ("", "?"),
        ("\u202e", "?"),
    ],
)
def test_initials_of_names_that_strangers_choose(name, letters):
    assert people.initials(name) == letters


def test_a_person_wears_the_channel_round_when_private():
    assert "data-private" not in people.person("Ana", "x")
    assert "data-private" in people.person("Ana", "x", private=True)
    assert "data-private" in people.person("Ana", "messenger")
    with pytest.raises(ValueError, match="no channel"):
        people.person("Ana", "myspace")


def test_nobody_is_an_empty_place_with_words():
    assert "data-none" in people.agent()
    assert "Sin asignar" in people.agent()


def test_an_agents_name_is_escaped():
    assert "<img" not in people.agent("JC", '"><img src=x>')


def test_every_state_and_look_of_a_part_has_a_style():
    css = (CSS / "components.css").read_text()
    for look in tags.STATES.values():
        assert f".state-{look}::before" in css
    for look in filter(None, tags.LOOKS):
        assert f".tag-{look} " in css
    for _icon, look in tags.RECEIPTS.values():
        assert not look or f".receipt-{look} " in css


@pytest.mark.parametrize(
    ("minutes", "state", "words"),
    [
        (-18.4, "overdue", "−18:24"),
        (3.2, "due", "03:12"),
        (22.5, "soon", "22:30"),
        (185, "calm", "3\u00a0h\u00a005"),
    ],
)
def test_a_clock_says_its_state_in_words_and_look(minutes, state, words):
    html = clocks.clock(NOW + timedelta(minutes=minutes), now=NOW)
    assert f">{words}<" in html
    assert ("clock-" + state in html) == (state != "calm")
    assert "data-ticks" in html


def test_a_clock_of_a_day_or_more_says_the_date():
    html = clocks.clock(datetime(2026, 12, 18, 22, tzinfo=UTC), "legal", now=NOW, tz="America/Bogota")
    assert "vie\u00a018\u00a0dic<" in html
    assert "clock-legal" in html
    assert "data-ticks" not in html


def test_a_paused_clock_does_not_count_down():
    html = clocks.clock(NOW + timedelta(minutes=5), state="paused", now=NOW)
    assert "en pausa" in html
    assert "data-ticks" not in html


def test_a_broken_commitment_is_said_and_not_shouted():
    html = clocks.clock(NOW - timedelta(days=1), "commitment", now=NOW, tz="America/Bogota")
    assert "clock-broken" in html
    assert "compromiso de ayer" in html


def test_the_ring_shows_how_much_is_gone():
    html = clocks.clock(NOW + timedelta(minutes=5), now=NOW, started_at=NOW - timedelta(minutes=15))
    assert 'stroke-dasharray="75 100"' in html


def test_a_clock_refuses_kinds_and_states_that_are_not_ours():
    with pytest.raises(ValueError, match="no clock"):
        clocks.clock(NOW, "sundial", now=NOW)
    with pytest.raises(ValueError, match="a clock is"):
        clocks.clock(NOW, state="purple", now=NOW)


def test_parts_render_from_templates():
    html = Template(
        '{% icon "lock" 12 %}{% clock due kind="legal" %}{% person who "x" %}{% agent %}'
        '{% state_tag "open" %}{% kind_tag "Reclamo" suggested="Queja" %}{% ago due %}'
        '{% local_dt due %}{% masked "···482" %}'
    ).render(Context({"due": NOW, "who": "<i>Ana</i>"}))
    assert "<i>Ana" not in html
    assert "Sugerido: Queja" in html
