"""A message of the story: safe, and in the words of who reads."""

from datetime import UTC, datetime

from django.utils import timezone, translation
from django.utils.safestring import SafeString

from helpdesk.ui.text import text_with_links
from tickets.console.message import message_html, story_html
from tickets.console.queries.messages import Item

AT = datetime(2026, 11, 26, 3, 42, tzinfo=UTC)


def item(**more):
    base = {"id": "7", "kind": "in", "at": AT, "html": text_with_links("Hola"), "author_name": "Ana"}
    return Item(**base | more)


def test_a_message_escapes_what_strangers_chose():
    html = message_html(item(author_name="<img src=x>", channel_icon="x", html="<b>"))  # not marked as safe
    assert "<img" not in html
    assert "&lt;img" in html
    assert "<b></b>" not in html
    assert "<p>&lt;b&gt;</p>" in html


def test_a_message_speaks_the_language_of_the_page():
    hidden = item(hidden=True, channel_icon="x", actions={"hide_url": "/o/"})
    assert "oculto en la red" in message_html(hidden)
    with translation.override("en"):
        assert "oculto" not in message_html(hidden)


def test_a_story_stands_under_the_days_of_the_organization():
    later = item(id="8", at=AT.replace(hour=6))
    with timezone.override("America/Bogota"):
        html = story_html([item(), later])
    assert html.index('id="day-2026-11-25"') < html.index("msg-7") < html.index('id="day-2026-11-26"')
    with timezone.override("Europe/Madrid"):
        assert story_html([item(), later]).count('class="day"') == 1


def test_a_deleted_message_says_who_deleted_it_and_nothing_of_what_it_said():
    html = message_html(item(deleted=True, html=SafeString("secreto")))
    assert "secreto" not in html
    assert "Ana borró este mensaje" in html
