"""What stories 5 and 8 of care.md look like in the console: a stolen card, and a date beyond what Messenger allows.

The watch of a Saturday night, and what is broken at five in the afternoon, need another hour than this one:
tests/tickets/escalation/test_saturday_night.py and tests/tickets/commitments keep them.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.test_channels import open_case_of

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_a_stolen_card_shows_four_figures_and_its_protocol_waits_for_the_identity(console, control, stranger):
    page = console()
    control(
        "POST",
        "/x/dms",
        {"as": stranger, "to": "FrailejonAyuda", "text": "me robaron, tarjeta 4111 1111 1111 1111, cvv 123"},
    )
    open_case_of(page, "me robaron, tarjeta")

    said = page.locator("#msgs .msg", has_text="me robaron")
    expect(said).to_contain_text("1111")
    assert "4111" not in page.content()
    assert "123" not in said.locator("p").first.inner_text()
    expect(page.locator("#case-head")).to_contain_text("Crítica")

    page.locator("body").click(position={"x": 5, "y": 300})
    page.keyboard.press("t")
    form = page.locator("#typify form[data-begun]")
    expect(form).to_be_visible()
    page.keyboard.type("fraude")
    page.keyboard.press("Enter")
    panel = page.locator("#protocol")
    expect(panel.locator(".step.is-blocked").first).to_be_visible()
    expect(panel).to_contain_text("identidad")


def test_a_date_beyond_messengers_seven_days_is_refused_with_the_reason(console, control):
    page = console()
    control(
        "POST",
        "/facebook/messages",
        {"as": "Jhon Fredy Cárdenas", "page": "frailejon", "text": "¿Cuándo me devuelven lo del yarumo?"},
    )
    open_case_of(page, "lo del yarumo")

    text = page.locator("#composer-text")
    text.fill("Jhon Fredy, le confirmo en 15 días.")
    offer = page.locator("#composer-dates .finding-block")
    expect(offer).to_contain_text("Promete una fecha")
    expect(offer.locator("[data-offer]")).to_have_count(0)

    text.fill("Jhon Fredy, le confirmo en 3 días.")
    expect(page.locator("#composer-dates .finding-ok")).to_contain_text("Promete una fecha")
