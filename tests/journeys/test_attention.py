"""What needs no attention, by keyboard: a case put aside and back, a message that did need it, and the criterion."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import eventually
from tests.journeys.test_channels import open_case_of

pytestmark = [pytest.mark.browser, pytest.mark.live]
NEWS = "Las acciones del banco suben 3 % tras anunciar la fusión, según analistas https://t.co/b #Bolsa"


def tweet(control, text: str, who: str) -> None:
    control("POST", "/x/posts", {"as": who, "text": f"@FrailejonAyuda {text}"})


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_case_is_put_aside_with_two_keys_and_comes_back_with_one_click(console, control, stranger):
    page = console()
    tweet(control, "hola, ¿abren mañana la oficina del parque?", stranger)
    open_case_of(page, "oficina del parque")
    page.locator("body").click(position={"x": 5, "y": 300})
    press(page, "q", "1")

    notice = page.locator(".toast", has_text="no requiere atención")
    expect(notice).to_be_visible()
    expect(page.locator("li[data-ticket]", has_text="oficina del parque")).to_have_count(0)
    notice.get_by_role("button", name="Deshacer").click()

    expect(page.locator("#case-head .clocks")).to_be_visible()
    expect(page.locator("#msgs")).to_contain_text("lo devolvió a la cola")
    expect(page.locator("li[data-ticket]", has_text="oficina del parque")).to_have_count(1)


def test_noise_is_found_by_its_words_and_becomes_a_case_with_one_key(console, control, stranger):
    page = console("paola@frailejon.example")
    tweet(control, f"{NEWS} {stranger}", stranger)
    list_ = f"{re.match('.*//[^/]*', page.url)[0]}/frailejon/sin-atencion/"

    def listed() -> bool:
        page.goto(f"{list_}?q={stranger}")
        return page.locator("[data-noise]").count() == 1

    eventually(listed)
    expect(page.locator("[data-noise] .why")).to_contain_text("«")
    assert not [one["id"] for one in Axe().run(page).response["violations"]]
    press(page, "j", "q")
    done = page.locator(".noise-done")
    expect(done).to_contain_text("Quedó en el caso")
    done.get_by_role("button", name="Deshacer").click()

    expect(page.locator(".toast")).to_contain_text("sigue sin requerir atención")
    page.goto(f"{list_}?q={stranger}")
    expect(page.locator("[data-noise]")).to_have_count(1)
    press(page, "q")
    page.locator(".noise-done a").click()
    expect(page.locator("#msgs")).to_contain_text(stranger)
    expect(page.locator("#msgs")).to_contain_text("dijo que sí requiere atención")


def test_every_list_and_the_criterion_can_be_read_by_everybody(console, house):
    page = console("paola@frailejon.example")
    base = house["BASE_URL"]
    for path in ("sin-atencion/", "sin-atencion/?lista=apartados", "sin-atencion/?lista=muestra"):
        page.goto(f"{base}/frailejon/{path}")
        assert not [one["id"] for one in Axe().run(page).response["violations"]], path
