"""Why was Thursday bad: three clicks from the figures of four weeks to a case of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_why_thursday_was_bad_in_three_clicks(console, house):
    page = console("paola@frailejon.example")
    today = datetime.now(ZoneInfo("America/Bogota")).date()
    thursday = today - timedelta(days=(today.weekday() - 3) % 7 or 7)
    page.goto(f"{house['BASE_URL']}/frailejon/tablero/cifras/")
    expect(page.locator("#t-by")).to_be_visible()
    assert not [one["id"] for one in Axe().run(page).response["violations"]]

    page.locator("section[aria-labelledby=t-resp]").locator(f'a.pt[href*="desde={thursday}"]').click()
    changed = page.locator(".changed")
    expect(changed).to_contain_text("App o portal no abre")

    changed.get_by_role("link", name="App o portal no abre").first.click()
    expect(page.locator("#t-cases")).to_be_visible()

    page.locator(".table-cases tbody a").first.click()
    page.wait_for_url("**/frailejon/casos/*/")


def test_a_chart_is_walked_by_keyboard(console, house):
    page = console("paola@frailejon.example")
    page.goto(f"{house['BASE_URL']}/frailejon/tablero/cifras/")
    heat = page.locator("section[aria-labelledby=t-heat] svg.chart[data-behavior]")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    heat.locator(".pt").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")

    expect(page.locator(".chart-tip:visible")).to_contain_text("mar 1:00")
    assert heat.locator('.pt[tabindex="0"]').count() == 1
