"""A protocol followed by keyboard: its steps, the identity check, the private way, a template, a signed answer."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.test_channels import open_case_of

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_an_agent_follows_a_protocol_by_keyboard(console, control, stranger):
    page = console()
    control(
        "POST", "/x/posts", {"as": stranger, "text": "@FrailejonAyuda no reconozco un cobro en Turpiales"}
    )
    open_case_of(page, "cobro en Turpiales")
    page.locator("body").click(position={"x": 5, "y": 300})
    page.keyboard.press("t")
    expect(page.locator("#typify form[data-begun]")).to_be_visible()
    page.keyboard.press("1")
    panel = page.locator("#protocol")
    expect(panel).to_contain_text("Cobro no reconocido")

    # S is always the next step: tick it, register the check that the following one asks for, tick that one.
    page.locator("body").click(position={"x": 5, "y": 300})
    page.keyboard.press("s")
    expect(panel.locator('[aria-checked="true"]')).to_have_count(1)
    page.keyboard.press("s")
    expect(page.locator(".who-check")).to_contain_text("Identidad verificada")
    page.keyboard.press("s")
    expect(panel.locator('[aria-checked="true"]')).to_have_count(2)
    found = Axe().run(page, context="#who").response["violations"]
    assert [one["id"] for one in found] == []

    # 1 goes on in private; «/» offers the templates, those of the motive first, filled for this case.
    page.keyboard.press("1")
    expect(page.locator("input[name=mode][value=private]")).to_be_checked()
    page.keyboard.type("/")
    expect(page.locator(".templates .pick").first).to_contain_text("del motivo")
    page.keyboard.type("pedir datos")
    page.keyboard.press("Enter")
    text = page.locator("#composer-text")
    expect(text).to_have_value(re.compile("^Hola Amparo, soy Juan Carlos Rincón de Banco Frailejón"))
    page.keyboard.press("End")
    page.keyboard.press("Control+Enter")

    said = page.locator("#msgs .msg-ours.msg-private")
    expect(said).to_contain_text("Hola Amparo")
    expect(said).to_contain_text("Ley 1581 de 2012")
    expect(said).to_contain_text("^JC")
    expect(said).to_contain_text("plantilla sin cambios")
    expect(said).to_have_attribute("data-state", "sent", timeout=15_000)

    # The same words in public are refused, and the private door is beside the refusal.
    page.locator("input[name=mode][value=public]").check(force=True)
    text.fill("Amparo, indíquenos su número de cédula.")
    text.press("Control+Enter")
    expect(page.locator(".finding-block")).to_contain_text("se piden en privado")
    page.locator(".finding-block").get_by_role("button", name="Pasar a privado").click()
    expect(page.locator("input[name=mode][value=private]")).to_be_checked()
    expect(text).to_have_value("Amparo, indíquenos su número de cédula.")
