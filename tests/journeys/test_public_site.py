"""A customer with a telephone: the answer is there; if not, a case is filed, followed and answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.tickets.public.pictures import png

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.fixture(params=["light", "dark"])
def phone(request, house, browser) -> Iterator[Any]:
    """A telephone without scripts in the light, with them in the dark; nothing but our host may be asked."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="es-CO", color_scheme=request.param, has_touch=True,
        java_script_enabled=request.param == "dark",
    )  # fmt: skip
    page = context.new_page()
    hosts: set[str] = set()
    page.on("request", lambda asked: hosts.add(re.match(r"\w+://[^/]+", asked.url)[0]))
    page.is_scripted = request.param == "dark"
    yield page
    context.close()
    assert hosts == {house["BASE_URL"]}


def looks_right(page: Any) -> None:
    """Nothing is wider than the telephone; axe has nothing to say (it needs scripts)."""
    if page.is_scripted:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert not [one["id"] for one in Axe().run(page).response["violations"]], page.url


def test_customer_finds_the_answer_or_files_a_claim_with_a_photo_and_follows_it(house, phone, console):
    home = f"{house['BASE_URL']}/ayuda/frailejon/"
    phone.goto(home)
    looks_right(phone)
    phone.fill("#q", "cobro doble")
    phone.click("text=Buscar")
    looks_right(phone)
    phone.locator("main a[href*='/preguntas/']").first.click()
    expect(phone.locator("article h1")).to_be_visible()
    looks_right(phone)

    words = f"Me cobraron dos veces el mercado del sábado, visita {'dos' if phone.is_scripted else 'uno'}"
    phone.goto(home)
    phone.locator("main >> text=Abrir un caso").first.click()
    phone.check("input[name=kind][value=reclamo]")
    phone.fill("#id_text", words)
    looks_right(phone)
    phone.click("main button[type=submit]")
    looks_right(phone)
    phone.fill("#id_email", "rosa.nino@correo.example")
    phone.set_input_files("#id_files", {"name": "recibo.png", "mimeType": "image/png", "buffer": png()})
    phone.get_by_role("button", name="Enviar").click()
    number, secret = phone.inner_text("#number"), phone.inner_text("#secret")
    assert re.fullmatch(r"20\d\d-\d{6}", number)
    looks_right(phone)

    desk = console()
    desk.goto(f"{house['BASE_URL']}/frailejon/casos/?q={number}")
    desk.locator("#queue-list >> text=/mercado del sábado/").first.click()
    expect(desk.locator("#msgs")).to_contain_text(words)
    expect(desk.locator("#msgs img, #msgs .file").first).to_be_visible()
    desk.locator(".modes label", has_text="En su página").click()
    desk.fill("#composer-text", "Ya pedimos la devolución del segundo cobro.")
    desk.get_by_role("button", name="Responder en su página").click()
    expect(desk.locator("#msgs")).to_contain_text("Ya pedimos la devolución")

    phone.goto(f"{home}estado/")
    phone.fill("#number", number)
    phone.fill("#secret", secret.lower())
    phone.get_by_role("button", name="Ver el caso").click()
    expect(phone.locator("main")).to_contain_text("Ya pedimos la devolución del segundo cobro.")
    looks_right(phone)
