"""A date is written, taken with one key, warned, broken and red; another is checked when the case is resolved."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.test_channels import open_case_of

pytestmark = [pytest.mark.browser, pytest.mark.live]
# The warning of a quarter of an hour comes a minute after «en 16 minutos», the break after «en un minuto».
SOON = 100_000


def answer_with(page, text: str) -> None:
    page.locator("#composer-text").fill(text)
    offer = page.locator("#composer-dates .finding-ok", has_text="Promete una fecha")
    expect(offer).to_be_visible()
    page.keyboard.press("Alt+Digit1")
    expect(offer.locator("[data-offer]")).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer-text")).to_have_value("")


def test_a_promised_date_is_taken_with_a_key_warned_broken_and_red(console, control, stranger):
    page = console()
    control(
        "POST", "/x/posts", {"as": stranger, "text": "@FrailejonAyuda ¿me devuelven el cobro del quetzal?"}
    )
    open_case_of(page, "cobro del quetzal")

    page.locator("#composer-text").fill("Le contamos pronto.")
    expect(page.locator("#composer-dates .finding-warn")).to_contain_text("«pronto» no es una fecha")
    answer_with(page, f"Amparo, revisamos su cobro ({stranger}) y le confirmo en 16 minutos.")
    answer_with(page, f"Amparo, le escribo la primera parte ({stranger}) en un minuto.")

    owed = page.locator("#case-head .owed .promise")
    expect(owed).to_have_count(2, timeout=SOON)
    expect(owed.filter(has_text="en 16 minutos").locator(".clock-promise")).to_be_visible(timeout=SOON)
    expect(page.locator("#case-head .promise-broken")).to_contain_text("incumplido", timeout=SOON)
    expect(page.locator("#case-head .promise-broken .clock-broken")).to_be_visible()
    expect(owed.filter(has_text="en 16 minutos")).to_contain_text(
        "vence en menos de 15 minutos", timeout=SOON
    )
    expect(page.locator("li[data-ticket]", has_text=stranger).locator(".clock-broken")).to_be_visible()
    assert not [one["id"] for one in Axe().run(page).response["violations"]]

    page.locator("body").click(position={"x": 5, "y": 300})
    page.keyboard.press("e")
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("¿Es la respuesta que se prometió?")
    expect(asked.locator(".promise")).to_have_count(2)
    asked.get_by_role("button", name="Todavía no").click()
    expect(asked).to_have_count(0)
