"""An admin sets a lunch break and a local holiday; the due time of an open case moves and explains itself."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import eventually
from tests.journeys.test_channels import open_case_of

pytestmark = [pytest.mark.browser, pytest.mark.live]
MARTA = "marta@frailejon.example"
BOGOTA = ZoneInfo("America/Bogota")


@pytest.fixture
def hours_page(house, console):
    """Marta, who administers, at the hours; what she adds is taken away again."""
    page = console(MARTA, lands="**/ajustes/**")
    page.goto(f"{house['BASE_URL']}/frailejon/ajustes/horario/")
    tidy(page)
    yield page
    page.goto(f"{house['BASE_URL']}/frailejon/ajustes/horario/")
    tidy(page)


def tidy(page) -> None:
    """As it was before: no lunch break, no holiday of ours."""
    added = page.locator(".cal-row", has=page.locator('input[value="Fiesta local"]'))
    had_lunch = page.locator("[name=from-0]").count() > 1
    if not added.count() and not had_lunch:
        return
    if added.count():
        added.locator("button").click()
        expect(added).to_have_count(0)
    if had_lunch:
        page.get_by_role("button", name="Quitar este tramo, Lunes").nth(1).click()
        expect(page.locator("[name=from-0]")).to_have_count(1)
        page.locator("[name=until-0]").fill("20:00")
        page.get_by_role("button", name="Copiar el lunes hasta el viernes").click()
        expect(page.locator("[name=from-4]")).to_have_count(1)
    save(page)
    # Every process counts by these hours from now on (RULES_AGE).
    page.wait_for_timeout(11_000)


def save(page) -> None:
    page.locator("button[form=calendar-form]").click()
    expect(page.locator(".toast")).to_contain_text("Guardado")


def due(page) -> datetime:
    said = page.locator(".clocks [data-due]").first.get_attribute("data-due")
    return datetime.fromisoformat(said)


def test_a_lunch_break_and_a_holiday_move_an_open_case_which_says_why(console, control, hours_page, stranger):
    agent, admin = console(), hours_page
    control(
        "POST", "/x/posts", {"as": stranger, "text": "@FrailejonAyuda no encuentro el extracto de octubre"}
    )
    open_case_of(agent, "extracto de octubre")
    before = due(agent)

    admin.locator("[name=until-0]").fill("12:00")
    admin.get_by_role("button", name="Añadir un tramo, Lunes").click()
    admin.locator("[name=from-0]").nth(1).fill("14:00")
    admin.locator("[name=until-0]").nth(1).fill("20:00")
    admin.get_by_role("button", name="Copiar el lunes hasta el viernes").click()
    expect(admin.locator("[name=from-4]")).to_have_count(2)
    admin.get_by_role("button", name="Añadir", exact=True).click()
    row = admin.locator(".cal-row").first
    expect(row.locator("[name=row-day]")).to_have_value("")
    row.locator("[name=row-what]").select_option("holiday")
    row.locator("[name=row-day]").fill(f"{before.astimezone(BOGOTA).date()}")
    row.locator("[name=row-name]").fill("Fiesta local")
    row.locator("[name=row-name]").press("Tab")
    expect(admin.locator("#calendar-says")).to_contain_text(re.compile(r"Si guarda, \d+ reloj"))
    assert Axe().run(admin).violations_count == 0
    save(admin)
    expect(admin.locator("#recount")).to_contain_text("de hora", timeout=20_000)

    def moved() -> bool:
        agent.reload()
        return due(agent) > before

    eventually(moved)
    agent.keyboard.press("y")
    why = agent.locator(".case-dialog")
    expect(why).to_contain_text("¿Por qué vence a esta hora?")
    expect(why).to_contain_text("festivo: Fiesta local")
    expect(why).to_contain_text("antes vencía")
    assert Axe().run(agent).violations_count == 0
    agent.keyboard.press("Escape")
    expect(why).to_have_count(0)
