"""From a group of tweets to a published article to an answer that links it, read by a customer without scripts."""

from __future__ import annotations

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import eventually
from tests.journeys.test_channels import open_case_of

pytestmark = [pytest.mark.browser, pytest.mark.live]

ASKED = [
    "¿dónde descargo el certificado de retención en la fuente para la renta?",
    "necesito el certificado de retención, la declaración de renta vence pronto",
    "no encuentro el certificado de retención en la app, es para la renta",
    "me piden certificado de retención del año pasado, ¿cómo lo saco?",
    "el certificado de retención sale vacío en la página, y la renta qué",
    "¿el certificado de retención en la fuente llega al correo o toca pedirlo?",
]


def tweet_all(control) -> str:
    """One person each; the @name of the last."""
    stamp = time.monotonic_ns() % 10**8
    for n, text in enumerate(ASKED):
        name = f"renta{stamp}{n}"
        control("POST", "/customers", {"name": f"Persona {n}", "username": name, "networks": ["x"]})
        control("POST", "/x/posts", {"as": name, "text": f"@FrailejonAyuda {text}"})
    return name


def test_from_a_group_of_tweets_to_an_answer_that_links_its_article(console, control, browser, house):
    tweet_all(control)
    juan = console()
    expect(juan.locator("#queue")).to_contain_text("llega al correo o toca pedirlo", timeout=20_000)

    # The week's questions, grouped: what joins them is said, and one key makes a draft.
    juan.goto(f"{house['BASE_URL']}/frailejon/preguntas/")
    group = juan.locator("article", has_text="certificado de retención").first

    def grouped() -> bool:
        juan.get_by_role("button", name="Agrupar los últimos 7 días").click()
        expect(juan.locator("#groups progress")).to_have_count(0, timeout=20_000)
        return group.count() > 0 and "6 mensajes" in (group.text_content() or "")

    eventually(grouped)
    expect(group).to_contain_text("Los une:")
    assert [one["id"] for one in Axe().run(juan).response["violations"]] == []
    group.focus()
    juan.keyboard.press("b")
    expect(juan.locator("input[name=title]")).to_have_value(
        re.compile("certificado de retención", re.IGNORECASE)
    )
    juan.fill("input[name=title]", "¿Cómo descargo el certificado de retención?")
    juan.fill(
        "textarea[name=body]", "Está en la app:\n\n1. **Documentos**\n2. **Certificados**, año anterior\n"
    )
    juan.select_option("select[name=category]", label="Cuentas")
    expect(juan.locator("#article-preview strong").first).to_have_text("Documentos")
    assert [one["id"] for one in Axe().run(juan).response["violations"]] == []
    juan.get_by_role("button", name="Guardar y pedir revisión").click()
    expect(juan.locator(".page-head")).to_contain_text("en revisión")
    expect(juan.get_by_role("button", name="Publicar", exact=True)).to_have_count(0)

    # Somebody who did not write it publishes it.
    paola = console("paola@frailejon.example")
    paola.goto(f"{house['BASE_URL']}/frailejon/articulos/?ver=revision")
    paola.get_by_role("link", name="¿Cómo descargo el certificado de retención?").click()
    paola.get_by_role("button", name="Publicar", exact=True).click()
    expect(paola.locator(".page-head")).to_contain_text("publicado")

    # The composer offers it to who asked, and its short link goes out.
    juan.goto(f"{house['BASE_URL']}/frailejon/casos/")
    open_case_of(juan, "llega al correo o toca pedirlo")
    juan.locator("#composer-text").fill("Hola, así se descarga:")
    juan.keyboard.press("Control+k")
    first = juan.locator("[data-behavior=articles] .pick").first
    expect(first).to_contain_text("parece su pregunta")
    expect(first).to_contain_text("certificado de retención")
    juan.keyboard.press("Enter")
    expect(juan.locator("#composer-text")).to_have_value(
        re.compile(r"descarga: http\S+/ayuda/frailejon/r/\w{6}/$")
    )
    link = juan.locator("#composer-text").input_value().split()[-1]
    juan.keyboard.press("Control+Enter")
    said = juan.locator("#msgs .msg-ours.msg-public", has_text="así se descarga")
    expect(said).to_have_attribute("data-state", "sent", timeout=15_000)

    # A customer on a telephone, without scripts, reads it and says that it helped.
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="es-CO"
    )
    page = context.new_page()
    page.goto(link)
    expect(page.locator("h1")).to_have_text("¿Cómo descargo el certificado de retención?")
    expect(page.locator(".article-words li")).to_have_count(2)
    page.get_by_role("button", name="Sí").click()
    expect(page.locator("#opinion")).to_contain_text("Gracias")
    page.goto(f"{house['BASE_URL']}/ayuda/frailejon/preguntas/buscar/?q=sertificado+de+retension")
    expect(page.locator(".help-results")).to_contain_text("certificado de retención")
    context.close()

    juan.locator("body").click(position={"x": 5, "y": 300})
    juan.keyboard.press("e")
    paola.reload()
    expect(paola.locator("#article-uses")).to_contain_text("en que se enlazó")
    expect(paola.locator("#article-uses")).to_contain_text("Caso")
