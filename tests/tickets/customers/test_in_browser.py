"""The story of who called, tweeted and wrote on Messenger (care.md 8, story 4), with the keyboard in a browser."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings as now
from django.test import Client

from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tests.tickets.filing.people import messenger
from tickets.cases.models import Filing, Message, Ticket
from tickets.customers.domain import identities
from tickets.customers.models import Customer
from tickets.customers.rules.data import recognise
from tickets.replies.domain.casework import lock
from tickets.replies.domain.references import add_reference

# The browser's driver keeps a loop in this thread; what the tests ask of the database they ask one at a time.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def story(cast) -> dict[str, Ticket]:
    """Three people for the system: who called (SAC-881, comprometido), who wrote on Messenger, who tweets."""
    at = clock.now()
    hear(
        cast,
        messenger("llamé y me dieron el SAC-881, ¿qué pasó?", at=at - timedelta(hours=3)),
        account=cast.bank_page,
    )
    hear(
        cast,
        mention(
            "@FrailejonAyuda el cobro doble sigue ahí, caso SAC-881 y nada", at=at - timedelta(minutes=9)
        ),
    )
    with tenant(cast.bank.pk):
        chat, tweet = Ticket.objects.order_by("pk")
        caller = Customer.objects.create(organization=cast.bank, name="Diana M. Rojas")
        identities.add(caller, recognise("CC 52.814.482", "CO"), by=None)
        call = Ticket.objects.get(pk=chat.pk)
        call.pk, call.number, call.radicado, call.customer = None, 900, "2026-004127", caller
        call.last_text, call.channel = "Doble cobro en datáfono", "messenger"
        call.save()
        Filing.objects.create(
            organization=cast.bank,
            ticket=call,
            radicado="2026-004127",
            kind="reclamo",
            received_at=at,
            telling="told",
        )
        add_reference(lock(call.pk), system="sac", number="SAC-881", by=None, due_on=date(2026, 12, 18))
    return {"chat": chat, "tweet": tweet, "call": call}


@pytest.fixture
def open_page(cast, live_server, browser):
    """A page of a colleague on the live server; pictures when PICTURES names a folder."""
    contexts = []

    def enter(member, path, **options):
        client = Client()
        client.force_login(member.user)
        context = browser.new_context(locale="es-CO", viewport={"width": 1440, "height": 900}, **options)
        contexts.append(context)
        context.add_cookies(
            [{"name": now.SESSION_COOKIE_NAME, "value": client.cookies[now.SESSION_COOKIE_NAME].value,
              "url": live_server.url}]
        )  # fmt: skip
        page = context.new_page()
        page.goto(f"{live_server.url}{path}")
        return page

    yield enter
    for context in contexts:
        context.close()


def picture(page, name: str) -> None:
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_who_called_tweeted_and_wrote_is_one_and_is_not_asked_to_write_again(cast, story, open_page):
    tweet, call = story["tweet"], story["call"]
    page = open_page(cast.paola, f"/frailejon/casos/{tweet.number}/")
    # Before a word is written: the case of the call, its numbers and its date, although they are two people yet.
    likely = page.locator("#case-likely")
    likely.get_by_text("SAC-881", exact=True).wait_for()
    said = likely.inner_text().replace("\xa0", " ")
    assert "2026-004127" in said
    assert "comprometido para vie 18 dic" in said
    picture(page, "1-likely")

    page.keyboard.press("r")
    page.keyboard.type("Diana, escríbanos por DM")
    page.keyboard.press("Control+Enter")
    page.locator(".stop").wait_for()
    assert page.input_value("#composer-text") == "Diana, escríbanos por DM"
    picture(page, "2-stopped")
    # The same again is stopped again; only the choice lets it out.
    page.locator("#composer-text").press("Control+Enter")
    page.locator(".stop:focus").wait_for()
    with tenant(cast.bank.pk):
        assert not Message.objects.filter(direction="out").exists()

    # X: both others are the same person; then U: one case of all.
    page.locator("#who-same").wait_for()
    for done in (1, 2):
        page.keyboard.press("x")
        page.locator(".same", has_text="Unidos").nth(done - 1).wait_for()
    page.reload()
    banner = page.locator("#case-banner .open-cases")
    assert "Ya tiene otros 2 casos abiertos" in banner.inner_text()
    picture(page, "3-unified")
    call_line = page.locator("#case-banner li", has_text="2026-004127")
    call_line.wait_for()
    page.keyboard.press("u")
    call_line.wait_for(state="detached")
    picture(page, "4-joined")
    with tenant(cast.bank.pk):
        joined = Ticket.objects.get(pk=call.pk)
        assert joined.joined_into_id == tweet.pk
    # Both numbers hold, and it can be undone.
    assert "2026-004127" in page.locator("#case-head").inner_text()
    page.locator("#undo-move").wait_for(state="attached")


def test_data_validation_and_unmasking_by_keyboard(cast, story, open_page):
    page = open_page(cast.juan, f"/frailejon/casos/{story['tweet'].number}/")
    page.locator("#who-same").wait_for()
    page.keyboard.press("d")
    page.keyboard.type("300 123 4567")
    page.keyboard.press("Enter")
    page.locator(".ids", has_text="+57 300 ··· 4567").wait_for()
    page.keyboard.press("i")
    page.locator(".who-check .menu button").first.wait_for()
    picture(page, "5-validating")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".who-check[data-state=verified]", has_text="llamada al teléfono registrado").wait_for()
    picture(page, "6-verified")
    page.locator(".ids").get_by_text("Ver, con motivo").first.click()
    picture(page, "7-reasons")
    page.keyboard.press("Enter")
    page.locator(".ids", has_text="+57 300 1234567").wait_for()


def test_pictures_of_every_width_and_theme(cast, story, open_page):
    for scheme in ("light", "dark"):
        for width, height in ((1440, 900), (390, 844)):
            page = open_page(cast.paola, f"/frailejon/casos/{story['tweet'].number}/", color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": height})
            page.locator("#case-likely .banner").wait_for(state="attached")
            picture(page, f"case-{width}-{scheme}")
            if width == 390:
                page.locator('.pane-tabs [data-pane="who"]').click()
            page.locator("#who-same").scroll_into_view_if_needed()
            picture(page, f"who-{width}-{scheme}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
